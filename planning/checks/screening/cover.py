"""How much of every pixel do polygons cover? Exact areas, gathered edge by edge, for all pixels of a block at once.

Every edge adds the signed area to its right, pixel by pixel; a running sum along the rows gives the covered share (the
way font renderers fill outlines). Polygons that do not overlap come out exact to rounding; where they overlap one
another a pixel is covered at most once, and never less than it is. It deliberately knows no rule and no cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.checks.screening.edges import pieces_of
from planning.checks.screening.raster import Raster
from planning.checks.screening.rings import Rings, rings_of

# A share below this is what rounding left.
_NOTHING = 1e-9


@dataclass(frozen=True)
class Tiles:
    """Hold the covered share (0–1) of every pixel of a raster cut into tiles, numbered row by row from the south.

    Most tiles lie wholly within or without: only those that an edge runs through have pixels of their own, in every
    other one a row of pixels has one share. *numbers*: the tiles with pixels; *shares*: their pixels, by column of the
    tile, row of the tile, place in *numbers*. *rows*: the share that enters from the left, by row of the tile and tile.
    """

    numbers: Any
    shares: Any
    rows: Any


def cover(polygons: Any, raster: Raster) -> Any:
    """Return the covered share (0–1) of every pixel, shape (rows, columns), rows from the south.

    *polygons*: an array of shapely (multi)polygons in metres, valid, or their `Rings`; whatever else is among them
    has no area and adds nothing.
    """
    tiles = tiled(polygons, raster, raster.columns, raster.rows)
    if len(tiles.numbers):
        return np.ascontiguousarray(tiles.shares[:, :, 0].T)
    return np.repeat(tiles.rows, raster.columns, axis=1)


def tiled(polygons: Any, raster: Raster, columns: int, rows: int) -> Tiles:
    """Return what *polygons* cover of a raster cut into tiles of *columns* × *rows* pixels, which divide it evenly."""
    pieces = pieces_of(polygons if isinstance(polygons, Rings) else rings_of(polygons), raster)
    across, up = raster.columns // columns, raster.rows // rows
    before = pieces.column < 0
    within = np.flatnonzero(~before & (pieces.column < raster.columns))
    row, column, height = pieces.row[within], pieces.column[within], pieces.height[within]
    tile = row // rows * across + column // columns
    met = np.zeros(up * across, dtype=bool)
    met[tile] = True
    numbers = np.flatnonzero(met)
    # one pixel after another, all tiles side by side: the running sum then adds whole rows of numbers
    count = len(numbers)
    at = (column % columns * rows + row % rows) * count + (np.cumsum(met) - 1)[tile]
    left_of_it = height * pieces.inside[within]
    # what does not fill the pixel of the edge fills the next one; a column more takes it beyond the tile
    added = _sums(
        np.concatenate([at, at + rows * count]),
        np.concatenate([height - left_of_it, left_of_it]),
        (columns + 1) * rows * count,
    ).reshape(columns + 1, rows, count)
    steps = np.zeros((rows, up, across + 1))
    steps[:, :, 0] = _sums(pieces.row[before], pieces.height[before], raster.rows).reshape(up, rows).T
    steps[:, numbers // across, numbers % across + 1] = added.sum(axis=0)
    entering = np.cumsum(steps[:, :, :-1], axis=2).reshape(rows, up * across)
    added[0] += entering[:, numbers]
    for place in range(1, columns):
        added[place] += added[place - 1]
    return Tiles(numbers, _settled(added[:columns]), _settled(entering))


def _sums(at: Any, values: Any, size: int) -> Any:
    # of nothing numpy counts whole numbers
    return np.bincount(at, values, size).astype(np.float64, copy=False)


def _settled(shares: Any) -> Any:
    np.clip(shares, 0.0, 1.0, out=shares)
    return np.multiply(shares, shares >= _NOTHING, out=shares)
