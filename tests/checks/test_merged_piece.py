"""Are the pieces of many parcels one area, whether they tile, lie apart, overlap or do not quite match?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import shapely

from planning.checks.case import merged_piece


def _joined(*shapes: Any) -> Any:
    rows: Any = [SimpleNamespace(piece=shapely.to_wkb(shape)) for shape in shapes]
    blob = merged_piece(rows)
    return None if blob is None else shapely.from_wkb(blob)


def test_pieces_that_tile_are_joined_along_their_common_edges() -> None:
    tiles = [shapely.box(x * 10, y * 10, x * 10 + 10, y * 10 + 10) for x in range(4) for y in range(3)]
    joined = _joined(*tiles)
    assert joined.geom_type == "Polygon"
    assert shapely.equals(joined, shapely.box(0, 0, 40, 30))


def test_pieces_apart_stay_apart_and_a_hole_stays_open() -> None:
    ring = shapely.difference(shapely.box(0, 0, 30, 30), shapely.box(10, 10, 20, 20))
    joined = _joined(ring, shapely.box(50, 0, 60, 10))
    assert joined.geom_type == "MultiPolygon"
    assert joined.area == pytest.approx(900)


@pytest.mark.parametrize(
    "other",
    [shapely.box(5, 5, 15, 15), shapely.box(2, 2, 4, 4), shapely.box(0, 0, 10, 10), shapely.box(10 - 1e-9, 0, 20, 10)],
    ids=["crossing", "inside", "the same", "an edge that does not quite match"],
)
def test_pieces_that_share_ground_are_united(other: Any) -> None:
    one = shapely.box(0, 0, 10, 10)
    joined = _joined(one, other)
    assert joined.is_valid
    assert joined.area == pytest.approx(shapely.union(one, other).area, rel=1e-12)


def test_points_are_gathered_and_nothing_is_nothing() -> None:
    assert shapely.get_num_geometries(_joined(shapely.Point(0, 0), shapely.Point(1, 1))) == 2
    assert _joined() is None
