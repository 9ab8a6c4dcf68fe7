"""How large is an overlap really? Exact rational arithmetic, slow and without any geometry library's overlay.

A polygon is the signed sum of triangles (origin, edge); so the overlap of two polygons is the signed sum of overlaps of
triangles, and those are convex: clip and take the shoelace, all in fractions.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

Vertex = tuple[Fraction, Fraction]


def exact_overlap(a: Any, b: Any) -> Fraction:
    """Return the exact area of the overlap of two valid shapely (multi)polygons."""
    origin = _first(a)
    total = Fraction(0)
    theirs = _triangles(b, origin)
    for one, sign in _triangles(a, origin):
        box = _box(one)
        for other, other_sign in theirs:
            if _apart(box, _box(other)):
                continue
            total += sign * other_sign * _convex_overlap(one, other)
    return total


def edges(shape: Any) -> int:
    """Return the number of edges, to know beforehand what the exact answer costs."""
    import shapely

    return int(shapely.get_num_coordinates(shape))


def _first(shape: Any) -> Vertex:
    import shapely

    x, y = shapely.get_coordinates(shape)[0]
    return Fraction(float(x)), Fraction(float(y))


def _triangles(shape: Any, origin: Vertex) -> list[tuple[tuple[Vertex, Vertex, Vertex], int]]:
    import shapely

    found = []
    for polygon in shapely.get_parts(shape):
        for place, ring in enumerate([polygon.exterior, *polygon.interiors]):
            points = [(Fraction(float(x)), Fraction(float(y))) for x, y in ring.coords]
            wanted = 1 if place == 0 else -1
            if _twice(points[:-1]) * wanted < 0:
                points.reverse()
            for start, end in pairwise(points):
                triangle = (origin, start, end)
                twice = _twice(list(triangle))
                if twice > 0:
                    found.append((triangle, 1))
                elif twice < 0:
                    found.append(((origin, end, start), -1))
    return found


def _twice(points: list[Vertex]) -> Fraction:
    total = Fraction(0)
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        total += x0 * y1 - x1 * y0
    return total


def _box(triangle: tuple[Vertex, ...]) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    xs, ys = [x for x, _y in triangle], [y for _x, y in triangle]
    return min(xs), min(ys), max(xs), max(ys)


def _apart(a: tuple[Fraction, ...], b: tuple[Fraction, ...]) -> bool:
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def _convex_overlap(subject: tuple[Vertex, ...], clip: tuple[Vertex, ...]) -> Fraction:
    """Clip one counter-clockwise triangle by the other (Sutherland–Hodgman) and return the area left."""
    points = list(subject)
    for start, end in zip(clip, clip[1:] + clip[:1], strict=True):
        sides = [_side(start, end, point) for point in points]
        kept: list[Vertex] = []
        for place, point in enumerate(points):
            other, side, other_side = points[place - 1], sides[place], sides[place - 1]
            if (side > 0 > other_side) or (side < 0 < other_side):
                share = other_side / (other_side - side)
                kept.append((other[0] + share * (point[0] - other[0]), other[1] + share * (point[1] - other[1])))
            if side >= 0:
                kept.append(point)
        points = kept
        if len(points) < 3:
            return Fraction(0)
    return _twice(points) / 2


def _side(start: Vertex, end: Vertex, point: Vertex) -> Fraction:
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])
