"""Are the pieces of many parcels one area, whether they tile, lie apart, overlap or do not quite match?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon

from layers.grid import on_grid
from planning.checks.case import merged_piece
from planning.checks.models import RuleSet
from tests.cast import EAST0, NORTH0, multi, square
from tests.checks.ground import check, one, publish, row


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


SLANTED = MultiPolygon(
    Polygon([(EAST0 + x, NORTH0 + y) for x, y in ((1_011, 1_003), (1_640, 1_217), (1_333, 1_689), (1_011, 1_003))]),
    srid=9218,
)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", [multi(square(1_000, 1_000, 700)), SLANTED], ids=["square", "slanted"])
def test_parcels_that_fill_the_zone_are_the_zone_and_others_are_what_they_are(
    rules: RuleSet, zone: GEOSGeometry
) -> None:
    tiles = [row(square(900 + 200 * x, 900 + 200 * y, 200), f"{x}/{y}", "LUC") for x in range(5) for y in range(5)]
    publish("land_parcel", tiles)
    full = one(check(zone), "parcels")
    assert full.piece == bytes(on_grid(zone).wkb)
    publish("land_parcel", tiles[:15])
    part = one(check(zone), "parcels")
    assert part.piece is not None and part.overlap_m2 is not None
    joined = shapely.from_wkb(part.piece)
    assert joined.area == pytest.approx(part.overlap_m2, rel=1e-12) and joined.area < zone.area - 10_000
    assert shapely.bounds(joined)[2] == EAST0 + 1_500
