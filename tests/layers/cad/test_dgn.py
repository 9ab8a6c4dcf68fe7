"""Does a DGN v7 come in as GDAL sees it, only with arcs as they are; by level, in the unit a person confirms?"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from layers.intake import read_vector_file, to_zone
from layers.intake.cad.dgn import Dgn as Reader
from layers.intake.cad.options import CadOptions
from layers.intake.cad.strokes import Budget
from layers.intake.read import Intake
from tests.cast import Land
from tests.layers.cad.drawings import EAST, NORTH, SQUARE, Dgn, at
from tests.layers.files import refused


def read(path: Path, **options: Any) -> Intake:
    return read_vector_file(path, path.name, **options)


def gdal(path: Path) -> list[tuple[int, int, str, Any]]:
    """Return (type, level, text, shape) of each element as GDAL reads it, in a process of its own."""
    code = (
        "import sys,json,pyogrio.raw as r;m,_,g,c=r.read(sys.argv[1],encoding='latin-1');f=list(m['fields']);"
        "print(json.dumps([[int(c[f.index('Type')][i]),int(c[f.index('Level')][i]),str(c[f.index('Text')][i]),"
        "bytes(g[i]).hex()] for i in range(len(g))]))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    return [(kind, level, text, shapely.from_wkb(blob)) for kind, level, text, blob in json.loads(done.stdout)]


def own(path: Path) -> list[Any]:
    """Return what our reader makes of each element, as lines."""
    source = Reader(path.read_bytes())
    return list(source.strokes(frozenset(source.layers), 0.005, Budget(10**6)))


def test_lines_and_shapes_stand_where_gdal_sees_them(tmp_path: Path) -> None:
    drawing = Dgn().shape(at(*SQUARE), level=5).lines(at((0.123, 0.456), (50.5, -20)), level=7)
    path = drawing.lines(at((0, 0), (3, 4), (-9.999, 7)), level=63).save(tmp_path / "a.dgn")
    seen = gdal(path)
    assert [(kind, level) for kind, level, _text, _shape in seen] == [(6, 5), (3, 7), (4, 63)]
    for stroke, (_kind, level, _text, shape) in zip(own(path), seen, strict=True):
        assert stroke.layer == str(level)
        assert np.abs(stroke.xy - shapely.get_coordinates(shape)).max() < 1e-9


def test_what_gdal_writes_is_read_as_gdal_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "g.dgn"
    code = (
        "import sys,numpy,shapely;from pyogrio import raw;"
        f"g=[shapely.box({EAST},{NORTH},{EAST}+100,{NORTH}+70.25),shapely.LineString([({EAST},{NORTH}),({EAST}+1,2)])];"
        "raw.write(sys.argv[1],geometry=numpy.array([shapely.to_wkb(x) for x in g],dtype=object),field_data=[],"
        "fields=[],geometry_type='Unknown',crs='EPSG:9218',driver='DGN')"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    for stroke, (*_rest, shape) in zip(own(path), gdal(path), strict=True):
        assert np.abs(stroke.xy - shapely.get_coordinates(shape)).max() <= 0.0101  # its seed counts in centimetres


@pytest.mark.parametrize(("sweep", "minor", "turn"), [(90, None, 0), (-200, None, 30), (8, None, 0), (300, 40, 25)])
def test_arcs_pass_through_gdals_points_and_stay_within_a_centimetre(
    sweep: float, minor: float | None, turn: float, tmp_path: Path
) -> None:
    path = Dgn().arc((EAST, NORTH), 1000, 20, sweep, minor=minor, turn=turn).save(tmp_path / "a.dgn")
    ((_kind, _level, _text, seen),) = gdal(path)
    (stroke,) = own(path)
    line = shapely.LineString(stroke.xy)
    assert shapely.distance(line, shapely.points(shapely.get_coordinates(seen))).max() <= 0.01
    # GDAL's five degrees are far from the arc: why we read it ourselves
    assert shapely.hausdorff_distance(line, seen) > 0.3
    ends = shapely.get_coordinates(seen)[[0, -1]]
    assert np.abs(stroke.xy[[0, -1]] - ends).max() < 1e-6


@pytest.mark.django_db
def test_a_whole_ellipse_is_an_area(tmp_path: Path) -> None:
    (shape,) = read(Dgn().ellipse((EAST, NORTH), 80, 30, 15).save(tmp_path / "a.dgn")).shapes
    assert shape.area == pytest.approx(math.pi * 80 * 30, rel=1e-3)


@pytest.mark.django_db
def test_a_complex_shape_of_lines_and_an_arc_is_one_area(tmp_path: Path, land: Land) -> None:
    drawing = Dgn().chain(2, level=3).lines(at((100, 0), (0, 0), (0, 100), (100, 100)), 3, part=True)
    drawing.arc((EAST + 100, NORTH + 50), 50, -90, 180, 3, part=True)  # runs the other way round
    intake = read(drawing.save(tmp_path / "a.dgn"), declared_unit=land.east)
    assert intake.format == "dgn" and intake.layer == "3" and intake.question == "CRS_MISSING"
    zone = to_zone(intake, intake.best)
    assert zone.area_m2 == pytest.approx(10_000 + math.pi * 1250, rel=1e-3)


@pytest.mark.django_db
def test_a_torn_complex_shape_is_refused_with_its_place(tmp_path: Path) -> None:
    drawing = Dgn().chain(2).lines(at((100, 0), (0, 0), (0, 100)), part=True)
    drawing.lines(at((0.5, 100.5), (100, 100), (100, 3)), part=True)
    error = refused("LINE_NOT_CLOSED", lambda: read(drawing.save(tmp_path / "a.dgn")))
    assert error.where


@pytest.mark.django_db
def test_levels_are_layers_and_texts_are_offered(tmp_path: Path) -> None:
    drawing = Dgn().shape(at(*SQUARE), level=10).lines(at((0, 0), (500, 500), (900, 0)), level=20)
    path = drawing.text(b"CCN Ea Dar", at((30, 30))[0], 5).text(b"17", at((40, 40))[0], 9).save(tmp_path / "a.dgn")
    error = refused("MULTIPLE_LAYERS", lambda: read(path))
    assert sorted(error.detail["layers"]) == ["10", "20"]
    intake = read(path, cad=CadOptions(layers=("10",)))
    assert intake.attributes(0) == {"label": "CCN Ea Dar", "layer": "10"}
    assert intake.cad is not None and intake.cad.labels == (("CCN Ea Dar", "17"),)


@pytest.mark.django_db
@pytest.mark.parametrize(("master", "factor", "offer"), [("mm", 1000, "mm"), ("", 10, "dm"), ("mm", 1, "")])
def test_working_units_are_asked_when_the_numbers_are_not_metres(
    master: str, factor: int, offer: str, tmp_path: Path, land: Land
) -> None:
    points = [(x * factor, y * factor) for x, y in at(*SQUARE)]
    path = Dgn(master=master, sub=1, resolution=1).shape(points).save(tmp_path / "a.dgn")
    if not offer:
        assert read(path, declared_unit=land.east).best.share_in_unit == 1
        return
    error = refused("UNITS_SUSPECT" if factor == 1000 else "UNITS_UNKNOWN", lambda: read(path))
    assert error.detail["offers"][0]["value"] == offer and error.detail["offers"][0]["text"]
    intake = read(path, cad=CadOptions(units=offer), declared_unit=land.east)
    assert intake.shapes[0].area == pytest.approx(10_000) and intake.best.share_in_unit == 1
    if master:
        named = read(path, cad=CadOptions(units="dgn"))
        assert named.shapes[0].area == pytest.approx(10_000)


HOSTILE = {
    "cut off in an element": lambda: Dgn().shape(at(*SQUARE)).raw(b"\x01\x06\xff\x7f" + bytes(50)),
    "a shape of more points than bytes": lambda: Dgn().raw(b"\x01\x06\x20\x00" + bytes(32) + b"\xff\xff" + bytes(30)),
    "a text longer than itself": lambda: Dgn().shape(at(*SQUARE)).raw(b"\x01\x11\x12\x00" + bytes(36)),
    "an arc without a body": lambda: Dgn().raw(b"\x01\x10\x12\x00" + bytes(36)),
    "a chain without a body": lambda: Dgn().raw(b"\x01\x0e\x01\x00" + bytes(2)),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_damaged_records_are_refused(name: str, tmp_path: Path) -> None:
    refused("DGN_CORRUPT", lambda: read(HOSTILE[name]().save(tmp_path / "a.dgn")))


@pytest.mark.django_db
def test_a_head_without_units_is_refused(tmp_path: Path) -> None:
    path = Dgn().shape(at(*SQUARE)).save(tmp_path / "a.dgn")
    data = bytearray(path.read_bytes())
    data[1112:1120] = bytes(8)
    path.write_bytes(bytes(data))
    refused("DGN_CORRUPT", lambda: read(path))


@pytest.mark.django_db
def test_deleted_elements_and_hatching_lines_do_not_count(tmp_path: Path) -> None:
    path = (
        Dgn().shape(at(*SQUARE)).lines(at((0, 0), (900, 3)), 9).lines(at((0, 0), (900, 7)), 9).save(tmp_path / "a.dgn")
    )
    data = bytearray(path.read_bytes())
    first, second = (index for index in range(len(data) - 1) if data[index : index + 4] == b"\x09\x03\x18\x00")
    data[first + 1] |= 0x80
    data[second + 32] |= 1
    path.write_bytes(bytes(data))
    intake = read(path)
    assert intake.cad is not None and intake.cad.dropped == {"PATTERN": 1} and len(intake.shapes) == 1
    assert "CAD_LEFT_OUT" in [notice.code for notice in intake.notices]
