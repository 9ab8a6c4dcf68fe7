"""Are overlaps, distances and shares right to the square metre? Shapes in metres, values by mental arithmetic."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import GEOSGeometry, Polygon

from planning.checks.models import RuleSet
from planning.checks.types import Level, Outcome, Verdict
from tests.cast import Land, multi, point, rectangle, square
from tests.checks.ground import check, line, of, one, outcomes, publish, row

pytestmark = pytest.mark.django_db
LEVELS = [Level.LIVE, Level.STORED]
FAR = square(-4_000, -4_000, 100)
# The zone of most cases: 500 × 500 m = 25 ha.
ZONE = square(1_000, 1_000, 500)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("forest", "overlap_m2", "outcome"),
    [
        (rectangle(1_400, 1_000, 400, 500), 50_000, Outcome.CONFLICT),  # 100 × 500 m inside
        (square(1_100, 1_100, 100), 10_000, Outcome.CONFLICT),  # wholly inside
        (square(0, 0, 5_000), 250_000, Outcome.CONFLICT),  # the zone wholly inside
        (rectangle(1_500, 1_000, 400, 500), 0, Outcome.CONTACT),  # a common edge
        (square(1_500, 1_500, 100), 0, Outcome.CONTACT),  # a common corner
        (rectangle(1_499.999, 1_000, 100, 500), 0.5, Outcome.CONTACT),  # a strip of 1 mm × 500 m
        (rectangle(1_499.998, 1_000, 100, 500), 1.0, Outcome.CONFLICT),  # 2 mm × 500 m: 1 m² counts
        (square(1_499.5, 1_499.5, 100), 0.25, Outcome.CONFLICT),  # 0.25 m² but half a metre wide
    ],
)
def test_overlap_of_one_feature(
    rules: RuleSet, forest: Polygon, overlap_m2: float, outcome: Outcome, level: Level
) -> None:
    publish("forest_special", [row(forest, "Rừng Thử"), row(FAR, "Xa")])
    finding = one(check(ZONE, level=level), "forest_special")
    assert finding.outcome == outcome
    assert finding.overlap_m2 == pytest.approx(overlap_m2, abs=0.01)
    assert finding.share_of_zone == pytest.approx(overlap_m2 / 250_000, abs=1e-6)
    if outcome == Outcome.CONFLICT:
        assert finding.feature_name == "Rừng Thử"
        assert finding.distance_m == 0
        assert finding.piece is not None
        assert GEOSGeometry(memoryview(finding.piece)).area == pytest.approx(overlap_m2, abs=0.01)


@pytest.mark.parametrize("level", LEVELS)
def test_zone_with_a_hole_and_two_parts(rules: RuleSet, level: Level) -> None:
    ring = ZONE.difference(square(1_200, 1_200, 100))  # 25 ha less a hole of 1 ha
    zone = multi(ring, square(1_600, 1_000, 100))  # and 1 ha beside it
    publish(
        "forest_special", [row(square(1_200, 1_200, 100), "Trong lỗ"), row(rectangle(1_450, 1_000, 200, 50), "Ngang")]
    )
    report = check(zone, level=level)
    assert report.area_m2 == pytest.approx(250_000, abs=0.01)
    by_outcome = {finding.outcome: finding for finding in of(report, "forest_special")}
    assert by_outcome[Outcome.CONFLICT].overlap_m2 == pytest.approx(50 * 50 + 50 * 50, abs=0.01)
    assert by_outcome[Outcome.CONTACT].feature_name == "Trong lỗ"


def test_square_metres_count_once_per_rule(rules: RuleSet) -> None:
    publish(
        "forest_special",
        [
            row(rectangle(1_000, 1_000, 100, 500), "A"),  # 5 ha
            row(rectangle(1_050, 1_000, 100, 500), "B"),  # 5 ha, half of it in A
            row(rectangle(1_050, 1_000, 100, 500), "B lặp"),  # the same again
        ],
    )
    report = check(ZONE)
    assert sorted(finding.overlap_m2 or 0 for finding in of(report, "forest_special")) == pytest.approx([50_000] * 3)
    (total,) = [total for total in report.totals if total.rule == "forest_special"]
    assert total.overlap_m2 == pytest.approx(75_000, abs=0.01)
    assert total.features == 3


def test_merged_rule_counts_once_and_makes_one_finding(rules: RuleSet) -> None:
    publish(
        "land_parcel",
        [
            row(rectangle(1_000, 1_000, 100, 500), "1", "LUC"),
            row(rectangle(1_000, 1_000, 100, 500), "1 lặp", "LUC"),
            row(rectangle(1_100, 1_000, 100, 500), "2", "LUK"),
            row(rectangle(1_200, 1_000, 300, 500), "3", "CLN"),
        ],
    )
    report = check(ZONE)
    rice = one(report, "rice")
    assert rice.outcome == Outcome.CONDITION
    assert rice.overlap_m2 == pytest.approx(100_000, abs=0.01)
    assert rice.feature_count == 3
    assert {r.code: round(r.area_m2) for r in report.land_use} == {"LUC": 50_000, "LUK": 50_000, "CLN": 150_000}


def test_land_use_rows_sum_to_the_zone(rules: RuleSet) -> None:
    publish(
        "land_parcel",
        [row(rectangle(900, 900, 300, 700), "1", "LUC"), row(rectangle(1_200, 1_100, 500, 200), "2", "ONT")],
    )
    report = check(ZONE)
    rows = {r.code: r for r in report.land_use}
    assert rows["LUC"].area_m2 == pytest.approx(200 * 500)
    assert rows["ONT"].area_m2 == pytest.approx(300 * 200)
    assert rows[""].area_m2 == pytest.approx(250_000 - 100_000 - 60_000)
    assert sum(r.area_m2 for r in report.land_use) == pytest.approx(report.area_m2, abs=1)
    assert sum(r.share for r in report.land_use) == pytest.approx(1)
    assert str(rows["LUC"].name) == "Đất chuyên trồng lúa"


def test_land_use_without_data_is_one_unknown_row(rules: RuleSet) -> None:
    report = check(ZONE)
    (unknown,) = report.land_use
    assert (unknown.code, unknown.area_m2, unknown.share) == ("", pytest.approx(250_000), pytest.approx(1))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("axis_east", "technical", "required", "outcome", "inside_m2"),
    [
        # class III: corridor 13 m, half the road land 10 m: 23 m from the axis; the zone ends at 1 500 E
        (1_510, "III", 23, Outcome.CONFLICT, 13 * 500),
        (1_523, "III", 23, Outcome.CLEAR, 0),
        (1_600, "III", 23, Outcome.CLEAR, 0),
        (1_510, "IV", 19, Outcome.CONFLICT, 9 * 500),
        (1_520, "IV", 19, Outcome.CLEAR, 0),
        # the axis runs through the zone: 23 m on both sides
        (1_250, "III", 23, Outcome.CONFLICT, 46 * 500),
    ],
)
def test_road_corridor(
    rules: RuleSet, axis_east: float, technical: str, required: float, outcome: Outcome, inside_m2: float, level: Level
) -> None:
    axis = line((axis_east, 0), (axis_east, 5_000))
    publish("road", [row(axis, "QL26", "national", technical_class=technical, half_width_m=10)])
    finding = one(check(ZONE, level=level), "road_corridor")
    assert finding.outcome == outcome
    assert finding.required_m == pytest.approx(required)
    assert finding.distance_m == pytest.approx(max(0, axis_east - 1_500), abs=0.001)
    if outcome == Outcome.CONFLICT:
        assert finding.overlap_m2 == pytest.approx(inside_m2, abs=0.5)
    if finding.distance_m:
        assert finding.nearest_line is not None
        assert GEOSGeometry(memoryview(finding.nearest_line)).length == pytest.approx(finding.distance_m, abs=0.001)
    else:
        assert finding.nearest_line is None


def test_road_class_falls_back_to_the_administrative_class(rules: RuleSet) -> None:
    publish("road", [row(line((1_510, 0), (1_510, 5_000)), "ĐT 693", "provincial")])
    finding = one(check(ZONE), "road_corridor")
    assert finding.required_m == pytest.approx(9 + 7)  # IV–V, and half of a common width
    assert finding.outcome == Outcome.CONFLICT


@pytest.mark.parametrize(("volt", "required"), [("22kV", 2 + 1), ("110kV", 4 + 1), ("220kV", 6 + 1), ("500kV", 7 + 1)])
def test_power_line_by_voltage(rules: RuleSet, volt: str, required: float) -> None:
    publish("power_line", [row(line((1_502, 0), (1_502, 5_000)), "Đường dây", volt, half_width_m=1)])
    finding = one(check(ZONE), "power_corridor")
    assert finding.required_m == pytest.approx(required)
    assert finding.outcome == Outcome.CONFLICT
    assert finding.overlap_m2 == pytest.approx((required - 2) * 500, abs=0.5)


@pytest.mark.parametrize(("function", "required"), [("bank", 10), ("supply", 20), ("culture", 30), ("", 10)])
def test_water_corridor_by_function(rules: RuleSet, function: str, required: float) -> None:
    publish("water", [row(rectangle(1_505, 0, 50, 5_000), "Sông Krông Pắc", function)])
    finding = one(check(ZONE), "water_corridor")
    assert (finding.required_m, finding.distance_m) == (pytest.approx(required), pytest.approx(5))
    assert finding.overlap_m2 == pytest.approx((required - 5) * 500, abs=1)


def test_reservoir_has_a_no_go_area_and_a_vicinity(rules: RuleSet) -> None:
    publish("reservoir", [row(square(1_570, 1_200, 300), "Hồ Ea Kar", "dam_III")])  # 70 m away; 40 and 100 m asked
    report = check(ZONE)
    assert one(report, "reservoir_no_go").outcome == Outcome.CLEAR
    vicinity = one(report, "reservoir_vicinity")
    assert (vicinity.outcome, vicinity.distance_m) == (Outcome.CONDITION, pytest.approx(70))


def test_residential_separation_and_dwellings(rules: RuleSet) -> None:
    publish("residential", [row(square(1_560, 1_000, 500), "Buôn Thử", "rural")])  # 60 m away, 100 asked
    publish("dwelling", [row(square(1_100, 1_100, 10)), row(square(1_200, 1_100, 10)), row(square(1_495, 1_100, 10))])
    report = check(ZONE)
    near = one(report, "residential_separation")
    assert near.overlap_m2 == pytest.approx(40 * 500, abs=0.5)
    houses = one(report, "dwellings")
    assert (houses.outcome, houses.feature_count) == (Outcome.CONFLICT, 3)
    assert report.verdict == Verdict.PROHIBITED


def test_dwellings_as_points(rules: RuleSet) -> None:
    publish("dwelling", [row(point(1_100, 1_100), "Nhà 1"), row(point(3_000, 3_000), "Nhà 2")], kind="point")
    houses = one(check(ZONE), "dwellings")
    assert (houses.outcome, houses.feature_count) == (Outcome.CONFLICT, 1)


def test_heritage_zones_are_two_rules(rules: RuleSet) -> None:
    inner = square(1_490, 1_200, 100)
    publish(
        "heritage",
        [row(inner, "Đình Thử", "kv1"), row(square(1_440, 1_150, 200).difference(inner), "Đình Thử", "kv2")],
    )
    report = check(ZONE)
    assert one(report, "heritage_zone_1").overlap_m2 == pytest.approx(10 * 100)
    assert one(report, "heritage_zone_1").outcome == Outcome.CONFLICT
    assert one(report, "heritage_zone_2").overlap_m2 == pytest.approx(60 * 200 - 10 * 100)
    assert one(report, "heritage_zone_2").outcome == Outcome.CONDITION


@pytest.mark.parametrize(("width", "outcome"), [(40, Outcome.CLEAR), (60, Outcome.ADVICE)])  # 8 % and 12 %, limit 10 %
def test_slope_is_a_share(rules: RuleSet, width: float, outcome: Outcome) -> None:
    publish("slope", [row(rectangle(1_000, 1_000, width, 500), "", "15-25"), row(square(1_200, 1_000, 300), "", "0-8")])
    finding = one(check(ZONE), "slope")
    assert finding.outcome == outcome
    assert finding.share_of_zone == pytest.approx(width * 500 / 250_000)


def test_clear_names_the_nearest(rules: RuleSet) -> None:
    publish("forest_special", [row(square(1_730, 1_000, 100), "Rừng Gần"), row(FAR, "Xa")])
    finding = one(check(ZONE), "forest_special")
    assert finding.outcome == Outcome.CLEAR
    assert (finding.feature_name, finding.distance_m) == ("Rừng Gần", pytest.approx(230))
    assert "230,0 m" in finding.text.vi
    assert "230.0 m" in finding.text.en


def test_outside_coverage_is_never_clear(rules: RuleSet) -> None:
    # covered up to 1 300 E: two fifths of the zone lie beyond
    publish("forest_special", [row(FAR, "Xa")], coverage=(-5_000, -5_000, 6_300, 30_000))
    finding = one(check(ZONE), "forest_special")
    assert finding.outcome == Outcome.NOT_CHECKED
    assert finding.unchecked_share == pytest.approx(0.4)
    assert "40 %" in finding.text.vi


def test_conflict_and_uncovered_share_stand_side_by_side(rules: RuleSet) -> None:
    publish("forest_special", [row(square(1_000, 1_000, 100), "Trong")], coverage=(-5_000, -5_000, 6_300, 30_000))
    assert outcomes(check(ZONE), "forest_special") == ["conflict", "not_checked"]


def test_layer_without_edition_is_not_checked(rules: RuleSet) -> None:
    report = check(ZONE)
    for rule in ("forest_special", "road_corridor", "dwellings", "slope", "rice"):
        finding = one(report, rule)
        assert (finding.outcome, finding.unchecked_share) == (Outcome.NOT_CHECKED, 1)
    assert report.basis.missing_layers
    assert report.verdict in {Verdict.INCOMPLETE, Verdict.PROHIBITED}


def test_unit_of_the_proposal(rules: RuleSet, land: Land) -> None:
    zone = rectangle(9_900, 1_000, 500, 500)  # 100 m in the west, 400 m in the east
    outside = one(check(zone, unit_id=land.west.pk), "unit")
    assert (outside.outcome, outside.overlap_m2) == (Outcome.CONDITION, pytest.approx(400 * 500))
    assert one(check(zone, unit_id=land.old_district.pk), "unit").outcome == Outcome.CLEAR  # the abolished district
    spanning = one(check(zone), "unit")
    assert spanning.outcome == Outcome.ADVICE
    assert "Xã Đông, Xã Tây" in spanning.text.vi


def test_many_vertices_give_the_same_area(rules: RuleSet) -> None:
    circle = point(2_000, 2_000).buffer(300, quadsegs=200)  # 800 vertices: the clipping path
    forest = [row(rectangle(1_500, 1_500 + 100 * i, 500, 100), f"Dải {i}") for i in range(10)]
    publish("forest_special", forest)
    live, stored = check(circle), check(circle, level=Level.STORED)
    total = sum(finding.overlap_m2 or 0 for finding in of(live, "forest_special"))
    assert total == pytest.approx(circle.area / 2, rel=1e-6)
    assert sum(f.overlap_m2 or 0 for f in of(stored, "forest_special")) == pytest.approx(total, abs=0.01)


@pytest.mark.parametrize("level", LEVELS)
def test_distances_of_a_zone_of_many_vertices(rules: RuleSet, level: Level) -> None:
    circle = point(2_000, 2_000).buffer(300, quadsegs=200)  # 800 vertices: its edge is searched in pieces
    publish(
        "road",
        [
            row(line((0, 2_310), (5_000, 2_310)), "Bắc", "national", technical_class="III", half_width_m=0),  # 10 m off
            row(
                line((0, 1_600), (5_000, 1_600)), "Nam", "national", technical_class="III", half_width_m=0
            ),  # 100 m off
        ],
    )
    publish("residential", [row(square(1_990, 1_990, 20), "Trong"), row(square(2_350, 1_990, 20), "Ngoài")])
    report = check(circle, level=level)
    assert one(report, "road_corridor").distance_m == pytest.approx(10, abs=0.001)
    homes = {finding.feature_name: finding for finding in of(report, "residential_separation")}
    assert homes["Trong"].distance_m == 0
    assert homes["Ngoài"].distance_m == pytest.approx(50, abs=0.01)


def test_a_side_on_the_border_of_a_search_box_is_not_lost(rules: RuleSet) -> None:
    """Cut a straight side that runs exactly where two search boxes meet."""
    west = [(1_000.0, 1_000.0 + 2 * step) for step in range(251)]
    steps = [(1_500.0 if step % 2 else 1_250.0, 1_500.0 - 2 * step) for step in range(251)]
    zone = Polygon([(480_000 + e, 1_400_000 + n) for e, n in [*west, *steps, west[0]]], srid=ZONE.srid)
    publish("road", [row(line((900, 0), (900, 5_000)), "Tây", "rural", half_width_m=0)])
    assert one(check(zone), "road_corridor").distance_m == pytest.approx(100, abs=0.001)
