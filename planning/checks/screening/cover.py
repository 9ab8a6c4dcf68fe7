"""How much of every pixel do polygons cover? Exact areas, gathered edge by edge, for all pixels of a block at once.

Every edge adds the signed area to its right, pixel by pixel; a running sum along the rows gives the covered share (the
way font renderers fill outlines). Polygons that do not overlap come out exact to rounding; where they overlap one
another a pixel is covered at most once, and never less than it is. It deliberately knows no rule and no cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from planning.checks.screening.grid import Block, Grid


@dataclass(frozen=True)
class Raster:
    """Name the pixels of a block: lower left corner, size of a pixel in metres, columns and rows counted from there."""

    west: float
    south: float
    wide: float
    high: float
    columns: int
    rows: int

    @property
    def pixel_m2(self) -> float:
        """Return the area of a pixel in m²."""
        return self.wide * self.high

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Return (west, south, east, north) in metres."""
        return (
            self.west,
            self.south,
            self.west + self.columns * self.wide,
            self.south + self.rows * self.high,
        )

    def centres(self) -> tuple[Any, Any]:
        """Return the eastings of the columns and the northings of the rows at the middle of the pixels."""
        return (
            self.west + (np.arange(self.columns) + 0.5) * self.wide,
            self.south + (np.arange(self.rows) + 0.5) * self.high,
        )


def raster_of(grid: Grid, block: Block) -> Raster:
    """Return the pixels of *block*, with a margin of one period of the grid on every side."""
    pattern = grid.pattern
    wide, high = pattern.pixel_m
    periods_x, periods_y = (block.i1 - block.i0) // len(pattern.members), block.j1 - block.j0
    west = (block.i0 // len(pattern.members) - 1) * pattern.width
    south = (block.j0 - 1) * pattern.height
    return Raster(west, south, wide, high, (periods_x + 2) * pattern.nx, (periods_y + 2) * pattern.ny)


@dataclass(frozen=True)
class Edges:
    """Hold edges in pixels: from, to, and *sign* +1 where the area lies to the right of an upward edge."""

    x0: Any
    y0: Any
    x1: Any
    y1: Any
    sign: Any

    def at(self, index: Any) -> Edges:
        """Return the edges of an index, one for every number in it."""
        return Edges(self.x0[index], self.y0[index], self.x1[index], self.y1[index], self.sign[index])


def cover(polygons: Any, raster: Raster) -> Any:
    """Return the covered share (0–1) of every pixel, shape (rows, columns), rows from the south.

    *polygons*: an array of shapely (multi)polygons in metres, valid; anything else in it has no area and adds nothing.
    """
    edges = _edges(polygons, raster)
    if edges is None:
        return np.zeros((raster.rows, raster.columns))
    pieces, column = _by_column(_by_row(edges, raster.rows), raster.columns)
    row = np.floor((pieces.y0 + pieces.y1) / 2).astype(np.int64).clip(0, raster.rows - 1)
    height = (pieces.y1 - pieces.y0) * pieces.sign
    inside = np.where(column < 0, 0.0, ((pieces.x0 + pieces.x1) / 2 - column).clip(0, 1))
    wide = raster.columns + 2
    at = row * wide + column.clip(0, None)
    size = raster.rows * wide
    added = np.bincount(at, height * (1 - inside), size) + np.bincount(at + 1, height * inside, size + 1)[:size]
    shares = np.cumsum(added.reshape(raster.rows, wide), axis=1)[:, : raster.columns]
    shares[np.abs(shares) < 1e-9] = 0.0
    return shares.clip(0.0, 1.0)


def _edges(polygons: Any, raster: Raster) -> Edges | None:
    """Return the edges of all rings that can matter to the raster."""
    parts = shapely.get_parts(np.asarray(polygons, dtype=object))
    parts = parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]
    if not len(parts):
        return None
    rings, owner = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    points = (points - (raster.west, raster.south)) / (raster.wide, raster.high)
    start, end = points[:-1], points[1:]
    same = ring[:-1] == ring[1:]
    # twice the signed area of every ring, seen from one point so that digits are kept
    near, far = start - points[0], end - points[0]
    crossed = near[:, 0] * far[:, 1] - far[:, 0] * near[:, 1]
    area = np.bincount(ring[:-1][same], crossed[same], len(rings))
    hole = np.concatenate([[False], owner[1:] == owner[:-1]])
    sign = -np.sign(area) * np.where(hole, -1.0, 1.0)
    edges = Edges(start[:, 0], start[:, 1], end[:, 0], end[:, 1], sign[ring[:-1]])
    low, high = np.minimum(edges.y0, edges.y1), np.maximum(edges.y0, edges.y1)
    left = np.minimum(edges.x0, edges.x1) < raster.columns
    return edges.at(same & (low != high) & (high > 0) & (low < raster.rows) & left)


def _by_row(edges: Edges, rows: int) -> Edges:
    """Cut edges at the borders of rows; what lies above or below the raster is dropped."""
    first = np.floor(np.minimum(edges.y0, edges.y1)).clip(0, rows).astype(np.int64)
    last = np.ceil(np.maximum(edges.y0, edges.y1)).clip(0, rows).astype(np.int64)
    index, row = _spread(first, last - first)
    piece = edges.at(index)
    slope = (piece.x1 - piece.x0) / (piece.y1 - piece.y0)
    begin, end = piece.y0.clip(row, row + 1), piece.y1.clip(row, row + 1)
    return Edges(
        np.where(begin == piece.y0, piece.x0, piece.x0 + (begin - piece.y0) * slope),
        begin,
        np.where(end == piece.y1, piece.x1, piece.x0 + (end - piece.y0) * slope),
        end,
        piece.sign,
    )


def _by_column(edges: Edges, columns: int) -> tuple[Edges, Any]:
    """Cut pieces at the borders of columns and name the column; left of the raster it is -1, right of it *columns*."""
    first = np.floor(np.minimum(edges.x0, edges.x1)).clip(-1, columns).astype(np.int64)
    # a piece that ends on a border does not reach into the next column
    last = np.ceil(np.maximum(edges.x0, edges.x1)).clip(0, columns + 1).astype(np.int64) - 1
    index, column = _spread(first, np.maximum(last - first, 0) + 1)
    piece = edges.at(index)
    low = np.where(column == first[index], -np.inf, column)
    high = np.where(column >= last[index], np.inf, column + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(piece.x1 == piece.x0, 0.0, (piece.y1 - piece.y0) / (piece.x1 - piece.x0))
    begin, end = piece.x0.clip(low, high), piece.x1.clip(low, high)
    cut = Edges(
        begin,
        np.where(begin == piece.x0, piece.y0, piece.y0 + (begin - piece.x0) * slope),
        end,
        np.where(end == piece.x1, piece.y1, piece.y0 + (end - piece.x0) * slope),
        piece.sign,
    )
    return cut, column


def _spread(first: Any, count: Any) -> tuple[Any, Any]:
    """Return, for runs that begin at *first* and have *count* numbers, the run and the number of every place."""
    count = np.maximum(count, 0)
    index = np.repeat(np.arange(len(count)), count)
    return index, np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count) + first[index]
