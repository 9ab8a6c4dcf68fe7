"""Is a boundary written as corners the way surveyors print it?"""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Polygon

from mapping.papers.corner_table import corner_blocks, corner_count
from tests.cast import EAST0, NORTH0, multi, square

SRID = 9218


def test_a_square_runs_clockwise_from_its_north_western_corner() -> None:
    (block,) = corner_blocks(multi(square(0, 0, 500)))
    assert [(corner.number, corner.x_m - NORTH0, corner.y_m - EAST0) for corner in block.corners] == [
        (1, 500, 0),
        (2, 500, 500),
        (3, 0, 500),
        (4, 0, 0),
        (1, 500, 0),
    ]
    assert [corner.side_m for corner in block.corners] == [500, 500, 500, 500, None]
    assert block.area_m2 == 250_000


def test_the_start_and_the_direction_of_the_drawing_do_not_matter() -> None:
    ring = list(square(0, 0, 500).exterior_ring.coords)[:-1]
    turned = [ring[(index + 2) % 4] for index in range(4)]
    for places in (turned, turned[::-1]):
        drawn = Polygon([*places, places[0]], srid=SRID)
        assert corner_blocks(multi(drawn)) == corner_blocks(multi(square(0, 0, 500)))


def test_numbers_run_on_over_holes_and_areas() -> None:
    hole = square(100, 100, 100).exterior_ring
    with_hole = Polygon(square(0, 0, 500).exterior_ring, hole, srid=SRID)
    blocks = corner_blocks(multi(square(2000, 0, 100), with_hole))
    assert [block.is_hole for block in blocks] == [False, True, False]
    assert [block.corners[0].number for block in blocks] == [1, 5, 9]
    assert corner_count(blocks) == 12
    assert sum(-block.area_m2 if block.is_hole else block.area_m2 for block in blocks) == pytest.approx(250_000)
    assert len({block.title for block in blocks}) == 3
