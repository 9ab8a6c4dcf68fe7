"""Does the quick way say of every cell what the plain one says: every pixel cut by every polygon, every cell summed?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely

from planning.checks.screening.cover import cover, tiled
from planning.checks.screening.edges import pieces_of
from planning.checks.screening.grid import SHAPES, Block, Grid
from planning.checks.screening.raster import Raster, raster_of
from planning.checks.screening.rings import rings_of
from planning.checks.screening.sieve import to_cells

SIZES_HA = (1, 4, 10, 25)
# The root of a share of 1e-16, which is rounding, is 1e-8: a doubt has half the digits of a share.
DOUBT = 1e-6


def cadastre(box: tuple[float, float, float, float], step: float) -> Any:
    """Return crooked parcels that tile more than *box*, corners shared to the digit, every other ring turned round."""
    random = np.random.default_rng(7)
    west, south, east, north = box
    x, y = np.meshgrid(np.arange(west - step, east + 2 * step, step), np.arange(south - step, north + 2 * step, step))
    nodes = np.stack([x, y], axis=-1) + random.uniform(-0.3 * step, 0.3 * step, (*x.shape, 2))
    rings = np.stack([nodes[:-1, :-1], nodes[:-1, 1:], nodes[1:, 1:], nodes[1:, :-1], nodes[:-1, :-1]], axis=2)
    parcels = np.asarray(shapely.polygons(rings.reshape(-1, 5, 2)))
    parcels[::2] = shapely.reverse(parcels[::2])
    return parcels


def awkward(box: tuple[float, float, float, float]) -> Any:
    """Return ground with holes, slivers, overlaps, an edge along the box, and much of it left, right, above, below."""
    west, south, east, north = box
    wide, high = east - west, north - south
    lake = (
        shapely.Point(west + wide / 2, south + high / 2)
        .buffer(high / 3)
        .difference(shapely.Point(west + wide / 2, south + high / 2).buffer(high / 5))
    )
    sliver = shapely.Polygon([(west - 50, south + 31), (east + 70, south + 200), (east + 70, south + 200.001)])
    left = shapely.box(west - 900, south + high / 7, west + wide / 9, south + high / 3)
    aside = shapely.box(west - 900, south + 3, west - 800, south + 90.5)
    right = shapely.box(east - wide / 9, south - 900, east + 900, south + high / 3)
    twins = shapely.MultiPolygon([shapely.box(west + 60, south + 60, west + 81, south + 99), left.buffer(-17)])
    edge = shapely.box(west, south + high / 2, west + wide / 4, north)
    return np.array([lake, sliver, left, aside, right, twins, edge, edge, shapely.Point(west + 9, south + 9)])


def some_of_a_cadastre(box: tuple[float, float, float, float]) -> Any:
    parcels = cadastre(box, 83)
    return parcels[np.random.default_rng(3).random(len(parcels)) < 0.6]


def thrice(box: tuple[float, float, float, float]) -> Any:
    parcels = cadastre(box, 140)
    parcels = parcels[np.random.default_rng(5).random(len(parcels)) < 0.4]
    return np.concatenate([parcels, parcels[::3], parcels[::4]])


GROUNDS = (awkward, some_of_a_cadastre, thrice)


def plain_pixels(polygons: Any, raster: Raster) -> Any:
    x, y = np.meshgrid(np.arange(raster.columns), np.arange(raster.rows))
    west, south = raster.west + x * raster.wide, raster.south + y * raster.high
    boxes = shapely.box(west, south, west + raster.wide, south + raster.high).ravel()
    at, which = shapely.STRtree(boxes).query(polygons)[::-1]
    taken = shapely.area(shapely.intersection(boxes[at], polygons[which])) / raster.pixel_m2
    shares = np.bincount(at, taken, len(boxes)).clip(0, 1)
    shares[shares < 1e-9] = 0
    return shares.reshape(raster.rows, raster.columns)


def plain_cells(shares: Any, grid: Grid, block: Block) -> Any:
    """Return share, most and doubt of every cell, pixel by pixel as `Pattern.members` names them."""
    pattern, found = grid.pattern, []
    for j in range(block.j0, block.j1):
        for i in range(block.i0, block.i1):
            period, number = divmod(i - block.i0, len(pattern.members))
            row, column = (j - block.j0 + 1) * pattern.ny, (period + 1) * pattern.nx
            sums = np.zeros(3)
            for member in pattern.members[number]:
                c, w = shares[row + member.dy, column + member.dx], min(member.share, 1.0)
                sums += c * w, c, math.sqrt(c * (1 - c) * w * (1 - w))
            found.append(sums)
    return np.array(found).T * pattern.pixel_m[0] * pattern.pixel_m[1] / grid.area_m2


def block_of(grid: Grid) -> Block:
    """Return cells that stand on about 1,200 m somewhere in the plane of the storage CRS."""
    i, j = grid.index_of(450_000.0, 1_400_000.0)
    across, up = (max(2, math.ceil(1_200 / step)) for step in grid.step)
    return Block(int(i) // 2 * 2, (int(i) + across + 1) // 2 * 2, int(j), int(j) + up)


@pytest.mark.parametrize("lie", GROUNDS)
@pytest.mark.parametrize("hectares", SIZES_HA)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_cell_gets_the_same_answer_as_pixel_by_pixel(shape: str, hectares: int, lie: Any) -> None:
    grid = Grid(shape, hectares * 10_000)
    block = block_of(grid)
    raster = raster_of(grid, block)
    polygons = lie(grid.box_of(block))
    found = to_cells(tiled(polygons, raster, grid.pattern.nx, grid.pattern.ny), grid, block)
    share, most, doubt = plain_cells(plain_pixels(polygons, raster), grid, block)
    assert 0.05 < share.mean() < 1, "the ground says too little"
    assert np.abs(found[0] - share.clip(0, 1)).max() < 1e-9
    assert np.abs(found[1] - most.clip(0, 1)).max() < 1e-9
    assert np.abs(found[2] - doubt.clip(0, 1)).max() < DOUBT


@pytest.mark.parametrize("lie", GROUNDS)
def test_pixels_are_the_same_whatever_the_tiles(lie: Any) -> None:
    raster = Raster(450_000.0, 1_400_000.0, 25.0, 20.0, 24, 30)
    polygons = lie(raster.box)
    whole = cover(polygons, raster)
    assert np.abs(whole - plain_pixels(polygons, raster)).max() < 1e-9
    for columns, rows in ((1, 1), (4, 5), (24, 30), (12, 2)):
        tiles = tiled(polygons, raster, columns, rows)
        every = np.repeat(tiles.rows[None], columns, axis=0)
        every[:, :, tiles.numbers] = tiles.shares
        up, across = raster.rows // rows, raster.columns // columns
        laid = every.reshape(columns, rows, up, across).transpose(2, 1, 3, 0).reshape(whole.shape)
        assert np.abs(laid - whole).max() < 1e-12


def test_only_tiles_with_an_edge_have_pixels() -> None:
    raster = Raster(0.0, 0.0, 25.0, 25.0, 40, 40)
    tiles = tiled(np.array([shapely.box(110, 110, 890, 390)]), raster, 4, 4)
    assert len(tiles.numbers) < 2 * 10 + 1
    assert cover(np.array([shapely.box(-50, -50, 5_000, 5_000)]), raster).min() == 1
    assert len(tiled(np.array([shapely.box(-50, -50, 5_000, 5_000)]), raster, 4, 4).numbers) == 0


def test_inner_borders_of_a_cadastre_are_not_cut() -> None:
    raster = Raster(450_000.0, 1_400_000.0, 25.0, 25.0, 40, 40)
    parcels = cadastre(raster.box, 60)
    assert len(pieces_of(rings_of(parcels), raster).row) < 3 * 40
    assert len(pieces_of(rings_of(parcels[::2]), raster).row) > 40 * 40 / 3
