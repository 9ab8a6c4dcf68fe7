"""Is the bench province what it says: a valid tessellation, always the same, part of the larger one, every layer?"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.bench.province.load import layer_lines, parcel_lines
from tests.bench.province.parcels import CELL_M, land_codes, nearest_cells, parcel_shapes
from tests.bench.province.sheets import KNOWN, sheet_of

LAND = shapely.box(440_000, 1_390_000, 452_000, 1_402_000)
SMALL = shapely.box(444_000, 1_394_000, 448_000, 1_398_000)
RULES = Path(__file__).resolve().parents[2] / "planning" / "checks" / "catalogue" / "rules.toml"


def test_parcels_tile_without_gap_or_overlap() -> None:
    cells = nearest_cells(900, LAND)
    shapes = parcel_shapes(cells)
    assert shapely.is_valid(shapes).all()
    corners = shapely.get_num_coordinates(shapes) - 1
    assert (corners == 20).all()
    assert np.asarray(shapely.area(shapes)).mean() == pytest.approx(CELL_M**2, rel=0.02)
    assert shapely.coverage_is_valid(shapes)
    coordinates = shapely.get_coordinates(shapes)
    assert np.array_equal(coordinates, np.round(coordinates, 3))


def test_the_same_seed_gives_the_same_province_and_a_smaller_one_is_a_part_of_it() -> None:
    many, few = nearest_cells(900, LAND), nearest_cells(100, LAND)
    shapes = dict(zip(map(tuple, many.tolist()), shapely.to_wkb(parcel_shapes(many)), strict=True))
    assert all(
        shapes[tuple(cell)] == blob for cell, blob in zip(few.tolist(), shapely.to_wkb(parcel_shapes(few)), strict=True)
    )
    assert set(land_codes(many)) <= {"LUC", "LUK", "CLN", "HNK", "RSX", "ONT", "NTS", "BHK"}


def test_there_is_no_room_for_more_parcels_than_the_land_holds() -> None:
    with pytest.raises(ValueError, match="room"):
        nearest_cells(5_000, SMALL)


@pytest.mark.parametrize("code", sorted(KNOWN))
def test_every_known_layer_has_valid_rows_of_its_own(code: str) -> None:
    kind = "line" if code in {"road", "power_line"} else "polygon"
    rows = sheet_of(code, kind, (), LAND)
    assert rows.geoms
    assert shapely.is_valid(np.array(rows.geoms)).all()
    wanted = {"line": {"LineString"}, "polygon": {"Polygon", "MultiPolygon"}}[kind]
    assert {shape.geom_type for shape in rows.geoms} <= wanted
    again = sheet_of(code, kind, (), LAND)
    assert [shapely.to_wkb(shape) for shape in rows.geoms] == [shapely.to_wkb(shape) for shape in again.geoms]
    near = rows.meeting(SMALL)
    assert len(near.geoms) == sum(shape.intersects(SMALL) for shape in rows.geoms)


def test_a_province_of_any_size_sees_the_same_airport_from_its_middle() -> None:
    rows = sheet_of("airport", "polygon", (), LAND)
    assert len(rows.geoms) == 2
    assert len(rows.meeting(SMALL).geoms) == 1


def test_a_layer_that_nobody_described_gets_the_classes_its_rules_name() -> None:
    rows = sheet_of("something_new", "line", ("a", "b"), LAND)
    assert set(rows.classes) == {"a", "b"}


def test_classes_of_generated_rows_are_those_the_rules_know() -> None:
    rules = tomllib.loads(RULES.read_text(encoding="utf-8"))["rule"]
    for code in ("heritage", "forest_special"):
        named = {name for rule in rules if rule.get("layer") == code for name in rule.get("classes", [])}
        if named:
            assert named & set(sheet_of(code, "polygon", (), LAND).classes)


def test_rows_are_written_with_attributes_as_json() -> None:
    (_geoms, lines) = next(parcel_lines(nearest_cells(20, LAND)))
    assert all(json.loads(more)["parcel"] == number for number, (_source, _code, more) in enumerate(lines))
    rows = sheet_of("road", "line", (), LAND)
    (_geoms, lines) = next(layer_lines("road", rows.geoms, rows.classes, rows.attributes))
    assert json.loads(lines[0][2])["half_width_m"] > 0
