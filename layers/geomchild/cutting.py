"""How is a vetted area cut? Split by lines, minus, plus and common part, as operations of the geometry child.

Pieces of a split keep full precision so that they tile the area exactly; what becomes a zone again is put on the grid.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely

from layers.geomchild.refusal import Refusal
from layers.geomchild.rings import polygons_only, snapped

# How far an arc that widens a zone may lie off the true one: in metres, and far out as share of the distance.
_ARC_OFF_M = 0.0125
_FAR_OFF = 1.5e-5


def _shapes(blobs: list[bytes]) -> Any:
    return shapely.from_wkb(np.array(blobs, dtype=object))


def _out(shape: Any) -> list[bytes]:
    return [] if shapely.is_empty(shape) else [shapely.to_wkb(shapely.normalize(shape), byte_order=1)]


def cut(blobs: list[bytes], params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Split the first geometry (area) by the others (lines); return the pieces, north-west first.

    *min_area_m2*: smaller pieces are joined to the neighbour they share the longest edge with, so nothing is lost.
    Lines that do not cross the area change nothing. ``{"areas_m2", "used"}``: areas per piece, and per line whether it
    cut something off.
    """
    shapes = _shapes(blobs)
    zone, lines = shapes[0], shapes[1:]
    if len(lines) == 0:
        return {"areas_m2": [float(shapely.area(zone))], "used": []}, _out(zone)
    pieces = _split(zone, shapely.union_all(lines))
    used = [bool(len(_split(zone, line)) > shapely.get_num_geometries(zone)) for line in lines]
    if len(lines) > 1 and len(pieces) > shapely.get_num_geometries(zone):
        # A line may cut only together with others (a T): count it when leaving it out changes the number of pieces.
        for index, alone in enumerate(used):
            if not alone:
                others = shapely.union_all(np.delete(lines, index))
                used[index] = bool(len(_split(zone, others)) != len(pieces))
    pieces = _joined(pieces, float(params.get("min_area_m2", 0.0)))
    if len(pieces) > int(params.get("max_pieces", 500)):
        raise Refusal("TOO_MANY_PIECES", params={"count": len(pieces), "limit": int(params.get("max_pieces", 500))})
    pieces.sort(key=_reading_order)
    return {"areas_m2": [float(shapely.area(piece)) for piece in pieces], "used": used}, [
        shapely.to_wkb(shapely.normalize(piece), byte_order=1) for piece in pieces
    ]


def _split(zone: Any, cuts: Any) -> list[Any]:
    noded = shapely.unary_union(shapely.union(shapely.boundary(zone), cuts))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    shapely.prepare(zone)
    inside = shapely.contains_properly(zone, shapely.point_on_surface(faces))
    return list(faces[inside])


def _reading_order(piece: Any) -> tuple[float, float, float]:
    centre = shapely.centroid(piece)
    return (-round(shapely.get_y(centre), 3), round(shapely.get_x(centre), 3), float(shapely.area(piece)))


def _joined(pieces: list[Any], min_area: float) -> list[Any]:
    while len(pieces) > 1:
        smallest = min(range(len(pieces)), key=lambda index: float(shapely.area(pieces[index])))
        if shapely.area(pieces[smallest]) >= min_area:
            break
        crumb = pieces.pop(smallest)
        shared = shapely.length(shapely.intersection(shapely.boundary(crumb), shapely.boundary(np.array(pieces))))
        best = int(np.argmax(shared))
        pieces[best] = polygons_only(shapely.union(pieces[best], crumb))
    return pieces


def difference(blobs: list[bytes], params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Take all other geometries from the first; on the grid. ``{"area_m2", "lost_m2"}``; no blob when nothing is left.

    *drop_below_m2* leaves out crumbs of the result.
    """
    shapes = _shapes(blobs)
    rest = snapped(shapely.difference(shapes[0], shapely.union_all(shapes[1:])))
    crumbs = float(params.get("drop_below_m2", 0.0))
    if crumbs > 0 and not shapely.is_empty(rest):
        parts = shapely.get_parts(rest)
        rest = polygons_only(shapely.geometrycollections(parts[shapely.area(parts) >= crumbs]))
    return _measured(rest, shapes[0])


def union(blobs: list[bytes], params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Unite all geometries; on the grid."""
    shapes = _shapes(blobs)
    return _measured(snapped(shapely.union_all(shapes)), shapes[0])


def intersection(blobs: list[bytes], params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Return what the first geometry and the union of the others have in common; on the grid."""
    shapes = _shapes(blobs)
    return _measured(snapped(shapely.intersection(shapes[0], shapely.union_all(shapes[1:]))), shapes[0])


def inset(blobs: list[bytes], params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Draw the boundary of the first geometry in by *distance_m*; no grid; no blob when nothing is left.

    Here and not in the database: of a valid comb of 9,600 corners PostGIS drew it in for 46 s and could not be stopped.
    """
    inner = shapely.buffer(_shapes(blobs)[0], -float(params["distance_m"]), quad_segs=8)
    return {"area_m2": float(shapely.area(inner))}, _out(polygons_only(inner))


def outset(blobs: list[bytes], params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Widen the first geometry on every side, once by each of *distances_m*; no grid. Here for the reason of `inset`.

    In steps that grow fourfold: gaps close before the large ones, so that a comb of 2,000 corners takes 0.04 s where it
    took 8. A step is drawn to 1.3 cm of the true arc, a far one to a 65,000th of its distance and without the corners
    that are finer: 15 km around a zone had 6,000, and measuring them took as long as the rest of the check.
    """
    steps = [(0.0, _shapes(blobs)[0])]
    widened = {}
    for distance in sorted({float(distance) for distance in params["distances_m"]}):
        while (target := max(1.0, 4 * steps[-1][0])) < distance:
            steps.append((target, _widened(*steps[-1], target)))
        widened[distance] = _widened(*steps[-1], distance)
    found = [widened[float(distance)] for distance in params["distances_m"]]
    return {"areas_m2": [float(shapely.area(one)) for one in found]}, [blob for one in found for blob in _out(one)]


def _widened(done_m: float, shape: Any, distance_m: float) -> Any:
    step, off = distance_m - done_m, max(_ARC_OFF_M, _FAR_OFF * distance_m)
    wide = shapely.normalize(shapely.buffer(shape, step, quad_segs=max(8, math.ceil(math.sqrt(0.31 * step / off)))))
    if off == _ARC_OFF_M:
        return wide
    thin = shapely.simplify(wide, off / 2, preserve_topology=False)  # the other way takes three times as long
    return thin if shapely.is_valid(thin) else wide


def _measured(shape: Any, before: Any) -> tuple[dict[str, Any], list[bytes]]:
    area = float(shapely.area(shape))
    return {"area_m2": area, "lost_m2": float(shapely.area(before)) - area}, _out(shape)
