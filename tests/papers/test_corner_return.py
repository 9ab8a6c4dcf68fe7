"""Does a corner table that left the house come back as the same boundary, to the millimetre?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.crs import zone_label
from layers.grid import shape_on_grid
from layers.intake import read_vector_file, to_zone
from layers.intake.corners.facts import facts_of
from layers.intake.corners.shapes import polygons_of
from layers.intake.corners.table import read_corner_table
from mapping import formats
from mapping.papers.corner_files import corner_csv, corner_xlsx
from mapping.papers.corner_table import corner_blocks
from tests.cast import EAST0, NORTH0, Land

HERE = shapely.box(EAST0 + 12_000, NORTH0 + 5_000, EAST0 + 12_500, NORTH0 + 5_500)
HOLE = shapely.box(EAST0 + 12_100.123, NORTH0 + 5_100.456, EAST0 + 12_200, NORTH0 + 5_200)
ISLAND = shapely.box(EAST0 + 12_130, NORTH0 + 5_130, EAST0 + 12_170, NORTH0 + 5_170)
BESIDE = shapely.Polygon(
    [(EAST0 + 13_000.5, NORTH0 + 5_000), (EAST0 + 13_400, NORTH0 + 5_000.25), (EAST0 + 13_300, NORTH0 + 5_300)]
)
ZONES = {
    "one area": HERE,
    "with a hole": HERE.difference(HOLE),
    "two areas": shapely.union_all([HERE, BESIDE]),
    "an island in the hole": shapely.union_all([HERE.difference(HOLE), ISLAND, BESIDE]),
}


def zone_of(shape: Any) -> MultiPolygon:
    zone = shape_on_grid(shape)
    return zone if isinstance(zone, MultiPolygon) else MultiPolygon(zone, srid=zone.srid)


def same(came: GEOSGeometry, left: GEOSGeometry) -> bool:
    a, b = (shapely.normalize(shapely.from_wkb(bytes(geom.wkb))) for geom in (came, left))
    return bool(shapely.hausdorff_distance(a, b) < 0.0015) and abs(came.area - left.area) < 0.5


@pytest.mark.parametrize("standing", ["", "DỰ THẢO (lưu ngày 06/03/2026): chưa có quyết định, không dùng để cắm mốc"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ZONES)
def test_what_left_as_a_file_comes_back_as_it_was(
    name: str, kind: str, standing: str, tmp_path: Path, land: Land
) -> None:
    zone = zone_of(ZONES[name])
    blocks = corner_blocks(zone)
    path = tmp_path / f"bang-toa-do.{kind}"
    area = f"Diện tích: {formats.square_metres(zone.area, 1)}"
    path.write_bytes(
        corner_csv(blocks, standing=standing)
        if kind == "csv"
        else corner_xlsx("CCN Ea Đar", zone_label(), area, blocks, standing=standing)
    )
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    assert intake.best is not None and intake.corners is not None
    assert same(to_zone(intake, intake.best).geom, zone)
    assert {remark.code for remark in intake.corners.remarks} <= {"CLOSING_ROW", "BLOCK_INSIDE", "AREA_AGREES"}
    if kind == "xlsx":
        assert not intake.must_confirm
        assert any(remark.code == "AREA_AGREES" for remark in intake.corners.remarks)


def comma(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def dotted(value: float) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    corners=st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 90_000)), min_size=3, max_size=12, unique=True),
    write=st.sampled_from([comma, dotted, "{:.2f}".format, lambda value: f"{value:,.2f}".replace(",", " ")]),
    swapped=st.booleans(),
    closing=st.booleans(),
    start=st.integers(0, 11),
)
def test_any_ring_is_read_as_it_was_written(
    corners: list[tuple[int, int]], write: Any, swapped: bool, closing: bool, start: int
) -> None:
    hull = shapely.convex_hull(shapely.multipoints([(EAST0 + x / 100, NORTH0 + y / 100) for x, y in corners]))
    if hull.geom_type != "Polygon" or hull.area < 1:
        return
    ring = list(hull.exterior.coords)[:-1]
    if min(shapely.length(shapely.linestrings([a, b])) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) < 0.02:
        return  # two corners within a centimetre are one
    ring = ring[start % len(ring) :] + ring[: start % len(ring)]
    rows = [(str(n), y, x) for n, (x, y) in enumerate(ring, start=1)] + (
        [("1", ring[0][1], ring[0][0])] if closing else []
    )
    text = "\n".join("\t".join([name, *map(write, (y, x) if swapped else (x, y))]) for name, x, y in rows)
    table = read_corner_table(text)
    ((_number, polygon),) = polygons_of(table)
    assert shapely.hausdorff_distance(polygon, shapely.Polygon(ring)) < 0.006
    assert table.swapped is swapped and not table.errors
    assert facts_of(table).area_m2 == pytest.approx(hull.area, rel=1e-4, abs=5)
