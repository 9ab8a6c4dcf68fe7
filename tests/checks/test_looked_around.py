"""Does a question about a distance know as far as it asks? The coverage ends just beyond, or just within."""

from __future__ import annotations

import math
from typing import Any

import pytest

from planning.checks.declared import Declared
from planning.checks.models import RuleSet
from planning.checks.types import Level, Outcome, Part, Verdict
from tests.cast import multi, rectangle, square
from tests.checks.ground import check, line, of, one, publish, row

pytestmark = pytest.mark.django_db
ZONE = square(1_000, 1_000, 500)
LEVELS = list(Level)
FAR = 40_000
HOME = row(square(FAR, 1_000, 100), "Buôn", "rural")


def looked_to(east: float) -> tuple[float, float, float, float]:
    """Look at everything from 5 km west of the origin to *east* metres east of it, far to the north and south."""
    return (-5_000.0, -5_000.0, east + 5_000.0, 30_000.0)


def widened_m2(distance: float, side: float = 500) -> float:
    return side**2 + 4 * side * distance + math.pi * distance**2


def beyond_m2(distance: float, gap: float, side: float = 500) -> float:
    """Return what of a square widened by *distance* lies more than *gap* beyond one of its sides."""
    corner = distance**2 / 2 * math.acos(gap / distance) - gap * math.sqrt(distance**2 - gap**2) / 2
    return side * (distance - gap) + 2 * corner


@pytest.mark.parametrize("level", LEVELS)
def test_what_may_lie_just_beyond_the_coverage_leaves_a_distance_open(rules: RuleSet, level: Level) -> None:
    publish("residential", [HOME], coverage=looked_to(1_560))  # 60 m beyond the zone, where 100 m are asked for
    finding = one(check(ZONE, level=level), "residential_separation")
    assert finding.outcome == Outcome.NOT_CHECKED
    assert finding.unchecked_share == pytest.approx(beyond_m2(100, 60) / widened_m2(100), abs=1e-4)
    assert finding.unchecked_share == pytest.approx(24_473 / 481_416, abs=1e-4)
    assert "5.1 %" in finding.text.en and "2.45 ha" in finding.text.en and "100.0 m around" in finding.text.en
    assert "5,1 %" in finding.text.vi and "100,0 m" in finding.text.vi


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("east", "outcome"),
    [
        (1_599.9, Outcome.NOT_CHECKED),  # a strip of 10 cm, 50 m²
        (1_599.999, Outcome.CLEAR),  # half a square metre, a millimetre wide: contact
        (1_600.0, Outcome.CLEAR),
        (1_600.1, Outcome.CLEAR),
    ],
)
def test_the_coverage_has_to_reach_as_far_as_the_rule_asks(
    rules: RuleSet, level: Level, east: float, outcome: Outcome
) -> None:
    publish("residential", [HOME], coverage=looked_to(east))
    assert one(check(ZONE, level=level), "residential_separation").outcome == outcome


def test_how_far_it_has_to_reach_goes_by_the_declared_trade(rules: RuleSet) -> None:
    publish("residential", [HOME], coverage=looked_to(1_700))
    found = {
        trade: one(check(ZONE, declared=Declared(trade_class=trade)), "residential_separation").outcome
        for trade in ("III", "IV", "V")
    }
    assert found == {"III": Outcome.NOT_CHECKED, "IV": Outcome.CLEAR, "V": Outcome.CLEAR}


@pytest.mark.parametrize("level", LEVELS)
def test_of_a_rule_with_classes_the_widest_of_them_counts(rules: RuleSet, level: Level) -> None:
    # 20 m of the widest road corridor and half of the widest road, 40 m
    road = row(line((FAR, 0), (FAR, 100)), "QL", "national", technical_class="III", half_width_m=9)
    for east, outcome in ((1_559, Outcome.NOT_CHECKED), (1_561, Outcome.CLEAR)):
        publish("road", [road], coverage=looked_to(east))
        assert one(check(ZONE, level=level), "road_corridor").outcome == outcome


@pytest.mark.parametrize("level", LEVELS)
def test_a_distance_by_the_flow_looks_as_far_as_upstream(rules: RuleSet, level: Level) -> None:
    spot = row(square(FAR, 1_000, 2).centroid, "Trạm", "mountain", flow_bearing=90)
    for east, outcome in ((2_900, Outcome.NOT_CHECKED), (3_001, Outcome.CLEAR)):  # 1,500 m of large works
        publish("intake_point", [spot], coverage=looked_to(east))
        finding = one(check(ZONE, level=level), "intake_distance")
        assert finding.outcome == outcome
        if finding.outcome == Outcome.NOT_CHECKED:
            assert finding.unchecked_share == pytest.approx(beyond_m2(1_500, 1_400) / widened_m2(1_500), abs=1e-4)


@pytest.mark.parametrize("level", LEVELS)
def test_what_fires_does_not_hide_that_more_may_lie_beyond(rules: RuleSet, level: Level) -> None:
    near = row(square(900, 1_000, 50), "Buôn", "rural")  # 50 m west of the zone
    publish("residential", [near], coverage=looked_to(1_560))
    found = of(check(ZONE, level=level), "residential_separation")
    assert [finding.outcome for finding in found] == [Outcome.CONDITION, Outcome.NOT_CHECKED]


def test_a_question_about_the_zone_itself_stays_answered(rules: RuleSet) -> None:
    publish("forest_special", [row(square(FAR, 1_000, 100))], coverage=looked_to(1_560))
    finding = one(check(ZONE), "forest_special")
    assert (finding.outcome, finding.unchecked_share) == (Outcome.CLEAR, None)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("rows", "east", "said"),
    [
        ([], 1_560, "the data know nothing within 1,000.0 m. They do not cover all of it"),
        ([], 2_501, "nothing within 1,000.0 m."),
        ([row(square(600, 1_000, 100), "Rừng")], 1_560, "the data know is Rừng, 300.0 m away"),
        ([row(square(600, 1_000, 100), "Rừng")], 2_501, "the nearest is Rừng, 300.0 m away."),
    ],
)
def test_nothing_near_is_claimed_no_farther_than_was_looked(
    rules: RuleSet, level: Level, rows: list[Any], east: float, said: str
) -> None:
    publish("forest_special", [row(square(FAR, 1_000, 100)), *rows], coverage=looked_to(east))
    assert said in one(check(ZONE, level=level), "forest_special").text.en


@pytest.mark.parametrize("level", LEVELS)
def test_the_distance_of_a_part_needs_the_ground_around_the_part(rules: RuleSet, level: Level) -> None:
    plant = rectangle(1_450, 1_000, 50, 50)
    parts = (Part("technical", plant, 2_500.0), Part("factory", ZONE.difference(plant), 247_500.0))
    declared = Declared(wastewater_m3_day=1_000, wastewater_technology="open")
    asked = 100.0  # m, of the printed table
    for east, outcome in ((1_560, Outcome.NOT_CHECKED), (1_601, Outcome.CLEAR)):
        publish("residential", [HOME], coverage=looked_to(east))
        finding = one(check(ZONE, parts=parts, declared=declared, level=level), "wastewater_separation")
        assert finding.outcome == outcome
        if outcome == Outcome.NOT_CHECKED:
            share = beyond_m2(asked, 60, 50) / widened_m2(asked, 50)
            assert finding.unchecked_share == pytest.approx(share, abs=1e-4)
            assert "planned parts" in finding.text.en


def test_the_ground_around_a_zone_of_two_pieces_is_counted_once(rules: RuleSet) -> None:
    pair = multi(square(1_000, 1_000, 200), square(3_000, 1_000, 200))
    publish("residential", [HOME], coverage=looked_to(3_250))  # 50 m beyond the second piece
    finding = one(check(pair), "residential_separation")
    assert finding.unchecked_share == pytest.approx(beyond_m2(100, 50, 200) / (2 * widened_m2(100, 200)), abs=1e-4)


def test_the_verdict_is_open_then(rules: RuleSet) -> None:
    publish("residential", [HOME], coverage=looked_to(1_560))
    assert check(ZONE).verdict in (Verdict.INCOMPLETE, Verdict.PROHIBITED)
