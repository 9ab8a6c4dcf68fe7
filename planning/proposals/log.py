"""What happened to a proposal, in order? The events of the log that this reader may see."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

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
EVENT_TITLES: dict[str, Promise] = {
    "start_proposal": _l("Proposal started"),
    Verb.SAVE_DRAFT: _l("Draft saved"),
    Verb.EDIT_DETAILS: _l("Details edited"),
    Verb.LINK_FUNDING: _l("Funded project linked"),
    Verb.UNLINK_FUNDING: _l("Link to a funded project removed"),
    Verb.ATTACH_ITEM: _l("Dossier item attached"),
    Verb.KEEP_VERSION: _l("Version kept and checked"),
    Verb.SUBMIT: _l("Dossier submitted"),
    Verb.WITHDRAW: _l("Dossier withdrawn"),
    Verb.ACCEPT_DOSSIER: _l("Complete dossier accepted"),
    Verb.RETURN_FOR_CHANGES: _l("Returned for changes"),
    Verb.APPRAISE: _l("Appraisal recorded"),
    Verb.SIGN_OFF: _l("Appraisal signed off"),
    "decision_recorded": _l("Decision recorded"),
    Verb.ORDER_SURVEY: _l("Survey ordered"),
    Verb.RENEW_SURVEY: _l("New survey link issued"),
    Verb.REVOKE_SURVEY: _l("Survey link revoked"),
    Verb.ADD_COMMENT: _l("Comment added"),
    Verb.ANSWER_COMMENT: _l("Comment answered"),
    Verb.CLOSE_COMMENT: _l("Comment closed"),
    "recheck": _l("Checked again: the answer changed"),
    "make_paper": _l("Paper made"),
    "download_survey_package": _l("Survey package downloaded"),
}


def event_title(verb: str) -> str:
    """Return what a reader of the log sees for *verb*; an unknown one is shown as it is."""
    title = EVENT_TITLES.get(verb)
    return str(title) if title is not None else verb


def log_of(proposal: Proposal, user: User | AnonymousUser | None = None) -> QuerySet[Event]:
    """Return the events of *proposal*, newest first, without autosaves.

    With *user*, what is being drawn in an unfinished round is left out for readers who may not see drafts.
    """
    events = events_of(*subject_of(proposal)).exclude(verb__in=TOO_FINE)
    if user is None or may_see_draft(user, proposal) or proposal.state != State.DRAFT:
        return events
    return events.exclude(verb__in=PRIVATE_WHILE_DRAWING, data__round=proposal.round)
