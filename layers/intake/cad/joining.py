"""Which separate lines and arcs meet or cross, and what do they enclose? Nodes within a tolerance, then faces.

Ends are moved to each other within the tolerance, crossings never: where two lines cross is no matter of opinion.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from layers.geomchild.refusal import Refusal
from layers.intake.cad.strokes import Points, Stroke

Place = tuple[float, float]
_CROSSINGS = 400_000  # every crossing counts twice
_BLOCK = 64


@dataclass
class Joined:
    """What lines enclose: rings (points, first = last) with their layer, and the lines that enclose nothing.

    *moved*: nodes where ends did not meet exactly, with the gap in metres. *loose*: chains that end in the open.
    *bridges*: chains between rings.
    """

    rings: list[tuple[Points, str]] = field(default_factory=list)
    moved: dict[Place, float] = field(default_factory=dict)
    loose: list[Points] = field(default_factory=list)
    bridges: list[Points] = field(default_factory=list)


def join(strokes: Sequence[Stroke], tolerance: float) -> Joined:
    """Join open lines whose ends lie within *tolerance* metres of each other or of another line; return the faces.

    The answer does not depend on the order or direction of the lines. Lines drawn twice count once.
    """
    found = Joined()
    if not strokes:
        return found
    nodes = _Nodes([stroke.xy for stroke in strokes], tolerance)
    edges = _edges(strokes, nodes, tolerance)
    _check_crossings([points for points, _layer in edges])
    lines = [shapely.LineString(points) for points, _layer in edges]
    faces, cuts, dangles, crossed = shapely.polygonize_full(shapely.get_parts(shapely.union_all(lines)).tolist())
    outlines = [np.asarray(shapely.get_exterior_ring(face).coords) for face in shapely.get_parts(faces)]
    outlines += [np.asarray(line.coords) for line in shapely.get_parts(crossed)]
    if outlines:
        middles: Any = shapely.points([(outline[0] + outline[1]) / 2 for outline in outlines])
        nearest = shapely.STRtree(lines).nearest(middles)
        found.rings = [(outline, edges[index][1]) for outline, index in zip(outlines, nearest.tolist(), strict=True)]
    found.loose = _chains(dangles)
    found.bridges = _chains(cuts)
    found.moved = nodes.moved
    return found


def _check_crossings(lines: Sequence[Points]) -> None:
    """Refuse (FILE_TOO_COMPLEX) lines that cross more often than memory holds, counted in small blocks beforehand."""
    sides = np.concatenate([np.stack([points[:-1], points[1:]], axis=1) for points in lines]) if lines else np.empty(0)
    if not len(sides):
        return
    segments: Any = shapely.linestrings(sides)
    tree = shapely.STRtree(segments)
    left = _CROSSINGS + 3 * len(segments)  # each meets itself and its two neighbours
    for start in range(0, len(segments), _BLOCK):
        left -= tree.query(segments[start : start + _BLOCK], predicate="intersects").shape[1]
        if left < 0:
            raise Refusal("FILE_TOO_COMPLEX")


class _Nodes:
    """The places where ends meet: of ends nearer than the tolerance, the first from the west speaks for all."""

    def __init__(self, lines: Sequence[Points], tolerance: float) -> None:
        ends = np.array([point for xy in lines for point in (xy[0], xy[-1])])
        self._cell = tolerance
        self._tolerance = tolerance
        self._grid: dict[tuple[int, int], list[Place]] = {}
        self._of: dict[Place, Place] = {}
        self.moved: dict[Place, float] = {}
        for x, y in np.unique(ends, axis=0):
            self._settle((float(x), float(y)))
        self.all = sorted(set(self._of.values()))

    def _settle(self, end: Place) -> None:
        column, row = int(end[0] // self._cell), int(end[1] // self._cell)
        near = [
            node
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for node in self._grid.get((column + dx, row + dy), ())
            if math.dist(node, end) <= self._tolerance
        ]
        if not near:
            self._grid.setdefault((column, row), []).append(end)
            self._of[end] = end
            return
        node = min(near, key=lambda other: (math.dist(other, end), other))
        self._of[end] = node
        self.moved[node] = max(math.dist(node, end), self.moved.get(node, 0.0))

    def of(self, end: Points) -> Place:
        """Return the node that speaks for the end of a line."""
        return self._of[float(end[0]), float(end[1])]


def _edges(strokes: Sequence[Stroke], nodes: _Nodes, tolerance: float) -> list[tuple[Points, str]]:
    """Cut lines where the end of another one lies on them; return each piece once, ends on nodes."""
    touched = _touches(strokes, nodes, tolerance)
    edges: dict[bytes, tuple[Points, str]] = {}
    for index, stroke in enumerate(strokes):
        for piece in _pieces(stroke.xy, touched.get(index, []), nodes, tolerance):
            turned = piece[::-1]
            way = min(piece, turned, key=lambda points: points.tolist())
            key = np.round(way, 6).tobytes()
            if key not in edges or stroke.layer < edges[key][1]:
                edges[key] = (way, stroke.layer)
    return [edges[key] for key in sorted(edges, key=lambda key: edges[key][0].tolist())]


def _touches(strokes: Sequence[Stroke], nodes: _Nodes, tolerance: float) -> dict[int, list[tuple[float, Place]]]:
    """Find nodes that lie on a line between its ends: line → [(segment number + share of the segment, node)]."""
    starts = np.concatenate([stroke.xy[:-1] for stroke in strokes])
    stops = np.concatenate([stroke.xy[1:] for stroke in strokes])
    sizes = np.array([len(stroke.xy) - 1 for stroke in strokes])
    owner = np.repeat(np.arange(len(strokes)), sizes)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    segments: Any = shapely.linestrings(np.stack([starts, stops], axis=1))
    tree = shapely.STRtree(segments)
    places = np.array(nodes.all)
    which, hit = tree.query(shapely.points(places), predicate="dwithin", distance=tolerance)
    found: dict[int, list[tuple[float, Place]]] = {}
    for node_index, segment in zip(which.tolist(), hit.tolist(), strict=True):
        line, node = int(owner[segment]), nodes.all[node_index]
        way = stops[segment] - starts[segment]
        share = float(np.clip(np.dot(places[node_index] - starts[segment], way) / np.dot(way, way), 0.0, 1.0))
        spot = starts[segment] + share * way
        own = strokes[line].xy
        at_end = any(nodes.of(end) == node and math.dist(end, spot) <= 2 * tolerance for end in (own[0], own[-1]))
        if not at_end:
            found.setdefault(line, []).append((int(segment - first[line]) + share, node))
    return found


def _pieces(xy: Points, touches: list[tuple[float, Place]], nodes: _Nodes, tolerance: float) -> Iterator[Points]:
    """Cut one line at the given places; corners nearer to a node than the tolerance become the node."""
    cuts: list[tuple[float, Place]] = [(0.0, nodes.of(xy[0]))]
    for position, node in sorted(touches):
        if node != cuts[-1][1]:
            cuts.append((position, node))
    last = nodes.of(xy[-1])
    if len(cuts) > 1 and cuts[-1][1] == last:
        cuts.pop()
    cuts.append((float(len(xy) - 1), last))
    for (start, from_node), (stop, to_node) in itertools.pairwise(cuts):
        between = xy[math.floor(start) + 1 : math.ceil(stop)]
        far = [point for point in between if min(math.dist(point, from_node), math.dist(point, to_node)) > tolerance]
        piece = np.array([from_node, *far, to_node], dtype=float)
        if from_node != to_node or len(far) > 1:
            yield piece


def _chains(lines: shapely.Geometry) -> list[Points]:
    merged = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(lines)))
    return sorted((np.asarray(part.coords) for part in shapely.get_parts(merged)), key=lambda points: points.tolist())
