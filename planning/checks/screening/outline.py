"""What boundary would a person draw around the pixels of a site? Smooth, one piece, free ground, the 1 mm grid.

Corners are rounded inwards only: what is outside the free pixels stays outside. It checks no rule.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from layers.crs import storage_srid
from layers.grid import on_grid
from planning.checks.screening.raster import Raster
from planning.checks.screening.suitable import Suitable

_ROUND_M = 45.0
_SIMPLE_M = 12.0
_INSIDE_M = 2.0


def outline(site: Any, found: Suitable, *, wanted_m2: float, holes: bool) -> Any | None:
    """Return the boundary of *site* (boolean pixels) as a shapely polygon in metres; None when nothing is left of it.

    Rounding takes corners away, so the boundary is moved until it holds about *wanted_m2*. *holes*: fill enclosed
    pixels, unless something prohibited lies in them. The boundary stays on free pixels and filled holes.
    """
    rough = squares(site, found.raster)
    kept = filled(rough, found) if holes else rough
    # a little inside, so that straightening a line does not lead out
    allowed = shapely.buffer(
        shapely.union_all([squares(_around(site, found), found.raster), kept]), -_INSIDE_M, join_style="mitre"
    )
    # close narrow bays, then cut narrow tongues off; each step is brought back to allowed ground
    smooth = shapely.intersection(shapely.buffer(shapely.buffer(kept, _ROUND_M), -_ROUND_M), allowed)
    smooth = shapely.buffer(shapely.buffer(smooth, -_ROUND_M), _ROUND_M)
    for _step in range(4):
        if smooth.is_empty:
            break
        moved = shapely.buffer(smooth, (wanted_m2 - smooth.area) / smooth.length)
        smooth = _largest(shapely.intersection(moved, allowed)) or shapely.Polygon()
    straight = shapely.intersection(shapely.simplify(smooth, _SIMPLE_M), allowed)
    straight = shapely.buffer(shapely.buffer(straight, -2 * _INSIDE_M), 2 * _INSIDE_M, quad_segs=2)
    best = _largest(shapely.simplify(straight, _INSIDE_M / 2)) or _largest(kept)
    return _without_free_holes(best, found) if holes and best is not None else best


def _without_free_holes(polygon: Any, found: Suitable) -> Any:
    kept = [ring for ring in polygon.interiors if _banned_in(shapely.polygons(ring), found)]
    return shapely.Polygon(polygon.exterior, kept)


def squares(pixels: Any, raster: Raster) -> Any:
    """Return *pixels* as one area: rows of pixels as boxes, united."""
    padded = np.zeros((raster.rows, raster.columns + 2), dtype=np.int8)
    padded[:, 1:-1] = pixels
    edges = np.diff(padded, axis=1)
    row, begin = np.nonzero(edges == 1)
    _row, end = np.nonzero(edges == -1)
    boxes = shapely.box(
        raster.west + begin * raster.wide,
        raster.south + row * raster.high,
        raster.west + end * raster.wide,
        raster.south + (row + 1) * raster.high,
    )
    return shapely.union_all(boxes)


def filled(area: Any, found: Suitable) -> Any:
    """Return *area* with its holes filled in which nothing prohibited lies."""
    return shapely.union_all([_without_free_holes(part, found) for part in shapely.get_parts(area)])


def _banned_in(hole: Any, found: Suitable) -> bool:
    """Tell whether a pixel that meets *hole* holds something prohibited."""
    raster = found.raster
    west, south, east, north = hole.bounds
    columns = slice(math.floor((west - raster.west) / raster.wide), math.ceil((east - raster.west) / raster.wide))
    rows = slice(math.floor((south - raster.south) / raster.high), math.ceil((north - raster.south) / raster.high))
    banned = np.argwhere(found.banned[rows, columns])
    if not len(banned):
        return False
    x = raster.west + (banned[:, 1] + columns.start + 0.5) * raster.wide
    y = raster.south + (banned[:, 0] + rows.start + 0.5) * raster.high
    return bool(shapely.contains_xy(hole, x, y).any())


def _around(site: Any, found: Suitable) -> Any:
    """Return the free pixels near the site, and the site."""
    rows, columns = np.nonzero(site)
    span = 8
    near = np.zeros(site.shape, dtype=bool)
    near[max(0, rows.min() - span) : rows.max() + span + 1, max(0, columns.min() - span) : columns.max() + span + 1] = (
        True
    )
    return (found.free & near) | site


def _largest(area: Any) -> Any | None:
    parts = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon" and not part.is_empty]
    return max(parts, key=lambda part: part.area) if parts else None


def as_zone(polygon: Any) -> MultiPolygon | None:
    """Return a shapely polygon as a zone on the 1 mm grid; None when rounding breaks it."""
    geom = on_grid(GEOSGeometry(memoryview(shapely.to_wkb(polygon)), srid=storage_srid()))
    if geom.empty or not geom.valid:
        return None
    return geom if isinstance(geom, MultiPolygon) else MultiPolygon(geom, srid=geom.srid)


def compactness(polygon: Any) -> float:
    """Return 4π·area ÷ perimeter²: 1 for a disc, 0.79 for a square (Polsby and Popper 1991)."""
    return float(4 * math.pi * polygon.area / polygon.length**2) if polygon.length else 0.0
