"""How does a figure (middle, area, bearing) or a few way-points become a natural-looking shape? Seeded, on the grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon

from project.demo.frame import on_grid, rng, storage_xy


def blob(
    name: str, at: Sequence[float], area_m2: float, *, ratio: float = 1.3, bearing: float = 0.0, rough: float = 0.12
) -> Any:
    """Return a rough ellipse about a longitude and latitude with the given area (before rounding to the grid)."""
    random = rng("blob", name)
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    radius = np.ones_like(angles)
    for wave in range(2, 8):
        radius += rough * random.normal() / wave * np.cos(wave * angles + random.uniform(0, 2 * np.pi)) * 1.6
    radius = np.clip(radius, 0.45, 1.8)
    x, y = radius * np.cos(angles) * np.sqrt(ratio), radius * np.sin(angles) / np.sqrt(ratio)
    turn = np.radians(bearing)
    xy = np.column_stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)])
    scale = np.sqrt(area_m2 / Polygon(xy).area)
    return on_grid(Polygon(xy * scale + storage_xy(at[0], at[1])[0]))


def plot(at: Sequence[float], area_m2: float, *, ratio: float = 1.3, bearing: float = 0.0) -> Any:
    """Return a rectangle with one cut corner, as sites of parks and clusters have, of exactly the given area."""
    half_x, half_y = np.sqrt(ratio) / 2, 1 / np.sqrt(ratio) / 2
    corners = np.array([(-1, -1), (1, -1), (1, 0.55), (0.6, 1), (-1, 1)]) * [half_x, half_y]
    turn = np.radians(bearing)
    xy = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    scale = np.sqrt(area_m2 / Polygon(xy).area)
    return on_grid(Polygon(xy * scale + storage_xy(at[0], at[1])[0]))


def ring(name: str, pairs: Sequence[tuple[float, float]], *, step_m: float = 400.0, rough: float = 0.10) -> Polygon:
    """Return the polygon through way-points with its sides roughened (displacement as a share of the piece)."""
    random = rng("ring", name)
    lonlat = np.asarray(pairs, dtype=float)
    points = storage_xy(lonlat[:, 0], lonlat[:, 1])
    points = np.vstack([points, points[:1]])
    while True:
        gap = np.diff(points, axis=0)
        length = np.hypot(gap[:, 0], gap[:, 1])
        if length.max() <= step_m:
            break
        side = np.column_stack([-gap[:, 1], gap[:, 0]]) / length[:, None]
        shift = np.clip(random.normal(size=len(gap)) * rough * length, -900, 900) * (length > step_m)
        middle = (points[1:] + points[:-1]) / 2 + side * shift[:, None]
        joined = np.empty((len(points) + len(middle), 2))
        joined[0::2], joined[1::2] = points, middle
        points = joined
    return largest(on_grid(shapely.make_valid(Polygon(points))))


def straight_ring(pairs: Sequence[tuple[float, float]]) -> Any:
    """Return the polygon through way-points as given, on the grid."""
    lonlat = np.asarray(pairs, dtype=float)
    return on_grid(Polygon(storage_xy(lonlat[:, 0], lonlat[:, 1])))


def meander(name: str, line: Any, *, step_m: float = 250.0, rough: float = 0.12) -> Any:
    """Return a line whose straight pieces are displaced sideways; ends and way-points stay."""
    random = rng("meander", name)
    points = np.array(line.coords)
    while True:
        gap = np.diff(points, axis=0)
        length = np.hypot(gap[:, 0], gap[:, 1])
        if length.max() <= step_m:
            break
        side = np.column_stack([-gap[:, 1], gap[:, 0]]) / np.maximum(length, 1e-6)[:, None]
        shift = random.normal(size=len(gap)) * rough * length * (length > step_m)
        middle = (points[1:] + points[:-1]) / 2 + side * shift[:, None]
        joined = np.empty((len(points) + len(middle), 2))
        joined[0::2], joined[1::2] = points, middle
        points = joined
    return on_grid(LineString(points))


def polygons(geometry: Any) -> list[Polygon]:
    """Return the polygons of any geometry, largest first."""
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and part.area > 1.0]
    if not parts and geometry.geom_type == "GeometryCollection":
        parts = [p for g in geometry.geoms for p in polygons(g)]
    return sorted(parts, key=lambda part: -part.area)


def largest(geometry: Any) -> Polygon:
    """Return the largest polygon of a geometry."""
    return polygons(geometry)[0]


def as_multi(geometry: Any) -> MultiPolygon:
    """Return the areal parts of a geometry as a multipolygon."""
    return MultiPolygon(polygons(geometry))
