"""What happened to a proposal, in order? The events of the log that this reader may see."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

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
    Verb.DISPUTE_FINDING,
    Verb.WITHDRAW_DISPUTE,
)
TOO_FINE = (Verb.SAVE_DRAFT,)
EVENT_TITLES: dict[str, Promise] = {
    "start_proposal": gettext_lazy("Proposal started"),
    Verb.SAVE_DRAFT: gettext_lazy("Draft saved"),
    Verb.EDIT_DETAILS: gettext_lazy("Details edited"),
    Verb.LINK_FUNDING: gettext_lazy("Funded project linked"),
    Verb.UNLINK_FUNDING: gettext_lazy("Link to a funded project removed"),
    Verb.ATTACH_ITEM: gettext_lazy("Dossier item attached"),
    Verb.KEEP_VERSION: gettext_lazy("Version kept and checked"),
    Verb.SUBMIT: gettext_lazy("Dossier submitted"),
    Verb.WITHDRAW: gettext_lazy("Dossier withdrawn"),
    Verb.ACCEPT_DOSSIER: gettext_lazy("Complete dossier accepted"),
    Verb.RETURN_FOR_CHANGES: gettext_lazy("Returned for changes"),
    Verb.APPRAISE: gettext_lazy("Appraisal recorded"),
    Verb.SIGN_OFF: gettext_lazy("Appraisal signed off"),
    "decision_recorded": gettext_lazy("Decision recorded"),
    Verb.ORDER_SURVEY: gettext_lazy("Survey ordered"),
    Verb.RENEW_SURVEY: gettext_lazy("New survey link issued"),
    Verb.REVOKE_SURVEY: gettext_lazy("Survey link revoked"),
    Verb.SEND_RETURN: gettext_lazy("Measurements sent by the survey team"),
    Verb.ACCEPT_RETURN: gettext_lazy("Measured boundary accepted"),
    Verb.RETURN_SURVEY: gettext_lazy("Measurements sent back"),
    Verb.BRING_INTO_FORCE: gettext_lazy("Boundary in force"),
    Verb.ADD_COMMENT: gettext_lazy("Comment added"),
    Verb.ANSWER_COMMENT: gettext_lazy("Comment answered"),
    Verb.CLOSE_COMMENT: gettext_lazy("Comment closed"),
    Verb.DISPUTE_FINDING: gettext_lazy("Disagreed with a finding"),
    Verb.WITHDRAW_DISPUTE: gettext_lazy("Disagreement withdrawn"),
    Verb.RULE_ON_DISPUTE: gettext_lazy("Disagreement ruled on"),
    "recheck": gettext_lazy("Checked again: the answer changed"),
    "make_paper": gettext_lazy("Paper made"),
    "make_survey_package": gettext_lazy("Survey package made"),
    "download_survey_package": gettext_lazy("Survey package downloaded"),
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
