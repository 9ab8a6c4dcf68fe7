"""Who sees which proposal in which state? One matrix, and nothing of a draft beyond its planners."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from layers.errors import NotFound
from planning.proposals import services
from planning.proposals.homes import planner_home, review_queue
from planning.proposals.models import State
from planning.proposals.queries import log_of, may_see_draft, proposal_for, shown_version, versions_for, visible_to
from tests.proposals.plans import Plans, zone

OWN_SIDE = {"planner", "colleague", "inspector"}
DEPARTMENT = {"appraiser", "leader", "recorder"}


@pytest.mark.parametrize("state", list(State))
def test_who_sees_a_proposal(plans: Plans, state: State) -> None:
    proposal = plans.in_state(state)
    expected = OWN_SIDE if state == State.DRAFT else OWN_SIDE | DEPARTMENT
    for name, person in plans.cast.everyone().items():
        sees = visible_to(person).filter(pk=proposal.pk).exists()
        assert sees == (name in expected), name
        if sees:
            assert proposal_for(person, proposal.code) == proposal
        else:
            with pytest.raises(NotFound):
                proposal_for(person, proposal.code)
    assert not visible_to(AnonymousUser()).exists()


def test_invisible_and_missing_are_told_alike(plans: Plans) -> None:
    proposal = plans.draft()
    answers = []
    for code in (proposal.code, "DX-1999-0001"):
        with pytest.raises(NotFound) as error:
            proposal_for(plans.cast.stranger, code)
        answers.append((error.value.message, error.value.todo, error.value.code))
    assert answers[0] == answers[1]


def test_a_returned_proposal_stays_visible_but_not_its_new_drawing(plans: Plans) -> None:
    proposal = plans.returned()
    submitted = proposal.current_version
    services.save_draft(
        plans.cast.planner, proposal, row_version=proposal.draft.row_version, geom=zone(2_000, 8_000, 600)
    )
    kept = services.keep_version(plans.cast.planner, proposal)
    proposal = plans.fresh(proposal)
    for person in (plans.cast.appraiser, plans.cast.leader):
        assert proposal_for(person, proposal.code) == proposal
        assert shown_version(person, proposal) == submitted
        assert kept not in versions_for(person, proposal)
        assert not may_see_draft(person, proposal)
        assert "return_for_changes" in log_of(proposal, person).values_list("verb", flat=True)
        assert log_of(proposal, person).filter(data__version=kept.number).count() == 0
    for person in (plans.cast.planner, plans.cast.colleague, plans.cast.inspector):
        assert shown_version(person, proposal) == kept
        assert may_see_draft(person, proposal)
        assert log_of(proposal, person).filter(verb="keep_version", data__version=kept.number).count() == 1


def test_a_planner_of_another_area_sees_her_own_only(plans: Plans) -> None:
    plans.draft()
    hers = plans.draft(zone(32_000, 2_000), who=plans.cast.stranger, unit=plans.land.far)
    assert list(visible_to(plans.cast.stranger)) == [hers]


def test_an_inactive_account_sees_nothing(plans: Plans) -> None:
    plans.draft()
    plans.cast.planner.is_active = False
    plans.cast.planner.save()
    assert not visible_to(plans.cast.planner).exists()


def test_homes(plans: Plans) -> None:
    draft = plans.draft()
    sent = plans.under_review()
    returned = plans.submitted()
    services.add_comment(plans.cast.appraiser, returned, text="Xem lại góc 3.")
    services.return_for_changes(plans.cast.appraiser, returned, reasons=["boundary"], text="Xem góp ý.")
    home = planner_home(plans.cast.colleague)
    assert [row.proposal for row in home.drafts] == [draft]
    assert [row.proposal for row in home.sent] == [sent]
    assert [row.proposal for row in home.returned] == [returned]
    back = home.returned[0]
    assert back.unanswered == 1
    assert back.returned is not None
    assert home.sent[0].clock is not None
    assert home.sent[0].clock.left in range(24, 28)
    assert home.drafts[0].area_ha == 25.0
    queue = review_queue(plans.cast.appraiser)
    assert [row.proposal for row in queue] == [sent]
    assert queue[0].run is not None
    assert queue[0].draft is None
    for name, person in plans.cast.everyone().items():
        home = planner_home(person)
        assert bool(home.drafts or home.sent or home.returned) == (name in {"planner", "colleague"}), name
        assert bool(review_queue(person)) == (name in DEPARTMENT | {"inspector"}), name


def test_lists_cost_the_same_however_many_rows(plans: Plans, django_assert_num_queries: Any) -> None:
    def look() -> tuple[int, int]:
        home, queue = planner_home(plans.cast.planner), review_queue(plans.cast.appraiser)
        rows = [*home.sent, *home.returned, *queue]
        return len(rows), len([(row.area_ha, row.clock, row.run, row.zone) for row in rows])

    for make in (plans.under_review, plans.forwarded, plans.returned):
        make()
    with CaptureQueriesContext(connection) as few:
        assert look() == (5, 5)
    for make in (plans.under_review, plans.forwarded, plans.returned, plans.submitted):
        make()
    with django_assert_num_queries(len(few)):
        assert look() == (12, 12)
