"""What happened to a proposal, in order? The events of the log that this reader may see."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from planning.people.models import Event, User
from planning.people.queries import events_of
from planning.people.services import subject_of
from planning.proposals.models import Proposal, State
from planning.proposals.visibility import may_see_draft
from planning.proposals.workflow import Verb

PRIVATE_WHILE_DRAWING = (
    Verb.SAVE_DRAFT,
    Verb.EDIT_DETAILS,
    Verb.LINK_FUNDING,
    Verb.UNLINK_FUNDING,
    Verb.ATTACH_ITEM,
    Verb.KEEP_VERSION,
)
TOO_FINE = (Verb.SAVE_DRAFT,)


def log_of(proposal: Proposal, user: User | AnonymousUser | None = None) -> QuerySet[Event]:
    """Return the events of *proposal*, newest first, without autosaves.

    With *user*, what is being drawn in an unfinished round is left out for readers who may not see drafts.
    """
    events = events_of(*subject_of(proposal)).exclude(verb__in=TOO_FINE)
    if user is None or may_see_draft(user, proposal) or proposal.state != State.DRAFT:
        return events
    return events.exclude(verb__in=PRIVATE_WHILE_DRAWING, data__round=proposal.round)
