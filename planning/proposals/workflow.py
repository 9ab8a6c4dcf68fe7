"""Which act is possible in which state, for whom, under which guards, leading where? One table, asked by every verb.

It changes nothing itself: `planning.proposals.services` locks, asks `check`, and writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.errors import NotAllowed, TransitionRefused
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import can, require
from planning.proposals import guards
from planning.proposals.models import Proposal, State
from planning.proposals.reasons import Reason, Topic, refusal

Guard = Callable[[User, Proposal], list[Reason]]


class Verb(StrEnum):
    """Every act on a proposal, named as its function in `planning.proposals.services`."""

    SAVE_DRAFT = "save_draft"
    EDIT_DETAILS = "edit_details"
    LINK_FUNDING = "link_funding"
    UNLINK_FUNDING = "unlink_funding"
    ATTACH_ITEM = "attach_item"
    KEEP_VERSION = "keep_version"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ACCEPT_DOSSIER = "accept_dossier"
    RETURN_FOR_CHANGES = "return_for_changes"
    APPRAISE = "appraise"
    SIGN_OFF = "sign_off"
    RECORD_DECISION = "record_decision"
    ORDER_SURVEY = "order_survey"
    RENEW_SURVEY = "renew_survey"
    REVOKE_SURVEY = "revoke_survey"
    SEND_RETURN = "send_return"
    ACCEPT_RETURN = "accept_return"
    RETURN_SURVEY = "return_survey"
    BRING_INTO_FORCE = "bring_into_force"
    ADD_COMMENT = "add_comment"
    ANSWER_COMMENT = "answer_comment"
    CLOSE_COMMENT = "close_comment"
    DISPUTE_FINDING = "dispute_finding"
    WITHDRAW_DISPUTE = "withdraw_dispute"
    RULE_ON_DISPUTE = "rule_on_dispute"


VERB_TITLES: dict[Verb, Promise] = {
    Verb.SAVE_DRAFT: gettext_lazy("Save the draft"),
    Verb.EDIT_DETAILS: gettext_lazy("Edit the details"),
    Verb.LINK_FUNDING: gettext_lazy("Link a funded project"),
    Verb.UNLINK_FUNDING: gettext_lazy("Remove the link to a funded project"),
    Verb.ATTACH_ITEM: gettext_lazy("Attach a dossier item"),
    Verb.KEEP_VERSION: gettext_lazy("Keep a version"),
    Verb.SUBMIT: gettext_lazy("Submit the dossier"),
    Verb.WITHDRAW: gettext_lazy("Withdraw the dossier"),
    Verb.ACCEPT_DOSSIER: gettext_lazy("Accept the complete dossier"),
    Verb.RETURN_FOR_CHANGES: gettext_lazy("Return for changes"),
    Verb.APPRAISE: gettext_lazy("Appraise"),
    Verb.SIGN_OFF: gettext_lazy("Sign off"),
    Verb.RECORD_DECISION: gettext_lazy("Record the decision"),
    Verb.ORDER_SURVEY: gettext_lazy("Order the survey"),
    Verb.RENEW_SURVEY: gettext_lazy("Issue a new survey link"),
    Verb.REVOKE_SURVEY: gettext_lazy("Revoke the survey link"),
    Verb.SEND_RETURN: gettext_lazy("Send the measurements"),
    Verb.ACCEPT_RETURN: gettext_lazy("Accept the measured boundary"),
    Verb.RETURN_SURVEY: gettext_lazy("Send the measurements back"),
    Verb.BRING_INTO_FORCE: gettext_lazy("Bring the boundary into force"),
    Verb.ADD_COMMENT: gettext_lazy("Add a comment"),
    Verb.ANSWER_COMMENT: gettext_lazy("Answer a comment"),
    Verb.CLOSE_COMMENT: gettext_lazy("Close a comment"),
    Verb.DISPUTE_FINDING: gettext_lazy("Disagree with a finding"),
    Verb.WITHDRAW_DISPUTE: gettext_lazy("Withdraw a disagreement"),
    Verb.RULE_ON_DISPUTE: gettext_lazy("Rule on a disagreement"),
}


@dataclass(frozen=True)
class Step:
    """One row of the table. ``to`` empty: the act leaves the state as it is. ``effect`` says what else is written.

    ``capability`` None: the act of whoever holds the survey link; nobody does it by an office (see `check_by_link`).
    """

    frm: State
    verb: Verb
    to: tuple[State, ...]
    capability: Capability | None
    guards: tuple[Guard, ...]
    effect: str


def _rows(  # noqa: PLR0917 - a row of a table, always in this order
    verb: Verb,
    frm: Iterable[State],
    to: tuple[State, ...],
    capability: Capability | None,
    guard: tuple[Guard, ...],
    effect: str,
) -> tuple[Step, ...]:
    return tuple(Step(state, verb, to, capability, guard, effect) for state in frm)


_DRAFT = (State.DRAFT,)
_AT_THE_DEPARTMENT = (State.SUBMITTED, State.UNDER_REVIEW, State.APPRAISED)
_BEFORE_APPRAISAL = (State.SUBMITTED, State.UNDER_REVIEW)
_SINCE_THE_SURVEY = (State.BEING_SURVEYED, State.SURVEYED, State.IN_FORCE)
_DRAW = Capability.DRAW_PROPOSAL
_SURVEY = Capability.ORDER_SURVEY

TABLE: tuple[Step, ...] = (
    *_rows(Verb.SAVE_DRAFT, _DRAFT, (), _DRAW, (), "draft row, row version + 1"),
    *_rows(Verb.EDIT_DETAILS, _DRAFT, (), _DRAW, (), "need, plan entry, applicant, name"),
    *_rows(Verb.LINK_FUNDING, _DRAFT, (), _DRAW, (), "link to a funded project"),
    *_rows(Verb.UNLINK_FUNDING, _DRAFT, (), _DRAW, (), "link removed"),
    *_rows(Verb.ATTACH_ITEM, _DRAFT, (), _DRAW, (), "dossier item, the older one marked as replaced"),
    *_rows(Verb.KEEP_VERSION, _DRAFT, (), _DRAW, (guards.has_boundary,), "version, parts, check run, findings"),
    *_rows(Verb.SUBMIT, _DRAFT, (State.SUBMITTED,), _DRAW, (guards.ready_to_submit,), "submission"),
    *_rows(Verb.WITHDRAW, (State.SUBMITTED,), (State.WITHDRAWN,), _DRAW, (), "withdrawn"),
    *_rows(
        Verb.ACCEPT_DOSSIER,
        (State.SUBMITTED,),
        (State.UNDER_REVIEW,),
        Capability.ACCEPT_DOSSIER,
        (guards.dossier_complete, guards.not_the_author),
        "items accepted, the clock of appraisal starts",
    ),
    *_rows(
        Verb.RETURN_FOR_CHANGES,
        _AT_THE_DEPARTMENT,
        (State.DRAFT,),
        Capability.RETURN_PROPOSAL,
        (),
        "return with reasons, round + 1, the clock pauses",
    ),
    *_rows(
        Verb.APPRAISE,
        (State.UNDER_REVIEW,),
        (State.APPRAISED,),
        Capability.APPRAISE,
        (guards.not_the_author, guards.report_of_the_submission, guards.disputes_ruled_on),
        "appraisal",
    ),
    *_rows(
        Verb.SIGN_OFF,
        (State.APPRAISED,),
        (State.FORWARDED,),
        Capability.SIGN_OFF,
        (guards.not_the_author, guards.not_the_appraiser, guards.disputes_ruled_on),
        "sign-off, the clock of the decision starts",
    ),
    *_rows(
        Verb.RECORD_DECISION,
        (State.FORWARDED,),
        (State.APPROVED, State.REFUSED),
        Capability.RECORD_DECISION,
        (guards.not_the_author, guards.not_the_appraiser, guards.not_the_signer, guards.version_unbroken),
        "decision; when approved the cluster, its boundary and areas in the register",
    ),
    *_rows(Verb.ORDER_SURVEY, (State.APPROVED,), (State.BEING_SURVEYED,), _SURVEY, (), "survey order, signed link"),
    *_rows(Verb.RENEW_SURVEY, (State.BEING_SURVEYED,), (), _SURVEY, (), "new link, the older ones revoked"),
    *_rows(Verb.REVOKE_SURVEY, _SINCE_THE_SURVEY, (), _SURVEY, (), "link revoked"),
    *_rows(Verb.SEND_RETURN, (State.BEING_SURVEYED,), (), None, (), "survey return; an unanswered older one replaced"),
    *_rows(
        Verb.ACCEPT_RETURN,
        (State.BEING_SURVEYED,),
        (State.SURVEYED,),
        _SURVEY,
        (guards.return_waits, guards.not_the_author),
        "measured version with its check run, measured boundary of the cluster, ruling",
    ),
    *_rows(
        Verb.RETURN_SURVEY,
        (State.BEING_SURVEYED,),
        (),
        _SURVEY,
        (guards.return_waits,),
        "ruling with marks, the link works again",
    ),
    *_rows(
        Verb.BRING_INTO_FORCE,
        (State.SURVEYED,),
        (State.IN_FORCE,),
        Capability.SIGN_OFF,
        (guards.not_the_author, guards.not_who_accepted_the_return),
        "hand-over with its minutes",
    ),
    *_rows(Verb.ADD_COMMENT, _AT_THE_DEPARTMENT, (), Capability.COMMENT, (), "thread opened"),
    *_rows(Verb.ANSWER_COMMENT, (*_DRAFT, *_AT_THE_DEPARTMENT), (), Capability.COMMENT, (), "answer in a thread"),
    *_rows(Verb.CLOSE_COMMENT, (*_DRAFT, *_AT_THE_DEPARTMENT), (), Capability.COMMENT, (), "thread closed"),
    *_rows(Verb.DISPUTE_FINDING, (*_DRAFT, *_BEFORE_APPRAISAL), (), _DRAW, (), "disagreement with a finding"),
    *_rows(Verb.WITHDRAW_DISPUTE, (*_DRAFT, *_BEFORE_APPRAISAL), (), _DRAW, (), "disagreement ended"),
    *_rows(
        Verb.RULE_ON_DISPUTE,
        _BEFORE_APPRAISAL,
        (),
        Capability.APPRAISE,
        (guards.not_the_author, guards.not_of_the_authors_side),
        "disagreement ended by a ruling",
    ),
)

_BY_STATE: dict[tuple[State, Verb], Step] = {(step.frm, step.verb): step for step in TABLE}
CAPABILITY_OF: dict[Verb, Capability | None] = {step.verb: step.capability for step in TABLE}


def states_for(verb: Verb) -> tuple[State, ...]:
    """Return the states *verb* is possible in, in the order of the table."""
    return tuple(step.frm for step in TABLE if step.verb == verb)


def check(user: User, proposal: Proposal, verb: Verb) -> Step:
    """Return the row of the table for *verb*, when *user* may do it to *proposal* now.

    Call it with the proposal's row locked. Raises NotAllowed when the person lacks the capability in the proposal's
    unit, TransitionRefused with a sentence when the state or a guard forbids it; all guards' reasons come at once.
    """
    capability = CAPABILITY_OF[verb]
    if capability is None:
        raise NotAllowed(
            _("“%(act)s” is done through the survey link, not with an account.") % {"act": VERB_TITLES[verb]},
            where=proposal.code,
            todo=_("Open the link of the survey order."),
        )
    require(user, capability, proposal.unit)
    step = _step(proposal, verb)
    reasons = [reason for guard in step.guards for reason in guard(user, proposal)]
    if reasons:
        raise refusal(reasons)
    return step


def check_by_link(proposal: Proposal, verb: Verb) -> Step:
    """Return the row of the table for an act of the holder of a survey link, when it is possible now.

    Call it with the proposal's row locked, for a link that is genuine and alive. Raises TransitionRefused like `check`.
    """
    if CAPABILITY_OF[verb] is not None:
        raise ValueError(f"{verb} needs a person with a capability")
    return _step(proposal, verb)


def _step(proposal: Proposal, verb: Verb) -> Step:
    step = _BY_STATE.get((State(proposal.state), verb))
    if step is None:
        raise _wrong_state(proposal, verb)
    return step


@dataclass(frozen=True)
class VerbChoice:
    """One act a person holds the capability for: possible now (``enabled``), or the reasons why not."""

    verb: Verb
    title: str
    enabled: bool
    in_state: bool
    reasons: tuple[Reason, ...]


def allowed_verbs(user: User | AnonymousUser, proposal: Proposal) -> tuple[VerbChoice, ...]:
    """Return the acts *user* holds the capability for in the proposal's unit, in the order of `Verb`.

    Acts of another state are listed too (``in_state`` false) with the reason, so that a desk can show or leave them.
    """
    if not isinstance(user, User):
        return ()
    held = {
        capability: capability is not None and can(user, capability, proposal.unit)
        for capability in dict.fromkeys(CAPABILITY_OF.values())
    }
    choices = []
    for verb in Verb:
        if not held[CAPABILITY_OF[verb]]:
            continue
        step = _BY_STATE.get((State(proposal.state), verb))
        if step is None:
            error = _wrong_state(proposal, verb)
            reasons: tuple[Reason, ...] = (Reason(error.code, Topic.STATE, error.message, todo=error.todo),)
        else:
            reasons = tuple(reason for guard in step.guards for reason in guard(user, proposal))
        choices.append(VerbChoice(verb, str(VERB_TITLES[verb]), not reasons, step is not None, reasons))
    return tuple(choices)


def _wrong_state(proposal: Proposal, verb: Verb) -> TransitionRefused:
    wanted = ", ".join(f"“{state.label}”" for state in states_for(verb))
    return TransitionRefused(
        _("“%(act)s” is not possible: the proposal is in the state “%(state)s”.")
        % {"act": VERB_TITLES[verb], "state": State(proposal.state).label},
        code="WRONG_STATE",
        where=proposal.code,
        todo=_("It is possible in the state %(states)s. Open the proposal again to see where it stands now.")
        % {"states": wanted},
    )
