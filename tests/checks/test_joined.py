"""Are planned parts put together, and is what is left of a zone found, without believing a wrong overlay?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db import connection

from layers.crs import as_multi, to_storage
from layers.grid import on_grid
from planning.checks.declared import Declared
from planning.checks.models import RuleSet
from planning.checks.types import Level, Outcome, Part
from tests.cast import rectangle, square
from tests.checks.exact import edges, exact_overlap
from tests.checks.ground import check, of, one, publish, row
from tests.checks.test_overlay_cases import EXACT_UP_TO, cases, tolerance

pytestmark = pytest.mark.django_db
ZONE = square(1_000, 1_000, 500)  # 25 ha
PLANT = Declared(wastewater_m3_day=1_000, wastewater_technology="open")


def asked(sql: str, *geoms: bytes) -> tuple[float | None, bool]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(geoms))
        area, sound = cursor.fetchone()
    return area, bool(sound)


JOINED = """
    SELECT ST_Area(geom), sound
    FROM check_joined(ARRAY[ST_GeomFromWKB(%s, 9218), ST_GeomFromWKB(%s, 9218)], true)
"""
LEFT = "SELECT area_m2, sound FROM check_left_over(ST_GeomFromWKB(%s, 9218), ARRAY[ST_GeomFromWKB(%s, 9218)], true)"


def overlap(one_: Any, other: Any) -> float:
    if edges(one_) * edges(other) <= EXACT_UP_TO:
        return float(exact_overlap(one_, other))
    return float(shapely.intersection(one_, other, grid_size=0.001).area)


def judged(pairs: Sequence[tuple[str, Any, Any]], capsys: pytest.CaptureFixture[str], name: str) -> None:
    wrong: list[str] = []
    refused = 0
    for case, one_, other in pairs:
        shared = overlap(one_, other)
        blobs = shapely.to_wkb(one_), shapely.to_wkb(other)
        for sql, truth in ((JOINED, one_.area + other.area - shared), (LEFT, one_.area - shared)):
            area, sound = asked(sql, *blobs)
            if not sound or area is None:
                refused += 1
                assert area is None
            elif abs(area - truth) > max(tolerance(one_), tolerance(other)):
                wrong.append(f"{case}: {area} instead of {truth}")
    with capsys.disabled():
        print(
            f"\n  joined and left over, {name}: {2 * len(pairs)} asked, {refused} not computable,"
            f" {len(wrong)} silently wrong"
        )
    assert not wrong
    assert len(pairs) > 250


def test_no_silently_wrong_union_or_rest_in_the_province(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = []
    for case in cases("overlay_fitted.json"):
        if not (case["expected"]["proposal_valid"] and case["expected"]["constraint_valid"]):
            continue
        geoms = [
            on_grid(as_multi(to_storage(GEOSGeometry(json.dumps(feature["geometry"]), srid=4326))))
            for feature in case["geojson"]["features"]
        ]
        if all(geom.valid for geom in geoms):
            pairs.append((case["id"], *(shapely.from_wkb(bytes(geom.wkb)) for geom in geoms)))
    judged(pairs, capsys, "province")


def test_no_silently_wrong_union_or_rest_in_the_suites(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = []
    for case in cases("overlay_cases.json"):
        if not case.get("b") or not all(case["expected"][side].get("valid") for side in "ab"):
            continue
        shapes = [shapely.from_wkb(case[side]) for side in "ab"]
        if all(shape.geom_type in {"Polygon", "MultiPolygon"} and not shape.is_empty for shape in shapes):
            pairs.append((case["id"], *shapes))
    judged(pairs, capsys, "suites")


def break_joining() -> None:
    """Have every union say that it cannot be computed, as on the hardest pairs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION check_joined(pieces geometry[], verified boolean, OUT geom geometry,"
            " OUT sound boolean) LANGUAGE sql STABLE AS $$ SELECT NULL::geometry, false $$"
        )


def part(use: str, geom: Polygon) -> Part:
    return Part(use, geom, float(geom.area))


def ring(width: float) -> tuple[Part, ...]:
    """Plan a green strip of that width along the perimeter, in four parts that overlap at two corners."""
    inner = square(1_000 + width, 1_000 + width, 500 - 2 * width)
    return (
        part("green", rectangle(1_000, 1_000, 500, width)),
        part("green", rectangle(1_000, 1_500 - width, 500, width)),
        part("green", rectangle(1_000, 1_000, width, 500)),
        part("green", rectangle(1_500 - width, 1_000 + width, width, 500 - 2 * width)),
        part("industrial", inner),
    )


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize(("width", "outcome"), [(10.0, Outcome.CLEAR), (8.0, Outcome.CONDITION)])
def test_green_parts_are_one_strip_at_both_levels(rules: RuleSet, level: Level, width: float, outcome: Outcome) -> None:
    assert one(check(ZONE, parts=ring(width), level=level), "green_buffer").outcome == outcome


def test_green_parts_that_cannot_be_put_together_are_not_computable(rules: RuleSet) -> None:
    break_joining()
    finding = one(check(ZONE, parts=ring(10), level=Level.STORED), "green_buffer")
    assert finding.outcome == Outcome.NOT_COMPUTABLE


def test_plant_parts_that_cannot_be_put_together_are_not_computable(rules: RuleSet) -> None:
    publish("residential", [row(square(1_520, 1_000, 100), "Buôn", "rural")])
    parts = (part("technical", rectangle(1_400, 1_000, 50, 50)), part("technical", rectangle(1_450, 1_000, 50, 50)))
    asked_of = {"parts": parts, "declared": PLANT, "level": Level.STORED}
    before = one(check(ZONE, **asked_of), "wastewater_separation")
    assert (before.outcome, before.distance_m) == (Outcome.CONDITION, 20)
    break_joining()
    after = one(check(ZONE, **asked_of), "wastewater_separation")
    assert (after.outcome, after.piece) == (Outcome.NOT_COMPUTABLE, None)


@pytest.mark.parametrize("level", list(Level))
def test_the_land_that_lacks_a_least_share_is_the_rest_of_the_zone(rules: RuleSet, level: Level) -> None:
    publish("land_use_plan", [row(rectangle(1_000, 1_000, 200, 500), "Lô 1", "SKN")])
    finding = one(check(ZONE, level=level), "land_use_plan")
    assert finding.overlap_m2 == pytest.approx(150_000)
    shown = GEOSGeometry(memoryview(finding.piece or b""))
    assert shown.area == pytest.approx(150_000)
    assert not shown.intersects(rectangle(1_000, 1_000, 199, 500))


def test_a_rest_that_cannot_be_computed_is_no_conflict(rules: RuleSet) -> None:
    publish("land_use_plan", [row(rectangle(1_000, 1_000, 200, 500), "Lô 1", "SKN")])
    break_joining()
    (finding,) = of(check(ZONE, level=Level.STORED), "land_use_plan")
    assert finding.outcome == Outcome.NOT_COMPUTABLE


def test_while_drawing_a_rest_of_another_area_is_asked_again(rules: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let GEOS in the process lose half of the rest: the database's answer is shown instead."""
    publish("land_use_plan", [row(rectangle(1_000, 1_000, 200, 500), "Lô 1", "SKN")])
    half = shapely.from_wkb(bytes(rectangle(1_200, 1_000, 150, 500).wkb))
    monkeypatch.setattr(shapely, "difference", lambda *_shapes: half)
    finding = one(check(ZONE), "land_use_plan")
    assert GEOSGeometry(memoryview(finding.piece or b"")).area == pytest.approx(150_000)


def test_while_drawing_a_crash_of_geos_is_asked_again(rules: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_shapes: Any) -> Any:
        raise shapely.errors.GEOSException("TopologyException")

    publish("land_use_plan", [row(rectangle(1_000, 1_000, 200, 500), "Lô 1", "SKN")])
    monkeypatch.setattr(shapely, "difference", crash)
    finding = one(check(ZONE), "land_use_plan")
    assert GEOSGeometry(memoryview(finding.piece or b"")).area == pytest.approx(150_000)
