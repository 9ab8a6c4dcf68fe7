"""Which edges bound what polygons cover, and how do the lines of a raster cut them? All rings at once, in columns.

An edge that two neighbours share bounds nothing and goes before anything is cut: of a cadastre hardly more is left than
its outer border. It deliberately knows no share and no cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.checks.screening.raster import Raster
from planning.checks.screening.rings import Rings

# Odd numbers whose bits have no pattern. What they mix only says where to look; the corners themselves decide.
_MIX_X, _MIX_Y, _MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93], dtype=np.uint64)


@dataclass(frozen=True)
class Edges:
    """Hold edges in pixels, every one running upward: from, to, and *sign*, +1 where the area lies to its right."""

    x0: Any
    y0: Any
    x1: Any
    y1: Any
    sign: Any

    def at(self, index: Any) -> Edges:
        """Return the edges of an index or a mask, one for every number in it."""
        return Edges(self.x0[index], self.y0[index], self.x1[index], self.y1[index], self.sign[index])

    def __len__(self) -> int:
        return len(self.x0)


@dataclass(frozen=True)
class Pieces:
    """Hold pieces of edges, each within one pixel; the column left of the raster is -1, right of it *columns*.

    *height*: of the piece in pixels, below 0 where the area lies to its left; *inside*: how much of the width of its
    pixel lies to the left of its middle (0–1).
    """

    row: Any
    column: Any
    height: Any
    inside: Any


def pieces_of(rings: Rings, raster: Raster) -> Pieces:
    """Return what bounds the area of *rings*, cut at the borders of the pixels of *raster*.

    What lies above, below or to the right of the raster is left out: it changes nothing in it.
    """
    parts = [_edges(part, raster) for part in rings.in_parts()]
    edges = _joined([_without_common(part) for part in parts])
    # where neighbours were found, others fell into different parts
    if len(edges) < 0.75 * sum(len(part) for part in parts):
        edges = _without_common(edges)
    row, column = np.floor(edges.y0), np.floor(np.minimum(edges.x0, edges.x1))
    # most edges are shorter than a pixel is wide; what lies in one pixel needs no cutting
    whole = (edges.y1 <= row + 1) & (np.maximum(edges.x0, edges.x1) <= column + 1)
    whole &= (row >= 0) & (column >= 0) & (column < raster.columns)
    short = _pieces(edges.at(whole), row[whole].astype(np.int64), column[whole].astype(np.int64))
    cut, column = _by_column(_by_row(edges.at(~whole), raster.rows), raster.columns)
    row = np.floor((cut.y0 + cut.y1) / 2).astype(np.int64).clip(0, raster.rows - 1)
    long = _pieces(cut, row, column)
    return Pieces(*(np.concatenate(pair) for pair in zip(short, long, strict=True)))


def _pieces(cut: Edges, row: Any, column: Any) -> tuple[Any, Any, Any, Any]:
    return row, column, (cut.y1 - cut.y0) * cut.sign, ((cut.x0 + cut.x1) / 2 - column).clip(0, 1)


def _edges(rings: Rings, raster: Raster) -> Edges:
    """Return the edges of *rings* that can matter to the raster."""
    x = (rings.points[:, 0] - raster.west) / raster.wide
    y = (rings.points[:, 1] - raster.south) / raster.high
    x0, y0, x1, y1 = x[:-1], y[:-1], x[1:], y[1:]
    # twice the area below every edge; what joins two rings is none
    below = (x1 - x0) * (y0 + y1)
    below[rings.ends[:-1] - 1] = 0.0
    # the area of a ring is above 0 where it runs clockwise
    sign = np.sign(np.add.reduceat(below, rings.ends - np.diff(rings.ends, prepend=0)))
    sign = np.repeat(np.where(rings.hole, -sign, sign), np.diff(rings.ends, prepend=0))[:-1]
    low, high = np.minimum(y0, y1), np.maximum(y0, y1)
    matters = (low < high) & (high > 0) & (low < raster.rows) & (np.minimum(x0, x1) < raster.columns)
    matters[rings.ends[:-1] - 1] = False
    kept = np.flatnonzero(matters)
    x0, x1, up, sign = x0[kept], x1[kept], (y0 < y1)[kept], sign[kept]
    return Edges(np.where(up, x0, x1), low[kept], np.where(up, x1, x0), high[kept], np.where(up, sign, -sign))


def _joined(parts: list[Edges]) -> Edges:
    if len(parts) == 1:
        return parts[0]
    columns = zip(*((part.x0, part.y0, part.x1, part.y1, part.sign) for part in parts), strict=True)
    return Edges(*(np.concatenate(column) for column in columns)) if parts else Edges(*(np.empty(0),) * 5)


def _without_common(edges: Edges) -> Edges:
    """Return the edges less pairs of one edge with areas on both sides, which add nothing.

    Where three or more lie upon one another some pair may stay: it adds nothing when it is cut, either.
    """
    low_bits = np.uint64((1 << len(edges).bit_length()) - 1)
    key = (_mixed(edges.x0, edges.y0) + _mixed(edges.x1, edges.y1) * _MIX) & ~low_bits
    # the number of the edge goes along in the low bits: sorting numbers is quicker than sorting an index
    key |= np.arange(len(edges), dtype=np.uint64)
    key.sort()
    (alike,) = np.nonzero((key[1:] ^ key[:-1]) <= low_bits)
    # every second one of a run, so that no edge stands in two pairs
    begins = np.diff(alike, prepend=-2) > 1
    alike = alike[(alike - np.maximum.accumulate(np.where(begins, alike, 0))) % 2 == 0]
    number = (key & low_bits).astype(np.int64)
    one, other = number[alike], number[alike + 1]
    common = edges.sign[one] == -edges.sign[other]
    for side in (edges.x0, edges.y0, edges.x1, edges.y1):
        common &= side[one] == side[other]
    kept = np.ones(len(edges), dtype=bool)
    kept[one[common]] = kept[other[common]] = False
    return edges.at(kept)


def _mixed(x: Any, y: Any) -> Any:
    mixed = x.view(np.uint64) * _MIX_X + y.view(np.uint64) * _MIX_Y
    return (mixed ^ (mixed >> np.uint64(29))) * _MIX


def _by_row(edges: Edges, rows: int) -> Edges:
    """Cut edges at the borders of rows; what lies above or below the raster is dropped."""
    first = np.floor(edges.y0).clip(0, rows).astype(np.int64)
    last = np.ceil(edges.y1).clip(0, rows).astype(np.int64)
    index, row = _spread(first, last - first)
    piece = edges.at(index)
    slope = (piece.x1 - piece.x0) / (piece.y1 - piece.y0)
    begin, end = np.maximum(piece.y0, row), np.minimum(piece.y1, row + 1)
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
