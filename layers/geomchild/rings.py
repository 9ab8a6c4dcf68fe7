"""What is wrong with these rings, and what did the person mean? Diagnosis, crossings count and repair by meaning.

Repair follows meaning, not linework: each ring is made simple, holes are united and taken from their shell, parts are
united. `ST_MakeValid` on the whole would turn an overlap of parts into a hole (measured: 2.00 → 1.50 km²).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from layers.geomchild.refusal import Notice, Refusal

GRID_M = 0.001
AMBIGUOUS_M2 = 1.0
AMBIGUOUS_SHARE = 1e-4
HARMLESS = frozenset({"RING_SELF_TOUCH", "SPIKE", "PARTS_SHARE_EDGE", "TOUCH_AFTER_TRANSFORM", "SLIVER_DROPPED"})
_REASONS = {
    "Self-intersection": "SELF_INTERSECTION",
    "Ring Self-intersection": "RING_SELF_TOUCH",
    "Hole lies outside shell": "HOLE_OUTSIDE",
    "Holes are nested": "HOLES_OVERLAP",
    "Nested shells": "SHELLS_NESTED",
    "Nested holes": "HOLES_OVERLAP",
    "Interior is disconnected": "RING_SELF_TOUCH",
    "Duplicate Rings": "HOLES_OVERLAP",
    "Too few points in geometry component": "GEOM_DEGENERATE",
}


def diagnosis(shape: Any) -> Refusal:
    """Return the refusal that GEOS's reason for invalidity stands for, with its place."""
    text = str(shapely.is_valid_reason(shape))
    reason, _bracket, rest = text.partition("[")
    at: tuple[float, float] | None = None
    numbers = rest.rstrip("]").split()
    if len(numbers) == 2:
        at = (round(float(numbers[0]), 3), round(float(numbers[1]), 3))
    return Refusal(_REASONS.get(reason.strip(), "SELF_INTERSECTION"), at=at)


def flattened(shape: Any) -> list[Any]:
    """Return the leaves of nested collections."""
    if int(shapely.get_type_id(shape)) < 4:
        return [shape]
    return [leaf for part in shapely.get_parts(shape) for leaf in flattened(part)]


def shell_and_holes(polygon: Any) -> tuple[Any, list[Any]]:
    """Return the shell ring and the list of hole rings."""
    return shapely.get_exterior_ring(polygon), list(shapely.get_rings(polygon)[1:])


def first_point(shape: Any) -> tuple[float, float] | None:
    """Return the first coordinate, the place to point at when nothing better is known."""
    coordinates = shapely.get_coordinates(shape)
    return (float(coordinates[0, 0]), float(coordinates[0, 1])) if len(coordinates) else None


def place_in(shape: Any) -> tuple[float, float] | None:
    """Return a point of the shape, to the millimetre."""
    point = shapely.point_on_surface(shape)
    return None if shapely.is_empty(point) else (round(shapely.get_x(point), 3), round(shapely.get_y(point), 3))


def collapsed(ring: Any) -> bool:
    """Tell whether a ring encloses nothing: fewer than three distinct points, or all on one line."""
    xy = np.unique(shapely.get_coordinates(ring), axis=0)
    if len(xy) < 3:
        return True
    leg = xy[1:] - xy[0]
    cross = leg[0, 0] * leg[1:, 1] - leg[0, 1] * leg[1:, 0]
    return bool((np.abs(cross) <= 1e-9 * np.hypot(*leg[0]) * np.hypot(leg[1:, 0], leg[1:, 1])).all())


def count_crossings(shape: Any, cap: int) -> int:
    """Count proper crossings between edges, stopping above *cap*; cheap where repair would take minutes."""
    edges = []
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        xy = shapely.get_coordinates(ring)
        edges.append(np.stack([xy[:-1], xy[1:]], axis=1))
    segments: Any = shapely.linestrings(np.concatenate(edges))
    tree = shapely.STRtree(segments)
    total = 0
    for start in range(0, len(segments), 256):
        total += tree.query(segments[start : start + 256], predicate="crosses").shape[1]
        if total > 2 * cap:
            break
    return -(-total // 2)


def signed_extent(shape: Any) -> float:
    """Return shells minus holes by the shoelace formula: the area an invalid polygon claims to have, m²."""
    total = 0.0
    for part in shapely.get_parts(shape):
        shell, holes = shell_and_holes(part)
        total += shapely.area(shapely.polygons(shell)) - sum(shapely.area(shapely.polygons(hole)) for hole in holes)
    return float(abs(total))


def mend(shape: Any) -> tuple[Any, list[Notice]]:
    """Mend an invalid polygon by meaning; return it with the causes found.

    Raises Refusal for a hole outside its shell, for a hole that takes everything, and for a boundary that encloses
    ground twice (REPAIR_AMBIGUOUS, with both readings as WKB).
    """
    causes: list[Notice] = []
    parts = [_mend_polygon(part, causes) for part in shapely.get_parts(shape)]
    kept = [part for part in parts if not shapely.is_empty(part)]
    if len(kept) > 1:
        _name_part_causes(kept, causes)
    merged = shapely.union_all(kept) if len(kept) > 1 else (kept[0] if kept else shapely.polygons([]))
    return polygons_only(merged), causes


def _mend_polygon(polygon: Any, causes: list[Notice]) -> Any:
    shell_ring, hole_rings = shell_and_holes(polygon)
    shell = _mend_ring(shell_ring, causes)
    holes = [_mend_ring(ring, causes) for ring in hole_rings]
    for hole in holes:
        if shapely.area(shapely.intersection(hole, shell)) <= 1e-6 * shapely.area(hole):
            raise Refusal("HOLE_OUTSIDE", at=place_in(hole), blobs=[shapely.to_wkb(hole, byte_order=1)])
        if not shapely.covers(shell, hole):
            causes.append(Notice("HOLE_CROSSES", at=place_in(hole)))
    if not holes:
        return shell
    opened = shapely.union_all(holes)
    if shapely.area(opened) < sum(shapely.area(hole) for hole in holes) - 0.01:
        causes.append(Notice("HOLES_OVERLAP", at=place_in(opened)))
    rest = polygons_only(shapely.difference(shell, opened))
    if shapely.area(rest) < 0.01:
        raise Refusal("GEOM_EMPTY", at=place_in(shell))
    return rest


def _mend_ring(ring: Any, causes: list[Notice]) -> Any:
    """Return the area a ring encloses; refuse one that encloses ground twice."""
    simple = shapely.polygons(ring)
    if shapely.is_valid(simple):
        return simple
    faces, windings = _faces_with_windings(ring)
    areas = shapely.area(faces)
    once = windings != 0
    twice = once & (windings % 2 == 0)
    enclosed = polygons_only(shapely.union_all(faces[once]))
    doubtful = float(areas[twice].sum())
    if doubtful > max(AMBIGUOUS_M2, AMBIGUOUS_SHARE * float(areas[once].sum())):
        other = polygons_only(shapely.union_all(faces[windings % 2 == 1]))
        raise Refusal(
            "REPAIR_AMBIGUOUS",
            at=place_in(faces[twice][int(np.argmax(areas[twice]))]),
            params={"area_m2": float(shapely.area(enclosed)), "other_m2": float(shapely.area(other))},
            blobs=[shapely.to_wkb(snapped(enclosed), byte_order=1), shapely.to_wkb(snapped(other), byte_order=1)],
        )
    refusal = diagnosis(simple)
    # A boundary that runs both ways round (bow-tie) encloses faces of opposite sign; a touch or a spike does not.
    both_ways = bool((windings > 0).any() and (windings < 0).any())
    retraced = shapely.length(ring) - shapely.length(enclosed) >= GRID_M
    # A keyhole runs to its hole and back too; what runs back and leads to no hole is a spike, or inwards a gore.
    dead_end = retraced and not shapely.get_num_interior_rings(shapely.get_parts(enclosed)).any()
    if both_ways or (refusal.code == "SELF_INTERSECTION" and not retraced):
        code = "SELF_INTERSECTION"
    elif refusal.code == "SELF_INTERSECTION" or dead_end:
        code = "SPIKE"
    else:
        code = refusal.code
    causes.append(Notice(code, at=refusal.at))
    return enclosed


def _faces_with_windings(ring: Any) -> tuple[Any, Any]:
    """Split the plane by a ring; return the bounded faces and how often the ring winds round each."""
    lines = shapely.union_all(shapely.linestrings(shapely.get_coordinates(ring)))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.unary_union(lines))))
    points = shapely.get_coordinates(shapely.point_on_surface(faces))
    xy = shapely.get_coordinates(ring)
    start, end = xy[:-1], xy[1:]
    windings = np.zeros(len(points), dtype=int)
    for first in range(0, len(points), 512):
        px, py = points[first : first + 512, :1], points[first : first + 512, 1:]
        side = (end[:, 0] - start[:, 0]) * (py - start[:, 1]) - (px - start[:, 0]) * (end[:, 1] - start[:, 1])
        up = (start[:, 1] <= py) & (end[:, 1] > py) & (side > 0)
        down = (start[:, 1] > py) & (end[:, 1] <= py) & (side < 0)
        windings[first : first + 512] = up.sum(axis=1) - down.sum(axis=1)
    return faces, windings


def _name_part_causes(parts: list[Any], causes: list[Notice]) -> None:
    tree = shapely.STRtree(parts)
    left, right = tree.query(parts, predicate="intersects")
    for one, other in zip(left, right, strict=True):
        if one >= other:
            continue
        common = shapely.intersection(parts[one], parts[other])
        if shapely.area(common) > 0.01:
            nested = shapely.covers(parts[one], parts[other]) or shapely.covers(parts[other], parts[one])
            causes.append(Notice("SHELLS_NESTED" if nested else "PARTS_OVERLAP", at=place_in(common)))
        elif shapely.length(common) > 0:
            causes.append(Notice("PARTS_SHARE_EDGE", at=place_in(common)))


def polygons_only(shape: Any) -> Any:
    """Keep the areas of a result; lines and points that repair leaves behind are dropped."""
    parts = [leaf for leaf in flattened(shape) if int(shapely.get_type_id(leaf)) == 3 and not shapely.is_empty(leaf)]
    if not parts:
        return shapely.polygons(np.empty((0, 2)))
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def snapped(shape: Any) -> Any:
    """Bring an area onto the grid without making it invalid."""
    return polygons_only(shapely.set_precision(shape, GRID_M))


def shape_notices(shape: Any) -> list[Notice]:
    """Point at slivers (parts or holes under 1 m² or 5 cm wide) and at an isthmus narrower than 1 m."""
    notices = []
    for part in shapely.get_parts(shape):
        for ring in shapely.get_rings(part):
            area = float(shapely.area(shapely.polygons(ring)))
            if area < 1.0 or 2 * area / float(shapely.length(ring)) < 0.05:
                notices.append(Notice("SLIVER_NOTICE", at=first_point(ring), params={"area_m2": area}))
    eroded = shapely.buffer(shape, -0.5, quad_segs=2)
    if shapely.get_num_geometries(eroded) > shapely.get_num_geometries(shape):
        necks = shapely.difference(shape, shapely.buffer(eroded, 0.75, quad_segs=2))
        notices.append(Notice("NARROW_NOTICE", at=place_in(necks) or place_in(shape)))
    return notices
