"""Are the ways out of a conflict real? Cut, checked again whole, honest about what they cost and what they break."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.errors import NotFound
from layers.grid import on_grid
from layers.vetting import LIVE, call, vet
from planning.checks import repairs
from planning.checks.engine import check_report
from planning.checks.models import RuleSet
from planning.checks.repairs import ALL, Kind, WaysOut, WhyNot, ways_out
from planning.checks.types import Basis, Outcome, Subject, Verdict
from tests.cast import EAST0, NORTH0, multi, point, rectangle, square
from tests.checks.ground import basis, line, publish, row

pytestmark = pytest.mark.django_db

ZONE = multi(square(1_000, 1_000, 500))  # 25 ha
FIRED = {Outcome.CONFLICT, Outcome.CONDITION, Outcome.ADVICE}


def keys(zone: MultiPolygon, rule: str, against: Basis) -> list[str]:
    return [f.key for f in check_report(Subject(zone), against).findings if f.rule == rule and f.outcome in FIRED]


def out_of(rule: str, zone: MultiPolygon = ZONE, **drawn: Any) -> WaysOut:
    """Return the ways out of the only finding of *rule*."""
    against = basis()
    (key,) = keys(zone, rule, against)
    return ways_out(Subject(zone), against, key, **drawn)


def kinds(found: WaysOut) -> list[Kind]:
    return [way.kind for way in found.ways]


def reasons(found: WaysOut) -> set[WhyNot]:
    return {entry.reason for entry in found.not_offered}


# --- one finding -----------------------------------------------------------------------------------------------------


def test_an_overlap_at_the_edge_is_cut_out_exactly(rules: RuleSet) -> None:
    publish("forest_special", [row(rectangle(1_400, 0, 1_000, 3_000), "Rừng Thử")])
    found = out_of("forest_special")
    (way,) = found.ways
    assert (way.kind, way.parts, way.holes, way.crumbs_m2) == (Kind.CUT_OUT, 1, 0, 0)
    assert way.lost_m2 == pytest.approx(50_000, abs=1e-6)
    assert way.zone.equals(multi(rectangle(1_000, 1_000, 400, 500)))
    assert way.removed.area == pytest.approx(50_000, abs=1e-6)
    assert way.conflicts_left == len([f for f in found.before.findings if f.outcome == Outcome.CONFLICT]) - 1
    assert way.worse == ()


def test_a_road_through_the_middle_is_kept_clear_of_and_leaves_two_pieces_or_the_larger(rules: RuleSet) -> None:
    publish(
        "road", [row(line((1_200, 0), (1_200, 5_000)), "ĐT 693", "provincial", technical_class="V", half_width_m=5)]
    )
    found = out_of("road_corridor")
    assert set(kinds(found)) == {Kind.SET_BACK, Kind.LARGEST}
    back = next(way for way in found.ways if way.kind == Kind.SET_BACK)
    largest = next(way for way in found.ways if way.kind == Kind.LARGEST)
    required = next(f.required_m for f in found.before.findings if f.rule == "road_corridor") or 0
    assert back.parts == 2
    assert back.lost_m2 == pytest.approx(2 * required * 500, rel=0.01)
    assert back.lost_m2 >= 2 * required * 500
    assert largest.parts == 1
    assert largest.area_m2 == pytest.approx((300 - required) * 500, rel=0.01)
    for way in found.ways:  # really clear, not contact by a hair
        (answer,) = [f for f in way.report.findings if f.rule == "road_corridor"]
        assert answer.outcome == Outcome.CLEAR
        assert required <= (answer.distance_m or 0) < required + 0.1


def test_a_set_back_from_a_far_corner_keeps_the_whole_distance_around_it(rules: RuleSet) -> None:
    publish("residential", [row(square(1_560, 1_560, 300), "Buôn Thử", "rural")])
    found = out_of("residential_separation")
    (way,) = found.ways
    (answer,) = [f for f in way.report.findings if f.rule == "residential_separation"]
    required = next(f.required_m for f in found.before.findings if f.rule == "residential_separation") or 0
    assert answer.outcome == Outcome.CLEAR
    assert required <= (answer.distance_m or 0) < required + 0.1
    assert way.zone.num_coords < 40


def test_a_rule_that_looks_one_way_costs_nothing_on_the_other_side(rules: RuleSet) -> None:
    # the water flows east past the middle of the upper edge: 1,000 m count to the west of it, 100 m to the east
    publish("intake_point", [row(point(1_250, 1_550), "Điểm lấy nước", "mountain", flow_bearing=90)], kind="point")
    found = out_of("intake_distance")
    (way,) = found.ways
    assert not [f for f in way.report.findings if f.rule == "intake_distance" and f.outcome in FIRED]
    assert way.zone.covers(square(1_360, 1_010, 130))  # 100 m downstream is far enough there
    assert not way.zone.intersects(square(1_010, 1_010, 200))


def test_an_overlap_in_the_middle_prefers_a_straight_cut_and_says_when_a_hole_remains(rules: RuleSet) -> None:
    publish("forest_special", [row(square(1_100, 1_350, 50), "Rừng Thử")])
    found = out_of("forest_special")
    assert kinds(found) == [Kind.STRAIGHT, Kind.CUT_OUT]
    straight, hole = found.ways
    assert (straight.holes, hole.holes) == (0, 1)
    assert hole.lost_m2 == pytest.approx(2_500, abs=0.01)
    assert straight.lost_m2 == pytest.approx(150 * 500, abs=2)  # all north of the forest is the least to lose
    assert len(straight.zone[0]) == 1


def test_a_zone_wholly_inside_has_no_way_out_by_cutting(rules: RuleSet) -> None:
    publish("forest_special", [row(square(0, 0, 5_000), "Rừng Thử")])
    found = out_of("forest_special")
    assert found.ways == ()
    assert reasons(found) == {WhyNot.NOTHING_LEFT}


def test_what_is_left_below_one_hectare_is_no_way_out(rules: RuleSet) -> None:
    publish("forest_special", [row(rectangle(1_015, 0, 5_000, 5_000), "Rừng Thử")])
    found = out_of("forest_special")
    assert found.ways == ()
    assert reasons(found) == {WhyNot.TOO_LITTLE_LEFT}


def test_a_loss_below_the_smallest_size_is_said(rules: RuleSet) -> None:
    publish("forest_special", [row(rectangle(1_060, 0, 5_000, 5_000), "Rừng Thử")])
    (way,) = out_of("forest_special").ways
    assert way.area_m2 == pytest.approx(30_000)
    assert way.report.size.ok is False
    assert [(worse.rule, worse.after) for worse in way.worse] == [("size", Outcome.CONFLICT)]
    assert way.report.verdict == Verdict.PROHIBITED


def test_touching_is_no_conflict(rules: RuleSet) -> None:
    publish("forest_special", [row(rectangle(1_500, 0, 1_000, 3_000), "Rừng Thử")])
    against = basis()
    contact = next(f for f in check_report(Subject(ZONE), against).findings if f.outcome == Outcome.CONTACT)
    found = ways_out(Subject(ZONE), against, contact.key)
    assert (found.ways, reasons(found)) == ((), {WhyNot.NO_CONFLICT})


def test_what_concerns_the_whole_zone_cannot_be_cut_away(rules: RuleSet) -> None:
    found = out_of("size", multi(square(1_000, 1_000, 1_000)))
    assert (found.ways, reasons(found)) == ((), {WhyNot.WHOLE_ZONE})


def test_a_finding_that_is_gone_is_told(rules: RuleSet) -> None:
    for key in ("forest_special:none", ALL, ""):
        with pytest.raises(NotFound) as caught:
            ways_out(Subject(multi(square(1_000, 1_000, 300)), kind="list_removal"), basis(), key)
        assert caught.value.code == "FINDING_GONE"


# --- several parts, several rules ------------------------------------------------------------------------------------


def test_another_part_of_the_zone_stays_as_it_is(rules: RuleSet) -> None:
    publish("forest_special", [row(rectangle(1_400, 0, 300, 3_000), "Rừng Thử")])
    zone = multi(square(1_000, 1_000, 500), square(2_000, 1_000, 300))
    (way,) = out_of("forest_special", zone).ways
    assert way.parts == 2
    assert any(part.equals(square(2_000, 1_000, 300)) for part in way.zone)


def test_the_parts_are_cut_again_and_tile_what_is_left(rules: RuleSet) -> None:
    publish("forest_special", [row(rectangle(1_400, 0, 1_000, 3_000), "Rừng Thử")])
    uses = [
        {"at": [EAST0 + 1_050, NORTH0 + 1_200], "use": "green"},
        {"at": [EAST0 + 1_300, NORTH0 + 1_200], "use": "factory"},
    ]
    (way,) = out_of("forest_special", cuts=line((1_100, 900), (1_100, 1_600)), uses=uses).ways
    parts = way.report.parts
    assert sorted((part.use, round(part.area_m2)) for part in parts) == [("factory", 150_000), ("green", 50_000)]
    assert sum(part.area_m2 for part in parts) == pytest.approx(way.area_m2, abs=0.01)


def test_one_conflict_ends_and_the_other_is_still_counted(rules: RuleSet) -> None:
    publish("forest_special", [row(rectangle(1_400, 0, 1_000, 3_000), "Rừng Thử")])
    publish(
        "road", [row(line((0, 1_010), (5_000, 1_010)), "ĐT 693", "provincial", technical_class="V", half_width_m=5)]
    )
    (way,) = out_of("forest_special").ways
    assert any(f.rule == "road_corridor" and f.outcome == Outcome.CONFLICT for f in way.report.findings)
    assert way.conflicts_left >= 1


def test_all_forbidden_places_go_at_once(rules: RuleSet) -> None:
    publish("forest_special", [row(rectangle(1_400, 0, 1_000, 3_000), "Rừng Thử")])
    publish(
        "road", [row(line((0, 1_010), (5_000, 1_010)), "ĐT 693", "provincial", technical_class="V", half_width_m=5)]
    )
    found = ways_out(Subject(ZONE), basis(), ALL)
    way = found.ways[0]
    left = {f.rule for f in way.report.findings if f.outcome == Outcome.CONFLICT}
    assert not left & {"forest_special", "road_corridor"}
    assert way.lost_m2 > 50_000


def test_no_strip_of_five_metres_is_left_behind(rules: RuleSet) -> None:
    publish("forest_special", [row(rectangle(1_200, 0, 295, 5_000), "Rừng Thử")])
    found = out_of("forest_special")
    (way,) = found.ways  # what is left east of the forest is 5 m wide: no second piece to choose from
    assert (way.parts, way.crumbs_m2) == (1, pytest.approx(2_500, abs=0.5))
    assert way.zone.equals(multi(rectangle(1_000, 1_000, 200, 500)))


def test_a_strip_the_planner_drew_is_the_planners(rules: RuleSet) -> None:
    arm = rectangle(1_500, 1_200, 300, 6)
    zone = on_grid(multi(square(1_000, 1_000, 500).union(arm)))
    publish("forest_special", [row(rectangle(1_000, 0, 100, 5_000), "Rừng Thử")])
    (way,) = out_of("forest_special", zone).ways
    assert way.zone.covers(rectangle(1_510, 1_201, 280, 4))
    assert way.crumbs_m2 == 0


def test_a_new_forbidden_conflict_is_never_hidden(rules: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    publish("forest_special", [row(rectangle(1_400, 0, 1_000, 3_000), "Rừng Thử")])
    against = basis()
    (key,) = keys(ZONE, "forest_special", against)
    plan = {"listed": False}

    def strict(subject: Subject, basis_: Basis) -> Any:
        """Let a rule that was clear before fire for whatever is smaller than 25 ha."""
        report = check_report(subject, basis_)
        if subject.zone.area > 249_000:
            return report
        plan["listed"] = True
        clear = next(f for f in report.findings if f.outcome in {Outcome.CLEAR, Outcome.NOT_CHECKED})
        from dataclasses import replace

        fired = replace(clear, outcome=Outcome.CONFLICT)
        return replace(report, findings=tuple(fired if f is clear else f for f in report.findings))

    monkeypatch.setattr(repairs, "check_report", strict)
    found = ways_out(Subject(ZONE), against, key)
    assert plan["listed"]
    assert found.ways == ()
    (refused,) = found.not_offered
    assert refused.reason == WhyNot.BREAKS_ANOTHER
    assert refused.rules


def test_an_edge_of_many_corners_is_drawn_straighter_on_the_safe_side() -> None:
    import math

    wave = [(EAST0 + 1_300 + 3 * math.sin(i), NORTH0 + 500 + i * 0.4) for i in range(4_000)]
    forest = GEOSGeometry(
        "POLYGON(("
        + ",".join(
            f"{x:.3f} {y:.3f}" for x, y in [*wave, (EAST0 + 3_000, wave[-1][1]), (EAST0 + 3_000, wave[0][1]), wave[0]]
        )
        + "))",
        srid=ZONE.srid,
    )
    reply = call("clear_away", ZONE, forest, distances=[0.0], min_width_m=10, min_part_m2=1_000, max_corners=300)
    (variant,) = reply.info["variants"]
    assert variant["simpler_m"] > 0
    left = vet(reply.geoms[0], LIVE).geom
    assert left.num_coords <= 300
    assert left.intersection(forest).area < 1e-6


# --- whatever is drawn -----------------------------------------------------------------------------------------------

angles = st.lists(st.tuples(st.integers(180, 420), st.integers(0, 30)), min_size=5, max_size=9)


@pytest.fixture
def ground(rules: RuleSet) -> Basis:
    """Give a forest of two features, a bent road and a settlement around the zone's place."""
    publish(
        "forest_special",
        [row(rectangle(1_250, 1_100, 90, 800), "Rừng A"), row(point(1_050, 1_400).buffer(80, quadsegs=6), "Rừng B")],
    )
    publish(
        "road",
        [
            row(
                line((700, 1_000), (1_150, 1_180), (1_700, 1_210)),
                "ĐT 693",
                "provincial",
                technical_class="V",
                half_width_m=5,
            )
        ],
    )
    publish("residential", [row(square(1_450, 1_350, 60), "Buôn Thử", "rural")])
    return basis()


def star(radii: list[tuple[int, int]]) -> MultiPolygon:
    import math

    step = 360 / len(radii)
    points = [
        (1_200 + r * math.cos(math.radians(i * step + turn)), 1_200 + r * math.sin(math.radians(i * step + turn)))
        for i, (r, turn) in enumerate(radii)
    ]
    ring = ",".join(f"{EAST0 + x:.3f} {NORTH0 + y:.3f}" for x, y in [*points, points[0]])
    return vet(GEOSGeometry(f"MULTIPOLYGON((({ring})))", srid=ZONE.srid), LIVE).geom


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(radii=angles)
def test_every_way_out_is_what_it_says(ground: Basis, radii: list[tuple[int, int]]) -> None:
    zone = star(radii)
    subject = Subject(zone)
    before = check_report(subject, ground)
    fired = [f for f in before.findings if f.outcome in FIRED and f.piece is not None]
    for key in [f.key for f in fired] + ([ALL] if any(f.outcome == Outcome.CONFLICT for f in fired) else []):
        found = ways_out(subject, ground, key)
        again = ways_out(subject, ground, key)
        assert [way.zone.wkb for way in found.ways] == [way.zone.wkb for way in again.ways]
        for way in found.ways:
            assert way.zone.valid
            assert bytes(on_grid(way.zone).wkb) == bytes(way.zone.wkb)
            assert zone.buffer(0.002).covers(way.zone)
            assert way.lost_m2 == pytest.approx(zone.area - way.zone.area, abs=1e-6)
            assert way.removed.area == pytest.approx(way.lost_m2, abs=0.002 * zone.boundary.length)
            assert way.area_m2 >= repairs.MIN_LEFT_M2
            assert all(part.area >= repairs.MIN_PART_M2 for part in way.zone)
            assert all(not part.buffer(-repairs.MIN_WIDTH_M / 2).empty for part in way.zone)
            after = check_report(Subject(way.zone), ground)
            ended = {f.rule for f in fired if f.key == key}
            sources = {f.source_key for f in fired if f.key == key}
            assert not [f for f in after.findings if f.rule in ended and f.source_key in sources and f.outcome in FIRED]
            old = {f.rule for f in before.findings if f.outcome == Outcome.CONFLICT}
            new = {f.rule for f in after.findings if f.outcome == Outcome.CONFLICT} - old
            assert new == {worse.rule for worse in way.worse if worse.after == Outcome.CONFLICT}
            assert new <= {"size"}
