"""Is the covered share of every pixel what an overlay of that pixel gives?"""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planning.checks.screening.cover import cover, tiled
from planning.checks.screening.grid import SHAPES, Block, Grid
from planning.checks.screening.raster import Raster, raster_of
from planning.checks.screening.sieve import to_cells

RASTER = Raster(1_000.0, 2_000.0, 25.0, 20.0, 16, 12)
corner = st.tuples(st.floats(800, 1_600), st.floats(1_850, 2_400))


def pixels(raster: Raster) -> np.ndarray:
    x, y = np.meshgrid(np.arange(raster.columns), np.arange(raster.rows))
    west, south = raster.west + x * raster.wide, raster.south + y * raster.high
    return np.asarray(shapely.box(west, south, west + raster.wide, south + raster.high))


@given(st.lists(st.tuples(corner, corner, corner), min_size=1, max_size=6))
def test_the_share_of_a_pixel_is_exact_for_ground_covered_once(triangles: list[tuple[object, ...]]) -> None:
    ground = shapely.make_valid(shapely.union_all(shapely.polygons([list(triangle) for triangle in triangles])))
    expected = shapely.area(shapely.intersection(pixels(RASTER), ground)) / RASTER.pixel_m2
    assert np.abs(cover(np.array([ground]), RASTER) - expected).max() < 1e-7


@given(st.lists(st.tuples(corner, corner, corner), min_size=2, max_size=5))
def test_where_ground_overlaps_a_pixel_is_never_covered_less_than_it_is(triangles: list[tuple[object, ...]]) -> None:
    polygons = shapely.polygons([list(triangle) for triangle in triangles])
    united = shapely.union_all(shapely.make_valid(polygons))
    expected = shapely.area(shapely.intersection(pixels(RASTER), united)) / RASTER.pixel_m2
    covered = cover(polygons, RASTER)
    assert (covered >= expected - 1e-7).all()
    assert covered.max(initial=0) <= 1


def test_a_hole_is_not_covered_and_the_direction_of_rings_does_not_matter() -> None:
    outer, inner = shapely.box(1_000, 2_000, 1_400, 2_240), shapely.box(1_100, 2_040, 1_200, 2_100)
    ring = shapely.Polygon(outer.exterior, [inner.exterior])
    turned = shapely.Polygon(outer.exterior.reverse(), [inner.exterior.reverse()])
    for ground in (ring, turned, shapely.Polygon(outer.exterior.reverse(), [inner.exterior])):
        assert cover(np.array([ground]), RASTER).sum() * RASTER.pixel_m2 == ring.area


def test_points_lines_and_nothing_cover_nothing() -> None:
    things = np.array([shapely.Point(1_010, 2_010), shapely.LineString([(1_000, 2_000), (1_300, 2_200)])])
    assert cover(things, RASTER).sum() == 0
    assert cover(np.empty(0, dtype=object), RASTER).sum() == 0


@given(st.sampled_from(SHAPES), st.lists(st.tuples(corner, corner, corner), min_size=1, max_size=4))
def test_a_cell_is_covered_by_what_its_pixels_say_within_the_stated_doubt(
    shape: str, triangles: list[tuple[object, ...]]
) -> None:
    grid, block = Grid(shape, 10_000), Block(8, 16, 16, 24)
    ground = shapely.make_valid(shapely.union_all(shapely.polygons([list(triangle) for triangle in triangles])))
    tiles = tiled(np.array([ground]), raster_of(grid, block), grid.pattern.nx, grid.pattern.ny)
    share, most, doubt = to_cells(tiles, grid, block)
    i, j = (part.ravel() for part in np.meshgrid(np.arange(block.i0, block.i1), np.arange(block.j0, block.j1)))
    exact = shapely.area(shapely.intersection(grid.outlines(i, j), ground)) / grid.area_m2
    assert (np.abs(share - exact) <= doubt + 1e-7).all()
    assert (most >= exact - 1e-7).all()
    if shape == "square":
        assert np.abs(share - exact).max() < 1e-7
