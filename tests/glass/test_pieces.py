"""Do many geometries reach one JSON answer in their places, with the coordinates the glass gives everywhere?"""

from __future__ import annotations

import json

import pytest
from django.contrib.gis.geos import GEOSGeometry

from layers.crs import storage_srid
from mapping.glass.geojson import to_geojson
from mapping.glass.pieces import Pieces, json_text

AREA = "MULTIPOLYGON (((450000 1400000, 450100.123 1400000, 450100 1400100, 450000 1400000)))"
LINE = "LINESTRING (450000 1400000, 450010.5 1400020.25)"


def _geom(text: str) -> GEOSGeometry:
    return GEOSGeometry(text, srid=storage_srid())


def test_pieces_stand_where_they_were_placed_and_read_like_any_other_geometry() -> None:
    pieces = Pieces()
    answer = [
        {"name": "Đất «lúa» \\u0000", "area": pieces.place(bytes(_geom(AREA).wkb)), "none": pieces.place(None)},
        {"line": pieces.place(bytes(_geom(LINE).wkb))},
    ]
    read = json.loads(pieces.written(answer))
    assert read[0] == {"name": "Đất «lúa» \\u0000", "area": to_geojson(_geom(AREA)), "none": None}
    assert read[1]["line"] == to_geojson(_geom(LINE))


def test_what_was_written_before_stands_between_pieces_in_its_order() -> None:
    pieces = Pieces()
    kept = json_text({"text": "Đất «lúa»"})
    answer = [pieces.place(bytes(_geom(LINE).wkb)), pieces.place_text(kept), pieces.place(bytes(_geom(AREA).wkb))]
    assert json.loads(pieces.written(answer)) == [
        to_geojson(_geom(LINE)),
        {"text": "Đất «lúa»"},
        to_geojson(_geom(AREA)),
    ]


def test_an_empty_geometry_is_null() -> None:
    pieces = Pieces()
    assert pieces.written([pieces.place(bytes(_geom("POLYGON EMPTY").wkb))]) == "[null]"


def test_a_text_that_looks_like_a_place_is_refused_rather_than_filled() -> None:
    pieces = Pieces()
    with pytest.raises(ValueError, match="places"):
        pieces.written(["\x00"])
