"""Do cells tile the plane, with the area asked for, and are they PostGIS's cells?"""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from planning.checks.screening.area import blocks_of
from planning.checks.screening.grid import SHAPES, Block, Grid
from tests.cast import EAST0, NORTH0

grids = st.builds(Grid, st.sampled_from(SHAPES), st.floats(10_000, 250_000))


@given(grids, st.integers(0, 3_000), st.integers(5_000, 12_000))
def test_every_cell_has_exactly_the_area_asked_for(grid: Grid, i: int, j: int) -> None:
    (area,) = shapely.area(grid.outlines([i], [j]))
    assert area == pytest.approx(grid.area_m2, rel=1e-9)


@given(grids, st.floats(0, 20_000), st.floats(0, 20_000))
def test_a_point_lies_in_the_cell_it_is_given(grid: Grid, east: float, north: float) -> None:
    x, y = EAST0 + east, NORTH0 + north
    i, j = grid.index_of([x], [y])
    assert shapely.distance(grid.outlines(i, j), shapely.points([x], [y]))[0] < 1e-6


@pytest.mark.parametrize("shape", SHAPES)
def test_cells_tile_the_ground_without_gap_or_overlap(shape: str) -> None:
    grid = Grid(shape, 25_000)
    i, j = (part.ravel() for part in np.meshgrid(np.arange(3_000, 3_012), np.arange(8_800, 8_812)))
    cells = grid.outlines(i, j)
    united = shapely.union_all(cells, grid_size=1e-6)
    assert united.area == pytest.approx(len(cells) * grid.area_m2, rel=1e-9)
    inner = shapely.box(*united.bounds).buffer(-2 * grid.size)
    assert united.covers(inner)


@pytest.mark.django_db
@pytest.mark.parametrize(("shape", "function"), [("square", "ST_Square"), ("hexagon", "ST_Hexagon")])
def test_cells_are_numbered_as_postgis_numbers_them(shape: str, function: str) -> None:
    grid = Grid(shape, 100_000)
    for i, j in ((1_000, 7_000), (1_001, 7_000), (1_002, 7_003), (-3, -5)):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT ST_AsBinary({function}(%s, %s, %s, ST_SetSRID(ST_Point(0, 0), %s)))",
                [grid.size, i, j, settings.STORAGE_SRID],
            )
            theirs = shapely.from_wkb(bytes(cursor.fetchone()[0]))
        (ours,) = grid.outlines([i], [j])
        assert shapely.symmetric_difference(ours, theirs).area < 1e-3


@given(grids)
def test_the_pixels_of_a_cell_add_up_to_it_and_are_no_larger_than_asked(grid: Grid) -> None:
    wide, high = grid.pattern.pixel_m
    assert wide <= 25 + 1e-6 and high <= 25 + 1e-6
    for members in grid.pattern.members:
        assert sum(member.share for member in members) * wide * high == pytest.approx(grid.area_m2, rel=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
def test_blocks_cover_the_box_once(shape: str) -> None:
    grid = Grid(shape, 250_000)
    box = (EAST0, NORTH0, EAST0 + 31_000, NORTH0 + 17_000)
    blocks = grid.block_of(box, 10_000)
    cells = [(i, j) for block in blocks for i in range(block.i0, block.i1) for j in range(block.j0, block.j1)]
    assert len(cells) == len(set(cells)) == sum(len(block) for block in blocks)
    x, y = (part.ravel() for part in np.meshgrid(np.arange(box[0], box[2], 97), np.arange(box[1], box[3], 97)))
    i, j = grid.index_of(x, y)
    assert set(zip(i.tolist(), j.tolist(), strict=True)) <= set(cells)
    assert all(block.i0 % 2 == 0 and block.i1 % 2 == 0 for block in blocks)
    assert Block.of_data(blocks[0].as_data()) == blocks[0]


def test_a_parent_of_squares_holds_four_cells_each_time() -> None:
    grid = Grid("square", 10_000)
    i, j = (part.ravel() for part in np.meshgrid(np.arange(4_000, 4_016), np.arange(14_000, 14_016)))
    parents = grid.parent(2).index_of(*grid.centres(i, j))
    _found, counts = np.unique(np.stack(parents), axis=1, return_counts=True)
    assert set(counts.tolist()) == {16}


@pytest.mark.parametrize("shape", SHAPES)
def test_blocks_with_the_most_ground_come_first_and_none_is_left_out(shape: str) -> None:
    grid = Grid(shape, 250_000)
    ground = shapely.Polygon([(0, 0), (100_000, 0), (0, 70_000)])
    blocks = blocks_of(grid, ground)
    taken = [ground.intersection(shapely.box(*grid.box_of(block))).area for block in blocks]
    assert len(blocks) > 3
    assert taken == sorted(taken, reverse=True)
    held = sum(len(cells_in(grid, block, ground)) for block in blocks)
    whole = Block(-4, 400, -4, 400)
    assert held == len(cells_in(grid, whole, ground)) > 10_000


def cells_in(grid: Grid, block: Block, ground: shapely.Polygon) -> np.ndarray:
    i, j = (part.ravel() for part in np.meshgrid(np.arange(block.i0, block.i1), np.arange(block.j0, block.j1)))
    return np.flatnonzero(shapely.contains_xy(ground, *grid.centres(i, j)))
