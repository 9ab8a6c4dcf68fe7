"""What is left of an area when things are kept clear of it? Cut, set back, cut straight, keep the largest piece.

An operation of the geometry child. It judges nothing: whether what is left obeys the rules is asked of the check.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from layers.geomchild.rings import polygons_only, snapped

# How far a chord of a widened corner may lie inside the arc; the widening is larger by this, so it is never too small.
ARC_TOLERANCE_M = 0.05
# One grid step more than asked for, so that rounding does not leave a corner inside again.
GRID_SAFETY_M = 0.001
# An edge of many corners is drawn straighter by so much, always on the side of losing a little more.
SIMPLER_M = (0.0, 0.25, 1.0, 4.0)
# A sharp corner keeps its tip when it is narrowed and widened again down to an angle of 23 degrees.
MITRE = 5.0
_DUST_M2 = 0.01
_NEAR_M = 0.01
_MOST_HOLES = 12
_MOST_DIRECTIONS = 72


@dataclass(frozen=True)
class _Least:
    """The least a piece must be: width in metres, area in m²; and the most corners a result may have."""

    width: float
    area: float
    corners: int


def clear_away(blobs: list[bytes], params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Return what is left of the first geometry (a vetted area) without the others, in up to three variants.

    *distances*: metres by which each of the others is widened; *min_width_m*, *min_part_m2*: what is narrower or
    smaller and was left over by the cut goes with it; *max_corners*. Variants: ``cut``; ``straight`` when the cut
    would leave a new hole; ``largest`` when it leaves more pieces than before. Each has two blobs, what is left (on
    the grid) and what was taken, and ``{"kind", "area_m2", "lost_m2", "parts", "holes", "crumbs_m2", "simpler_m"}``.
    No variant: nothing is left, or every one has too many corners (``{"reason"}``).
    """
    shapes = shapely.from_wkb(np.array(blobs, dtype=object))
    zone, others = shapes[0], shapes[1:]
    least = _Least(float(params["min_width_m"]), float(params["min_part_m2"]), int(params["max_corners"]))
    away = _taken(zone, others, [float(distance) for distance in params["distances"]])
    left, crumbs, simpler = _cut(zone, away, least)
    if left is None:
        return {"variants": [], "reason": simpler}, []
    variants = [("cut", left, crumbs, simpler)]
    holes = _new_holes(zone, left)
    if 0 < len(holes) <= _MOST_HOLES:
        straight, more = _without_crumbs(_cut_straight(left, holes), zone, least)
        if not shapely.is_empty(straight):
            variants.append(("straight", straight, crumbs + more, simpler))
    if _count(left) > _count(zone):
        parts = shapely.get_parts(left)
        largest = parts[int(np.argmax(shapely.area(parts)))]
        variants.append(("largest", largest, crumbs, simpler))
    answer, out = [], []
    for kind, shape, lost_crumbs, tolerance in variants:
        gone = polygons_only(shapely.difference(zone, shape))
        answer.append(
            {
                "kind": kind,
                "area_m2": float(shapely.area(shape)),
                "lost_m2": float(shapely.area(zone)) - float(shapely.area(shape)),
                "parts": _count(shape),
                "holes": len(_new_holes(zone, shape)),
                "crumbs_m2": lost_crumbs,
                "simpler_m": tolerance,
            }
        )
        out += [shapely.to_wkb(shapely.normalize(each), byte_order=1) for each in (shape, gone)]
    return {"variants": answer}, out


def _taken(zone: Any, others: Any, distances: list[float]) -> Any:
    """Unite what is to be kept clear of, each widened by its distance, as far as it can reach the zone."""
    box = shapely.bounds(zone)
    areas = []
    for shape, distance in zip(others, distances, strict=True):
        if distance <= 0:
            areas.append(polygons_only(shape))
            continue
        reach = distance + ARC_TOLERANCE_M + GRID_SAFETY_M
        near = shapely.intersection(
            shape, shapely.box(box[0] - reach - 1, box[1] - reach - 1, box[2] + reach + 1, box[3] + reach + 1)
        )
        segments = max(8, math.ceil(math.pi / 4 / math.acos(1 - ARC_TOLERANCE_M / reach)))
        areas.append(shapely.buffer(near, reach, quad_segs=segments))
    return shapely.union_all(np.array(areas, dtype=object))


def _cut(zone: Any, away: Any, least: _Least) -> tuple[Any, float, Any]:
    """Return what is left, the m² of crumbs that went with the cut, and how much simpler the edge was drawn."""
    for tolerance in SIMPLER_M:
        taken = away
        if tolerance:
            taken = shapely.simplify(shapely.buffer(away, tolerance, join_style="mitre", mitre_limit=2.0), tolerance)
        left, crumbs = _without_crumbs(polygons_only(shapely.difference(zone, taken)), zone, least)
        if shapely.is_empty(left):
            return None, 0.0, "nothing_left"
        if shapely.get_num_coordinates(left) <= least.corners:
            return left, crumbs, tolerance
    return None, 0.0, "too_many_corners"


def _without_crumbs(left: Any, zone: Any, least: _Least) -> tuple[Any, float]:
    """Drop what the cut left narrower or smaller than *least*; what was so before the cut is the planner's own."""
    before = float(shapely.area(left))
    if shapely.is_empty(left):
        return left, 0.0
    edge = shapely.difference(shapely.boundary(left), shapely.buffer(shapely.boundary(zone), _NEAR_M))
    narrow = polygons_only(shapely.difference(left, _opened(left, least.width)))
    own = shapely.difference(zone, _opened(zone, least.width))
    dropped = [
        part
        for part in shapely.get_parts(narrow)
        if shapely.area(part) > _DUST_M2
        and shapely.distance(part, edge) <= _NEAR_M
        and shapely.area(shapely.difference(part, own)) > 0.5 * shapely.area(part)
    ]
    if dropped:
        left = polygons_only(shapely.difference(left, shapely.union_all(np.array(dropped, dtype=object))))
    left = snapped(left)
    parts = shapely.get_parts(left)
    whole = shapely.get_parts(zone)
    kept = [
        part for part in parts if shapely.area(part) >= least.area or any(shapely.equals(part, old) for old in whole)
    ]
    left = polygons_only(shapely.geometrycollections(kept)) if kept else shapely.polygons(np.empty((0, 2)))
    return left, max(0.0, before - float(shapely.area(left)))


def _opened(shape: Any, width: float) -> Any:
    """Return *shape* without what is narrower than *width*: narrowed and widened again, corners kept sharp."""
    core = shapely.buffer(shape, -width / 2, join_style="mitre", mitre_limit=MITRE)
    return shapely.buffer(core, width / 2 + GRID_SAFETY_M, join_style="mitre", mitre_limit=MITRE)


def _new_holes(zone: Any, shape: Any) -> list[Any]:
    """Return the holes (as areas) that *shape* has and *zone* has not."""
    holes = [shapely.polygons(ring) for part in shapely.get_parts(shape) for ring in shapely.get_rings(part)[1:]]
    return [hole for hole in holes if shapely.area(shapely.intersection(hole, zone)) > 0.5 * shapely.area(hole)]


def _cut_straight(left: Any, holes: list[Any]) -> Any:
    """Cut every hole off with the side of the area that costs least, along one straight line."""
    for hole in sorted(holes, key=lambda each: -float(shapely.area(each))):
        if shapely.area(shapely.intersection(shapely.convex_hull(left), hole)) == 0:
            continue
        beyond = [_half_plane(left, hole, angle) for angle in _directions(left, hole)]
        losses = shapely.area(shapely.intersection(left, np.array(beyond, dtype=object)))
        left = polygons_only(shapely.difference(left, beyond[int(np.argmin(np.round(losses, 3)))]))
        if shapely.is_empty(left):
            break
    return left


def _directions(left: Any, hole: Any) -> list[float]:
    """Return the bearings to try: the sides of both hulls, and across them."""
    angles: set[float] = set()
    for ring in (shapely.convex_hull(hole), shapely.convex_hull(left)):
        sides = np.diff(shapely.get_coordinates(ring), axis=0)
        lengths = np.hypot(sides[:, 0], sides[:, 1])
        longest = sides[np.argsort(-lengths)][: _MOST_DIRECTIONS // 8]
        for dx, dy in longest:
            along = math.atan2(dy, dx)
            angles |= {round(math.remainder(along + turn * math.pi / 2, 2 * math.pi), 4) for turn in range(4)}
    return sorted(angles)


def _half_plane(left: Any, hole: Any, angle: float) -> Any:
    """Return everything that lies on the far side of the line across *angle* that just clears *hole*."""
    out = np.array([math.cos(angle), math.sin(angle)])
    across = np.array([-out[1], out[0]])
    near = float(np.min(shapely.get_coordinates(hole) @ out)) - GRID_SAFETY_M
    box = shapely.bounds(left)
    far = 2 * (math.hypot(box[2] - box[0], box[3] - box[1]) + 1)
    centre = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    foot = centre + (near - float(centre @ out)) * out
    return shapely.polygons(
        [foot - far * across, foot + far * across, foot + far * across + far * out, foot - far * across + far * out]
    )


def _count(shape: Any) -> int:
    return int(shapely.get_num_geometries(shape))
