"""Which lines does one DXF entity draw, and to which kind does it belong? Straight from its numbers, curves as chords.

ezdxf parses and moves between coordinate systems; arcs are cut here, because its Bézier paths miss an arc of 100 m
radius by centimetres. Nothing is exploded here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from layers.intake.cad.splines import spline
from layers.intake.cad.strokes import Pen, Points, chained

LINES = frozenset({"LINE", "ARC", "CIRCLE", "ELLIPSE", "LWPOLYLINE", "POLYLINE", "SPLINE"})
HATCHES = frozenset({"HATCH", "MPOLYGON"})
TEXTS = frozenset({"TEXT", "MTEXT", "ATTRIB", "ATTDEF"})
_FULL = 2 * math.pi
_SPLINE_FRAME = 16

Drawn = tuple[Points, bool, bool]  # points, closed, curved


def kind_of(entity: Any) -> str:
    """Return "closed", "open", "hatch", "text", "point", "insert" or "other"."""
    name = entity.dxftype()
    if name == "POLYLINE" and not (entity.is_2d_polyline or entity.is_3d_polyline):
        return "other"
    if name in LINES:
        return "closed" if _is_closed(entity) else "open"
    for kind, names in (("hatch", HATCHES), ("text", TEXTS), ("point", {"POINT"}), ("insert", {"INSERT"})):
        if name in names:
            return kind
    return "other"


def _is_closed(entity: Any) -> bool:
    name = entity.dxftype()
    if name in {"LWPOLYLINE", "POLYLINE"}:
        return bool(entity.is_closed)
    if name == "SPLINE":
        return bool(entity.closed)
    return name == "CIRCLE" or (name == "ELLIPSE" and _sweep(entity.dxf.start_param, entity.dxf.end_param) == _FULL)


def anchor(entity: Any) -> tuple[float, float] | None:
    """Return some point of an entity, None when it has none at hand."""
    name = entity.dxftype()
    if name == "LWPOLYLINE":
        first = next(iter(entity.get_points("xy")), None)
        return None if first is None else (float(first[0]), float(first[1]))
    if name == "POLYLINE":
        vertex = next(iter(entity.vertices), None)
        return None if vertex is None else (float(vertex.dxf.location.x), float(vertex.dxf.location.y))
    if name == "SPLINE":
        points = [*entity.control_points[:1], *entity.fit_points[:1]]
        return (float(points[0][0]), float(points[0][1])) if points else None
    for key in ("start", "center", "insert", "location"):
        if entity.dxf.hasattr(key):
            spot = entity.dxf.get(key)
            return float(spot.x), float(spot.y)
    return None


def has_height(entity: Any) -> bool:
    """Tell whether a line carries heights that are going to be dropped."""
    if entity.dxftype() == "POLYLINE":
        return bool(entity.is_3d_polyline) and any(vertex.dxf.location.z for vertex in entity.vertices)
    return entity.dxftype() == "LINE" and bool(entity.dxf.start.z or entity.dxf.end.z)


def drawn(entity: Any, pen: Pen) -> Iterator[Drawn]:
    """Yield the lines of one entity in world coordinates; nothing for one that draws none.

    Raises Refusal COORD_NOT_FINITE or TOO_MANY_VERTICES.
    """
    name = entity.dxftype()
    if name == "LINE":
        pen.budget.take(2)
        start, end = entity.dxf.start, entity.dxf.end
        yield np.array([[start.x, start.y], [end.x, end.y]]), False, False
    elif name in {"ARC", "CIRCLE"}:
        yield _arc(entity, pen)
    elif name == "ELLIPSE":
        yield _ellipse(entity, pen)
    elif name in {"LWPOLYLINE", "POLYLINE"} and kind_of(entity) != "other":
        yield from _polyline(entity, pen)
    elif name == "SPLINE":
        points = spline(entity.construction_tool(), pen)
        if len(points):
            yield points, bool(entity.closed), True
    elif name in HATCHES:
        for path in entity.paths:
            for points, curved in _hatch_path(path, pen):
                yield _to_world(entity, points), True, curved


def _arc(entity: Any, pen: Pen) -> Drawn:
    centre, radius = entity.dxf.center, abs(float(entity.dxf.radius))
    if entity.dxftype() == "CIRCLE":
        start, sweep = 0.0, _FULL
    else:
        start = math.radians(entity.dxf.start_angle)
        sweep = _sweep(start, math.radians(entity.dxf.end_angle))
    points = pen.arc((centre.x, centre.y), radius, (start, sweep))
    closed = sweep == _FULL
    return _to_world(entity, points[:-1] if closed else points), closed, True


def _ellipse(entity: Any, pen: Pen) -> Drawn:
    centre, major, minor = entity.dxf.center, entity.dxf.major_axis, entity.minor_axis
    start = float(entity.dxf.start_param)
    sweep = _sweep(start, float(entity.dxf.end_param))
    points = pen.ellipse((centre.x, centre.y), ((major.x, major.y), (minor.x, minor.y)), (start, sweep))
    closed = sweep == _FULL
    return (points[:-1] if closed else points), closed, True


def _sweep(start: float, end: float) -> float:
    """Return the angle from start to end against the clock; the whole turn when they are the same."""
    sweep = (end - start) % _FULL
    return _FULL if sweep < 1e-9 or sweep > _FULL - 1e-9 else sweep


def _polyline(entity: Any, pen: Pen) -> Iterator[Drawn]:
    """Read a polyline of either age; of a fitted one the fitted points, not the frame it was fitted to."""
    if entity.dxftype() == "LWPOLYLINE":
        places = list(entity.get_points("xyb"))
    else:
        shown = (vertex.dxf for vertex in entity.vertices if not vertex.dxf.flags & _SPLINE_FRAME)
        places = [(dxf.location.x, dxf.location.y, dxf.get("bulge", 0.0)) for dxf in shown]
    if len(places) < 2:
        return
    corners = np.array(places, dtype=float)
    closed = bool(entity.is_closed)
    if entity.dxftype() == "POLYLINE" and entity.is_3d_polyline:
        pen.budget.take(len(corners))
        yield corners[:, :2], closed, False
        return
    points, curved = pen.bulged(corners[:, :2], corners[:, 2], closed=closed)
    yield _to_world(entity, points), closed, curved


def _hatch_path(path: Any, pen: Pen) -> Iterator[tuple[Points, bool]]:
    """Return the outline of one boundary path of a hatch, in its own plane."""
    if hasattr(path, "vertices"):
        corners = np.array([(x, y, bulge) for x, y, bulge in path.vertices], dtype=float).reshape(-1, 3)
        if len(corners) > 1:
            yield pen.bulged(corners[:, :2], corners[:, 2], closed=True)
        return
    pieces: list[Points] = []
    curved = False
    for edge in path.edges:
        piece, bent = _hatch_edge(edge, pen)
        curved = curved or bent
        pieces.append(piece)
    if pieces:
        (outline,) = chained(pieces, math.inf)
        yield outline, curved


def _hatch_edge(edge: Any, pen: Pen) -> tuple[Points, bool]:
    name = edge.EDGE_TYPE
    if name == "LineEdge":
        pen.budget.take(2)
        return np.array([[edge.start.x, edge.start.y], [edge.end.x, edge.end.y]]), False
    if name == "SplineEdge":
        return spline(edge.construction_tool(), pen), True
    centre = (edge.center.x, edge.center.y)
    if name == "ArcEdge":
        start = math.radians(edge.start_angle)
        points = pen.arc(centre, abs(edge.radius), (start, _sweep(start, math.radians(edge.end_angle))))
    else:
        major, start = edge.major_axis, edge.start_param
        axes = ((major.x, major.y), (-major.y * edge.ratio, major.x * edge.ratio))
        points = pen.ellipse(centre, axes, (start, _sweep(start, edge.end_param)))
    return (points if edge.ccw else points[::-1]), True


def _to_world(entity: Any, points: Points) -> Points:
    """Move points of an entity's own plane to the world; mirrored blocks leave entities looked at from below."""
    extrusion = entity.dxf.get("extrusion", None)
    if extrusion is None or (extrusion.x == 0 and extrusion.y == 0 and extrusion.z > 0):
        return points
    elevation = entity.dxf.get("elevation", 0.0)
    height = elevation if isinstance(elevation, int | float) else elevation.z
    if entity.dxftype() in {"ARC", "CIRCLE"}:
        height = entity.dxf.center.z
    ocs = entity.ocs()
    return np.array([(point.x, point.y) for point in ocs.points_to_wcs((x, y, height) for x, y in points)])
