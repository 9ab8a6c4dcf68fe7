"""How does the department appraise? One person writes the result about exactly the submitted version and its report."""

from __future__ import annotations

from django.utils.translation import gettext as _

from layers.errors import InputRefused
from planning.people.models import User
from planning.proposals.models import Appraisal, Proposal
from planning.proposals.services._frame import act, move, record
from planning.proposals.services._versions import submission_of
from planning.proposals.workflow import Verb


def appraise(actor: User, proposal: Proposal, *, recommends: bool, note: str) -> Appraisal:
    """Record the appraisal of the submitted version; *recommends* approval or not, *note* says why.

    Raises InputRefused without a note.
    """
    if not note.strip():
        raise InputRefused(
            _("An appraisal needs its result in words."),
            code="APPRAISAL_TEXT_MISSING",
            todo=_("Write the result of the appraisal."),
        )
    with act(actor, proposal, Verb.APPRAISE) as (row, step):
        submission = submission_of(row)
        appraisal = Appraisal.objects.create(
            proposal=row,
            round=row.round,
            version=submission.version,
            run=submission.run,
            by=actor,
            note=note.strip(),
            recommends=recommends,
        )
        move(row, step)
        record(actor, Verb.APPRAISE, row, {"recommends": recommends, "version": submission.version.number})
    return appraisal
