"""Is an area widened as far as asked, alike whatever else is asked, and in time for any boundary that is let in?"""

from __future__ import annotations

import math
import random
import time

import pytest
from django.contrib.gis.geos import Polygon

from layers.vetting import LIVE, STORED, outset
from tests.cast import multi, square
from tests.checks.golden.shapes import comb, polygon

DISTANCES = (4.0, 57.0, 60.0, 100.0, 200.0, 500.0, 1_000.0, 1_500.0, 15_000.0)


def spiky(corners: int) -> Polygon:
    """Draw a boundary that runs to and fro between 150 and 500 m from its middle."""
    dice = random.Random(corners)
    at = [(2 * math.pi * k / corners, dice.uniform(150, 500)) for k in range(corners)]
    return polygon([(5_000 + far * math.cos(turn), 5_000 + far * math.sin(turn)) for turn, far in at])


def test_a_square_becomes_as_large_as_arithmetic_says() -> None:
    for distance, ground in zip(DISTANCES, outset(square(1_000, 1_000, 500), DISTANCES), strict=True):
        exact = 500**2 + 4 * 500 * distance + math.pi * distance**2
        assert ground.valid
        assert exact - 0.1 * 2 * math.pi * distance < ground.area < exact
        assert ground.area == pytest.approx(exact, rel=4e-5)


def test_what_else_is_asked_changes_no_byte_and_the_order_is_kept() -> None:
    zone = multi(square(1_000, 1_000, 500), square(1_700, 1_000, 300))
    alone = [bytes(outset(zone, [distance])[0].wkb) for distance in DISTANCES]
    assert [bytes(ground.wkb) for ground in outset(zone, DISTANCES)] == alone
    assert [bytes(ground.wkb) for ground in outset(zone, DISTANCES[::-1])] == alone[::-1]


@pytest.mark.parametrize(
    ("zone", "seconds"),
    [
        (polygon(comb(3_000, 3_000, 500, 0.5, 40)), LIVE.timeout),
        (spiky(2_000), LIVE.timeout),
        (spiky(9_900), STORED.timeout),
        (polygon(comb(3_000, 3_000, 2_400, 0.5, 19)), STORED.timeout),
    ],
    ids=["comb of 2,000", "star of 2,000", "star of 9,900", "comb of 9,600"],
)
def test_boundaries_drawn_to_hurt_are_widened_in_time(zone: Polygon, seconds: float) -> None:
    began = time.monotonic()
    grounds = outset(zone, DISTANCES, timeout=seconds)
    assert time.monotonic() - began < seconds
    assert all(ground.contains(zone) for ground in grounds)
    assert [ground.area for ground in grounds] == sorted(ground.area for ground in grounds)
