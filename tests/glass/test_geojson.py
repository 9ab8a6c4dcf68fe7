"""Does the glass let exactly the right geometry in, and give back byte for byte what was saved?"""

from __future__ import annotations

import json
import math

import pytest
from django.contrib.gis.geos import GEOSGeometry, MultiLineString, MultiPolygon, Point, Polygon
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import DatNgheError, InputRefused
from layers.grid import on_grid
from layers.vetting import Notice, vet
from mapping.glass.geojson import (
    AREAS,
    LINES,
    POINTS,
    feature,
    feature_collection,
    geometry_from_geojson,
    notice_to_json,
    position,
    problem_detail,
    to_geojson,
)
from mapping.glass.json_gate import read_json

RING = [[108.4, 12.8], [108.41, 12.8], [108.41, 12.81], [108.4, 12.8]]


def area(ring: object = None) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [RING if ring is None else ring]}


def with_position(value: object) -> dict[str, object]:
    return area([value, *RING[1:3], value])


REFUSED: dict[str, tuple[object, str]] = {
    "null": (None, "JSON_INVALID"),
    "text": ("POLYGON((0 0,1 1,1 0,0 0))", "JSON_INVALID"),
    "list": ([], "JSON_INVALID"),
    "no type": ({"coordinates": [RING]}, "JSON_INVALID"),
    "lower-case type": ({"type": "polygon", "coordinates": [RING]}, "JSON_INVALID"),
    "type is a list": ({"type": ["Polygon"], "coordinates": [RING]}, "JSON_INVALID"),
    "point": ({"type": "Point", "coordinates": [108.4, 12.8]}, "GEOM_TYPE"),
    "collection": ({"type": "GeometryCollection", "geometries": []}, "JSON_INVALID"),
    "topology": ({"type": "Topology", "objects": {}}, "JSON_INVALID"),
    "feature without geometry": ({"type": "Feature", "geometry": None}, "JSON_INVALID"),
    "own crs": ({**area(), "crs": {"type": "name"}}, "CRS_UNKNOWN"),
    "no coordinates": ({"type": "Polygon"}, "JSON_INVALID"),
    "empty": ({"type": "Polygon", "coordinates": []}, "GEOM_EMPTY"),
    "empty ring": ({"type": "Polygon", "coordinates": [[]]}, "GEOM_EMPTY"),
    "empty multi": ({"type": "MultiPolygon", "coordinates": []}, "GEOM_EMPTY"),
    "three positions": ({"type": "Polygon", "coordinates": [RING[:2] + RING[:1]]}, "GEOM_DEGENERATE"),
    "bracket level": ({"type": "Polygon", "coordinates": RING}, "JSON_INVALID"),
    "null ordinate": (with_position([108.4, None]), "JSON_INVALID"),
    "true ordinate": (with_position([True, 12.8]), "JSON_INVALID"),
    "text ordinate": (with_position(["108.4", 12.8]), "JSON_INVALID"),
    "one ordinate": (with_position([108.4]), "JSON_INVALID"),
    "six ordinates": (with_position([108.4, 12.8, 0, 0, 0, 0]), "JSON_INVALID"),
    "position is a number": (with_position(108.4), "JSON_INVALID"),
    "NaN": (with_position([math.nan, 12.8]), "COORD_NOT_FINITE"),
    "infinite": (with_position([108.4, math.inf]), "COORD_NOT_FINITE"),
    "longitude + 360": (with_position([468.4, 12.8]), "COORD_RANGE"),
    "pole and beyond": (with_position([108.4, 91]), "COORD_RANGE"),
    "swapped": (with_position([12.8, 108.4]), "CRS_SUSPECT_SWAP"),
    "metres": (with_position([480000, 1400000]), "CRS_SUSPECT_PROJECTED"),
    "not closed": (area([[108.4, 12.8], [108.41, 12.8], [108.41, 12.81], [108.4, 12.81]]), "RING_NOT_CLOSED"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_gate_refuses(name: str) -> None:
    value, code = REFUSED[name]
    with pytest.raises(DatNgheError) as refused:
        geometry_from_geojson(value)
    assert refused.value.code == code and refused.value.message


def test_refusal_names_the_json_path() -> None:
    with pytest.raises(DatNgheError) as refused:
        geometry_from_geojson({"type": "Feature", "geometry": with_position([108.4, None])})
    assert refused.value.where == "$.geometry.coordinates[0][0]"


def test_gate_accepts_and_lands_on_the_grid() -> None:
    ring = [[*place, 512.5] for place in RING]
    geom = geometry_from_geojson({"type": "Feature", "properties": {}, "geometry": area(ring)})
    assert geom.srid == 9218 and not geom.hasz and geom.equals_exact(on_grid(geom))
    almost = [*RING[:3], [108.4, 12.80000005]]
    assert geometry_from_geojson(area(almost)).coords == geometry_from_geojson(area()).coords
    line = geometry_from_geojson({"type": "MultiLineString", "coordinates": [RING[:2], RING[1:3]]}, kinds=LINES)
    assert isinstance(line, MultiLineString)
    assert isinstance(geometry_from_geojson({"type": "Point", "coordinates": [108, 12]}, kinds=POINTS), Point)
    assert isinstance(
        geometry_from_geojson({"type": "MultiPolygon", "coordinates": [[RING]]}, kinds=AREAS), MultiPolygon
    )


def circle(points: int) -> dict[str, object]:
    ring = [
        [108.4 + 0.01 * math.cos(2 * math.pi * i / points), 12.8 + 0.01 * math.sin(2 * math.pi * i / points)]
        for i in range(points)
    ]
    return area([*ring, ring[0]])


def test_vertex_cap_counts_corners() -> None:
    assert geometry_from_geojson(circle(2_000)).num_coords == 2_001
    with pytest.raises(DatNgheError) as refused:
        geometry_from_geojson(circle(2_001))
    assert refused.value.code == "TOO_MANY_VERTICES"
    assert geometry_from_geojson(circle(2_001), max_vertices=10_000)


@settings(max_examples=150)
@given(
    st.integers(3, 40),
    st.floats(390_000, 600_000),
    st.floats(1_345_000, 1_514_000),
    st.floats(5, 3_000),
    st.randoms(use_true_random=False),
)
def test_open_and_save_without_an_edit_is_byte_identical(
    points: int, east: float, north: float, size: float, rnd
) -> None:
    radii = [size * (0.4 + 0.6 * rnd.random()) for _ in range(points)]
    ring = [
        (east + r * math.cos(2 * math.pi * i / points), north + r * math.sin(2 * math.pi * i / points))
        for i, r in enumerate(radii)
    ]
    saved = vet(Polygon([*ring, ring[0]], srid=9218)).geom
    browser = json.loads(json.dumps(to_geojson(saved)))
    again = vet(geometry_from_geojson(browser)).geom
    assert bytes(again.wkb) == bytes(saved.wkb)


def test_out_has_nine_decimals_and_plain_lists() -> None:
    out = to_geojson(Point(449656.410, 1400856.185, srid=9218))
    assert out == {
        "type": "Point",
        "coordinates": [pytest.approx(108.0383, abs=2e-8), pytest.approx(12.6667, abs=2e-8)],
    }
    assert all(len(repr(ordinate).split(".")[1]) <= 9 for ordinate in out["coordinates"])
    both = GEOSGeometry(
        "GEOMETRYCOLLECTION(POINT(480000 1400000),LINESTRING(480000 1400000,480001 1400000))", srid=9218
    )
    assert [part["type"] for part in to_geojson(both)["geometries"]] == ["Point", "LineString"]
    assert feature(None, {"a": 1}, key=3) == {"type": "Feature", "geometry": None, "properties": {"a": 1}, "id": 3}
    assert feature_collection([], truncated=True) == {"type": "FeatureCollection", "features": [], "truncated": True}


def test_details_and_notices_cross_the_glass() -> None:
    detail = problem_detail({"at": (449656.410, 1400856.185), "readings": [Point(1, 1, srid=9218)], "n": 1})
    assert detail["at"] == pytest.approx([108.0383, 12.6667], abs=1e-8) and detail["n"] == 1
    assert detail["readings"][0]["type"] == "Point"
    assert position(None) is None
    assert notice_to_json(Notice("SPIKE", "x", (480_000, 1_400_000), 1, 2))["at"][0] == pytest.approx(108.3, abs=0.1)


BAD_JSON = {
    "truncated": (b'{"a": [1, 2', "JSON_INVALID"),
    "two documents": (b'{"a": 1}\n{"a": 2}', "JSON_INVALID"),
    "duplicate key": (b'{"type": "Polygon", "type": "Point"}', "JSON_INVALID"),
    "not UTF-8": (b'{"a": "\xc4\x91\xff"}', "JSON_INVALID"),
    "NaN": (b'{"a": NaN}', "COORD_NOT_FINITE"),
    "infinity": (b'{"a": -Infinity}', "COORD_NOT_FINITE"),
    "5,000 digits": (b'{"a": ' + b"9" * 5_000 + b"}", "COORD_RANGE"),
    "depth 10,000": (b"[" * 10_000 + b"]" * 10_000, "JSON_DEPTH"),
    "depth 100,000": (b'{"a":' * 100_000, "JSON_DEPTH"),
    "too large": (b'"' + b"x" * 1_600_000 + b'"', "UPLOAD_TOO_LARGE"),
}


@pytest.mark.parametrize("name", BAD_JSON)
def test_json_gate(name: str) -> None:
    body, code = BAD_JSON[name]
    with pytest.raises(DatNgheError) as refused:
        read_json(body)
    assert refused.value.code == code


def test_json_gate_reads_what_is_sound() -> None:
    assert read_json('\ufeff{"tên": "[[[[ }", "a": [1e-3, -2]}'.encode()) == {"tên": "[[[[ }", "a": [0.001, -2]}
    assert math.isinf(read_json(b"1e400"))  # refused by the geometry gate, with its path


@pytest.mark.parametrize(("language", "shown"), [("vi", "108,4"), ("en", "108.4")])
def test_an_impossible_latitude_is_written_as_the_reader_writes_numbers(language: str, shown: str) -> None:
    with translation.override(language), pytest.raises(InputRefused) as refused:
        geometry_from_geojson(with_position([12.8, 108.4]))
    assert f" {shown}" in refused.value.message
