"""How does a disagreement end? An appraiser rules on it, or the planner's side withdraws it; either once."""

from __future__ import annotations

from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused, NotFound
from planning.people.models import User
from planning.proposals.models import Dispute, DisputeRuling, Proposal, RulingOutcome
from planning.proposals.services._frame import act, record
from planning.proposals.workflow import Verb

BY_THE_DEPARTMENT = (RulingOutcome.UPHELD, RulingOutcome.ACCEPTED)


def rule_on_dispute(actor: User, proposal: Proposal, *, dispute: Dispute, outcome: str, reason: str) -> DisputeRuling:
    """Rule on *dispute*: the finding stands (``upheld``) or is set aside (``accepted``); both need a *reason*.

    The kept run is not touched. Raises NotAllowed or TransitionRefused for the author's side, InputRefused for an
    unknown outcome or no reason, NotFound for another proposal's, Conflict when it has ended already.
    """
    clean = reason.strip()
    if outcome not in BY_THE_DEPARTMENT:
        raise InputRefused(_("This outcome is not in the list."), code="OUTCOME_UNKNOWN", where=outcome[:40])
    if not clean:
        raise InputRefused(_("A ruling needs a reason."), code="REASON_MISSING", todo=_("Write the reason."))
    return _end(actor, proposal, dispute, Verb.RULE_ON_DISPUTE, outcome, clean)


def withdraw_dispute(actor: User, proposal: Proposal, *, dispute: Dispute, reason: str = "") -> DisputeRuling:
    """Withdraw *dispute*; the finding counts as found. Raises NotFound for another proposal's, Conflict when ended."""
    return _end(actor, proposal, dispute, Verb.WITHDRAW_DISPUTE, RulingOutcome.WITHDRAWN, reason.strip())


def _end(  # noqa: PLR0917 - private to this file
    actor: User, proposal: Proposal, dispute: Dispute, verb: Verb, outcome: str, reason: str
) -> DisputeRuling:
    with act(actor, proposal, verb) as (row, _step):
        fresh = Dispute.objects.select_related("finding").filter(pk=dispute.pk, proposal=row).first()
        if fresh is None:
            raise NotFound(_("There is no such disagreement."), where=row.code)
        if DisputeRuling.objects.filter(dispute=fresh).exists():
            raise Conflict(_("This disagreement has ended already."), code="DISPUTE_ENDED", where=row.code)
        ruling = DisputeRuling.objects.create(dispute=fresh, outcome=outcome, reason=reason, by=actor)
        record(
            actor, verb, row, {"dispute": fresh.pk, "rule": fresh.finding.rule_code, "outcome": outcome, "note": reason}
        )
    return ruling
