"""How high and how steep is the demo province, roughly? Bands interpolated from spot heights; never a terrain model."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from project.demo.figures_reader import read_rows
from project.demo.frame import on_grid, rng, storage_xy
from project.demo.row import Row
from project.demo.shapes import as_multi
from project.demo.units import province

CELL_M = 1500.0
HEIGHT_BANDS = (-500, 50, 200, 400, 600, 800, 1000, 1300, 1600, 2000, 3500)
TINTS = ("#f2f4ea", "#eef1e3", "#e9ecd8", "#e5e4cd", "#ded9c0", "#d6ceb3", "#cdc2a5", "#c3b496", "#b8a687", "#ab9778")
SLOPE_BANDS = (-1.0, 8.0, 15.0, 25.0, 900.0)
SLOPE_CLASSES = ("0-8", "8-15", "15-25", "25+")


@cache
def _field() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return grid eastings, northings and heights: inverse-distance means plus seeded ridges that grow with height."""
    spots = read_rows("relief")
    xy = storage_xy([s["lon"] for s in spots], [s["lat"] for s in spots])
    height = np.array([float(s["height_m"]) for s in spots])
    reach = np.array([float(s["reach_km"]) for s in spots]) * 1000
    min_x, min_y, max_x, max_y = province().bounds
    east = np.arange(min_x - 2 * CELL_M, max_x + 3 * CELL_M, CELL_M)
    north = np.arange(min_y - 2 * CELL_M, max_y + 3 * CELL_M, CELL_M)
    grid_x, grid_y = np.meshgrid(east, north)
    distance2 = (grid_x[..., None] - xy[:, 0]) ** 2 + (grid_y[..., None] - xy[:, 1]) ** 2
    weight = 1.0 / (0.12 + distance2 / reach**2) ** 2
    ground = (weight * height).sum(-1) / weight.sum(-1)
    random = rng("relief")
    waves = np.zeros_like(ground)
    for length_km in (34, 21, 13, 8.5, 5.5):
        for _ in range(3):
            angle, phase = random.uniform(0, 2 * np.pi, 2)
            along = grid_x * np.cos(angle) + grid_y * np.sin(angle)
            waves += np.sin(2 * np.pi * along / (length_km * 1000) + phase) * length_km / 60
    spread = np.sqrt((weight * (height - ground[..., None]) ** 2).sum(-1) / weight.sum(-1))
    return east, north, np.maximum(ground + waves * (12 + 0.55 * spread), 0.0)


def _bands(values: NDArray[np.float64], edges: tuple[float, ...]) -> list[Any]:
    import contourpy

    east, north, _ = _field()
    generator: Any = contourpy.contour_generator(east, north, values, fill_type=contourpy.FillType.OuterOffset)
    bands = []
    for low, high in pairwise(edges):
        rings, offsets = generator.filled(low, high)
        parts = [
            Polygon(points[at[0] : at[1]], [points[a:b] for a, b in pairwise(at[1:])])
            for points, at in zip(rings, offsets, strict=True)
        ]
        shape = shapely.make_valid(shapely.union_all(parts)) if parts else Polygon()
        bands.append(as_multi(on_grid(shapely.intersection(shape, province()))))
    return bands


@cache
def elevation() -> tuple[Row, ...]:
    """Return the height bands with their limits in metres."""
    rows = []
    bands = zip(_bands(_field()[2], HEIGHT_BANDS), pairwise(HEIGHT_BANDS), TINTS, strict=True)
    for shape, (low, high), tint in bands:
        if not shape.is_empty:
            label = f"{max(low, 0)}–{high} m" if high < HEIGHT_BANDS[-1] else f"> {low} m"
            attributes = {"from_m": max(low, 0), "to_m": high, "colour": tint}
            rows.append(Row(shape, label, str(max(low, 0)), attributes))
    return tuple(rows)


@cache
def slope() -> tuple[Row, ...]:
    """Return slope classes in per cent; the coarse grid understates slope, so it is stretched by a fixed factor."""
    _, _, height = _field()
    down, across = np.gradient(height, CELL_M)
    percent = np.hypot(down, across) * 100 * 2.2
    return tuple(
        Row(shape, f"Độ dốc {label} %", label, {"from_percent": max(low, 0.0), "to_percent": min(high, 100.0)})
        for shape, label, low, high in zip(
            _bands(percent, SLOPE_BANDS), SLOPE_CLASSES, SLOPE_BANDS[:-1], SLOPE_BANDS[1:], strict=True
        )
        if not shape.is_empty
    )
