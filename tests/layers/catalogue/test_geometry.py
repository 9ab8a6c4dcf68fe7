"""Rows 90–110: rings that cross, touch, nest, collapse or hide a hole; limits of how much is computed with."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.errors import InputRefused
from layers.intake import limits
from layers.intake.limits import IntakeLimits
from layers.vetting import LIVE, REPAIR, STORED, vet
from tests.layers import hostile
from tests.layers.catalogue.harness import Answer, Case, Make
from tests.layers.files import HERE, home, zipped

EAST, NORTH = HERE
Xy = Sequence[tuple[float, float]]
CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::9218"}}


def metres(*geometries: dict[str, Any]) -> Make:
    """Write a GeoJSON in the province's zone, to the millimetre, from coordinates beside a place in "Xã Đông"."""

    def moved(value: Any) -> Any:
        if value and isinstance(value[0], int | float):
            return [round(EAST + value[0], 6), round(NORTH + value[1], 6)]
        return [moved(item) for item in value]

    def make(folder: Path) -> Path:
        path = folder / "ranh.geojson"
        rows = [
            {"type": "Feature", "properties": {}, "geometry": {**item, "coordinates": moved(item["coordinates"])}}
            for item in geometries
        ]
        path.write_text(json.dumps({"type": "FeatureCollection", "crs": CRS, "features": rows}), encoding="utf-8")
        return path

    return make


def polygon(*rings: Xy) -> dict[str, Any]:
    """Return a Polygon of rings exactly as given."""
    return {"type": "Polygon", "coordinates": [list(ring) for ring in rings]}


def parts(*polygons: Sequence[Xy]) -> dict[str, Any]:
    """Return a MultiPolygon."""
    return {"type": "MultiPolygon", "coordinates": [[list(ring) for ring in rings] for rings in polygons]}


def of(shape: Any) -> Make:
    """Write a Django geometry of hostile.py."""
    found = json.loads(shape.geojson)

    def back(value: Any) -> Any:
        if value and isinstance(value[0], int | float):
            return [value[0] - EAST, value[1] - NORTH]
        return [back(item) for item in value]

    return metres({**found, "coordinates": back(found["coordinates"])})


def box(x: float, y: float, side: float, height: float | None = None) -> list[tuple[float, float]]:
    """Return a closed counter-clockwise ring."""
    top = y + (side if height is None else height)
    return [(x, y), (x + side, y), (x + side, top), (x, top), (x, y)]


def circle(points: int, radius: float = 500.0) -> list[tuple[float, float]]:
    """Return a ring of so many corners."""
    ring = [(radius * math.cos(math.tau * i / points), radius * math.sin(math.tau * i / points)) for i in range(points)]
    return [*ring, ring[0]]


def cluster(count: int) -> Make:
    """Write so many squares."""
    return metres(*(polygon(box(20.0 * (i % 100), 20.0 * (i // 100), 10)) for i in range(count)))


def zip_of(make: Make) -> Make:
    """Pack what was made, because it is large."""
    return lambda folder: zipped(folder / "ranh.zip", {"ranh.geojson": make(folder)})


BIG = box(0, 0, 100)
KEYHOLE = [
    (0, 0), (100, 0), (100, 100), (0, 100), (0, 50), (30, 50), (30, 60), (60, 60), (60, 40), (30, 40), (30, 50),
    (0, 50), (0, 0),
]  # fmt: skip
BOW_TIE = [(0, 0), (100, 100), (100, 0), (0, 100), (0, 0)]
TWICE = [*box(0, 0, 100), (10, 10), (60, 10), (60, 60), (10, 60), (10, 10), (0, 0)]
SPIKE = [(0, 0), (100, 0), (100, 100), (50, 100), (50, 200), (50, 100), (0, 100), (0, 0)]
KNOT = [(0, 0), (100, 0), (100, 101), (101, 100), (0, 100), (0, 0)]
SMALL = IntakeLimits(features=5, vertices=100, seconds=20.0)


def loose_collection(folder: Path) -> Path:
    """Write a collection of a point, a line and an area."""
    path = folder / "ranh.geojson"
    area = shapely.box(EAST, NORTH, EAST + 100, NORTH + 100)
    shapes = shapely.geometrycollections([area, shapely.Point(EAST, NORTH), shapely.LineString([(EAST, NORTH), HERE])])
    data = {"type": "Feature", "crs": CRS, "properties": {}, "geometry": json.loads(shapely.to_geojson(shapes))}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


CASES = [
    Case(90, "too many points", metres(polygon(circle(101))), "reject", ("TOO_MANY_VERTICES",), says="100",
         read={"limits": SMALL}),
    Case(90, "too many features", cluster(6), "reject", ("TOO_MANY_FEATURES",), says="5", read={"limits": SMALL}),
    Case(90, "2,001 features", cluster(2_001), "reject", ("TOO_MANY_FEATURES",), says=r"2\.000"),
    Case(90, "10,001 points of one boundary", metres(polygon(circle(10_001))), "reject", ("TOO_MANY_VERTICES",),
         says=r"10\.001.*10\.000"),
    *(Case(91, name, of(shape), "reject", ("GEOM_TOO_COMPLEX",), seconds=30) for name, shape in
      [("star of 301", hostile.star(301)), ("star of 1,999", hostile.star(1_999)),
       ("weave of 1,990", hostile.weave(1_990)), ("scribble of 1,990", hostile.scribble(1_990))]),
    Case(92, "ring open by 5 mm", metres(polygon([*BIG[:-1], (0, 0.005)])), "repair", ("RING_CLOSED",),
         says="1 ranh giới", area_m2=10_000),
    Case(92, "ring open by 3 m", metres(polygon([*BIG[:-1], (0, 3)])), "reject", ("LINE_NOT_CLOSED",),
         says="3,00 m.*đối tượng 1"),
    Case(93, "two distinct points", metres(polygon([(0, 0), (10, 0), (0, 0), (0, 0)])), "reject", ("GEOM_DEGENERATE",),
         says="X 1.405.000"),
    Case(93, "two points only", metres(polygon([(0, 0), (10, 0)])), "reject", ("GEOM_DEGENERATE",), says="đối tượng 1"),
    Case(93, "all on one line", metres(polygon([(0, 0), (10, 0), (20, 0), (0, 0)])), "reject", ("GEOM_DEGENERATE",)),
    Case(93, "collapsed on the grid", metres(polygon(box(0, 0, 0.0002))), "reject", ("GEOM_DEGENERATE",)),
    Case(94, "empty ring", metres({"type": "Polygon", "coordinates": [[]]}), "reject", ("GEOM_EMPTY",)),
    Case(94, "empty polygon", metres({"type": "Polygon", "coordinates": []}), "reject", ("GEOM_EMPTY",)),
    Case(94, "empty multipolygon", metres({"type": "MultiPolygon", "coordinates": []}), "reject", ("GEOM_EMPTY",)),
    Case(95, "repeated points", metres(polygon([(0, 0), (0, 0), (100, 0), (100, 0), (100, 100), (0, 100), (0, 0)])),
         "accept", area_m2=10_000),
    Case(95, "points on one side", metres(polygon([(0, 0), (50, 0), (100, 0), (100, 100), (0, 100), (0, 0)])),
         "accept", area_m2=10_000),
    Case(95, "clockwise shell, counter-clockwise hole", metres(polygon(BIG[::-1], box(20, 20, 10))), "accept",
         area_m2=9_900),
    Case(96, "bow-tie", metres(polygon(BOW_TIE)), "repair", ("SELF_INTERSECTION",), area_m2=5_000, confirm=True),
    Case(96, "small knot", metres(polygon(KNOT)), "repair", ("SELF_INTERSECTION",), area_m2=10_000.5, confirm=False),
    Case(97, "pentagram", of(hostile.star(5)), "ask", ("REPAIR_AMBIGUOUS",), says="ha"),
    Case(97, "ring that runs round twice", metres(polygon(TWICE)), "ask",
         ("REPAIR_AMBIGUOUS",), says="ha"),
    Case(98, "spike", metres(polygon(SPIKE)),
         "repair", ("SPIKE",), area_m2=10_000, confirm=False),
    Case(98, "gore", metres(polygon([(0, 0), (100, 0), (100, 100), (50, 100), (50, 20), (50, 100), (0, 100), (0, 0)])),
         "repair", ("SPIKE",), area_m2=10_000, confirm=False),
    Case(99, "hole outside its shell", metres(polygon(BIG, box(200, 200, 20))), "reject", ("HOLE_OUTSIDE",),
         says="X 1.405.2"),
    Case(100, "hole crosses its shell", metres(polygon(BIG, box(50, 50, 100, 20))), "repair", ("HOLE_CROSSES",),
         area_m2=9_000, confirm=True),
    Case(100, "holes overlap", metres(polygon(BIG, box(20, 20, 30), box(40, 40, 30))), "repair", ("HOLES_OVERLAP",),
         area_m2=8_300, confirm=True),
    Case(100, "hole in a hole", metres(polygon(BIG, box(20, 20, 40), box(30, 30, 10))), "repair", ("HOLES_OVERLAP",),
         area_m2=8_400),
    Case(100, "one hole twice", metres(polygon(BIG, box(20, 20, 30), box(20, 20, 30))), "repair", ("HOLES_OVERLAP",),
         area_m2=9_100),
    Case(101, "hole equals its shell", metres(polygon(BIG, BIG)), "reject", ("GEOM_EMPTY",), says="X 1.405.0"),
    Case(102, "part in a part", metres(parts([BIG], [box(20, 20, 30)])), "repair", ("SHELLS_NESTED",), area_m2=10_000,
         confirm=True),
    Case(102, "parts overlap", metres(parts([BIG], [box(50, 50, 100)])), "repair", ("PARTS_OVERLAP",), area_m2=17_500,
         confirm=True),
    Case(102, "one part twice", metres(parts([BIG], [BIG])), "repair", ("SHELLS_NESTED",), area_m2=10_000),
    Case(103, "parts share an edge", metres(parts([BIG], [box(100, 0, 100)])), "repair", ("PARTS_SHARE_EDGE",),
         area_m2=20_000, confirm=False),
    Case(104, "keyhole", metres(polygon(KEYHOLE)), "repair", ("RING_SELF_TOUCH",), area_m2=9_400, confirm=False),
    Case(104, "figure of eight that touches", metres(polygon(
        [(0, 0), (50, 50), (100, 0), (100, 100), (50, 50), (0, 100), (0, 0)])), "repair", ("RING_SELF_TOUCH",),
        area_m2=5_000, confirm=False),
    Case(104, "inverted shell", metres(polygon(
        [(0, 0), (100, 0), (100, 100), (50, 100), (70, 60), (30, 60), (50, 100), (0, 100), (0, 0)])), "repair",
        ("RING_SELF_TOUCH",), area_m2=9_200, confirm=False),
    Case(105, "hole that the grid lays on its shell", metres(polygon(
        box(0, 0, 100), [(0.0004, 40), (20, 40), (20, 60), (0.0004, 60), (0.0004, 40)])), "repair",
        ("TOUCH_AFTER_TRANSFORM",)),
    Case(106, "line left by the repair", metres(polygon(SPIKE)), "repair", ("SPIKE",),
        area_m2=10_000),
    Case(106, "collection with a point and a line", loose_collection, "repair",
         ("GEOM_COLLECTION",), area_m2=10_000),
    Case(107, "holes take all of it", metres(polygon(BIG, box(0, 0, 60, 100), box(40, 0, 60, 100))), "reject",
         ("GEOM_EMPTY",)),
    Case(108, "half a square metre", metres(polygon(box(0, 0, 0.7))), "reject", ("GEOM_TOO_SMALL",), says="X 1.405.00"),
    Case(108, "two centimetres wide", metres(polygon(box(0, 0, 1_000, 0.02))), "reject", ("GEOM_TOO_SMALL",)),
    Case(109, "sliver of a hole", metres(polygon(BIG, box(10, 10, 50, 0.01))), "repair", ("SLIVER_NOTICE",)),
    Case(109, "sliver of a part", metres(parts([BIG], [box(200, 0, 0.9)])), "repair", ("SLIVER_NOTICE",)),
    Case(110, "neck of 20 cm", metres(polygon(
        [(0, 0), (100, 0), (100, 49.9), (150, 49.9), (150, 0), (200, 0), (200, 100), (150, 100), (150, 50.1),
         (100, 50.1), (100, 100), (0, 100), (0, 0)])), "repair", ("NARROW_NOTICE",)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_geometry(case: Case, judged: Callable[[Case], Answer]) -> None:
    started = time.monotonic()
    answer = judged(case)
    assert time.monotonic() - started < case.seconds
    if case.row == 97:
        first, second = answer.detail["readings"]
        assert first.valid and second.valid and abs(first.area - second.area) > 1
    if answer.zone is not None:
        kept = shapely.from_wkb(bytes(answer.zone.geom.wkb))
        assert kept.is_valid and set(shapely.get_type_id(shapely.get_parts(kept))) == {3}


@pytest.mark.parametrize("name", ["star of 301", "weave of 1,990"], ids=lambda name: f"r091 {name}, at the other doors")
def test_what_crosses_itself_too_often_is_refused_at_every_door_within_ten_seconds(name: str) -> None:
    shape = {"star of 301": hostile.star(301), "weave of 1,990": hostile.weave(1_990)}[name]
    for door in (LIVE, STORED, REPAIR):
        started = time.monotonic()
        with pytest.raises(InputRefused) as refused:
            vet(shape, door)
        assert refused.value.code in {"GEOM_TOO_COMPLEX", "SELF_INTERSECTION"} and time.monotonic() - started < 10


@pytest.mark.parametrize("rings", [10_001], ids=["r090 too many rings"])
def test_too_many_rings(rings: int, judged: Callable[[Case], Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    shape = metres(parts(*([box(6.0 * (i % 120), 6.0 * (i // 120), 3)] for i in range(rings))))
    case = Case(90, "rings", shape, "reject", ("TOO_MANY_RINGS",), says=r"10\.001")
    judged(case)


def test_home_is_where_the_cases_are() -> None:
    assert shapely.get_coordinates(home())[:, 0].min() == EAST and limits.VERTICES_PER_GEOMETRY == 100_000
