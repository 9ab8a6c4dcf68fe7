"""Does every rule about a layer fire where it should and not a step further? On both sides of each figure."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry

from layers.services.stage import LayerRow
from planning.checks.declared import Declared
from planning.checks.models import Question, RuleSet
from planning.checks.types import Level, Outcome
from tests.cast import point, rectangle, square
from tests.checks.ground import KINDS, basis, check, line, of, one, publish, row

pytestmark = pytest.mark.django_db
FIRING = {Outcome.CONFLICT, Outcome.CONDITION, Outcome.ADVICE}
# The zone ends at 1 500 E; what is asked about lies east of it.
ZONE = square(1_000, 1_000, 500)

# rule, class, attributes of the feature, metres the law or the parameter asks for (half widths included)
DISTANCES: list[tuple[str, str, dict[str, Any], float]] = [
    ("water_corridor", "bank", {}, 10),
    ("water_corridor", "bank", {"reach_class": "bank_rural"}, 5),
    ("water_corridor", "supply", {}, 20),
    ("water_corridor", "supply", {"reach_class": "supply_rural"}, 15),
    ("water_corridor", "culture", {}, 30),
    ("water_corridor", "unheard of", {}, 10),
    ("lake_corridor", "natural", {}, 10),
    ("lake_corridor", "lagoon", {}, 30),
    ("reservoir_no_go", "dam_I", {}, 100),
    ("reservoir_no_go", "dam_II", {}, 50),
    ("reservoir_no_go", "dam_III", {}, 40),
    ("reservoir_no_go", "dam_IV", {}, 20),
    ("reservoir_no_go", "dam_V", {}, 5),
    ("reservoir_vicinity", "dam_I", {}, 300),
    ("reservoir_vicinity", "dam_II", {}, 200),
    ("reservoir_vicinity", "dam_III", {}, 100),
    ("reservoir_vicinity", "dam_IV", {}, 50),
    ("reservoir_vicinity", "dam_V", {}, 20),
    ("canal_vicinity", "large", {"half_width_m": 12}, 5 + 12),
    ("canal_vicinity", "medium", {"half_width_m": 4}, 3 + 4),
    ("canal_vicinity", "", {}, 3),
    ("residential_separation", "rural", {}, 100),
    ("forest_buffer", "national_park", {}, 300),
    ("forest_buffer", "species_reserve", {}, 500),
    ("road_corridor", "expressway", {"half_width_m": 12}, 17 + 12),
    ("road_corridor", "expressway", {"half_width_m": 12, "technical_class": "viaduct"}, 20 + 12),
    ("road_corridor", "national", {"half_width_m": 12, "technical_class": "I"}, 17 + 12),
    ("road_corridor", "national", {"half_width_m": 12, "technical_class": "II"}, 17 + 12),
    ("road_corridor", "national", {"half_width_m": 12, "technical_class": "III"}, 13 + 12),
    ("road_corridor", "provincial", {"half_width_m": 7, "technical_class": "IV"}, 9 + 7),
    ("road_corridor", "provincial", {"half_width_m": 7, "technical_class": "V"}, 9 + 7),
    ("road_corridor", "rural", {"half_width_m": 3, "technical_class": "VI"}, 4 + 3),
    ("road_access", "national", {"half_width_m": 15}, 100 + 15),
    ("railway_corridor", "national", {"half_width_m": 8}, 3 + 8),
    ("railway_corridor", "national", {}, 3 + 10),
    ("railway_corridor", "high_speed", {}, 15 + 15),
    ("power_corridor", "22kV", {"half_width_m": 1}, 2 + 1),
    ("power_corridor", "22kV", {"half_width_m": 1, "conductor_class": "22kV_insulated"}, 1 + 1),
    ("power_corridor", "35kV", {"half_width_m": 1}, 3 + 1),
    ("power_corridor", "35kV", {"half_width_m": 1, "conductor_class": "35kV_insulated"}, 1.5 + 1),
    ("power_corridor", "110kV", {"half_width_m": 4}, 4 + 4),
    ("power_corridor", "220kV", {"half_width_m": 6}, 6 + 6),
    ("power_corridor", "500kV", {"half_width_m": 10}, 7 + 10),
    ("heritage_near", "kv2", {}, 200),
    ("airport_height", "civil", {}, 15_000),
    ("airport_noise", "civil", {}, 5_000),
    ("coastal_corridor", "sea", {}, 100),
    ("coastal_corridor", "declared", {"corridor_m": 60}, 60),
    ("cemetery_separation", "burial", {}, 500),
    ("cemetery_separation", "reburial", {}, 100),
    ("cemetery_separation", "crematorium", {}, 500),
    ("landfill_separation", "sanitary", {}, 1_000),
    ("landfill_separation", "treatment", {}, 500),
    ("landfill_separation", "inert", {}, 100),
    ("intake_distance", "mountain", {"flow_bearing": 90}, 1_000),  # the zone lies west of it, upstream
    ("intake_distance", "mountain_large", {"flow_bearing": 90}, 1_500),
    ("intake_distance", "plain", {"flow_bearing": 90}, 800),
    ("intake_distance", "plain_large", {"flow_bearing": 90}, 1_000),
    ("intake_distance", "mountain", {"flow_bearing": 270}, 100),
    ("intake_distance", "plain", {"flow_bearing": 270}, 200),
    ("intake_distance", "reservoir", {}, 1_500),
    ("intake_distance", "well", {}, 30),
]

# rule, class, attributes
OVERLAPS: list[tuple[str, str, dict[str, Any]]] = [
    ("active_project", "energy", {}),
    ("mineral", "reserve", {}),
    ("parcels", "CLN", {}),
    ("dwellings", "house", {}),
    ("forest_special", "national_park", {}),
    ("forest_special", "species_reserve", {}),
    ("forest_natural", "natural", {}),
    ("forest_production", "planted", {}),
    ("forest_protection", "watershed", {}),
    ("rice", "LUK", {}),
    ("rice_topsoil", "LUC", {}),
    ("water_corridor_declared", "reservoir", {}),
    ("lake_no_fill", "pond", {}),
    ("intake_zone", "published", {}),
    ("heritage_zone_1", "kv1", {}),
    ("heritage_zone_2", "kv2", {}),
    ("industrial_park", "industrial_park", {}),
    ("economic_zone", "coastal", {}),
    ("border_belt", "border", {}),
    ("military", "consult", {}),
    ("slope", "15-25", {}),
    ("flood", "1-2", {}),
    ("landslide", "very_high", {}),
]


def layer_of(code: str) -> str:
    """Return the layer a rule of the catalogue reads."""
    return next(rule.layer_code for rule in basis().rules if rule.code == code)


def feature_at(layer: str, east: float) -> GEOSGeometry:
    """Make an object of the layer's kind that begins at *east* and is as tall as the zone is."""
    kind = KINDS.get(layer, "polygon")
    if kind == "line":
        return line((east, -2_000), (east, 4_000))
    return point(east, 1_250) if kind == "point" else rectangle(east, 1_000, 100, 500)


@pytest.mark.parametrize(("code", "class_code", "attributes", "metres"), DISTANCES)
def test_it_fires_just_inside_its_distance_and_not_just_outside(
    rules: RuleSet, code: str, class_code: str, attributes: dict[str, Any], metres: float
) -> None:
    layer = layer_of(code)
    geom = feature_at(layer, 1_500 + metres)
    around = (-20_000.0, -20_000.0, 80_000.0, 80_000.0)  # as far as the farthest of them looks
    publish(layer, [row(geom, "Đối tượng", class_code, **attributes)], coverage=around)
    near, far = one(check(rectangle(1_000, 1_000, 501, 500)), code), one(check(ZONE), code)
    assert near.outcome in FIRING
    assert near.required_m == pytest.approx(metres)
    assert near.distance_m == pytest.approx(metres - 1, abs=0.001)
    assert (near.overlap_m2 or 0) > 1
    assert far.outcome == Outcome.CLEAR


def test_every_distance_rule_is_in_the_table(rules: RuleSet) -> None:
    asked = {rule.code for rule in basis().rules if rule.question == Question.SETBACK}
    assert asked == {code for code, *_rest in DISTANCES}


def test_every_overlap_rule_is_in_the_table(rules: RuleSet) -> None:
    questions = {Question.OVERLAP, Question.COUNT_INSIDE, Question.SHARE}
    asked = {rule.code for rule in basis().rules if rule.question in questions}
    assert asked == {code for code, *_rest in OVERLAPS} | {"land_use_plan", "rice_share"}


@pytest.mark.parametrize(("code", "class_code", "attributes"), OVERLAPS)
def test_it_fires_on_an_overlap_and_is_clear_beside_it(
    rules: RuleSet, code: str, class_code: str, attributes: dict[str, Any]
) -> None:
    publish(layer_of(code), [row(rectangle(1_400, 1_000, 400, 500), "Đối tượng", class_code, **attributes)])
    (inside,) = of(check(ZONE), code)
    (beside,) = of(check(rectangle(900, 1_000, 490, 500)), code)
    assert inside.outcome in FIRING
    assert beside.outcome == Outcome.CLEAR
    assert inside.text.vi and "{" not in inside.text.vi + inside.text.en
    if inside.question != Question.COUNT_INSIDE:
        assert inside.overlap_m2 == pytest.approx(50_000, abs=0.01)


@pytest.mark.parametrize(("code", "other"), [("forest_natural", "planted"), ("rice", "CLN"), ("slope", "0-8")])
def test_other_classes_are_not_its_affair(rules: RuleSet, code: str, other: str) -> None:
    publish(layer_of(code), [row(rectangle(1_400, 1_000, 400, 500), "Khác", other)])
    assert one(check(ZONE), code).outcome == Outcome.CLEAR


@pytest.mark.parametrize(
    ("side", "attributes", "fires"),
    [
        (100.0, {}, True),  # 1 ha
        (99.0, {}, False),
        (80.0, {"urban": True}, True),  # 0.64 ha
        (70.0, {"urban": True}, False),  # 0.49 ha
        (20.0, {"listed": True}, True),
    ],
)
def test_a_pond_counts_from_its_size(rules: RuleSet, side: float, attributes: dict[str, Any], fires: bool) -> None:
    publish("lake", [row(square(1_200, 1_200, side), "Ao", "pond", **attributes)])
    assert (one(check(ZONE), "lake_no_fill").outcome in FIRING) is fires


def test_the_size_of_a_pond_is_its_own_not_that_of_the_overlap(rules: RuleSet) -> None:
    publish("lake", [row(rectangle(1_490, 1_200, 200, 100), "Hồ", "pond")])  # 2 ha, 0.1 ha of it in the zone
    finding = one(check(ZONE), "lake_no_fill")
    assert finding.outcome == Outcome.CONFLICT
    assert finding.overlap_m2 == pytest.approx(1_000, abs=0.01)


@pytest.mark.parametrize(("share", "outcome"), [(0.49, Outcome.CLEAR), (0.51, Outcome.ADVICE)])
def test_rice_share(rules: RuleSet, share: float, outcome: Outcome) -> None:
    publish("land_parcel", [row(rectangle(1_000, 1_000, 500 * share, 500), "1", "LUK")])
    assert one(check(ZONE), "rice_share").outcome == outcome


@pytest.mark.parametrize(
    ("planned", "outcome", "missing"),
    [
        (rectangle(1_000, 1_000, 475, 500), Outcome.CLEAR, None),
        (rectangle(1_000, 1_000, 470, 500), Outcome.CONDITION, 15_000),
        (rectangle(3_000, 3_000, 10, 10), Outcome.CONDITION, 250_000),
    ],
)
def test_the_land_use_plan_has_to_hold_nearly_all_of_the_zone(
    rules: RuleSet, planned: GEOSGeometry, outcome: Outcome, missing: float | None
) -> None:
    publish("land_use_plan", [row(planned, "SKN Thử", "SKN"), row(square(1_000, 1_000, 500), "Đất ở", "ONT")])
    finding = one(check(ZONE), "land_use_plan")
    assert finding.outcome == outcome
    if missing is not None:
        assert finding.overlap_m2 == pytest.approx(missing, abs=0.01)
        assert finding.piece is not None
        assert GEOSGeometry(memoryview(finding.piece)).area == pytest.approx(missing, abs=0.01)


def test_land_the_plan_does_not_cover_leaves_the_answer_open(rules: RuleSet) -> None:
    publish("land_use_plan", [row(rectangle(1_000, 1_000, 400, 500), "SKN", "SKN")], coverage=(0, 0, 1_400, 5_000))
    finding = one(check(ZONE), "land_use_plan")
    assert finding.outcome == Outcome.NOT_CHECKED
    assert finding.unchecked_share == pytest.approx(0.2)


@pytest.mark.parametrize("level", [Level.LIVE, Level.STORED])
@pytest.mark.parametrize(
    ("intake", "bearing", "fires", "required"),
    [
        (point(2_400, 1_250), 90, True, 1_000),  # water flows east: the zone, 900 m west, is upstream
        (point(2_400, 1_250), 270, False, 100),  # flows west: the zone is downstream, 900 m > 100 m
        (point(1_590, 1_250), 270, True, 100),  # downstream, 90 m
        (point(1_250, 2_550), 0, False, 1_000),  # flows north, the zone south of it is upstream: 1 050 m
        (point(1_250, 2_490), 0, True, 1_000),  # 990 m
    ],
)
def test_an_intake_is_guarded_upstream_and_downstream(
    rules: RuleSet, intake: GEOSGeometry, bearing: float, fires: bool, required: float, level: Level
) -> None:
    publish("intake_point", [LayerRow(intake, "Trạm bơm", "mountain", {"flow_bearing": bearing})])
    finding = one(check(ZONE, level=level), "intake_distance")
    assert (finding.outcome == Outcome.CONDITION) is fires
    assert finding.required_m == pytest.approx(required)
    assert finding.nearest_line is not None
    side = "upstream" if required > 100 else "downstream"
    assert side in finding.text.en
    if fires:
        assert finding.piece is not None
        assert GEOSGeometry(memoryview(finding.piece)).area == pytest.approx(finding.overlap_m2 or 0, abs=0.01)


def test_a_zone_on_both_sides_of_an_intake_is_measured_on_each(rules: RuleSet) -> None:
    # The intake lies 50 m north of the zone's upper edge, in its middle; water flows east. West of it 1,000 m count
    # (the western half, 12.5 ha, lies wholly within), east of it the 100 m of a quarter circle count.
    publish("intake_point", [LayerRow(point(1_250, 1_550), "Trạm bơm", "mountain", {"flow_bearing": 90})])
    finding = one(check(ZONE), "intake_distance")
    east_side = 100**2 * 1.0471975512 / 2 - 50 * 86.6025403784 / 2  # sector of 60° less the triangle above the edge
    assert finding.overlap_m2 == pytest.approx(125_000 + east_side, abs=2)
    assert (finding.distance_m, finding.required_m) == (pytest.approx(50, abs=0.001), pytest.approx(1_000))


@pytest.mark.parametrize(
    ("trade", "metres"), [("", 100), ("I", 1_000), ("II", 500), ("III", 300), ("IV", 100), ("V", 50)]
)
def test_housing_is_farther_the_more_harmful_the_trade(rules: RuleSet, trade: str, metres: float) -> None:
    publish("residential", [row(rectangle(1_500 + metres, 1_000, 100, 500), "Buôn Thử", "rural")])
    declared = Declared(trade_class=trade)
    near = one(check(rectangle(1_000, 1_000, 501, 500), declared=declared), "residential_separation")
    far = one(check(ZONE, declared=declared), "residential_separation")
    assert (near.outcome, far.outcome) == (Outcome.CONDITION, Outcome.CLEAR)
    assert near.required_m == metres
    said = f"trade class {trade} as declared" if trade else "no trade class declared"
    assert said in near.text.en
    assert said in far.text.en
