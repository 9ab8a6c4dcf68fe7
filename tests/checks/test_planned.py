"""Are rules about what the planner intends right? The wastewater plant by capacity and technology, declared figures."""

from __future__ import annotations

from typing import Any

import pytest

from layers.errors import InputRefused
from planning.checks.declared import Declared
from planning.checks.models import RuleSet
from planning.checks.types import Level, Outcome, Part, Subject
from tests.cast import multi, rectangle, square
from tests.checks.ground import check, one, publish, row

pytestmark = pytest.mark.django_db
ZONE = square(1_000, 1_000, 500)
HUB = rectangle(1_400, 1_000, 100, 100)  # 1 ha in the south-eastern corner of the zone
PARTS = (Part("technical", HUB, 10_000.0), Part("factory", ZONE.difference(HUB), 240_000.0))
CAPACITIES = (100, 1_000, 20_000, 80_000)

# QCVN 01:2021/BXD, by technology: below 200, 200–5,000, 5,000–50,000, above 50,000 m³ a day
TABLE: dict[str, tuple[float | None, ...]] = {
    "sludge_drying": (150, 200, 400, 500),
    "sludge_mechanical": (100, 150, 300, 400),
    "open": (80, 100, 250, 350),
    "closed": (10, 15, 30, 40),
    "pumping": (15, 20, 25, 30),
    "pond": (200, 300, 400, None),
    "ditch": (150, 200, 400, None),
}


def plant(capacity: float | None, technology: str) -> Declared:
    return Declared(wastewater_m3_day=capacity, wastewater_technology=technology)


@pytest.mark.parametrize(
    ("technology", "capacity", "metres"),
    [
        (technology, capacity, metres)
        for technology, row_ in TABLE.items()
        for capacity, metres in zip(CAPACITIES, row_, strict=True)
    ],
)
def test_the_plant_keeps_its_distance_by_capacity_and_technology(
    rules: RuleSet, technology: str, capacity: float, metres: float | None
) -> None:
    declared = plant(capacity, technology)
    east = 1_500 + (metres or 0)
    publish("residential", [row(rectangle(east - 0.5, 1_000, 100, 100), "Buôn Thử", "rural")])
    finding = one(check(ZONE, parts=PARTS, declared=declared), "wastewater_separation")
    if metres is None:
        assert finding.outcome == Outcome.NOT_CHECKED
        return
    assert finding.outcome == Outcome.CONDITION
    assert (finding.required_m, finding.distance_m) == (metres, pytest.approx(metres - 0.5, abs=0.001))
    publish("residential", [row(rectangle(east, 1_000, 100, 100), "Buôn Thử", "rural")])
    assert one(check(ZONE, parts=PARTS, declared=declared), "wastewater_separation").outcome == Outcome.CLEAR


@pytest.mark.parametrize(("capacity", "metres"), [(199, 80), (200, 100), (5_000, 100), (5_001, 250), (50_001, 350)])
def test_the_column_follows_the_capacity(rules: RuleSet, capacity: float, metres: float) -> None:
    publish("residential", [row(rectangle(1_501, 1_000, 100, 100), "Buôn Thử", "rural")])
    finding = one(check(ZONE, parts=PARTS, declared=plant(capacity, "open")), "wastewater_separation")
    assert finding.required_m == metres


def test_it_is_measured_from_the_part_not_from_the_zone(rules: RuleSet) -> None:
    publish("residential", [row(rectangle(1_100, 900, 100, 50), "Buôn Nam", "rural")])  # 50 m from the zone
    finding = one(check(ZONE, parts=PARTS, declared=plant(1_000, "open")), "wastewater_separation")
    assert finding.outcome == Outcome.CLEAR
    assert finding.distance_m == pytest.approx((200**2 + 50**2) ** 0.5, abs=0.001)


@pytest.mark.parametrize("level", [Level.LIVE, Level.STORED])
def test_the_piece_is_the_part_that_is_too_near(rules: RuleSet, level: Level) -> None:
    publish("residential", [row(rectangle(1_540, 900, 100, 500), "Buôn Thử", "rural")])
    report = check(ZONE, parts=PARTS, declared=plant(1_000, "open"), level=level)
    finding = one(report, "wastewater_separation")
    assert finding.overlap_m2 == pytest.approx(60 * 100, abs=0.5)  # 100 m less the 40 m between them


@pytest.mark.parametrize(
    ("parts", "declared"),
    [
        ((), plant(1_000, "open")),
        ((Part("factory", ZONE, 250_000.0),), plant(1_000, "open")),
        (PARTS, plant(None, "open")),
        (PARTS, plant(1_000, "")),
    ],
)
def test_what_is_not_drawn_or_declared_is_not_checked_and_says_what_to_do(
    rules: RuleSet, parts: Any, declared: Declared
) -> None:
    publish("residential", [row(rectangle(1_501, 1_000, 100, 100), "Buôn Thử", "rural")])
    finding = one(check(ZONE, parts=parts, declared=declared), "wastewater_separation")
    assert finding.outcome == Outcome.NOT_CHECKED
    assert finding.next_step.vi
    assert finding.next_step.en


@pytest.mark.parametrize(
    ("density", "floors", "outcome"),
    [
        (None, None, Outcome.NOT_CHECKED),
        (0.60, None, Outcome.CLEAR),
        (0.65, None, Outcome.NOT_CHECKED),  # the number of floors decides
        (0.65, 5, Outcome.CLEAR),
        (0.70, 2, Outcome.CLEAR),
        (0.701, 2, Outcome.ADVICE),
        (0.71, None, Outcome.ADVICE),
        (0.60, 6, Outcome.CLEAR),
        (0.61, 6, Outcome.ADVICE),
    ],
)
def test_plot_density(rules: RuleSet, density: float | None, floors: int | None, outcome: Outcome) -> None:
    declared = Declared(plot_density=density, floors=floors)
    assert one(check(ZONE, declared=declared), "plot_density").outcome == outcome


@pytest.mark.parametrize(
    ("in_use", "outcome"), [(None, Outcome.NOT_CHECKED), (True, Outcome.CLEAR), (False, Outcome.CONDITION)]
)
def test_an_expansion_needs_its_infrastructure_in_use(rules: RuleSet, in_use: bool | None, outcome: Outcome) -> None:
    report = check(ZONE, kind="expansion", declared=Declared(infrastructure_in_use=in_use))
    assert one(report, "expansion_infrastructure").outcome == outcome
    assert not [f for f in check(ZONE).findings if f.rule == "expansion_infrastructure"]


@pytest.mark.parametrize(
    "data",
    [
        {"trade_class": "VI"},
        {"wastewater_m3_day": 0},
        {"wastewater_m3_day": "viel"},
        {"wastewater_m3_day": True},
        {"wastewater_technology": "magic"},
        {"plot_density": 70},
        {"floors": -1},
        {"infrastructure_in_use": "perhaps"},
    ],
)
def test_figures_that_cannot_be_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(InputRefused):
        Declared.of(data)


def test_what_is_declared_is_kept_and_read_back() -> None:
    declared = Declared.of(
        {"trade_class": "III", "wastewater_m3_day": 500.0, "floors": 2, "unknown": 1, "plot_density": ""}
    )
    assert declared.as_data() == {"trade_class": "III", "wastewater_m3_day": 500.0, "floors": 2}
    assert Declared.of(declared.as_data()) == declared
    assert Subject(multi(ZONE), declared=declared).as_data()["declared"] == declared.as_data()
    assert "declared" not in Subject(multi(ZONE)).as_data()


def test_clear_says_how_far_it_looked(rules: RuleSet) -> None:
    publish("residential", [row(rectangle(1_850, 1_000, 100, 100), "Buôn Xa", "rural")])
    finding = one(check(ZONE, parts=PARTS, declared=plant(1_000, "open")), "wastewater_separation")
    assert "300.0 m" in finding.text.en  # 100 m and the 200 m the rule looks beyond
