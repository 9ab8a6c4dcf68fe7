"""How do straight cell edges become borders that look like borders, without a gap or an overlap?

Each edge between two nodes is displaced once and both neighbours share it (midpoint displacement). The result is
polygonised from the displaced lines, on the 1 mm grid, so that it is a coverage by construction. Roughness is
decoration: nothing is measured from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.ops import linemerge

from project.demo.frame import GRID_M, SEED


def rough_coverage(
    cells: Sequence[Polygon],
    region: Polygon,
    *,
    step_m: float,
    amplitude: float,
    outline_amplitude: float,
    limit_m: float,
) -> list[Any]:
    """Displace the shared edges of *cells* and the edges of *region*; return polygons in the order of *cells*.

    *amplitude* is the sideways displacement as a share of the length of the piece being halved, capped at *limit_m*;
    pieces stay longer than *step_m*. Where displaced edges would cross, they are displaced less.
    """
    edges = _shared_edges(cells)
    rim = shapely.buffer(region.exterior, 1.0)
    shapely.prepare(rim)
    at_rim = shapely.covers(rim, np.array(edges, dtype=object))
    damping = np.ones(len(edges))
    for _ in range(8):
        rough = [
            _displace(
                edge,
                share=float((outline_amplitude if outer else amplitude) * damp),
                step_m=step_m,
                limit_m=limit_m,
                key=position,
            )
            for position, (edge, outer, damp) in enumerate(zip(edges, at_rim, damping, strict=True))
        ]
        bad = _crossing(rough)
        if not bad:
            break
        damping[list(bad)] *= 0.5
    lines = shapely.unary_union(np.array(rough, dtype=object), grid_size=GRID_M)
    return _owned_faces(lines, cells)


def _shared_edges(cells: Sequence[Polygon]) -> list[LineString]:
    """Return the lines between nodes of the cells' common boundaries, in a fixed order and direction."""
    network: Any = shapely.unary_union([cell.boundary for cell in cells], grid_size=0.01)
    merged: Any = linemerge(network)
    parts = sorted((np.round(np.array(line.coords), 2) for line in merged.geoms), key=lambda xy: _forward(xy).tolist())
    return [LineString(_forward(xy)) for xy in parts]


def _forward(xy: Any) -> Any:
    return xy if tuple(xy[0]) <= tuple(xy[-1]) else xy[::-1]


def _displace(edge: LineString, *, share: float, step_m: float, limit_m: float, key: int) -> LineString:
    """Displace each straight piece of *edge* by repeated halving; its vertices stay."""
    random = np.random.default_rng([SEED, key])
    points = np.array(edge.coords)
    out = [points[0]]
    for start, end in pairwise(points):
        piece = np.array([start, end])
        while float(np.hypot(*(piece[1] - piece[0]))) > step_m:
            gap = piece[1:] - piece[:-1]
            length = np.hypot(gap[:, 0], gap[:, 1])
            side = np.column_stack([-gap[:, 1], gap[:, 0]]) / np.maximum(length, 1e-9)[:, None]
            shift = np.clip(random.normal(size=len(gap)) * share * length, -limit_m, limit_m)
            middle = (piece[1:] + piece[:-1]) / 2 + side * shift[:, None]
            joined = np.empty((len(piece) + len(middle), 2))
            joined[0::2], joined[1::2] = piece, middle
            piece = joined
        out.extend(piece[1:])
    return LineString(np.round(np.array(out), 3))


def _crossing(lines: Sequence[LineString]) -> set[int]:
    """Return the positions of lines that cross themselves or touch another line elsewhere than at a common end."""
    array = np.array(lines, dtype=object)
    bad = {int(i) for i in np.flatnonzero(~shapely.is_simple(array))}
    ones, others = shapely.STRtree(array).query(array, predicate="intersects")
    for one, other in zip(ones.tolist(), others.tolist(), strict=True):
        if one < other:
            meeting = set(map(tuple, shapely.get_coordinates(shapely.intersection(array[one], array[other])).tolist()))
            ends = {array[one].coords[0], array[one].coords[-1]} & {array[other].coords[0], array[other].coords[-1]}
            if not meeting <= ends:
                bad |= {one, other}
    return bad


def _owned_faces(lines: Any, cells: Sequence[Polygon]) -> list[Any]:
    """Polygonise and give every face to the cell that covers most of it."""
    faces = list(shapely.polygonize([lines]).geoms)
    tree = shapely.STRtree(np.array(cells, dtype=object))
    owned: list[list[Polygon]] = [[] for _ in cells]
    for face in faces:
        candidates = tree.query(face)
        shares = [face.intersection(cells[candidate]).area for candidate in candidates]
        owned[int(candidates[int(np.argmax(shares))])].append(face)
    return [shapely.unary_union(parts, grid_size=GRID_M) for parts in owned]
