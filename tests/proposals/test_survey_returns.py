"""What becomes of measurements that come back: kept as sent, judged once, put in force by a second person?"""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, Polygon
from django.core.files.base import ContentFile
from django.utils import timezone

from layers.errors import Conflict, Gone, InputRefused, LimitExceeded, NotAllowed, TransitionRefused
from layers.grid import geometry_hash
from planning.people.models import Event
from planning.proposals import services
from planning.proposals.models import (
    CheckRun,
    Handover,
    ReturnState,
    State,
    SurveyOrder,
    SurveyReturn,
    SurveyRuling,
    SurveyUse,
    UseKind,
    VersionKind,
    ZoneVersion,
)
from planning.proposals.queries import comparison_of_return, latest_run, log_of, report_of_return, shown_version
from planning.proposals.survey_comparison import PieceKind
from planning.registers.models import BoundaryKind, ClusterBoundary
from tests.cast import EAST0, NORTH0, multi
from tests.proposals.moments import acting_at
from tests.proposals.plans import FOREST, Plans, pdf, zone
from tests.registers.books import at_once

HOW = {"instrument": "RTK", "base_points": "ĐC-01", "signer": "Lê Đo"}


def pushed(metres: float, east: float = 2_000, north: float = 2_000, side: float = 500) -> Polygon:
    """Build the square of `zone` with its north-eastern corner pushed east by *metres*."""
    e, n = EAST0 + east, NORTH0 + north
    ring = ((e, n), (e + side, n), (e + side + metres, n + side), (e, n + side), (e, n))
    return Polygon(ring, srid=zone(0, 0).srid)


def accept(plans: Plans, returned: SurveyReturn, note: str = "") -> SurveyRuling:
    return services.accept_return(
        plans.cast.appraiser, returned.proposal, returned=returned, geom_hash=returned.geom_hash, note=note
    )


def test_measurements_are_kept_as_they_came(plans: Plans) -> None:
    returned = plans.measurements(multi(pushed(0.05)))
    kept = SurveyReturn.objects.get()
    assert (kept.number, kept.state, kept.filename) == (1, ReturnState.SENT, "do ve.zip")
    with kept.file.open("rb") as file:
        assert file.read() == b"PK\x03\x04"
    assert kept.geom_hash == geometry_hash(kept.geom)
    assert kept.version == returned.order.version
    event = Event.objects.get(verb="send_return")
    assert (event.actor, event.actor_name) == (None, "Đội đo đạc")
    assert SurveyUse.objects.filter(kind=UseKind.RETURNED, order=returned.order).count() == 1
    assert plans.fresh(returned.proposal).state == State.BEING_SURVEYED


def test_a_later_return_replaces_the_one_that_waits(plans: Plans) -> None:
    first = plans.measurements(multi(pushed(0.05)))
    second = plans.send(first.order, multi(pushed(0.01)))
    assert [row.state for row in SurveyReturn.objects.order_by("number")] == [ReturnState.REPLACED, ReturnState.SENT]
    with pytest.raises(TransitionRefused) as refused:
        accept(plans, SurveyReturn.objects.get(pk=first.pk))
    assert refused.value.code == "RETURN_ANSWERED"
    assert accept(plans, second).survey_return == second


def test_acceptance_makes_a_measured_version_with_its_check(plans: Plans) -> None:
    returned = plans.measurements(multi(pushed(0.05)))
    approved = returned.version
    ruling = accept(plans, returned)
    version = ruling.version
    assert version is not None and ruling.run is not None
    assert (version.kind, version.number, version.geom_hash) == (VersionKind.MEASURED, 2, returned.geom_hash)
    assert latest_run(version) == ruling.run
    assert ruling.run.geom_hash == version.geom_hash
    assert (ruling.summary["within"], ruling.summary["largest_m"]) == (True, 0.05)
    after = plans.fresh(returned.proposal)
    assert (after.state, after.current_version) == (State.SURVEYED, version)
    assert ZoneVersion.objects.get(pk=approved.pk).geom_hash == approved.geom_hash
    assert shown_version(plans.cast.appraiser, after) == version


def test_the_register_holds_the_measured_boundary_from_then_on(plans: Plans) -> None:
    returned = plans.measurements(multi(pushed(0.05)))
    later = timezone.now() + timedelta(days=30)
    with acting_at(later):
        ruling = accept(plans, returned)
    decided, measured = ClusterBoundary.objects.order_by("valid_from")
    assert (decided.kind, decided.valid_to) == (BoundaryKind.DECIDED, timezone.localdate(later) - timedelta(days=1))
    assert (measured.kind, measured.valid_from, measured.valid_to) == (
        BoundaryKind.MEASURED, timezone.localdate(later), None,
    )  # fmt: skip
    assert measured.geom_hash == returned.geom_hash
    assert ruling.valid_from == measured.valid_from


def test_a_boundary_decided_today_holds_today(plans: Plans) -> None:
    ruling = accept(plans, plans.measurements())
    assert ruling.valid_from == timezone.localdate() + timedelta(days=1)


def test_an_expansion_keeps_the_land_the_cluster_had(plans: Plans) -> None:
    first = plans.approved(zone(2_000, 2_000))
    cluster = first.cluster
    assert cluster is not None
    with acting_at(timezone.now() + timedelta(days=10)):
        expansion = plans.start_expansion(cluster, zone(2_500, 2_000))
        plans.decide(expansion)
        order = services.order_survey(plans.cast.appraiser, expansion, team="Đội").order
        returned = plans.send(order, multi(pushed(0.05, 2_500)))
    with acting_at(timezone.now() + timedelta(days=20)):
        accept(plans, returned)
    boundary = ClusterBoundary.objects.get(cluster=cluster, valid_to__isnull=True)
    assert boundary.kind == BoundaryKind.MEASURED
    assert boundary.area_m2 == pytest.approx(500_000 + 0.05 * 500 / 2, abs=0.1)


def test_the_own_cluster_is_no_neighbour_of_its_measured_boundary(plans: Plans) -> None:
    returned = plans.measurements(multi(pushed(0.05)))
    assert [finding for finding in report_of_return(returned).findings if finding.rule == "register"
            and finding.outcome == "conflict"] == []  # fmt: skip
    ruling = accept(plans, returned)
    assert ruling.run is not None
    assert not ruling.run.findings.filter(rule_code="register", outcome="conflict").exists()


def test_the_check_anew_finds_what_the_stakes_ran_into(plans: Plans) -> None:
    east, north, side = FOREST
    drawn = zone(east + side, north)
    returned = plans.measurements(multi(pushed(0, east + side - 30, north)), drawn)
    assert "conflict" in {finding.outcome for finding in report_of_return(returned).findings}
    ruling = accept(plans, returned, note="Dịch theo mốc cũ.")
    assert ruling.run is not None
    assert ruling.run.findings.get(rule_code="forest").overlap_m2 == pytest.approx(15_000)


def test_outside_the_tolerance_needs_a_reason(plans: Plans) -> None:
    returned = plans.measurements(multi(pushed(0.30)))
    with pytest.raises(InputRefused) as refused:
        accept(plans, returned)
    assert (refused.value.code, refused.value.where) == ("OUTSIDE_TOLERANCE", "0,300 m")
    assert plans.fresh(returned.proposal).state == State.BEING_SURVEYED
    assert ZoneVersion.objects.count() == 1
    assert accept(plans, returned, note="Mốc giao thông có sẵn.").summary["within"] is False


def test_without_a_figure_for_the_scale_nothing_is_judged(plans: Plans) -> None:
    link = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội", scale=5000)
    returned = plans.send(link.order)
    comparison = comparison_of_return(returned)
    assert (comparison.tolerance, comparison.corners.within) == (None, None)
    with pytest.raises(InputRefused):
        accept(plans, returned)


def test_the_scale_of_the_order_sets_the_tolerance(plans: Plans) -> None:
    link = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội", scale=1000)
    comparison = comparison_of_return(plans.send(link.order, multi(pushed(0.10))))
    assert (comparison.corners.tolerance_m, comparison.corners.within) == (0.15, True)
    with pytest.raises(InputRefused):
        services.renew_survey(plans.cast.appraiser, link.order.proposal, team="Đội", scale=750)


def test_land_gained_and_lost_is_cut_out_and_classed(plans: Plans) -> None:
    returned = plans.measurements(multi(pushed(4)))
    comparison = comparison_of_return(returned)
    (gained,) = comparison.pieces or ()
    assert (gained.kind, gained.sliver) == (PieceKind.GAINED, False)
    assert gained.area_m2 == pytest.approx(1_000)
    assert comparison.difference_m2 == pytest.approx(1_000)
    assert comparison.difference_share == pytest.approx(0.004)
    assert comparison.lost_m2 == 0


def test_a_sliver_within_the_tolerance_is_called_one(plans: Plans) -> None:
    comparison = comparison_of_return(plans.measurements(multi(pushed(0.05))))
    assert [piece.sliver for piece in comparison.pieces or ()] == [True]


def test_parts_are_cut_anew_up_to_the_measured_boundary(plans: Plans) -> None:
    proposal = plans.draft(zone(2_000, 2_000))
    e, n = EAST0 + 2_000, NORTH0 + 2_000
    cut = MultiLineString(LineString((e + 250, n), (e + 250, n + 500), srid=proposal.draft.geom.srid))
    cut.srid = proposal.draft.geom.srid
    uses = [{"at": [e + 100, n + 100], "use": "factory"}, {"at": [e + 400, n + 100], "use": "green"}]
    services.save_draft(
        plans.cast.planner,
        proposal,
        row_version=proposal.draft.row_version,
        geom=proposal.draft.geom,
        cuts=cut,
        uses=uses,
    )
    services.edit_details(plans.cast.planner, proposal, applicant=services.ApplicantData(name="Công ty Thử"))
    for code in ("van-ban-de-nghi", "bao-cao-dau-tu", "ho-so-phap-ly-nang-luc"):
        services.attach_item(plans.cast.planner, proposal, requirement=code, file=pdf(code))
    services.keep_version(plans.cast.planner, proposal)
    services.submit(plans.cast.planner, proposal)
    services.accept_dossier(plans.cast.appraiser, proposal)
    services.appraise(plans.cast.appraiser, proposal, recommends=True, note="Đủ.")
    services.sign_off(plans.cast.leader, proposal)
    plans.decide(plans.fresh(proposal))
    order = services.order_survey(plans.cast.appraiser, proposal, team="Đội").order
    wider = Polygon(
        ((e, n), (e + 500, n), (e + 500, n + 500.06), (e, n + 500.06), (e, n)), srid=proposal.draft.geom.srid
    )
    ruling = accept(plans, plans.send(order, multi(wider)))
    assert ruling.version is not None
    assert sorted(ruling.version.parts.values_list("use", flat=True)) == ["factory", "green"]
    total = sum(ruling.version.parts.values_list("area_m2", flat=True))
    assert total == pytest.approx(ruling.version.area_m2)


def test_sent_back_with_marks_the_link_works_again(plans: Plans) -> None:
    link = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội", days=1, max_downloads=1)
    returned = plans.send(link.order, multi(pushed(0.30)))
    services.record_survey_download(link.order, what="goi.zip", sha256="0" * 64)
    with acting_at(timezone.now() + timedelta(days=2)), pytest.raises(Gone):
        plans.send(link.order)
    with acting_at(timezone.now() + timedelta(days=3)):
        ruling = services.return_survey(
            plans.cast.appraiser,
            returned.proposal,
            returned=returned,
            note="Đo lại điểm 2.",
            marks=[{"corner": 2, "at": [482_500, 1_402_500], "text": " Lệch 30 cm "}],
        )
        assert ruling.marks == [{"corner": 2, "of": "approved", "at": [482_500.0, 1_402_500.0], "text": "Lệch 30 cm"}]
        again = services.open_survey_link(link.token)
        assert again.downloads_left == 3
        second = plans.send(again, multi(pushed(0.01)))
    assert SurveyReturn.objects.get(pk=returned.pk).state == ReturnState.SENT_BACK
    assert second.state == ReturnState.SENT
    assert plans.fresh(returned.proposal).state == State.BEING_SURVEYED


def test_a_revoked_link_stays_revoked(plans: Plans) -> None:
    returned = plans.measurements(multi(pushed(0.30)))
    services.revoke_survey(plans.cast.appraiser, returned.proposal)
    services.return_survey(plans.cast.appraiser, returned.proposal, returned=returned, note="Đo lại.")
    with pytest.raises(Gone):
        plans.send(SurveyOrder.objects.get())


@pytest.mark.parametrize(
    "marks",
    [
        [{"corner": 1, "at": [1, 2], "text": " "}],
        [{"corner": "1", "at": [1, 2], "text": "x"}],
        [{"corner": 1, "at": [float("nan"), 2], "text": "x"}],
        [{"corner": 1, "at": "12", "text": "x"}],
        [{"corner": 1, "at": [1, 2, 3], "text": "x"}],
        [{"corner": 1, "at": [1, 2], "text": "x"}] * 501,
    ],
)
def test_marks_without_a_corner_or_words_are_refused(plans: Plans, marks: list[dict[str, object]]) -> None:
    returned = plans.measurements()
    with pytest.raises(InputRefused):
        services.return_survey(plans.cast.appraiser, returned.proposal, returned=returned, note="x", marks=marks)
    assert not SurveyRuling.objects.exists()


def test_sending_back_needs_words(plans: Plans) -> None:
    returned = plans.measurements()
    with pytest.raises(InputRefused):
        services.return_survey(plans.cast.appraiser, returned.proposal, returned=returned, note=" ")


def test_a_return_of_another_proposal_is_not_accepted(plans: Plans) -> None:
    other = plans.measurements()
    mine = plans.measurements()
    with pytest.raises(TransitionRefused):
        services.accept_return(plans.cast.appraiser, mine.proposal, returned=other, geom_hash=other.geom_hash)


def test_what_was_not_looked_at_is_not_accepted(plans: Plans) -> None:
    returned = plans.measurements()
    with pytest.raises(TransitionRefused):
        services.accept_return(plans.cast.appraiser, returned.proposal, returned=returned, geom_hash="0" * 64)


@pytest.mark.parametrize("change", [{"instrument": " "}, {"base_points": ""}, {"signer": ""}])
def test_how_it_was_measured_must_be_said(plans: Plans, change: dict[str, str]) -> None:
    order = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội").order
    how = services.Measured(**(HOW | change), measured_on=timezone.localdate())
    with pytest.raises(InputRefused) as refused:
        services.send_return(order, geom=order.version.geom, file=ContentFile(b"x", name="a.zip"), how=how)
    assert refused.value.code == "RETURN_FACTS_MISSING"
    assert not SurveyReturn.objects.exists()


def test_a_day_to_come_is_no_day_of_measuring(plans: Plans) -> None:
    order = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội").order
    how = services.Measured(**HOW, measured_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(InputRefused):
        services.send_return(order, geom=order.version.geom, file=ContentFile(b"x", name="a.zip"), how=how)


def test_measurements_from_elsewhere_are_refused_and_leave_nothing(plans: Plans) -> None:
    order = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội").order
    with pytest.raises(InputRefused) as refused:
        plans.send(order, zone(8_000, 8_000))
    assert refused.value.code == "RETURN_ELSEWHERE"
    assert not SurveyReturn.objects.exists()
    assert not SurveyUse.objects.filter(kind=UseKind.RETURNED).exists()


def test_a_boundary_that_crosses_itself_is_refused(plans: Plans) -> None:
    order = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội").order
    e, n = EAST0 + 2_000, NORTH0 + 2_000
    bow = Polygon(((e, n), (e + 500, n + 500), (e + 500, n), (e, n + 500), (e, n)), srid=order.version.geom.srid)
    with pytest.raises(InputRefused):
        plans.send(order, multi(bow))


def test_the_inbox_of_a_link_is_bounded(plans: Plans, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[services.send_return.__module__], "RETURNS_PER_ORDER", 2)
    first = plans.measurements()
    plans.send(first.order)
    with pytest.raises(LimitExceeded):
        plans.send(first.order)


def test_a_dead_link_takes_nothing_and_the_try_is_recorded(plans: Plans) -> None:
    link = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội")
    services.revoke_survey(plans.cast.appraiser, link.order.proposal)
    with pytest.raises(Gone):
        plans.send(link.order)
    assert SurveyUse.objects.get().kind == UseKind.REVOKED
    assert not SurveyReturn.objects.exists()


def test_nothing_is_taken_when_nothing_is_surveyed(plans: Plans) -> None:
    returned = plans.measurements()
    accept(plans, returned)
    with pytest.raises(TransitionRefused):
        plans.send(returned.order)


def test_the_hand_over_is_a_second_persons_act_with_minutes(plans: Plans) -> None:
    returned = plans.measurements()
    accept(plans, returned)
    proposal = plans.fresh(returned.proposal)
    with pytest.raises(NotAllowed):
        services.bring_into_force(plans.cast.appraiser, proposal, on=timezone.localdate(), file=pdf("x"))
    for wrong in (timezone.localdate() + timedelta(days=1), timezone.localdate() - timedelta(days=1)):
        with pytest.raises(InputRefused):
            services.bring_into_force(plans.cast.leader, proposal, on=wrong, file=pdf("x"))
    services.bring_into_force(plans.cast.leader, proposal, on=timezone.localdate(), file=pdf("bien-ban"))
    handover = Handover.objects.get()
    assert (handover.by, handover.version.kind) == (plans.cast.leader, VersionKind.MEASURED)
    assert plans.fresh(proposal).state == State.IN_FORCE


def test_the_log_tells_the_way_back(plans: Plans) -> None:
    proposal = plans.in_state(State.IN_FORCE)
    verbs = list(log_of(proposal).values_list("verb", flat=True))
    assert verbs[:3] == ["bring_into_force", "accept_return", "send_return"]


@pytest.mark.django_db(transaction=True)
def test_at_once_it_is_accepted_or_sent_back_once(committed_plans: Plans) -> None:
    plans = committed_plans
    returned = plans.measurements()
    runs = CheckRun.objects.count()
    acts = [
        lambda: accept(plans, returned, note="Đạt."),
        lambda: services.return_survey(plans.cast.appraiser, returned.proposal, returned=returned, note="Đo lại."),
    ]
    answers = at_once(6, lambda number: acts[number % 2]())
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert all(isinstance(answer, Conflict) for answer in answers if isinstance(answer, Exception))
    assert SurveyRuling.objects.count() == 1
    assert CheckRun.objects.count() - runs == SurveyRuling.objects.filter(outcome="accepted").count()


@pytest.mark.django_db(transaction=True)
def test_returns_sent_at_once_are_numbered(committed_plans: Plans) -> None:
    plans = committed_plans
    order = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội").order
    answers = at_once(5, lambda _number: plans.send(order).number)
    assert sorted(answers) == [1, 2, 3, 4, 5]
