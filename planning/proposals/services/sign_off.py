"""How does the department's leader send the appraisal to the provincial committee? As a second person."""

from __future__ import annotations

from planning.people.models import User
from planning.proposals.models import Proposal, SignOff
from planning.proposals.services._frame import act, move, record
from planning.proposals.services._versions import appraisal_of
from planning.proposals.workflow import Verb


def sign_off(actor: User, proposal: Proposal, *, note: str = "") -> SignOff:
    """Sign the appraisal of this round off; the proposal is forwarded and the clock of the decision starts."""
    with act(actor, proposal, Verb.SIGN_OFF) as (row, step):
        appraisal = appraisal_of(row)
        signed = SignOff.objects.create(
            proposal=row,
            round=row.round,
            version=appraisal.version,
            appraisal=appraisal,
            appraised_by=appraisal.by,
            by=actor,
            note=note.strip(),
        )
        move(row, step)
        record(actor, Verb.SIGN_OFF, row, {"version": appraisal.version.number})
    return signed
