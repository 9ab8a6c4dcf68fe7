"""How does the department take a complete dossier in? Its items are accepted and the clock of appraisal starts."""

from __future__ import annotations

from django.utils import timezone

from planning.people.models import User
from planning.proposals.models import DossierItem, DossierItemState, Proposal
from planning.proposals.services._frame import act, move, record
from planning.proposals.workflow import Verb


def accept_dossier(actor: User, proposal: Proposal) -> Proposal:
    """Accept the dossier of a submitted proposal as complete.

    The day of the first acceptance starts the clock of appraisal; after a return for changes the same clock goes on,
    and the days between return and resubmission are not counted (`planning.proposals.clocks`).
    """
    with act(actor, proposal, Verb.ACCEPT_DOSSIER) as (row, step):
        now = timezone.now()
        accepted = DossierItem.objects.filter(
            proposal=row, replaced_at__isnull=True, state=DossierItemState.ATTACHED
        ).update(state=DossierItemState.ACCEPTED, accepted_by=actor)
        move(row, step, dossier_accepted_at=row.dossier_accepted_at or now)
        record(actor, Verb.ACCEPT_DOSSIER, row, {"items": accepted})
    return row
