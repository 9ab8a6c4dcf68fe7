"""Are the rules about the zone itself right? Size, plan list, occupancy, planned land use, register."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from layers.grid import geometry_hash, on_grid
from planning.checks.cutting import cut_into_parts
from planning.checks.models import RuleSet
from planning.checks.types import Level, Outcome, Verdict
from planning.registers.models import (
    AreaKind,
    BoundaryKind,
    ClusterArea,
    ClusterBoundary,
    ClusterPlan,
    ClusterReport,
    IndustrialCluster,
    Lifecycle,
    PlanListEntry,
)
from tests.cast import TODAY, Land, make_instrument, multi, point, rectangle, square
from tests.checks.ground import check, line, of, one

pytestmark = pytest.mark.django_db
EAST = (12_000, 1_000)  # a place in the commune that is not mountainous
WEST = (2_000, 1_000)


def make_cluster(name: str, unit: Any, **more: Any) -> IndustrialCluster:
    defaults = {
        "lifecycle": Lifecycle.OPERATING,
        "valid_from": date(2015, 1, 1),
        "slug": name.lower().replace(" ", "-"),
    }
    return IndustrialCluster.objects.create(name=name, unit=unit, **{**defaults, **more})


def bound(cluster: IndustrialCluster, polygon: Any, **more: Any) -> ClusterBoundary:
    geom = on_grid(multi(polygon))
    return ClusterBoundary.objects.create(
        cluster=cluster,
        kind=BoundaryKind.DECIDED,
        geom=geom,
        geom_hash=geometry_hash(geom),
        area_m2=geom.area,
        **{"valid_from": date(2015, 1, 1), **more},
    )


def report_figures(cluster: IndustrialCluster, leasable: float, leased: float | None) -> None:
    ClusterReport.objects.create(cluster=cluster, period_end=date(2026, 6, 14), leasable_ha=leasable, leased_ha=leased)


def make_entry(unit: Any, area_ha: float = 30, **more: Any) -> PlanListEntry:
    plan = ClusterPlan.objects.create(
        name="Phương án phát triển CCN",
        instrument=make_instrument("1747/QĐ-TTg"),
        period_from=2021,
        period_to=2030,
        valid_from=date(2023, 12, 30),
        valid_to=more.pop("valid_to", None),
    )
    return PlanListEntry.objects.create(plan=plan, code="A1", name="Ea Đar 2", unit=unit, area_ha=area_ha, **more)


@pytest.mark.parametrize(
    ("place", "side", "kind", "outcome"),
    [
        (EAST, 310, "new_cluster", Outcome.CONFLICT),  # 9.61 ha
        (EAST, 317, "new_cluster", Outcome.CLEAR),  # 10.05 ha
        (EAST, 866, "new_cluster", Outcome.CLEAR),  # 75.00 ha
        (EAST, 867, "new_cluster", Outcome.CONFLICT),  # 75.17 ha
        (EAST, 250, "craft_village_cluster", Outcome.CLEAR),  # 6.25 ha, 5 ha suffice
        (WEST, 250, "new_cluster", Outcome.CLEAR),  # a mountainous commune
        (WEST, 220, "new_cluster", Outcome.CONFLICT),  # 4.84 ha
    ],
)
def test_size(rules: RuleSet, place: tuple[float, float], side: float, kind: str, outcome: Outcome) -> None:
    report = check(square(*place, side), kind=kind)
    assert one(report, "size").outcome == outcome
    assert report.size.ok == (outcome == Outcome.CLEAR)


def test_size_names_the_limits_in_both_languages(rules: RuleSet) -> None:
    finding = one(check(square(*EAST, 310)), "size")
    assert finding.text.vi == "Diện tích 9,61 ha nằm ngoài khoảng 10,00–75,00 ha (mức chung)."
    assert finding.text.en == "9.61 ha are outside 10.00–75.00 ha (general limits)."


@pytest.mark.parametrize(
    ("drawn", "outcome"),
    [(rectangle(12_500, 1_000, 100, 500), Outcome.CLEAR), (rectangle(12_500, 1_000, 1_100, 500), Outcome.CONFLICT)],
)
def test_an_expansion_is_tested_on_the_total(rules: RuleSet, land: Land, drawn: Any, outcome: Outcome) -> None:
    cluster = make_cluster("CCN Thử", land.east)
    bound(cluster, square(*EAST, 500))  # 25 ha; 5 ha beside it make 30, 55 ha make 80
    report = check(drawn, kind="expansion", ignore_cluster_ids=(cluster.pk,))
    assert one(report, "size").outcome == outcome
    assert report.size.area_ha == pytest.approx(25 + drawn.area / 10_000)


def test_an_expansion_that_repeats_the_old_boundary_is_not_counted_twice(rules: RuleSet, land: Land) -> None:
    cluster = make_cluster("CCN Thử", land.east)
    bound(cluster, square(*EAST, 500))
    report = check(rectangle(*EAST, 700, 500), kind="expansion", ignore_cluster_ids=(cluster.pk,))
    assert report.size.area_ha == pytest.approx(35)


def test_an_expansion_without_old_boundary_adds_the_established_area(rules: RuleSet, land: Land) -> None:
    cluster = make_cluster("CCN Thử", land.east)
    ClusterArea.objects.create(cluster=cluster, kind=AreaKind.ESTABLISHED, area_ha=40, on=date(2016, 1, 1))
    report = check(square(*EAST, 500), kind="expansion", ignore_cluster_ids=(cluster.pk,))
    assert report.size.area_ha == pytest.approx(65)


def test_plan_list(rules: RuleSet, land: Land) -> None:
    entry = make_entry(land.east, 30)
    zone = rectangle(*EAST, 600, 500)  # 30 ha
    listed = one(check(zone, unit_id=land.east.pk, plan_entry_id=entry.pk), "plan_list")
    assert listed.outcome == Outcome.CLEAR
    assert listed.facts["listed_ha"] == 30
    assert listed.facts["area_ha"] == 30
    assert one(check(zone, unit_id=land.old_district.pk, plan_entry_id=entry.pk), "plan_list").outcome == Outcome.CLEAR
    larger = one(check(rectangle(*EAST, 700, 500), unit_id=land.east.pk, plan_entry_id=entry.pk), "plan_list")
    assert larger.outcome == Outcome.CONDITION
    elsewhere = one(check(zone, unit_id=land.west.pk, plan_entry_id=entry.pk), "plan_list")
    assert elsewhere.outcome == Outcome.CONFLICT
    assert "Xã Đông" in elsewhere.text.vi
    nameless = one(check(zone, unit_id=land.east.pk), "plan_list")
    assert nameless.outcome == Outcome.CONFLICT
    assert nameless.facts["candidates"] == ["A1 Ea Đar 2"]


def test_plan_list_of_another_time_does_not_count(rules: RuleSet, land: Land) -> None:
    entry = make_entry(land.east, valid_to=date(2025, 12, 31))
    finding = one(check(square(*EAST, 500), unit_id=land.east.pk, plan_entry_id=entry.pk), "plan_list")
    assert finding.outcome == Outcome.CONFLICT
    assert "không có hiệu lực" in finding.text.vi


def test_trial_drawing_names_the_entries_of_the_place(rules: RuleSet, land: Land) -> None:
    make_entry(land.east)
    finding = one(check(square(*EAST, 500)), "plan_list")
    assert finding.outcome == Outcome.NOT_CHECKED
    assert "A1 Ea Đar 2" in finding.text.vi


def test_entering_the_list_does_not_ask_for_the_list(rules: RuleSet) -> None:
    assert of(check(square(*EAST, 500), kind="list_entry"), "plan_list") == []


@pytest.mark.parametrize(
    ("figures", "outcome"),
    [
        ([], Outcome.CLEAR),
        ([(40, 24)], Outcome.CLEAR),  # 60 %
        ([(40, 20)], Outcome.CLEAR),  # 50 % is not above, but 20 ha unleased
        ([(300, 90)], Outcome.CONDITION),  # 30 %, 210 ha unleased
        ([(40, 36), (300, 90)], Outcome.CONDITION),  # 126 of 340 = 37 %
        ([(40, 36), (60, 30)], Outcome.CLEAR),  # 66 of 100
        ([(40, None)], Outcome.NOT_CHECKED),
    ],
)
def test_occupancy_before_a_new_cluster(
    rules: RuleSet, land: Land, figures: list[tuple[float, float | None]], outcome: Outcome
) -> None:
    # the clusters lie in the other commune of the former district: they count; the far district's do not
    for number, (leasable, leased) in enumerate(figures):
        report_figures(make_cluster(f"CCN {number}", land.west), leasable, leased)
    report_figures(make_cluster("CCN Xa", land.far), 500, 0)
    assert one(check(square(*EAST, 500), unit_id=land.east.pk), "occupancy_establish").outcome == outcome


@pytest.mark.parametrize(
    ("leased", "demand", "outcome"),
    [(24, None, Outcome.CLEAR), (20, None, Outcome.CONDITION), (20, 25, Outcome.CLEAR), (20, 15, Outcome.CONDITION)],
)
def test_occupancy_before_an_expansion(
    rules: RuleSet, land: Land, leased: float, demand: float | None, outcome: Outcome
) -> None:
    cluster = make_cluster("CCN Thử", land.east)
    report_figures(cluster, 40, leased)
    report = check(square(*EAST, 500), kind="expansion", ignore_cluster_ids=(cluster.pk,), demand_ha=demand)
    assert one(report, "occupancy_expand").outcome == outcome
    assert of(report, "occupancy_establish") == []


@pytest.mark.parametrize("level", [Level.LIVE, Level.STORED])
def test_overlap_with_a_cluster(rules: RuleSet, land: Land, level: Level) -> None:
    cluster = make_cluster("CCN Ea Đar", land.east)
    bound(cluster, square(12_400, 1_000, 500))
    finding = one(check(square(*EAST, 500), level=level), "cluster_overlap")
    assert (finding.outcome, finding.overlap_m2) == (Outcome.CONFLICT, pytest.approx(100 * 500))
    assert finding.feature_name == "CCN Ea Đar"
    ignoring = one(check(square(*EAST, 500), ignore_cluster_ids=(cluster.pk,), level=level), "cluster_overlap")
    assert ignoring.outcome == Outcome.CLEAR
    touching = one(check(square(11_900, 1_000, 500), level=level), "cluster_overlap")
    assert touching.outcome == Outcome.CONTACT


def test_the_boundary_of_the_day_counts(rules: RuleSet, land: Land) -> None:
    cluster = make_cluster("CCN Thử", land.east)
    bound(cluster, square(12_400, 1_000, 500), valid_to=date(2025, 6, 1))
    bound(cluster, square(14_000, 1_000, 500), valid_from=date(2025, 6, 1))
    assert one(check(square(*EAST, 500)), "cluster_overlap").outcome == Outcome.CLEAR
    assert one(check(square(*EAST, 500), day=date(2025, 5, 1)), "cluster_overlap").outcome == Outcome.CONFLICT


def test_a_cluster_without_boundary_is_not_checked(rules: RuleSet, land: Land) -> None:
    make_cluster("CCN Mờ", land.east, location=point(12_700, 1_250))
    finding = one(check(square(*EAST, 500)), "cluster_overlap")
    assert (finding.outcome, finding.distance_m) == (Outcome.NOT_CHECKED, pytest.approx(200))


# 500 × 500 m: a green frame of 20 m, a road strip, the rest factories.
FRAME = [
    line((12_000, 1_020), (12_500, 1_020)),
    line((12_000, 1_480), (12_500, 1_480)),
    line((12_020, 1_000), (12_020, 1_500)),
    line((12_480, 1_000), (12_480, 1_500)),
]


def framed(uses: dict[str, str]) -> Any:
    """Cut the square into nine pieces and give uses to corners, sides and middle."""
    from tests.cast import EAST0, NORTH0

    zone = multi(square(*EAST, 500))
    at = []
    for where, use in uses.items():
        points = {
            "sides": [(12_010, 1_250), (12_490, 1_250), (12_250, 1_010), (12_250, 1_490)],
            "corners": [(12_010, 1_010), (12_010, 1_490), (12_490, 1_010), (12_490, 1_490)],
            "middle": [(12_250, 1_250)],
            "south": [(12_250, 1_010)],
        }[where]
        at += [{"at": [EAST0 + e, NORTH0 + n], "use": use} for e, n in points]
    return zone, tuple(cut_into_parts(zone, FRAME, at))


def test_parts_tile_the_zone() -> None:
    zone, parts = framed({"sides": "green", "corners": "green", "middle": "factory"})
    assert len(parts) == 9
    assert sum(part.area_m2 for part in parts) == pytest.approx(zone.area, abs=1e-6)
    assert sum(part.area_m2 for part in parts if part.use == "factory") == pytest.approx(460 * 460)
    assert sum(part.area_m2 for part in parts if part.use == "green") == pytest.approx(500 * 500 - 460 * 460)


def test_ratios_and_green_buffer(rules: RuleSet) -> None:
    zone, parts = framed({"sides": "green", "corners": "green", "middle": "factory"})
    report = check(zone, parts=parts)
    ratios = {ratio.rule: ratio for ratio in report.ratios}
    assert ratios["ratio_green"].value == pytest.approx(38_400 / 250_000)
    assert ratios["ratio_green"].ok
    assert ratios["ratio_road"].value == 0
    assert one(report, "ratio_green").outcome == Outcome.CLEAR
    assert one(report, "ratio_road").outcome == Outcome.CONDITION
    assert one(report, "green_buffer").outcome == Outcome.CLEAR


def test_green_buffer_with_an_open_side(rules: RuleSet) -> None:
    zone, parts = framed({"sides": "green", "corners": "green", "middle": "factory", "south": "road"})
    finding = one(check(zone, parts=parts), "green_buffer")
    assert finding.outcome == Outcome.CONDITION
    # the strip of 10 m is 500² − 480² = 19 600 m²; 460 × 10 m of it are road
    assert finding.overlap_m2 == pytest.approx(460 * 10, abs=1)
    assert finding.facts["value_share"] == pytest.approx(1 - 4_600 / 19_600, abs=1e-4)


def test_parts_without_use_leave_the_answer_open(rules: RuleSet) -> None:
    zone, parts = framed({"sides": "green", "corners": "green"})  # the middle, 84.6 %, has no use yet
    report = check(zone, parts=parts)
    assert one(report, "ratio_green").outcome == Outcome.CLEAR  # met whatever the middle becomes
    assert one(report, "ratio_road").outcome == Outcome.NOT_CHECKED


def test_no_parts_is_not_checked(rules: RuleSet) -> None:
    report = check(square(*EAST, 500))
    for rule in ("ratio_road", "ratio_green", "ratio_technical", "green_buffer"):
        assert one(report, rule).outcome == Outcome.NOT_CHECKED
    assert report.verdict == Verdict.INCOMPLETE


def test_craft_share_only_for_craft_village_clusters(rules: RuleSet) -> None:
    zone, parts = framed({"sides": "green", "corners": "craft_factory", "middle": "factory"})
    assert of(check(zone, parts=parts), "ratio_craft") == []
    finding = one(check(zone, parts=parts, kind="craft_village_cluster"), "ratio_craft")
    assert finding.outcome == Outcome.CONDITION
    assert finding.facts["value_share"] == pytest.approx(1_600 / (1_600 + 460 * 460), abs=1e-4)


def test_a_value_not_in_force_yet_is_not_checked(rules: RuleSet) -> None:
    from planning.checks.models import Parameter

    Parameter.objects.filter(code="ccn_area_max_ha").update(valid_from=date(2030, 1, 1))
    finding = one(check(square(*EAST, 500), day=TODAY), "size")
    assert finding.outcome == Outcome.NOT_CHECKED
    assert "ccn_area_max_ha" in finding.text.vi


def test_an_approved_zone_that_is_no_cluster_yet_counts(rules: RuleSet) -> None:
    """Put a row where the floor above publishes its approved zones; the columns are that floor's contract."""
    from django.db import connection

    geom = on_grid(multi(square(12_400, 1_000, 500)))
    with connection.cursor() as cursor:
        cursor.execute("ALTER VIEW IF EXISTS approved_zone RENAME TO approved_zone_aside")
        cursor.execute(
            "CREATE TABLE approved_zone AS SELECT 'DX-1'::text AS proposal_code, 1::bigint AS need_id, 1::bigint AS"
            " version_id, 'CCN Đã duyệt'::text AS name, ST_GeomFromWKB(%s, 9218) AS geom, %s::text AS geom_hash,"
            " date '2026-01-10' AS valid_from, date '2026-12-31' AS valid_to",
            [bytes(geom.wkb), geometry_hash(geom)],
        )
    zone = square(*EAST, 500)
    finding = one(check(zone), "cluster_overlap")
    assert (finding.outcome, finding.feature_name) == (Outcome.CONFLICT, "CCN Đã duyệt")
    assert one(check(zone, day=date(2026, 1, 1)), "cluster_overlap").outcome == Outcome.CLEAR
    assert one(check(zone, ignore_proposal_codes=("DX-1",)), "cluster_overlap").outcome == Outcome.CLEAR
