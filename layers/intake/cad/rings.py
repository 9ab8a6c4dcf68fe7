"""Which areas does this linework mean? Closed lines, lines closed within the tolerance, lines joined, holes by nesting.

It invents no boundary: a gap above the tolerance is refused with its place, a line that encloses nothing is named.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from layers.geomchild.refusal import Refusal
from layers.intake.cad.joining import Joined, Place, join
from layers.intake.cad.options import CLOSE_MOST_M, CadRepair
from layers.intake.cad.strokes import Points, Stroke

RINGS = 10_000
# A chain whose ends lie nearer than this share of its length, with three sides or more, was meant to be a boundary.
_MEANT_CLOSED = 1 / 3
_SAME_M = 1e-6
_FURTHEST_M = 1e12
_PLACES = 20


@dataclass(frozen=True)
class Ring:
    """One outline (first point = last) and the CAD layer it was drawn on."""

    xy: Points
    layer: str


@dataclass(frozen=True)
class Areas:
    """The areas found, north-west first, the layer of each, and what was mended or left out on the way."""

    shapes: tuple[Any, ...]
    layers: tuple[str, ...]
    repairs: tuple[CadRepair, ...]


def areas(strokes: Sequence[Stroke], close_m: float) -> Areas:
    """Make areas of lines (metres), closing gaps up to *close_m*.

    The answer is the same whatever the order and direction of the lines. Raises Refusal LINE_NOT_CLOSED (``gap_m``,
    ``drawing_at``, ``places``, and ``offers`` when the gap is at most one metre), TOO_MANY_RINGS, COORD_NOT_FINITE.
    """
    close_m += _SAME_M  # a gap of exactly the tolerance is within it, whatever the last digit of a double says
    rings, open_lines, repairs = _closed(strokes, close_m)
    joined = join(open_lines, close_m)
    _check_loose(joined, open_lines, close_m, found=len(rings) + len(joined.rings))
    joined_rings = [Ring(points, layer) for points, layer in joined.rings]
    if len(rings) + len(joined_rings) > RINGS:
        raise Refusal("TOO_MANY_RINGS", params={"count": len(rings) + len(joined_rings), "limit": RINGS})
    repairs += [CadRepair("LINES_TO_POLYGON", _start(ring.xy)) for ring in joined_rings]
    used = {_place(point) for ring in joined_rings for point in ring.xy}
    repairs += [
        CadRepair("RING_CLOSED", place, params={"gap_m": gap})
        for place, gap in sorted(joined.moved.items())
        if gap > _SAME_M and place in used
    ]
    left = [*joined.loose, *joined.bridges]
    if left:
        repairs.append(CadRepair("LINES_LEFT_OUT", _start(left[0]), params={"count": len(left)}))
    kept, twice = _once([*rings, *joined_rings], close_m)
    repairs += [CadRepair("RING_TWICE", _start(ring.xy)) for ring in twice]
    shapes, layers, holes = _nested(kept)
    return Areas(shapes, layers, _numbered([*repairs, *holes], shapes))


def outlines(strokes: Sequence[Stroke], close_m: float) -> list[Points]:
    """Return what lines enclose (first point = last), gaps up to *close_m* closed, without judging the lines left over.

    Raises Refusal COORD_NOT_FINITE, COORD_RANGE, FILE_TOO_COMPLEX.
    """
    close_m += _SAME_M
    rings, open_lines, _repairs = _closed(strokes, close_m)
    return [*(ring.xy for ring in rings), *(points for points, _layer in join(open_lines, close_m).rings)]


def _closed(strokes: Sequence[Stroke], close_m: float) -> tuple[list[Ring], list[Stroke], list[CadRepair]]:
    """Sort out the lines that are rings by themselves, closing those whose own ends nearly meet."""
    rings: list[Ring] = []
    open_lines: list[Stroke] = []
    repairs: list[CadRepair] = []
    said = 0
    for stroke in strokes:
        if not np.isfinite(stroke.xy).all():
            raise Refusal("COORD_NOT_FINITE", params={"feature": stroke.number})
        if len(stroke.xy) and float(np.abs(stroke.xy).max()) > _FURTHEST_M:
            raise Refusal("COORD_RANGE", params={"feature": stroke.number})
        xy = _distinct(stroke.xy)
        if len(xy) < 2:
            continue
        gap = math.dist(xy[0], xy[-1])
        corners = len(xy) if stroke.closed and gap > _SAME_M else len(xy) - 1
        if corners < 3 or not (stroke.closed or gap <= close_m):
            open_lines.append(Stroke(xy, closed=False, layer=stroke.layer, number=stroke.number))
            continue
        if stroke.closed and gap > close_m:
            ring = np.concatenate([xy, xy[:1]])
        else:
            ring = np.concatenate([xy[:-1], xy[:1]])
            if gap > _SAME_M:
                before = abs(_area(np.concatenate([xy, xy[:1]])))
                repairs.append(
                    CadRepair("RING_CLOSED", _start(ring), 0, before, abs(_area(ring)), params={"gap_m": gap})
                )
        if not stroke.hatch:
            said += 1
        rings.append(Ring(ring, stroke.layer))
    if said:
        repairs.insert(0, CadRepair("LINE_CLOSED_TO_POLYGON", _start(rings[0].xy), params={"count": said}))
    return rings, open_lines, repairs


def _check_loose(joined: Joined, lines: Sequence[Stroke], close_m: float, *, found: int) -> None:
    """Refuse when a line that ends in the open was meant as a boundary, or when nothing else was found."""
    if not joined.loose:
        return
    meant = [chain for chain in joined.loose if _gap(chain) <= _MEANT_CLOSED * _length(chain) and len(chain) >= 4]
    needed = 0.0
    if close_m < CLOSE_MOST_M and _nearest(joined.loose) <= CLOSE_MOST_M:
        wider = join(lines, CLOSE_MOST_M)
        if len(wider.rings) > len(joined.rings):
            needed = max(wider.moved.values(), default=0.0)
    if found and not meant and not needed:
        return
    chains = sorted(meant or joined.loose, key=lambda chain: (_gap(chain) / _length(chain), chain.tolist()))
    gap = needed or _gap(chains[0])
    params: dict[str, object] = {
        "gap_m": gap,
        "drawing_at": list(_place(chains[0][-1])),
        "places": [list(_place(chain[-1])) for chain in chains[:_PLACES]],
    }
    if needed:
        params["offers"] = [{"option": "close_m", "value": min(CLOSE_MOST_M, math.ceil(needed * 100 + 0.01) / 100)}]
    raise Refusal("LINE_NOT_CLOSED", params=params)


def _nearest(chains: Sequence[Points]) -> float:
    """Return the smallest distance between two loose ends."""
    ends: Any = shapely.points(np.array([point for chain in chains for point in (chain[0], chain[-1])]))
    tree = shapely.STRtree(ends)
    pairs, distances = tree.query_nearest(ends, exclusive=True, return_distance=True, all_matches=False)
    return float(distances.min()) if pairs.size else math.inf


def _once(rings: Sequence[Ring], close_m: float) -> tuple[list[Ring], list[Ring]]:
    """Return the rings in a fixed order, and apart those that repeat an earlier one within the tolerance."""
    ordered = sorted((Ring(_turned(ring.xy), ring.layer) for ring in rings), key=_order)
    if not ordered:
        return [], []
    lines: Any = shapely.linestrings(np.concatenate([ring.xy for ring in ordered]), indices=_indices(ordered))
    tree = shapely.STRtree(lines)
    kept: list[Ring] = []
    twice: list[Ring] = []
    gone: set[int] = set()
    for index, ring in enumerate(ordered):
        if index in gone:
            twice.append(ring)
            continue
        kept.append(ring)
        bounds = shapely.bounds(lines[index])
        for other in tree.query(lines[index]).tolist():
            new = other > index and other not in gone
            near = new and float(np.abs(shapely.bounds(lines[other]) - bounds).max()) <= close_m
            if near and float(shapely.hausdorff_distance(lines[index], lines[other])) <= close_m:
                gone.add(other)
    return kept, twice


def _nested(
    rings: Sequence[Ring],
) -> tuple[tuple[shapely.Polygon, ...], tuple[str, ...], list[CadRepair]]:
    """Read rings inside rings as holes, rings inside holes as areas; rings that cross or share a side stay apart."""
    if not rings:
        return (), (), []
    plain: Any = shapely.polygons(
        shapely.linearrings(np.concatenate([ring.xy for ring in rings]), indices=_indices(rings))
    )
    valid: Any = shapely.is_valid(plain)
    parents: list[list[int]] = [[] for _ring in rings]
    shapely.prepare(plain)
    outer, inner = shapely.STRtree(plain).query(plain, predicate="covers")
    for one, other in zip(outer.tolist(), inner.tolist(), strict=True):
        if one != other and valid[one] and valid[other] and not _share_a_side(plain[one], plain[other]):
            parents[other].append(one)
    depth = [len(above) for above in parents]
    shapes: list[shapely.Polygon] = []
    layers: list[str] = []
    repairs: list[CadRepair] = []
    children: dict[int, list[int]] = {}
    for index, above in enumerate(parents):
        if depth[index] % 2:
            nearest = max(above, key=lambda parent: depth[parent])
            children.setdefault(nearest, []).append(index)
    for index, ring in enumerate(rings):
        if depth[index] % 2:
            continue
        holes = [rings[child].xy for child in children.get(index, [])]
        shape = shapely.Polygon(ring.xy, holes)
        shapes.append(shape)
        layers.append(ring.layer)
        if holes:
            repairs.append(
                CadRepair(
                    "RINGS_TO_HOLES", _start(holes[0]), 0, float(plain[index].area), float(shape.area),
                    {"count": len(holes)},
                )
            )  # fmt: skip
    return tuple(shapes), tuple(layers), repairs


def _share_a_side(outer: shapely.Polygon, inner: shapely.Polygon) -> bool:
    common = shapely.intersection(shapely.get_exterior_ring(outer), shapely.get_exterior_ring(inner))
    return float(shapely.length(common)) > 0.0


def _numbered(repairs: Sequence[CadRepair], shapes: Sequence[shapely.Polygon]) -> tuple[CadRepair, ...]:
    """Say of every repair to which area (from 1) its place belongs; 0 when it belongs to none."""
    owner: dict[Place, int] = {}
    for number, shape in enumerate(shapes, start=1):
        for point in shapely.get_coordinates(shape):
            owner.setdefault(_place(point), number)
    return tuple(
        CadRepair(
            repair.code, repair.xy, owner.get(repair.xy, 0), repair.before_m2, repair.after_m2, dict(repair.params)
        )
        for repair in repairs
    )


def _turned(xy: Points) -> Points:
    """Return a ring from its smallest point, against the clock, so that equal rings are written alike."""
    ring = xy[:-1] if _area(xy) >= 0 else xy[:-1][::-1]
    start = int(np.lexsort((ring[:, 1], ring[:, 0]))[0])
    turned = np.roll(ring, -start, axis=0)
    return np.concatenate([turned, turned[:1]])


def _order(ring: Ring) -> tuple[object, ...]:
    west, north = float(ring.xy[:, 0].min()), float(ring.xy[:, 1].max())
    return (-north, west, ring.layer, ring.xy.tolist())


def _indices(rings: Sequence[Ring]) -> Points:
    return np.repeat(np.arange(len(rings)), [len(ring.xy) for ring in rings])


def _distinct(xy: Points) -> Points:
    keep = np.concatenate([[True], (np.abs(np.diff(xy, axis=0)) > 0).any(axis=1)])
    kept: Points = xy[keep]
    return kept


def _area(ring: Points) -> float:
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2


def _length(chain: Points) -> float:
    return float(np.hypot(*np.diff(chain, axis=0).T).sum())


def _gap(chain: Points) -> float:
    return math.dist(chain[0], chain[-1])


def _start(chain: Points) -> Place:
    return _place(chain[0])


def _place(point: Points) -> Place:
    return (float(point[0]), float(point[1]))
