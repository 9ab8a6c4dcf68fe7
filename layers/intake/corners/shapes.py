"""Which rings of a corner table are areas, and which are left out of others? Nesting decides, titles do not.

It mends nothing: rings that cross stay as they are, for vetting to speak about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from layers.intake.corners.table import CornerTable


@dataclass(frozen=True)
class Ring:
    """One block as a ring: its number in the table, its area, the block it lies in, and whether it is left out."""

    number: int
    shape: Any
    area: float
    inside: int | None = None
    is_hole: bool = False


def rings_of(table: CornerTable) -> tuple[Ring, ...]:
    """Return the blocks as rings (easting, northing) in table order, nested: a ring in a hole is an area again."""
    rings = []
    for block in table.blocks:
        xy = np.array([(point.y, point.x) for point in block])
        rings.append(shapely.linearrings(np.vstack([xy, xy[:1]])))
    areas = [_shoelace(ring) for ring in rings]
    order = sorted(range(len(rings)), key=lambda index: areas[index])
    parents: dict[int, int | None] = {}
    for place, index in enumerate(order):
        larger = order[place + 1 :]
        parents[index] = next((other for other in larger if _inside(rings[index], rings[other])), None)
    depths: dict[int, int] = {}
    for index in reversed(order):
        parent = parents[index]
        depths[index] = 0 if parent is None else depths[parent] + 1
    return tuple(
        Ring(index, rings[index], areas[index], parents[index], depths[index] % 2 == 1) for index in range(len(rings))
    )


def polygons_of(table: CornerTable) -> list[tuple[int, Any]]:
    """Return (block number, polygon) for every area in table order, with what is left out of it as holes."""
    rings = rings_of(table)
    return [
        (
            ring.number,
            shapely.polygons(
                ring.shape, [hole.shape for hole in rings if hole.is_hole and hole.inside == ring.number] or None
            ),
        )
        for ring in rings
        if not ring.is_hole
    ]


def _shoelace(ring: Any) -> float:
    xy = shapely.get_coordinates(ring)
    xy = xy - xy[0]
    return abs(float(np.sum(xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]))) / 2


def _inside(inner: Any, outer: Any) -> bool:
    """Tell whether no corner of *inner* lies outside *outer* and one lies truly within."""
    polygon = shapely.polygons(outer)
    shapely.prepare(polygon)
    xy = shapely.get_coordinates(inner)[:-1]
    if not shapely.intersects_xy(polygon, xy[:, 0], xy[:, 1]).all():
        return False
    middles = (xy + np.roll(xy, -1, axis=0)) / 2
    every = np.vstack([xy, middles])
    return bool(shapely.contains_xy(polygon, every[:, 0], every[:, 1]).any())
