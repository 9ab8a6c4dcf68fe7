"""Of which shapes is a generated layer made? Ragged areas that keep apart, winding lines, ribbons along them, points.

It knows no layer; `tests.bench.province.sheets` says how many of what make one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

GRID_M = 0.001
RASTER_M = 100.0


class Room:
    """Remember which ground is taken, so that the areas of one layer do not overlap."""

    def __init__(self, land: Any, chance: np.random.Generator) -> None:
        self.land = land
        self._chance = chance
        self._west, self._south, east, north = land.bounds
        self._east, self._north = east, north
        shapely.prepare(land)
        self._taken = np.zeros(
            (int((north - self._south) / RASTER_M) + 2, int((east - self._west) / RASTER_M) + 2), bool
        )

    def place(self, radius: float, *, tries: int = 60) -> tuple[float, float] | None:
        """Take a free circle somewhere on the land; None when none was found in *tries*."""
        for _try in range(tries):
            x, y = self._chance.uniform(self._west, self._east), self._chance.uniform(self._south, self._north)
            if not shapely.contains_xy(self.land, x, y):
                continue
            window = self._window(x, y, radius)
            if not self._taken[window].any():
                self._taken[window] = True
                return x, y
        return None

    def _window(self, x: float, y: float, radius: float) -> tuple[slice, slice]:
        def span(middle: float, start: float) -> slice:
            return slice(
                max(0, int((middle - radius - start) / RASTER_M)), max(0, int((middle + radius - start) / RASTER_M)) + 1
            )

        return span(y, self._south), span(x, self._west)


def ragged(at: tuple[float, float], radius: float, corners: int, chance: np.random.Generator) -> Any:
    """Return a star-shaped area within *radius* of *at* with *corners* corners and a rough edge."""
    waves = np.arange(2, max(4, corners // 6))
    spectrum = np.zeros(corners // 2 + 1, dtype=complex)
    strength = waves**-1.3
    spectrum[waves] = strength * np.exp(2j * np.pi * chance.random(len(waves)))
    rough = np.fft.irfft(spectrum, corners)
    rough = rough / max(1e-12, float(np.abs(rough).max()))
    reach = radius * (0.72 + 0.28 * rough)
    angle = 2 * np.pi * np.arange(corners) / corners
    points = np.column_stack([at[0] + reach * np.cos(angle), at[1] + reach * np.sin(angle)])
    return shapely.set_precision(shapely.polygons(points), GRID_M)


def winding(land: Any, length: float, step: float, chance: np.random.Generator) -> Any:
    """Return a winding line of about *length* metres with a corner every *step*, cut to the land; None when outside."""
    west, south, east, north = land.bounds
    count = max(6, int(length / step))
    turns = np.cumsum(chance.normal(0, 0.18, count)) * 0.35 + chance.normal(0, 0.25, count)
    heading = chance.uniform(0, 2 * math.pi) + turns
    start = np.array([chance.uniform(west, east), chance.uniform(south, north)])
    points = start + np.cumsum(step * np.column_stack([np.cos(heading), np.sin(heading)]), axis=0)
    cut = shapely.intersection(shapely.linestrings(points), land)
    parts = [part for part in shapely.get_parts(cut) if part.geom_type == "LineString"]
    if not parts:
        return None
    longest = max(parts, key=lambda part: float(part.length))
    return shapely.linestrings(np.round(shapely.get_coordinates(longest), 3)) if longest.length > 2 * step else None


def ribbon(line: Any, width: float) -> Any:
    """Return a line widened to *width* metres."""
    return shapely.set_precision(shapely.buffer(line, width / 2, quad_segs=2), GRID_M)


def box(at: tuple[float, float], wide: float, deep: float) -> Any:
    """Return a rectangle around a point."""
    west, south = round(at[0] - wide / 2, 1), round(at[1] - deep / 2, 1)
    return shapely.box(west, south, round(west + wide, 1), round(south + deep, 1))


def points_in(land: Any, count: int, chance: np.random.Generator) -> NDArray[np.float64]:
    """Return *count* places on the land, (n, 2)."""
    west, south, east, north = land.bounds
    found: list[NDArray[np.float64]] = []
    missing = count
    while missing > 0:
        tried = np.round(chance.uniform((west, south), (east, north), size=(2 * missing + 8, 2)), 3)
        found.append(tried[shapely.contains_xy(land, tried[:, 0], tried[:, 1])][:missing])
        missing -= len(found[-1])
    return np.concatenate(found) if found else np.empty((0, 2))
