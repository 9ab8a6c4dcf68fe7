"""Which pixel is where? A raster anywhere, and the one whose pixels divide the cells of a block evenly.

It holds no values: what covers a pixel is `planning.checks.screening.cover`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

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
