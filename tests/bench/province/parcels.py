"""How do a million parcels tile a province? Quadrilaterals with shared crooked edges, about 20 corners and 1.3 ha each.

Every edge is computed from its own two ends, so both neighbours get the same corners; nothing is overlaid or snapped.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tests.bench.province.noise import Whole, uniform

CELL_M = 114.0
STEPS = 5  # corners along one side
NODE_M = 0.2 * CELL_M
BEND_M = 3.5
PATCH = 20  # parcels along the side of an area of one land use
SHEET = 32  # parcels along the side of a map sheet; rows lie sheet by sheet in the file
# Land codes with the share of the land, as in the reference data: 8.5 % LUC, 3.5 % LUK.
CODES = (
    ("LUC", 0.085), ("LUK", 0.035), ("CLN", 0.42), ("HNK", 0.16), ("RSX", 0.16), ("ONT", 0.05),
    ("NTS", 0.02), ("BHK", 0.07),
)  # fmt: skip


def nearest_cells(count: int, land: Any) -> Whole:
    """Return the *count* cells (column, row) inside *land* nearest to its middle, sheet by sheet.

    A smaller count is a part of a larger one, at the same density. Raises ValueError when *land* has no room.
    """
    middle = np.array([land.centroid.x, land.centroid.y])
    reach = int(np.sqrt(count)) * 2 + 8
    steps = np.arange(-reach, reach, dtype=np.int64)
    origin = np.floor(middle / CELL_M).astype(np.int64)
    columns, rows = (axis.ravel() for axis in np.meshgrid(steps + origin[0], steps + origin[1]))
    centres = (np.column_stack([columns, rows]) + 0.5) * CELL_M
    shapely.prepare(land)
    inside = shapely.contains_xy(land, centres[:, 0], centres[:, 1])
    far = np.hypot(*(centres[inside] - middle).T)
    if len(far) < count:
        raise ValueError(f"there is room for {len(far)} parcels only")
    kept = np.argsort(far, kind="stable")[:count]
    columns, rows = columns[inside][kept], rows[inside][kept]
    order = np.lexsort((columns, rows, columns // SHEET, rows // SHEET))
    return np.column_stack([columns[order], rows[order]])


def parcel_shapes(cells: Whole) -> NDArray[Any]:
    """Return one valid polygon per cell on the 1 mm grid, in GEOS normal order."""
    column, row = cells[:, 0], cells[:, 1]
    south = _side(0, column, row)
    east = _side(1, column + 1, row)
    north = _side(0, column, row + 1)[:, ::-1]
    west = _side(1, column, row)[:, ::-1]
    ring = np.concatenate([south[:, :-1], east[:, :-1], north[:, :-1], west[:, :-1]], axis=1)
    ring = np.concatenate([ring, ring[:, :1]], axis=1)
    return np.asarray(shapely.normalize(shapely.polygons(shapely.linearrings(ring))))


def _node(column: Whole, row: Whole) -> NDArray[np.float64]:
    jitter = np.stack([uniform(1, column, row), uniform(2, column, row)], axis=-1)
    return np.asarray(np.stack([column, row], axis=-1) * CELL_M + (2 * jitter - 1) * NODE_M)


def _side(axis: int, column: Whole, row: Whole) -> NDArray[np.float64]:
    """Return the side that leaves a node to the east (0) or north (1): both ends and the corners between them."""
    start = _node(column, row)
    end = _node(column + 1, row) if axis == 0 else _node(column, row + 1)
    along = np.linspace(0.0, 1.0, STEPS + 1)[None, :, None]
    points = start[:, None, :] * (1 - along) + end[:, None, :] * along
    bend = 2 * uniform(3 + axis, column[:, None], row[:, None], np.arange(STEPS - 1)[None, :]) - 1
    points[:, 1:-1, 1 - axis] += bend * BEND_M
    return np.asarray(np.round(points, 3))


def land_codes(cells: Whole) -> NDArray[np.str_]:
    """Return the land code of every cell: patches of one use with a few others strewn in."""
    column, row = cells[:, 0], cells[:, 1]
    strewn = uniform(6, column, row) < 0.2
    of_patch = uniform(5, column // PATCH, row // PATCH)
    chance = np.where(strewn, uniform(7, column, row), of_patch)
    edges = np.cumsum([share for _code, share in CODES])
    return np.array([code for code, _share in CODES])[np.minimum(np.searchsorted(edges, chance), len(CODES) - 1)]
