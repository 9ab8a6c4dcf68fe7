"""What is kept, when is it fresh, and what stands against a submission? All reasons at once, none forgotten."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.gis.geos import LineString, Polygon

from layers.errors import Conflict, DatNgheError, TransitionRefused
from layers.grid import geometry_hash
from planning.checks.basis import forget_basis
from planning.proposals import services
from planning.proposals.models import CheckRun, LandUse, State, Submission, ZoneVersion
from planning.proposals.queries import freshness_of, latest_run, submit_checks, submit_reasons
from planning.proposals.reasons import Topic
from tests.cast import EAST0, NORTH0, square
from tests.proposals.plans import FOREST, Plans, load_forest, zone

IN_THE_FOREST = zone(4_800, 5_200)  # 500 m, 300 m of it in the forest: 15 ha


def codes(plans: Plans, proposal: object) -> list[str]:
    return [reason.code for reason in submit_reasons(plans.fresh(proposal))]  # type: ignore[arg-type]


def test_a_version_keeps_boundary_hash_run_and_findings(plans: Plans) -> None:
    proposal = plans.draft(IN_THE_FOREST)
    version = services.keep_version(plans.cast.planner, proposal, reason="thử")
    assert (version.number, version.reason, version.author) == (1, "thử", plans.cast.planner)
    assert version.geom_hash == geometry_hash(version.geom)
    assert version.area_m2 == 250_000
    run = latest_run(version)
    assert run is not None
    assert run.verdict == "prohibited"
    assert run.geom_hash == version.geom_hash
    forest = run.findings.get(rule_code="forest")
    assert forest.outcome == "conflict"
    assert forest.overlap_m2 == pytest.approx(150_000)
    assert forest.share_of_zone == pytest.approx(0.6)
    assert forest.piece.area == pytest.approx(150_000)
    assert forest.title == "forest (vi)"
    assert forest.feature_name == "Rừng Thử"
    assert run.findings.get(rule_code="road").outcome == "not_checked"
    assert run.basis["ruleset"] == 1
    assert run.engine


def test_cuts_and_uses_become_parts_that_tile_the_zone(plans: Plans) -> None:
    proposal = plans.draft(zone(1_000, 1_000))
    e, n = EAST0 + 1_000, NORTH0 + 1_000
    services.save_draft(
        plans.cast.planner,
        proposal,
        row_version=2,
        geom=zone(1_000, 1_000),
        cuts=LineString((e + 400, n - 10), (e + 400, n + 510), srid=settings.STORAGE_SRID),
        uses=[{"at": [e + 100, n + 100], "use": "factory"}, {"at": [e + 450, n + 100], "use": "green"}],
    )
    version = services.keep_version(plans.cast.planner, proposal)
    parts = {part.use: part.area_m2 for part in version.parts.all()}
    assert parts == {LandUse.FACTORY: pytest.approx(200_000), LandUse.GREEN: pytest.approx(50_000)}
    assert sum(parts.values()) == pytest.approx(version.area_m2)


def test_the_same_drawing_is_kept_once(plans: Plans) -> None:
    proposal = plans.draft()
    first = services.keep_version(plans.cast.planner, proposal)
    again = services.keep_version(plans.cast.colleague, proposal)
    assert again == first
    assert CheckRun.objects.filter(version=first).count() == 1
    services.save_draft(plans.cast.planner, proposal, row_version=2, geom=zone(100, 100))
    assert services.keep_version(plans.cast.planner, proposal).number == 2


def test_a_bow_tie_is_not_kept(plans: Plans) -> None:
    proposal = plans.draft()
    bow = Polygon(
        ((EAST0, NORTH0), (EAST0 + 500, NORTH0 + 500), (EAST0 + 500, NORTH0), (EAST0, NORTH0 + 400), (EAST0, NORTH0)),
        srid=settings.STORAGE_SRID,
    )
    services.save_draft(plans.cast.planner, proposal, row_version=2, geom=bow)
    with pytest.raises(DatNgheError) as refused:
        services.keep_version(plans.cast.planner, proposal)
    assert refused.value.message
    assert not ZoneVersion.objects.exists()


def test_a_draft_changed_meanwhile_is_not_kept(plans: Plans) -> None:
    proposal = plans.draft()
    with pytest.raises(Conflict) as stale:
        services.keep_version(plans.cast.planner, proposal, row_version=1)
    assert stale.value.code == "DRAFT_STALE"


def test_all_reasons_come_at_once(plans: Plans) -> None:
    proposal = plans.draft(IN_THE_FOREST)
    services.edit_details(plans.cast.planner, proposal, need_statement="  ")
    services.keep_version(plans.cast.planner, proposal)
    with pytest.raises(TransitionRefused) as refused:
        services.submit(plans.cast.planner, proposal)
    reasons = refused.value.detail["reasons"]
    found = [reason["code"] for reason in reasons]  # type: ignore[index,attr-defined]
    assert found == ["NEED_MISSING", "APPLICANT_MISSING", "PROHIBITED_CONFLICT"] + ["ITEM_MISSING"] * 3
    assert all(reason["text"] and reason["todo"] for reason in reasons)  # type: ignore[attr-defined]
    assert "Rừng Thử (15,00 ha)" in str(reasons)
    checks = {check.topic: check.ok for check in submit_checks(plans.fresh(proposal))}
    assert checks == {
        Topic.BOUNDARY: True,
        Topic.DETAILS: False,
        Topic.REPORT: False,
        Topic.DOSSIER: False,
        Topic.COMMENTS: True,
    }
    assert not Submission.objects.exists()


def test_mended_and_submitted(plans: Plans) -> None:
    proposal = plans.ready(IN_THE_FOREST)
    assert codes(plans, proposal) == ["PROHIBITED_CONFLICT"]
    services.save_draft(plans.cast.planner, proposal, row_version=2, geom=zone(4_400, 5_200))
    assert "VERSION_BEHIND_DRAFT" in codes(plans, proposal)
    services.keep_version(plans.cast.planner, proposal)
    assert codes(plans, proposal) == []
    submission = services.submit(plans.cast.planner, proposal)
    assert submission.version.number == 2
    assert submission.run.geom_hash == submission.version.geom_hash


def test_nothing_drawn_and_nothing_kept(plans: Plans) -> None:
    proposal = plans.draft()
    assert codes(plans, proposal)[0] == "NO_VERSION"
    services.save_draft(plans.cast.planner, proposal, row_version=2, geom=None)
    assert codes(plans, proposal)[0] == "NO_BOUNDARY"
    with pytest.raises(TransitionRefused) as refused:
        services.keep_version(plans.cast.planner, proposal)
    assert refused.value.code == "NO_BOUNDARY"


def test_a_new_edition_makes_the_report_old(plans: Plans) -> None:
    proposal = plans.ready()
    load_forest(square(*FOREST), square(8_000, 8_000, 100), number=2)
    forget_basis()
    assert codes(plans, proposal) == ["REPORT_OUT_OF_DATE"]
    version = services.keep_version(plans.cast.planner, proposal)
    assert version.number == 1
    assert CheckRun.objects.filter(version=version).count() == 2
    assert codes(plans, proposal) == []


def test_another_plan_entry_or_kind_makes_the_report_old(plans: Plans) -> None:
    proposal = plans.ready()
    run = latest_run(proposal.current_version)  # type: ignore[arg-type]
    assert run is not None
    assert freshness_of(run).fresh
    proposal.kind = "craft_village_cluster"
    proposal.save()
    run.version.refresh_from_db()
    assert not freshness_of(run).same_question


def test_a_rival_started_later_does_not_make_the_report_old(plans: Plans) -> None:
    proposal = plans.ready()
    plans.draft(rival_of=proposal)
    assert codes(plans, proposal) == []


def test_books_that_changed_meanwhile_stop_the_submission(plans: Plans) -> None:
    """Another cluster was approved on this land meanwhile: rules and layers are the same, the answer is not."""
    place = zone(2_000, 9_000)
    proposal = plans.ready(place)
    assert codes(plans, proposal) == []
    plans.approved(place)
    with pytest.raises(TransitionRefused) as refused:
        services.submit(plans.cast.planner, proposal)
    assert refused.value.code == "REPORT_OUT_OF_DATE"
    assert plans.fresh(proposal).state == State.DRAFT


def test_an_unanswered_comment_blocks_resubmission_until_answered_or_closed(plans: Plans) -> None:
    proposal = plans.submitted()
    answered = services.add_comment(plans.cast.appraiser, proposal, text="Một")
    closed = services.add_comment(plans.cast.appraiser, proposal, text="Hai")
    services.add_comment(plans.cast.planner, proposal, text="Ghi chú của chính mình")
    services.return_for_changes(plans.cast.appraiser, proposal, reasons=["other"], text="Xem góp ý.")
    assert codes(plans, proposal) == ["COMMENT_UNANSWERED"] * 2
    services.answer_comment(plans.cast.appraiser, proposal, comment=answered, text="Tôi nói thêm")
    assert codes(plans, proposal) == ["COMMENT_UNANSWERED"] * 2  # the author's own words are no answer
    services.answer_comment(plans.cast.planner, proposal, comment=answered, text="Đã sửa")
    services.close_comment(plans.cast.appraiser, proposal, comment=closed, outcome="done")
    assert codes(plans, proposal) == []


def test_rivals_of_one_need_are_no_obstacle_to_one_another(plans: Plans) -> None:
    place = zone(2_000, 9_000)
    first = plans.submitted(place)
    rival = plans.ready(place, who=plans.cast.colleague, rival_of=first)
    assert rival.alternative == "B"
    assert codes(plans, rival) == []


def test_a_boundary_outside_the_province_is_not_kept(plans: Plans) -> None:
    proposal = plans.draft(zone(56_000, 2_000))
    with pytest.raises(DatNgheError) as refused:
        services.keep_version(plans.cast.planner, proposal)
    assert refused.value.code == "OUTSIDE_PROVINCE"
    assert not ZoneVersion.objects.exists()
