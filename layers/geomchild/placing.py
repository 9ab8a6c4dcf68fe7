"""How do vetted areas lie to a frame (a province, a commune) and to each other? Operations of the geometry child.

They judge nothing: how much may lie outside, and whether an overlap matters, is the verdict's question.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from layers.geomchild.refusal import Refusal
from layers.geomchild.rings import place_in, polygons_only, snapped

_DUST_M2 = 0.01
_STEPS = 2_000
MOST_PAIRS = 20_000


def beyond(blobs: list[bytes], params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Say for every shape but the first how much of it lies outside the first (a valid area).

    ``{"items": [{"outside_m2", "beyond_m", "inside_m2", "at", "count"}]}``; *beyond_m* is the greatest distance from
    the frame, *count* is 1 where a blob holds what lies inside (areas only, on the grid), 0 where all or nothing does.
    """
    shapes = shapely.from_wkb(np.array(blobs, dtype=object))
    frame, others = shapes[0], shapes[1:]
    shapely.prepare(frame)
    whole = shapely.covers(frame, others)
    items: list[dict[str, Any]] = []
    out: list[bytes] = []
    for shape, covered in zip(others, whole, strict=True):
        area = float(shapely.area(shape))
        if covered:
            items.append({"outside_m2": 0.0, "beyond_m": 0.0, "inside_m2": area, "at": None, "count": 0})
            continue
        outside = shapely.difference(shape, frame)
        inside = snapped(polygons_only(shapely.intersection(shape, frame))) if area > 0 else None
        item = {
            "outside_m2": float(shapely.area(outside)),
            "beyond_m": _furthest(outside, frame),
            "inside_m2": 0.0 if inside is None else float(shapely.area(inside)),
            "at": place_in(outside),
            "count": 0,
        }
        if inside is not None and not shapely.is_empty(inside):
            out.append(shapely.to_wkb(shapely.normalize(inside), byte_order=1))
            item["count"] = 1
        items.append(item)
    return {"items": items}, out


def _furthest(outside: Any, frame: Any) -> float:
    """Return how far the shape goes from the frame; also across a bay, where every corner lies on the border."""
    if shapely.is_empty(outside):
        return 0.0
    step = max(float(shapely.length(outside)) / _STEPS, 0.5)
    xy = shapely.get_coordinates(shapely.segmentize(outside, step))
    inner = shapely.point_on_surface(shapely.get_parts(outside))
    return float(shapely.distance(np.concatenate([shapely.points(xy), inner]), frame).max())


def overlaps(blobs: list[bytes], params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """List the pairs of areas that have ground in common: ``{"pairs": [[one, other, m², at]]}``, indexes in order.

    Raises Refusal TOO_MANY_PIECES when more than `MOST_PAIRS` boxes meet: comparing them would not end.
    """
    shapes = shapely.from_wkb(np.array(blobs, dtype=object))
    tree = shapely.STRtree(shapes)
    one, other = tree.query(shapes)
    later = one < other
    one, other = one[later], other[later]
    if len(one) > MOST_PAIRS:
        raise Refusal("TOO_MANY_PIECES", params={"count": len(one), "limit": MOST_PAIRS})
    common = shapely.intersection(shapes[one], shapes[other])
    areas = shapely.area(common)
    pairs = [
        [int(one[index]), int(other[index]), float(areas[index]), place_in(common[index])]
        for index in np.flatnonzero(areas > _DUST_M2)
    ]
    return {"pairs": sorted(pairs, key=lambda pair: (pair[0], pair[1]))}, []
