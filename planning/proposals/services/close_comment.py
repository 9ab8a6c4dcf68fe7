"""How does a thread end? With an outcome, by who opened it or by the department."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused, NotAllowed
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import can
from planning.proposals.models import Comment, CommentOutcome, Proposal
from planning.proposals.services._frame import act, record
from planning.proposals.services._threads import opening_of
from planning.proposals.workflow import Verb


def close_comment(actor: User, proposal: Proposal, *, comment: Comment, outcome: str, note: str = "") -> Comment:
    """Close the thread of *comment* with an *outcome*: done, partly, not accepted (the last one needs a *note*).

    Raises NotAllowed for anybody but the author of the thread or a person who may appraise, Conflict when it is closed,
    InputRefused for an unknown outcome or a missing reason.
    """
    if outcome not in CommentOutcome.values:
        raise InputRefused(_("This outcome is not in the list."), code="OUTCOME_UNKNOWN", where=outcome)
    if outcome == CommentOutcome.NOT_ACCEPTED and not note.strip():
        raise InputRefused(
            _("A comment that is not accepted needs a reason."), code="REASON_MISSING", todo=_("Write the reason.")
        )
    with act(actor, proposal, Verb.CLOSE_COMMENT) as (row, _step):
        opening = opening_of(row, comment)
        if opening.author_id != actor.pk and not can(actor, Capability.APPRAISE, row.unit):
            raise NotAllowed(
                _("Only who opened a comment, or the department, closes it."), todo=_("Answer it instead.")
            )
        if opening.closed_at is not None:
            raise Conflict(_("This thread is closed."), code="THREAD_CLOSED", where=row.code)
        opening.closed_at, opening.closed_by = timezone.now(), actor
        opening.outcome, opening.outcome_note = outcome, note.strip()[:400]
        opening.save(update_fields=["closed_at", "closed_by", "outcome", "outcome_note"])
        record(actor, Verb.CLOSE_COMMENT, row, {"comment": opening.pk, "outcome": outcome})
    return opening
