"""What happens when several people press at the same moment? Real PostGIS, real threads: exactly one act each time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from layers.errors import Conflict, TransitionRefused
from planning.people.models import Event
from planning.proposals import services
from planning.proposals.models import Appraisal, Comment, Decision, DossierItem, Draft, Proposal, State, ZoneVersion
from planning.registers.models import ClusterBoundary, IndustrialCluster
from tests.proposals.plans import Plans, pdf, zone
from tests.registers.books import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(answers: list[object]) -> tuple[int, list[object]]:
    """Return how many acts worked, and the answers that are neither success nor an orderly refusal."""
    strange = [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Conflict)]
    return sum(not isinstance(answer, Exception) for answer in answers), strange


def test_twenty_decisions_are_one(committed_plans: Plans) -> None:
    plans = committed_plans
    proposal = plans.forwarded()
    answers = at_once(20, lambda number: plans.decide(proposal, number=f"{number}/QĐ-UBND").pk)
    assert outcomes(answers) == (1, [])
    assert Decision.objects.count() == 1
    assert IndustrialCluster.objects.count() == 1
    assert ClusterBoundary.objects.count() == 1
    assert Event.objects.filter(verb="decision_recorded").count() == 1
    assert plans.fresh(proposal).state == State.APPROVED


def test_one_number_for_several_proposals_goes_to_one(committed_plans: Plans) -> None:
    plans = committed_plans
    proposals = [plans.forwarded() for _number in range(4)]
    answers = at_once(4, lambda number: plans.decide(proposals[number], number="1/QĐ-UBND").pk)
    assert outcomes(answers) == (1, [])
    assert [getattr(answer, "code", "ok") for answer in answers].count("NUMBER_TAKEN") == 3
    assert Decision.objects.count() == 1


VERBS: dict[str, tuple[State, Callable[[Plans, Proposal], object]]] = {
    "submit": (State.DRAFT, lambda plans, p: services.submit(plans.cast.planner, p)),
    "withdraw": (State.SUBMITTED, lambda plans, p: services.withdraw(plans.cast.planner, p)),
    "accept_dossier": (State.SUBMITTED, lambda plans, p: services.accept_dossier(plans.cast.appraiser, p)),
    "return_for_changes": (
        State.UNDER_REVIEW,
        lambda plans, p: services.return_for_changes(plans.cast.appraiser, p, reasons=["other"], text="x"),
    ),
    "appraise": (
        State.UNDER_REVIEW,
        lambda plans, p: services.appraise(plans.cast.appraiser, p, recommends=True, note="x"),
    ),
    "sign_off": (State.APPRAISED, lambda plans, p: services.sign_off(plans.cast.leader, p)),
    "bring_into_force": (
        State.SURVEYED,
        lambda plans, p: services.bring_into_force(plans.cast.leader, p, on=timezone.localdate(), file=pdf("bien-ban")),
    ),
    "order_survey": (State.APPROVED, lambda plans, p: services.order_survey(plans.cast.appraiser, p, team="Đội")),
}


@pytest.mark.parametrize("verb", VERBS)
def test_every_step_happens_once(committed_plans: Plans, verb: str) -> None:
    state, press = VERBS[verb]
    proposal = committed_plans.in_state(state)
    answers = at_once(6, lambda _number: press(committed_plans, proposal))
    worked, strange = outcomes(answers)
    assert strange == []
    assert worked == 1
    assert all(isinstance(answer, TransitionRefused) for answer in answers if isinstance(answer, Exception))
    assert Event.objects.filter(verb=verb, subject_id=str(proposal.pk)).count() == 1


def test_return_and_appraise_at_once_is_one_of_them(committed_plans: Plans) -> None:
    plans = committed_plans
    proposal = plans.under_review()
    acts = [VERBS["return_for_changes"][1], VERBS["appraise"][1]]
    answers = at_once(2, lambda number: acts[number](plans, proposal))
    worked, strange = outcomes(answers)
    assert strange == []
    after = plans.fresh(proposal)
    if worked == 2:  # appraised first, then returned: both orders are lawful, only this one lets both through
        assert (after.state, after.round, Appraisal.objects.count()) == (State.DRAFT, 2, 1)
    else:
        assert worked == 1
        assert after.state in {State.DRAFT, State.APPRAISED}


def test_saving_and_submitting_at_once_never_submits_something_else(committed_plans: Plans) -> None:
    plans = committed_plans
    proposal = plans.ready()
    version = proposal.current_version
    assert version is not None
    acts = [
        lambda: services.submit(plans.cast.planner, proposal),
        lambda: services.save_draft(plans.cast.colleague, proposal, row_version=2, geom=zone(100, 100)),
    ]
    answers = at_once(2, lambda number: acts[number]())
    assert outcomes(answers) == (1, [])
    after = plans.fresh(proposal)
    draft = Draft.objects.get(proposal=proposal)
    if after.state == State.SUBMITTED:
        assert bytes(draft.geom.wkb) == bytes(version.geom.wkb)
    else:
        assert draft.geom.area == zone(100, 100).area


def test_parallel_saves_let_exactly_one_through(committed_plans: Plans) -> None:
    plans = committed_plans
    proposal = plans.draft()
    answers = at_once(
        8,
        lambda number: services.save_draft(
            plans.cast.planner, proposal, row_version=2, geom=zone(100, 100, 100 + 10 * number)
        ),
    )
    assert outcomes(answers) == (1, [])
    assert Draft.objects.get(proposal=proposal).row_version == 3


def test_parallel_versions_are_numbered_and_not_doubled(committed_plans: Plans) -> None:
    plans = committed_plans
    proposal = plans.draft()
    answers = at_once(6, lambda _number: services.keep_version(plans.cast.planner, proposal).number)
    assert answers == [1] * 6
    assert ZoneVersion.objects.filter(proposal=proposal).count() == 1


def test_parallel_starts_get_codes_and_letters_of_their_own(committed_plans: Plans) -> None:
    plans = committed_plans
    first = plans.draft()
    answers = at_once(
        8,
        lambda number: services.start_proposal(
            plans.cast.planner, kind="new_cluster", unit=plans.land.west, name=f"Đối án {number}", rival_of=first
        ),
    )
    assert outcomes(answers) == (8, [])
    letters = Proposal.objects.filter(need_id=first.need_id).values_list("alternative", flat=True)
    assert sorted(letters) == list("ABCDEFGHI")
    assert Proposal.objects.values("code").distinct().count() == 9


def test_parallel_attachments_leave_one_current_item(committed_plans: Plans) -> None:
    plans = committed_plans
    proposal = plans.draft()
    answers = at_once(
        5,
        lambda number: services.attach_item(
            plans.cast.planner, proposal, requirement="bao-cao-dau-tu", file=pdf(f"ban-{number}")
        ),
    )
    assert outcomes(answers) == (5, [])
    assert DossierItem.objects.filter(proposal=proposal, replaced_at__isnull=True).count() == 1
    assert DossierItem.objects.filter(proposal=proposal).count() == 5


def test_a_thread_is_closed_once(committed_plans: Plans) -> None:
    plans = committed_plans
    proposal = plans.submitted()
    comment = services.add_comment(plans.cast.appraiser, proposal, text="Xem lại.")
    answers = at_once(
        4, lambda _number: services.close_comment(plans.cast.appraiser, proposal, comment=comment, outcome="done")
    )
    assert outcomes(answers) == (1, [])
    assert Comment.objects.get(pk=comment.pk).closed_at is not None


def test_downloads_never_pass_the_limit(committed_plans: Plans) -> None:
    plans = committed_plans
    link = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội", max_downloads=3)
    answers = at_once(8, lambda _number: services.record_survey_download(link.order, what="goi.zip", sha256="0" * 64))
    assert sum(not isinstance(answer, Exception) for answer in answers) == 3
    assert link.order.downloads.count() == 3
    assert link.order.expires_at > timezone.now()
