"""Is a zone on the grid a fixed point, with one hash whatever its vertex start and ring direction?"""

from __future__ import annotations

import math

import pytest
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InputRefused
from layers.grid import canonical_wkb, geometry_hash, hash_on_grid, on_grid

CENTRE = (480_000.0, 1_415_000.0)


@st.composite
def star_rings(draw: st.DrawFn) -> list[tuple[float, float]]:
    """Rings around CENTRE, 3 to 40 corners in order of angle, 20 to 900 m out."""
    count = draw(st.integers(3, 40))
    radii = draw(st.lists(st.floats(20, 900), min_size=count, max_size=count))
    return [
        (
            CENTRE[0] + radius * math.cos(2 * math.pi * index / count),
            CENTRE[1] + radius * math.sin(2 * math.pi * index / count),
        )
        for index, radius in enumerate(radii)
    ]


@given(star_rings(), st.integers(0, 39), st.booleans())
def test_hash_ignores_start_and_direction(ring: list[tuple[float, float]], start: int, turn: bool) -> None:
    geom = on_grid(Polygon([*ring, ring[0]], srid=9218))
    shift = start % len(ring)
    other = ring[shift:] + ring[:shift]
    if turn:
        other.reverse()
    again = on_grid(Polygon([*other, other[0]], srid=9218))
    assert geometry_hash(geom) == geometry_hash(again)
    assert canonical_wkb(geom) == canonical_wkb(on_grid(geom)) == canonical_wkb(again)
    assert bytes(on_grid(geom).wkb) == bytes(geom.wkb)
    assert hash_on_grid(geom) == geometry_hash(geom) == geometry_hash(again)


def test_rounding_repeats_and_z() -> None:
    geom = GEOSGeometry("POLYGON Z((0 0 1, 10.0004 0 1, 10.00039 0 1, 10 10 1, 0 0 1))", srid=9218)
    assert on_grid(geom).wkt == "POLYGON ((0 0, 10 10, 10 0, 0 0))"


def test_parts_are_ordered() -> None:
    one, two = Polygon.from_bbox((0, 0, 1, 1)), Polygon.from_bbox((5, 5, 6, 6))
    assert geometry_hash(on_grid(MultiPolygon(one, two, srid=9218))) == geometry_hash(
        on_grid(MultiPolygon(two, one, srid=9218))
    )


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_not_finite_is_refused(value: float) -> None:
    with pytest.raises(InputRefused) as refused:
        on_grid(Polygon(((0, 0), (1, 0), (1, value), (0, 0)), srid=9218))
    assert refused.value.code == "COORD_NOT_FINITE"


def test_other_srid_is_refused() -> None:
    with pytest.raises(InputRefused):
        on_grid(Polygon.from_bbox((0, 0, 1, 1)))
