"""Which share of what a rule looks at was not looked at? Tried for every question that reads a layer, at both levels.

Of a question about a distance that is the zone widened by it (`tests.checks.test_looked_around`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from layers.services.stage import LayerRow
from planning.checks.declared import Declared
from planning.checks.engine import ANSWERS
from planning.checks.models import Question, Rule, RuleSet
from planning.checks.questions import FORMS
from planning.checks.types import Level, Outcome, Part
from tests.cast import Land, rectangle, square
from tests.checks.ground import check, line, of, one, publish, row

pytestmark = pytest.mark.django_db
ZONE = square(1_000, 1_000, 500)
# Looked at as far as 1,300 m east: 100 m, a fifth of the zone, lie beyond once the zone's first 100 m are counted.
LOOKED = (-5_000.0, -5_000.0, 6_400.0, 30_000.0)
SHARE = 0.2
PLANT = rectangle(1_000, 1_000, 50, 50)
PARTS = (Part("technical", PLANT, 2_500.0), Part("factory", ZONE.difference(PLANT), 247_500.0))
DECLARED = Declared(wastewater_m3_day=1_000, wastewater_technology="open")
LEVELS = list(Level)


@dataclass(frozen=True)
class Asked:
    """One rule of a question: what lies far off, what makes it fire inside what was looked at, and as which outcome.

    *within*: how far around the zone it looks, metres.
    """

    rule: str
    far: LayerRow
    near: Callable[[], LayerRow]
    fires: Outcome
    within: float = 0

    def share(self) -> float:
        """Return how much of the ground it looks at lies beyond `LOOKED`; corners are quarters of a circle."""
        corners = math.pi * self.within**2
        whole = 500**2 + 4 * 500 * self.within + corners
        return (100 * 500 + 2 * 100 * self.within + 500 * self.within + corners / 2) / whole


ASKED = {
    "overlap": Asked(
        "forest_special",
        row(square(40_000, 1_000, 100)),
        lambda: row(square(1_000, 1_000, 100), "Rừng"),
        Outcome.CONFLICT,
    ),
    "overlap, merged": Asked(
        "rice", row(square(40_000, 1_000, 100), "1", "CLN"), lambda: row(square(1_000, 1_000, 100), "1", "LUC"),
        Outcome.CONDITION,
    ),
    "setback": Asked(
        "residential_separation",
        row(square(40_000, 1_000, 100), "Buôn", "rural"),
        lambda: row(square(890, 1_000, 100), "Buôn", "rural"),
        Outcome.CONDITION,
        within=100,
    ),
    "setback of a line": Asked(
        "road_corridor",
        row(line((40_000, 0), (40_000, 100)), "QL", "national", technical_class="III", half_width_m=0),
        lambda: row(line((995, 0), (995, 5_000)), "QL", "national", technical_class="III", half_width_m=0),
        Outcome.CONFLICT,
        within=20 + 40,
    ),
    "setback by the flow": Asked(
        "intake_distance",
        row(square(40_000, 1_000, 2).centroid, "Trạm", "mountain", flow_bearing=90),
        lambda: row(square(1_600, 1_250, 2).centroid, "Trạm", "mountain", flow_bearing=90),
        Outcome.CONDITION,
        within=1_500,
    ),
    "share, at most": Asked(
        "slope",
        row(square(40_000, 1_000, 100), "", "25+"),
        lambda: row(rectangle(1_000, 1_000, 300, 500), "", "25+"),
        Outcome.ADVICE,
    ),
    "count": Asked(
        "dwellings", row(square(40_000, 1_000, 10)), lambda: row(square(1_100, 1_100, 10), "Nhà"), Outcome.CONFLICT
    ),
}  # fmt: skip


def layer_of(rule: str) -> str:
    return Rule.objects.filter(code=rule).values_list("layer_code", flat=True).first() or ""


def test_every_question_about_a_layer_is_tried_here(rules: RuleSet) -> None:
    tried = {Rule.objects.get(code=asked.rule).question for asked in ASKED.values()} | {Question.PART_SETBACK.value}
    assert tried == {question for question, form in FORMS.items() if form.layer}
    assert set(ANSWERS) >= tried


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ASKED)
def test_nothing_found_and_a_share_not_looked_at(rules: RuleSet, name: str, level: Level) -> None:
    asked = ASKED[name]
    publish(layer_of(asked.rule), [asked.far], coverage=LOOKED)
    finding = one(check(ZONE, level=level), asked.rule)
    assert finding.outcome == Outcome.NOT_CHECKED
    assert asked.within or asked.share() == SHARE
    assert finding.unchecked_share == pytest.approx(asked.share(), abs=1e-4)
    said = f"{asked.share() * 100:.1f}".removesuffix(".0")
    assert f"{said.replace('.', ',')} %" in finding.text.vi and f"{said} %" in finding.text.en


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ASKED)
def test_what_fires_inside_hides_no_share(rules: RuleSet, name: str, level: Level) -> None:
    asked = ASKED[name]
    publish(layer_of(asked.rule), [asked.near()], coverage=LOOKED)
    found = {finding.outcome: finding.unchecked_share for finding in of(check(ZONE, level=level), asked.rule)}
    assert found == {asked.fires: None, Outcome.NOT_CHECKED: pytest.approx(asked.share(), abs=1e-4)}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ASKED)
def test_without_an_edition_all_of_it_is_open_and_with_all_looked_at_none(
    rules: RuleSet, name: str, level: Level
) -> None:
    asked = ASKED[name]
    nothing = one(check(ZONE, level=level), asked.rule)
    assert (nothing.outcome, nothing.unchecked_share) == (Outcome.NOT_CHECKED, 1)
    publish(layer_of(asked.rule), [asked.far])
    assert {finding.unchecked_share for finding in of(check(ZONE, level=level), asked.rule)} == {None}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ASKED)
def test_a_zone_nobody_looked_at_is_wholly_open(rules: RuleSet, name: str, level: Level) -> None:
    asked = ASKED[name]
    publish(layer_of(asked.rule), [asked.far], coverage=(20_000, -5_000, 30_000, 30_000))
    finding = one(check(ZONE, level=level), asked.rule)
    assert (finding.outcome, finding.unchecked_share) == (Outcome.NOT_CHECKED, pytest.approx(1))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("planned", "outcome", "share"),
    [
        (400, Outcome.NOT_CHECKED, SHARE),  # all that was looked at fits: the rest decides
        (300, Outcome.CONDITION, SHARE),  # whatever the rest is, too little fits
        (500, Outcome.CLEAR, None),
    ],
)
def test_a_least_share_is_open_only_while_the_rest_could_make_it_up(
    rules: RuleSet, planned: float, outcome: Outcome, share: float | None, level: Level
) -> None:
    publish("land_use_plan", [row(rectangle(1_000, 1_000, planned, 500), "Lô", "SKN")], coverage=LOOKED)
    found = of(check(ZONE, level=level), "land_use_plan")
    assert found[0].outcome == outcome
    assert [finding.unchecked_share for finding in found if finding.outcome == Outcome.NOT_CHECKED] == (
        [pytest.approx(share)] if share else []
    )


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("east", "outcome", "share"),
    [
        (1_000, Outcome.CLEAR, None),  # the plant and 100 m around it lie where the publisher looked
        (1_375, Outcome.NOT_CHECKED, 0.5),  # half of its 50 × 50 m do not
        (1_450, Outcome.NOT_CHECKED, 0.839756),  # none of it does, only ground west of it
    ],
)
def test_the_distance_of_a_part_is_open_where_the_part_was_not_looked_at(
    rules: RuleSet, east: float, outcome: Outcome, share: float | None, level: Level
) -> None:
    publish("residential", [row(square(40_000, 1_000, 100), "Buôn", "rural")], coverage=LOOKED)
    plant = rectangle(east, 1_000, 50, 50)
    parts = (Part("technical", plant, 2_500.0), Part("factory", ZONE.difference(plant), 247_500.0))
    finding = one(check(ZONE, parts=parts, declared=DECLARED, level=level), "wastewater_separation")
    assert finding.outcome == outcome
    assert finding.unchecked_share == (None if share is None else pytest.approx(share, abs=1e-4))


def test_two_layers_looked_at_differently_are_told_apart(rules: RuleSet) -> None:
    publish("forest_special", [row(square(40_000, 1_000, 100))], coverage=LOOKED)
    publish("heritage", [row(square(40_000, 1_000, 100), "", "zone_1")], coverage=(-5_000, -5_000, 6_250, 30_000))
    publish("mineral", [row(square(40_000, 1_000, 100))])
    report = check(ZONE)
    shares = {rule: one(report, rule).unchecked_share for rule in ("forest_special", "heritage_zone_1", "mineral")}
    assert shares == {"forest_special": pytest.approx(0.2), "heritage_zone_1": pytest.approx(0.5), "mineral": None}


def test_what_lies_outside_the_unit_is_no_share_of_coverage(rules: RuleSet, land: Land) -> None:
    zone = rectangle(9_900, 1_000, 500, 500)
    finding: Any = one(check(zone, unit_id=land.west.pk), "unit")
    assert (finding.outcome, finding.unchecked_share) == (Outcome.CONDITION, None)
