"""Who may do which act in which state? Every person of the cast tries every verb in every state.

The expectation is written out by hand here, so that a change of the table must be meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.utils import timezone

from layers.errors import DatNgheError, NotAllowed, TransitionRefused
from planning.people.capabilities import ROLE_CAPABILITIES
from planning.people.models import Event, User
from planning.people.queries import can
from planning.proposals import services
from planning.proposals.models import Proposal, State, SurveyReturn
from planning.proposals.workflow import CAPABILITY_OF, TABLE, VERB_TITLES, Verb, allowed_verbs, check, states_for
from planning.registers.models import FundedProject
from tests.proposals.plans import Plans, pdf, zone

PLANNERS = frozenset({"planner", "colleague"})
SPEAKERS = PLANNERS | {"appraiser"}
AT_THE_DEPARTMENT = frozenset({State.SUBMITTED, State.UNDER_REVIEW, State.APPRAISED})
BEFORE_APPRAISAL = frozenset({State.SUBMITTED, State.UNDER_REVIEW})
SINCE_THE_SURVEY = frozenset({State.BEING_SURVEYED, State.SURVEYED, State.IN_FORCE})
BY_LINK = frozenset({Verb.SEND_RETURN})

# verb → (states it is possible in, people of the cast who may)
EXPECTED: dict[Verb, tuple[frozenset[State], frozenset[str]]] = {
    Verb.SAVE_DRAFT: (frozenset({State.DRAFT}), PLANNERS),
    Verb.EDIT_DETAILS: (frozenset({State.DRAFT}), PLANNERS),
    Verb.LINK_FUNDING: (frozenset({State.DRAFT}), PLANNERS),
    Verb.UNLINK_FUNDING: (frozenset({State.DRAFT}), PLANNERS),
    Verb.ATTACH_ITEM: (frozenset({State.DRAFT}), PLANNERS),
    Verb.KEEP_VERSION: (frozenset({State.DRAFT}), PLANNERS),
    Verb.SUBMIT: (frozenset({State.DRAFT}), PLANNERS),
    Verb.WITHDRAW: (frozenset({State.SUBMITTED}), PLANNERS),
    Verb.ACCEPT_DOSSIER: (frozenset({State.SUBMITTED}), frozenset({"appraiser"})),
    Verb.RETURN_FOR_CHANGES: (AT_THE_DEPARTMENT, frozenset({"appraiser", "leader"})),
    Verb.APPRAISE: (frozenset({State.UNDER_REVIEW}), frozenset({"appraiser"})),
    Verb.SIGN_OFF: (frozenset({State.APPRAISED}), frozenset({"leader"})),
    Verb.RECORD_DECISION: (frozenset({State.FORWARDED}), frozenset({"recorder"})),
    Verb.ORDER_SURVEY: (frozenset({State.APPROVED}), frozenset({"appraiser"})),
    Verb.RENEW_SURVEY: (frozenset({State.BEING_SURVEYED}), frozenset({"appraiser"})),
    Verb.REVOKE_SURVEY: (SINCE_THE_SURVEY, frozenset({"appraiser"})),
    Verb.SEND_RETURN: (frozenset({State.BEING_SURVEYED}), frozenset()),  # by the link, never with an account
    Verb.ACCEPT_RETURN: (frozenset({State.BEING_SURVEYED}), frozenset({"appraiser"})),
    Verb.RETURN_SURVEY: (frozenset({State.BEING_SURVEYED}), frozenset({"appraiser"})),
    Verb.BRING_INTO_FORCE: (frozenset({State.SURVEYED}), frozenset({"leader"})),
    Verb.ADD_COMMENT: (AT_THE_DEPARTMENT, SPEAKERS),
    Verb.ANSWER_COMMENT: (AT_THE_DEPARTMENT | {State.DRAFT}, SPEAKERS),
    Verb.CLOSE_COMMENT: (AT_THE_DEPARTMENT | {State.DRAFT}, SPEAKERS),
    Verb.DISPUTE_FINDING: (BEFORE_APPRAISAL | {State.DRAFT}, PLANNERS),
    Verb.WITHDRAW_DISPUTE: (BEFORE_APPRAISAL | {State.DRAFT}, PLANNERS),
    Verb.RULE_ON_DISPUTE: (BEFORE_APPRAISAL, frozenset({"appraiser"})),
}
LEADS_TO: dict[tuple[State, Verb], set[State]] = {
    (State.DRAFT, Verb.SUBMIT): {State.SUBMITTED},
    (State.SUBMITTED, Verb.WITHDRAW): {State.WITHDRAWN},
    (State.SUBMITTED, Verb.ACCEPT_DOSSIER): {State.UNDER_REVIEW},
    (State.SUBMITTED, Verb.RETURN_FOR_CHANGES): {State.DRAFT},
    (State.UNDER_REVIEW, Verb.RETURN_FOR_CHANGES): {State.DRAFT},
    (State.APPRAISED, Verb.RETURN_FOR_CHANGES): {State.DRAFT},
    (State.UNDER_REVIEW, Verb.APPRAISE): {State.APPRAISED},
    (State.APPRAISED, Verb.SIGN_OFF): {State.FORWARDED},
    (State.FORWARDED, Verb.RECORD_DECISION): {State.APPROVED, State.REFUSED},
    (State.APPROVED, Verb.ORDER_SURVEY): {State.BEING_SURVEYED},
    (State.BEING_SURVEYED, Verb.ACCEPT_RETURN): {State.SURVEYED},
    (State.SURVEYED, Verb.BRING_INTO_FORCE): {State.IN_FORCE},
}


class _UndoneError(Exception):
    """Roll an act that worked back."""


@contextmanager
def undone() -> Iterator[None]:
    """Run an act and roll it back."""
    try:
        with transaction.atomic():
            yield
            raise _UndoneError
    except _UndoneError:
        pass


def attempts(proposal: Proposal) -> dict[Verb, Callable[[User], object]]:
    """Return a well-formed call of every verb on *proposal*, by verb."""
    comment = proposal.comments.first() or proposal.comments.model(pk=0, proposal=proposal)
    version = proposal.current_version
    assert version is not None
    project = FundedProject(pk=0, code="none")
    returned = proposal.survey_returns.first() or SurveyReturn(pk=0, proposal=proposal, number=0)
    return {
        Verb.SAVE_DRAFT: lambda who: services.save_draft(
            who, proposal, row_version=proposal.draft.row_version, geom=zone(100, 100)
        ),
        Verb.EDIT_DETAILS: lambda who: services.edit_details(who, proposal, name="Tên khác"),
        Verb.LINK_FUNDING: lambda who: check(who, proposal, Verb.LINK_FUNDING),
        Verb.UNLINK_FUNDING: lambda who: services.unlink_funding(who, proposal, funded_project=project),
        Verb.ATTACH_ITEM: lambda who: services.attach_item(
            who, proposal, requirement="bao-cao-dau-tu", file=pdf("moi")
        ),
        Verb.KEEP_VERSION: lambda who: services.keep_version(who, proposal),
        Verb.SUBMIT: lambda who: services.submit(who, proposal),
        Verb.WITHDRAW: lambda who: services.withdraw(who, proposal),
        Verb.ACCEPT_DOSSIER: lambda who: services.accept_dossier(who, proposal),
        Verb.RETURN_FOR_CHANGES: lambda who: services.return_for_changes(
            who, proposal, reasons=["dossier"], text="Bổ sung."
        ),
        Verb.APPRAISE: lambda who: services.appraise(who, proposal, recommends=True, note="Đủ."),
        Verb.SIGN_OFF: lambda who: services.sign_off(who, proposal),
        Verb.RECORD_DECISION: lambda who: services.record_decision(
            who,
            proposal,
            outcome="approved",
            number="999/QĐ-UBND",
            decided_on=timezone.localdate(),
            signer="Nguyễn Văn Ký",
            file=pdf(),
            version=version,
            geom_hash=version.geom_hash,
        ),
        Verb.ORDER_SURVEY: lambda who: services.order_survey(who, proposal, team="Đội"),
        Verb.RENEW_SURVEY: lambda who: services.renew_survey(who, proposal, team="Đội"),
        Verb.REVOKE_SURVEY: lambda who: services.revoke_survey(who, proposal),
        Verb.SEND_RETURN: lambda who: check(who, proposal, Verb.SEND_RETURN),
        Verb.ACCEPT_RETURN: lambda who: services.accept_return(
            who, proposal, returned=returned, geom_hash=returned.geom_hash, note="Đạt."
        ),
        Verb.RETURN_SURVEY: lambda who: services.return_survey(who, proposal, returned=returned, note="Đo lại."),
        Verb.BRING_INTO_FORCE: lambda who: services.bring_into_force(
            who, proposal, on=timezone.localdate(), file=pdf("bien-ban")
        ),
        Verb.ADD_COMMENT: lambda who: services.add_comment(who, proposal, text="Xem lại."),
        Verb.ANSWER_COMMENT: lambda who: services.answer_comment(who, proposal, comment=comment, text="Đã sửa."),
        Verb.CLOSE_COMMENT: lambda who: services.close_comment(who, proposal, comment=comment, outcome="done"),
        **{
            verb: lambda who, verb=verb: check(who, proposal, verb)
            for verb in (Verb.DISPUTE_FINDING, Verb.WITHDRAW_DISPUTE, Verb.RULE_ON_DISPUTE)
        },
    }


def proposal_with_thread(plans: Plans, state: State) -> Proposal:
    """Make a proposal in *state*; in the states that know threads it has an answered one."""
    if state == State.DRAFT:
        proposal = plans.submitted()
        comment = services.add_comment(plans.cast.appraiser, proposal, text="Lùi lại.")
        services.return_for_changes(plans.cast.appraiser, proposal, reasons=["boundary"], text="Xem góp ý.")
        services.answer_comment(plans.cast.planner, proposal, comment=comment, text="Đã lùi.")
        return plans.fresh(proposal)
    if state == State.BEING_SURVEYED:
        return plans.fresh(plans.measurements().proposal)
    proposal = plans.in_state(state)
    if state in AT_THE_DEPARTMENT:
        services.add_comment(plans.cast.appraiser, proposal, text="Lùi lại.")
    return plans.fresh(proposal)


@pytest.mark.parametrize("state", list(State))
def test_everyone_tries_everything(plans: Plans, state: State) -> None:
    proposal = proposal_with_thread(plans, state)
    before = Event.objects.count()
    wrong = []
    for verb, call in attempts(proposal).items():
        states, people = EXPECTED[verb]
        for name, person in plans.cast.everyone().items():
            if name not in people:
                expected: object = NotAllowed
            elif state not in states:
                expected = TransitionRefused
            elif verb == Verb.CLOSE_COMMENT and name in PLANNERS:
                expected = NotAllowed  # the thread is the appraiser's
            else:
                expected = None
            found: object = None
            try:
                with undone():
                    call(person)
            except DatNgheError as error:
                found = type(error)
            if found != expected:
                wrong.append((verb, name, f"expected {expected}, found {found}"))
    assert wrong == []
    assert Event.objects.count() == before


def test_the_hand_written_table_is_complete() -> None:
    assert set(EXPECTED) == set(Verb) == set(VERB_TITLES)
    for verb in Verb:
        assert frozenset(states_for(verb)) == EXPECTED[verb][0], verb
    assert {(step.frm, step.verb): set(step.to) for step in TABLE if step.to} == LEADS_TO


def test_every_verb_is_a_service_and_every_capability_is_held_by_somebody() -> None:
    for verb in Verb:
        assert callable(getattr(services, verb.value))
        by_office = any(CAPABILITY_OF[verb] in held for held in ROLE_CAPABILITIES.values())
        assert by_office == (verb not in BY_LINK)


def test_capability_state_verb_agree_with_the_choices_shown(plans: Plans) -> None:
    for state in (State.DRAFT, State.UNDER_REVIEW, State.FORWARDED, State.BEING_SURVEYED):
        proposal = proposal_with_thread(plans, state)
        for name, person in plans.cast.everyone().items():
            shown = {choice.verb: choice for choice in allowed_verbs(person, proposal)}
            held = {verb for verb in Verb if verb not in BY_LINK and can(person, CAPABILITY_OF[verb], proposal.unit)}
            assert set(shown) == held, name
            for verb, choice in shown.items():
                assert choice.in_state == (state in EXPECTED[verb][0])
                assert choice.enabled == (not choice.reasons)
                if not choice.in_state:
                    assert choice.reasons[0].code == "WRONG_STATE"


def test_a_refusal_speaks_to_the_person(plans: Plans) -> None:
    proposal = plans.submitted()
    with pytest.raises(TransitionRefused) as refused:
        services.submit(plans.cast.planner, proposal)
    error = refused.value
    assert error.code == "WRONG_STATE"
    assert error.where == proposal.code
    assert error.message and error.todo
    assert error.status == 409
