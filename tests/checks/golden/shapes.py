"""Which shapes has the golden province? Drawn with a seed by arithmetic alone, so that no library moves the input.

Coordinates are metres from the origin of the tests' land, rounded to the millimetre.
"""

from __future__ import annotations

import math
import random
from typing import Any

from django.contrib.gis.geos import LineString, MultiPolygon, Polygon

from tests.cast import EAST0, NORTH0, point

Ring = list[tuple[float, float]]


def ring(points: Ring) -> Ring:
    """Return a closed ring in the storage CRS on the grid."""
    placed = [(round(EAST0 + e, 3), round(NORTH0 + n, 3)) for e, n in points]
    return [*placed, placed[0]]


def polygon(*rings: Ring) -> Polygon:
    """Build a polygon by its rings, metres from the origin."""
    return Polygon(*[ring(one) for one in rings], srid=point(0, 0).srid)


def multi(*polygons: Polygon) -> MultiPolygon:
    """Gather polygons."""
    return MultiPolygon(*polygons, srid=point(0, 0).srid)


def line(points: Ring) -> LineString:
    """Build a line, metres from the origin."""
    return LineString([(round(EAST0 + e, 3), round(NORTH0 + n, 3)) for e, n in points], srid=point(0, 0).srid)


def blob(dice: random.Random, east: float, north: float, radius: float, corners: int, rough: float = 0.35) -> Ring:
    """Draw a ring round a place: every direction once, so it never crosses itself."""
    turn = dice.uniform(0, math.tau)
    points = []
    for step in range(corners):
        reach = radius * (1 - rough * dice.random())
        angle = turn + math.tau * step / corners
        points.append((east + reach * math.cos(angle), north + reach * math.sin(angle)))
    return points


def box(east: float, north: float, width: float, height: float) -> Ring:
    """Draw a rectangle by its lower left corner."""
    return [(east, north), (east + width, north), (east + width, north + height), (east, north + height)]


def comb(east: float, north: float, teeth: int, width: float, height: float) -> Ring:
    """Draw a comb that opens to the north."""
    points = [(east, north), (east + (2 * teeth - 1) * width, north)]
    for tooth in reversed(range(teeth)):
        left = east + 2 * tooth * width
        points += [(left + width, north + height), (left, north + height)]
        if tooth:
            points += [(left, north + width), (left - width, north + width)]
    return points


def path(dice: random.Random, start: tuple[float, float], end: tuple[float, float], bends: int, sway: float) -> Ring:
    """Draw a winding line between two places."""
    (e0, n0), (e1, n1) = start, end
    length = math.hypot(e1 - e0, n1 - n0)
    points = []
    for step in range(bends + 1):
        share, aside = step / bends, dice.uniform(-sway, sway)
        points.append(
            (
                e0 + share * (e1 - e0) - aside * (n1 - n0) / length,
                n0 + share * (n1 - n0) + aside * (e1 - e0) / length,
            )
        )
    return points


def ribbon(middle: Ring, width: float) -> Ring:
    """Draw a river of a width along a line: one bank there, the other back."""
    half = width / 2
    return [(e, n + half) for e, n in middle] + [(e, n - half) for e, n in reversed(middle)]


def dressed(zone: MultiPolygon, shift: int, reverse: bool, backwards: bool) -> MultiPolygon:
    """Give the same area another face: rings begin elsewhere and run the other way, parts in another order."""

    def ring(coords: Any) -> list[tuple[float, float]]:
        points = [(x, y) for x, y in coords][:-1]
        turned = points[shift % len(points) :] + points[: shift % len(points)]
        if reverse:
            turned.reverse()
        return [*turned, turned[0]]

    polygons = [Polygon(*[ring(coords) for coords in polygon.coords], srid=zone.srid) for polygon in zone]
    if backwards:
        polygons.reverse()
    return MultiPolygon(*polygons, srid=zone.srid)
