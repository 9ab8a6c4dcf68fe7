"""Which rows does the corner table of a zone have? Clockwise from the north-west, holes as blocks of their own.

It formats nothing: pages and papers do.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class CornerRow:
    """One corner: its number, X (northing), Y (easting) in metres, and the side to the next corner in metres."""

    name: str
    x: float
    y: float
    side: float


@dataclass(frozen=True)
class CornerBlock:
    """One ring: title (empty when the zone has a single one), rows without the closing one."""

    title: str
    rows: tuple[CornerRow, ...]


def corner_blocks(zone: GEOSGeometry) -> list[CornerBlock]:
    """Return the corners of a (multi)polygon in the storage CRS, ring by ring, numbered through."""
    polygons: list[Any] = [zone] if isinstance(zone, Polygon) else list(zone) if isinstance(zone, MultiPolygon) else []
    rings: list[tuple[str, list[tuple[float, float]]]] = []
    for number, polygon in enumerate(polygons):
        title = _("Area %(letter)s") % {"letter": chr(ord("A") + number % 26)} if len(polygons) > 1 else ""
        for index, ring in enumerate(polygon):
            hole = _("hole %(n)d") % {"n": index} if index else ""
            rings.append((", ".join(word for word in (title, hole) if word), [(p[0], p[1]) for p in ring.coords[:-1]]))
    blocks, number = [], 1
    for title, points in rings:
        ordered = _from_north_west(points)
        rows = []
        for here, there in zip(ordered, [*ordered[1:], ordered[0]], strict=True):
            side = hypot(here[0] - there[0], here[1] - there[1])
            rows.append(CornerRow(str(number), round(here[1], 3), round(here[0], 3), round(side, 2)))
            number += 1
        blocks.append(CornerBlock(title, tuple(rows)))
    return blocks


def _from_north_west(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    doubled = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True))
    clockwise = points if doubled < 0 else points[::-1]
    west, north = min(p[0] for p in points), max(p[1] for p in points)
    start = min(range(len(clockwise)), key=lambda i: hypot(clockwise[i][0] - west, clockwise[i][1] - north))
    return clockwise[start:] + clockwise[:start]
