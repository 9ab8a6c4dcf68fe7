"""Where does contact end and conflict begin? Below 1 m² and narrower than 5 cm is contact, listed and never hidden."""

from __future__ import annotations

from typing import Any

import pytest

from planning.checks.contact import Contact
from planning.checks.models import RuleSet
from planning.checks.types import Level, Outcome
from tests.cast import Land, rectangle, square
from tests.checks.ground import check, line, of, one, publish, row
from tests.checks.test_subject import bound, make_cluster

pytestmark = pytest.mark.django_db
LEVELS = [Level.LIVE, Level.STORED]
ZONE = square(1_000, 1_000, 500)

# width and length of a strip, m, on the 1 mm grid; m²; counts?
STRIPS = [
    (0.000, 500, False),  # a common edge
    (0.001, 500, False),  # 0.5 m²
    (0.001, 999, False),  # 0.999 m²
    (0.001, 1_000, True),  # 1 m²: at the limit of area it counts
    (0.002, 500, True),  # 1 m²
    (0.049, 20, False),  # 0.98 m², 4.9 cm
    (0.050, 19, True),  # 0.95 m², but 5 cm wide: at the limit of width it counts
    (0.051, 19, True),
    (0.049, 21, True),  # 1.029 m²
]


def test_the_written_tolerance() -> None:
    assert (Contact().area_m2, Contact().width_m) == (1.0, 0.05)


@pytest.mark.parametrize(("width", "length", "counts"), STRIPS)
def test_mean_width_is_area_by_half_the_perimeter_of_a_strip(width: float, length: float, counts: bool) -> None:
    """Give a strip its length on both sides: half the perimeter of a narrow strip is its length."""
    assert Contact().exceeded(width * length, 2 * length) is counts


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("width", "length", "counts"), STRIPS)
def test_overlap(rules: RuleSet, width: float, length: float, counts: bool, level: Level) -> None:
    # ends of the strip add its width to the perimeter: 5 cm are reached at 5.02 cm
    zone = rectangle(1_000, 1_000, 500, 1_200)
    publish("forest_special", [row(rectangle(1_500 - _reaching(width), 1_050, 100, length), "Rừng")])
    finding = one(check(zone, level=level), "forest_special")
    assert finding.outcome == (Outcome.CONFLICT if counts else Outcome.CONTACT)
    assert finding.overlap_m2 == pytest.approx(_reaching(width) * length, abs=0.01)


def _reaching(width: float) -> float:
    """Return the width of a strip whose mean width, ends included, is *width*: one millimetre more from 5 cm on."""
    return width + 0.001 if width >= Contact().width_m else width


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("width", "length", "counts"), STRIPS)
def test_register(rules: RuleSet, land: Land, width: float, length: float, counts: bool, level: Level) -> None:
    bound(make_cluster("CCN Bên", land.west), rectangle(1_500 - _reaching(width), 1_050, 300, length))
    finding = one(check(rectangle(1_000, 1_000, 500, 1_200), level=level), "cluster_overlap")
    assert finding.outcome == (Outcome.CONFLICT if counts else Outcome.CONTACT)
    assert finding.overlap_m2 == pytest.approx(_reaching(width) * length, abs=0.01)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("width", "length", "counts"), STRIPS)
def test_containment(rules: RuleSet, land: Land, width: float, length: float, counts: bool, level: Level) -> None:
    # the west ends at 10 000 m; the zone reaches over by a tab of that width and length
    from django.contrib.gis.geos import Polygon

    from tests.cast import EAST0, NORTH0

    reach = _reaching(width)
    corners = [(9_500, 1_000), (10_000, 1_000), (10_000, 1_100), (10_000 + reach, 1_100),
               (10_000 + reach, 1_100 + length), (10_000, 1_100 + length), (10_000, 2_300), (9_500, 2_300)]  # fmt: skip
    placed = [(EAST0 + e, NORTH0 + n) for e, n in corners]
    zone = Polygon([*placed, placed[0]], srid=ZONE.srid)
    finding = one(check(zone, unit_id=land.west.pk, level=level), "unit")
    if width == 0:
        assert finding.outcome == Outcome.CLEAR
        return
    assert finding.outcome == (Outcome.CONDITION if counts else Outcome.CONTACT)
    assert finding.overlap_m2 == pytest.approx(reach * length, abs=0.01)
    if not counts:
        assert "không tính" in finding.text.vi
        assert "does not count" in finding.text.en


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("distance", "outcome"),
    [
        (100.000, Outcome.CLEAR),  # exactly the distance asked for
        (99.9996, Outcome.CLEAR),  # half a millimetre of rounding
        (99.999, Outcome.CONTACT),  # 1 mm × 500 m = 0.5 m²
        (99.998, Outcome.CONDITION),  # 2 mm × 500 m = 1 m²
        (99.9, Outcome.CONDITION),
    ],
)
def test_setback(rules: RuleSet, distance: float, outcome: Outcome, level: Level) -> None:
    publish("residential", [row(rectangle(1_500 + distance, 0, 100, 3_000), "Buôn", "rural")])  # 100 m asked
    finding = one(check(ZONE, level=level), "residential_separation")
    assert finding.outcome == outcome
    assert finding.distance_m == pytest.approx(distance, abs=0.001)


@pytest.mark.parametrize("level", LEVELS)
def test_a_round_corner_of_a_wide_corridor_is_no_contact(rules: RuleSet, level: Level) -> None:
    """Come within 1 m of a distance of 100 m diagonally: the drawn arc must not hide it."""
    # the home's corner lies 70 m east and 70 m north of the zone's corner: 98.99 m
    publish("residential", [row(square(1_570, 1_570, 100), "Buôn", "rural")])
    finding = one(check(ZONE, level=level), "residential_separation")
    assert (finding.outcome, round(finding.distance_m or 0, 2)) == (Outcome.CONDITION, 98.99)
    assert finding.overlap_m2 == pytest.approx(1.007, abs=0.05)  # of the true arc: 1.007 m²


@pytest.mark.parametrize("level", LEVELS)
def test_dust_beyond_the_coverage_leaves_nothing_open(rules: RuleSet, level: Level) -> None:
    publish("forest_special", [row(square(3_000, 3_000, 100))], coverage=(-5_000, -5_000, 6_499.999, 30_000))
    assert one(check(ZONE, level=level), "forest_special").outcome == Outcome.CLEAR  # 1 mm × 500 m
    publish("forest_special", [row(square(3_000, 3_000, 100))], coverage=(-5_000, -5_000, 6_499.99, 30_000))
    assert one(check(ZONE, level=level), "forest_special").outcome == Outcome.NOT_CHECKED


def test_a_contact_beside_a_conflict_of_a_merged_rule_is_listed(rules: RuleSet) -> None:
    publish(
        "land_parcel",
        [row(rectangle(1_000, 1_000, 100, 500), "1", "LUC"), row(rectangle(1_499.999, 1_000, 100, 500), "2", "LUC")],
    )
    outcomes = [finding.outcome for finding in of(check(ZONE), "rice")]
    assert outcomes == [Outcome.CONDITION, Outcome.CONTACT]


def test_a_line_along_the_boundary_is_not_hidden(rules: RuleSet) -> None:
    publish("road", [row(line((1_500, 0), (1_500, 5_000)), "QL", "national", technical_class="III", half_width_m=0)])
    finding: Any = one(check(ZONE), "road_corridor")
    assert (finding.outcome, finding.distance_m) == (Outcome.CONFLICT, 0)
