"""Is an intake guarded as far as the law asks upstream and downstream? By mental arithmetic, and by another library.

Distances of class "mountain": 1,000 m upstream, 100 m downstream. The river flows east past the intake unless said.
"""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPoint
from shapely import affinity

from layers.services.stage import LayerRow
from planning.checks.engine import check_report
from planning.checks.models import RuleSet
from planning.checks.report import Report
from planning.checks.types import Finding, Level, Outcome, Subject, Verdict
from tests.cast import EAST0, NORTH0, multi, point, rectangle
from tests.checks.ground import basis, check, of, one, publish, row

pytestmark = pytest.mark.django_db
RULE = "intake_distance"
LEVELS = list(Level)
E, N = 9_000.0, 9_000.0  # where the intake stands, metres from the origin
EAST = 90
WIDE = (-100_000.0, -100_000.0, 300_000.0, 300_000.0)


def intake(name: str = "Trạm", class_code: str = "mountain", at: GEOSGeometry | None = None, **more: Any) -> LayerRow:
    return row(at or point(E, N), name, class_code, **more)


def box(west: float, south: float, east: float, north: float) -> GEOSGeometry:
    """Draw a zone by metres from the intake."""
    return rectangle(E + west, N + south, east - west, north - south)


def turned(zone: GEOSGeometry, degrees: float) -> GEOSGeometry:
    """Turn a zone clockwise around the intake."""
    return geos(affinity.rotate(shapely.from_wkb(bytes(zone.wkb)), -degrees, origin=(EAST0 + E, NORTH0 + N)))


def geos(shape: Any) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=settings.STORAGE_SRID)


def asked(zone: GEOSGeometry, level: Level, *intakes: LayerRow) -> list[Finding]:
    publish("intake_point", intakes, coverage=WIDE)
    return of(check(zone, level=level), RULE)


STRAIGHT = [
    # zone, m² that lie within, distance, required distance, side
    ("all upstream", box(-800, -50, -600, 50), 20_000, 600, 1_000, "upstream"),
    ("too far upstream", box(-1_300, -50, -1_001, 50), None, 1_001, 1_000, "upstream"),
    ("far downstream", box(600, -50, 800, 50), None, 600, 100, "downstream"),
    ("just downstream", box(101, -50, 300, 50), None, 101, 100, "downstream"),
    ("across the river, the intake inside", box(-50, -50, 50, 50), 10_000, 0, 1_000, "upstream"),
    ("wide around it", box(-2_000, -2_000, 2_000, 2_000), math.pi * (1_000**2 + 100**2) / 2, 0, 1_000, "upstream"),
    ("beside a river end, on both sides of the line", box(-40, 50, 40, 150), 4_000 + 1_890.61, 50, 1_000, "upstream"),
    ("its edge on the line, upstream", box(-100, 200, 0, 300), 10_000, 200, 1_000, "upstream"),
    ("its edge on the line, downstream", box(0, 200, 100, 300), None, 200, 100, "downstream"),
    ("a corner upstream, its body downstream", box(-1, 400, 300, 500), 100, 400, 1_000, "upstream"),
]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("bearing", [EAST, 0, 217.3])
@pytest.mark.parametrize(
    ("name", "zone", "within", "distance", "required", "side"), STRAIGHT, ids=[s[0] for s in STRAIGHT]
)
def test_a_straight_river_whichever_way_it_flows(
    rules: RuleSet, name: str, zone: GEOSGeometry, within: float | None, distance: float, required: float, side: str,
    bearing: float, level: Level,
) -> None:  # fmt: skip
    (finding,) = asked(turned(zone, bearing - EAST), level, intake(flow_bearing=bearing))
    assert finding.outcome == (Outcome.CLEAR if within is None else Outcome.CONDITION)
    assert finding.distance_m == pytest.approx(distance, abs=0.002)
    assert finding.required_m == pytest.approx(required)
    assert side in finding.text.en
    if within is not None:
        assert finding.overlap_m2 == pytest.approx(within, abs=0.025 * math.pi * 1_100)
        assert GEOSGeometry(memoryview(finding.piece or b"")).area == pytest.approx(finding.overlap_m2, abs=0.01)


@pytest.mark.parametrize("level", LEVELS)
def test_a_river_read_against_its_flow_swaps_the_sides(rules: RuleSet, level: Level) -> None:
    west, east = box(-800, -50, -600, 50), box(600, -50, 800, 50)
    for bearing, upstream, downstream in ((90, west, east), (270, east, west), (-270, west, east), (450, west, east)):
        (caught,) = asked(upstream, level, intake(flow_bearing=bearing))
        (free,) = asked(downstream, level, intake(flow_bearing=bearing))
        assert (caught.outcome, free.outcome) == (Outcome.CONDITION, Outcome.CLEAR)
        assert caught.overlap_m2 == pytest.approx(20_000, abs=0.01)


@pytest.mark.parametrize("level", LEVELS)
def test_both_branches_above_a_confluence_are_guarded(rules: RuleSet, level: Level) -> None:
    north_west, south_west = box(-500, 400, -400, 500), box(-500, -500, -400, -400)
    (finding,) = asked(multi(north_west, south_west), level, intake(flow_bearing=EAST))
    assert finding.overlap_m2 == pytest.approx(20_000, abs=0.01)
    assert finding.distance_m == pytest.approx(math.hypot(400, 400), abs=0.002)


@pytest.mark.parametrize("level", LEVELS)
def test_a_bend_within_the_upstream_half_is_guarded_and_one_that_doubles_back_is_named(
    rules: RuleSet, level: Level
) -> None:
    (bend,) = asked(box(-300, 600, -200, 700), level, intake(flow_bearing=EAST))  # winds north, then comes down
    assert (bend.outcome, bend.overlap_m2) == (Outcome.CONDITION, pytest.approx(10_000, abs=0.01))
    (back,) = asked(box(200, 600, 300, 700), level, intake(flow_bearing=EAST))
    assert back.outcome == Outcome.CLEAR
    assert "by the direction of flow at the point" in back.text.en


@pytest.mark.parametrize("level", LEVELS)
def test_two_intakes_are_told_apart(rules: RuleSet, level: Level) -> None:
    other = intake("Trạm 2", "plain", point(E + 400, N), flow_bearing=270)
    found = asked(box(150, -50, 250, 50), level, intake("Trạm 1", flow_bearing=EAST), other)
    # downstream of both: 150 m from the first (100 m asked for), 150 m from the second (200 m asked for)
    (finding,) = found
    assert (finding.feature_name, finding.required_m) == ("Trạm 2", pytest.approx(200))
    assert finding.distance_m == pytest.approx(150, abs=0.002)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("bearing", [None, "90", "đông"])
def test_where_the_flow_is_not_known_nothing_is_guessed(rules: RuleSet, bearing: Any, level: Level) -> None:
    unknown = intake() if bearing is None else intake(flow_bearing=bearing)
    (far,) = asked(box(1_001, -50, 1_200, 50), level, unknown)
    assert far.outcome == Outcome.CLEAR
    assert "far enough on every side" in far.text.en
    (open_,) = asked(box(600, -50, 800, 50), level, unknown)
    assert open_.outcome == Outcome.NOT_COMPUTABLE
    assert (open_.distance_m, open_.required_m, open_.overlap_m2) == (pytest.approx(600, abs=0.002), 1_000, None)
    assert "which way the water flows" in open_.text.en and "600.0 m away" in open_.text.en
    assert open_.nearest_line is not None


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_too_near_either_way_fires_all_the_same(rules: RuleSet, level: Level) -> None:
    publish("intake_point", [intake()], coverage=WIDE)
    report = check(box(-50, -50, 50, 50), level=level)
    fires, open_ = of(report, RULE)
    assert (fires.outcome, open_.outcome) == (Outcome.NOT_COMPUTABLE, Outcome.CONDITION) or (
        fires.outcome, open_.outcome) == (Outcome.CONDITION, Outcome.NOT_COMPUTABLE)  # fmt: skip
    certain = next(finding for finding in of(report, RULE) if finding.outcome == Outcome.CONDITION)
    assert (certain.required_m, certain.overlap_m2) == (100, pytest.approx(10_000, abs=0.01))
    assert "at least this much on every side" in certain.text.en
    assert report.verdict in (Verdict.NOT_COMPUTABLE, Verdict.PROHIBITED)
    assert len({finding.key for finding in report.findings}) == len(report.findings)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("class_code", "metres"), [("reservoir", 1_500), ("well", 30)])
def test_the_same_distance_on_both_sides_needs_no_flow(
    rules: RuleSet, class_code: str, metres: float, level: Level
) -> None:
    (near,) = asked(box(metres - 1, -50, metres + 99, 50), level, intake(class_code=class_code))
    assert (near.outcome, near.required_m) == (Outcome.CONDITION, metres)
    assert "on every side" in near.text.en
    (far,) = asked(box(metres + 1, -50, metres + 99, 50), level, intake(class_code=class_code))
    assert far.outcome == Outcome.CLEAR


@pytest.mark.parametrize("level", LEVELS)
def test_a_farther_distance_downstream_is_looked_for(rules: RuleSet, level: Level) -> None:
    publish("intake_point", [intake(flow_bearing=EAST)], coverage=WIDE)
    against = basis()
    far = [
        dataclasses.replace(rule, downstream={"mountain": 5_000.0}) if rule.code == RULE else rule
        for rule in against.rules
    ]
    zone = Subject(multi(box(4_800, -50, 4_900, 50)))
    report = check_report(zone, dataclasses.replace(against, rules=tuple(far)), level=level)
    finding = one(report, RULE)
    assert (finding.outcome, finding.required_m) == (Outcome.CONDITION, 5_000)
    assert finding.overlap_m2 == pytest.approx(10_000, abs=0.01)


@pytest.mark.parametrize("level", LEVELS)
def test_several_points_of_one_intake_are_no_point_in_their_middle(rules: RuleSet, level: Level) -> None:
    pair = MultiPoint(point(E, N), point(E, N + 8_000), srid=settings.STORAGE_SRID)
    both = intake(at=pair, flow_bearing=EAST)
    (finding,) = asked(multi(box(-200, -50, -100, 50), box(-200, 7_950, -100, 8_050)), level, both)
    assert (finding.outcome, finding.overlap_m2) == (Outcome.CONDITION, pytest.approx(20_000, abs=0.01))
    (free,) = asked(box(-200, 3_950, -100, 4_050), level, both)
    assert free.outcome == Outcome.CLEAR


CLASSES = {"mountain": (1_000, 100), "mountain_large": (1_500, 100), "plain": (800, 200), "plain_large": (1_000, 200)}


@dataclasses.dataclass(frozen=True)
class Seeded:
    """One intake on a grid of 200, far from the others, and one zone near it (shapely, metres from the origin)."""

    class_code: str
    bearing: float
    east: float
    north: float
    zone: Any


def seeded() -> Iterator[Seeded]:
    dice = random.Random(200)
    for number in range(200):
        east, north = 8_000.0 * (number % 20), 8_000.0 * (number // 20)
        away, turn, size = dice.uniform(0, 1_900), dice.uniform(0, 2 * math.pi), dice.uniform(40, 700)
        corners = dice.choice([3, 4, 7, 15, 40, 320])
        middle = east + away * math.sin(turn), north + away * math.cos(turn)
        ring = [
            (round(middle[0] + size * far * math.sin(at), 3), round(middle[1] + size * far * math.cos(at), 3))
            for at, far in ((2 * math.pi * k / corners, dice.uniform(0.5, 1)) for k in range(corners))
        ]
        bearing = dice.choice([0, 90, 180, 270, 45, round(dice.uniform(0, 360), 1)])
        yield Seeded(dice.choice(sorted(CLASSES)), bearing, east, north, shapely.Polygon(ring))


def expected(case: Seeded) -> tuple[float, float, float, float]:
    """Return (m² within, its perimeter, distance, required distance) by shapely, from discs of 8,000 corners."""
    spot = shapely.Point(case.east, case.north)
    up, down = CLASSES[case.class_code]
    north_half = shapely.box(case.east - 9_000, case.north, case.east + 9_000, case.north + 9_000)
    pieces, sides = [], []
    for metres, degrees in ((up, case.bearing + 180), (down, case.bearing)):
        half = affinity.rotate(north_half, -degrees, origin=spot)
        land = case.zone.intersection(half)
        pieces.append(land.intersection(spot.buffer(metres, quad_segs=2_000)))
        if not land.is_empty:
            sides.append((spot.distance(land) - metres, metres, spot.distance(land)))
    _short, required, distance = min(sides)
    return sum(p.area for p in pieces), sum(p.length for p in pieces), distance, required


@pytest.mark.parametrize("level", LEVELS)
def test_two_hundred_zones_come_out_as_another_library_computes_them(rules: RuleSet, level: Level) -> None:
    cases = list(seeded())
    rows = [
        intake(f"T{number}", case.class_code, point(case.east, case.north), flow_bearing=case.bearing)
        for number, case in enumerate(cases)
    ]
    publish("intake_point", rows, coverage=WIDE)
    against = basis()
    told = {Outcome.CLEAR: 0, Outcome.CONDITION: 0, Outcome.CONTACT: 0}
    for number, case in enumerate(cases):
        zone = multi(geos(affinity.translate(case.zone, EAST0, NORTH0)))
        report: Report = check_report(Subject(zone), against, level=level)
        finding = one(report, RULE)
        area, perimeter, distance, required = expected(case)
        told[finding.outcome] += 1
        assert finding.feature_name == f"T{number}"
        assert finding.distance_m == pytest.approx(distance, abs=0.002), case
        assert finding.required_m == pytest.approx(required), case
        assert (finding.overlap_m2 or 0.0) == pytest.approx(area, abs=0.025 * perimeter + 0.01), case
        if area > 1 + 0.025 * perimeter:
            assert finding.outcome == Outcome.CONDITION, case
        elif area < 0.5:
            assert finding.outcome != Outcome.CONDITION, case
    assert min(told[Outcome.CLEAR], told[Outcome.CONDITION]) > 40
