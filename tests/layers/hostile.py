"""Which shapes are drawn to hurt? Stars, combs, spirals, saws, nested holes, slivers: cheap to send, dear to compute.

They name no outcome: whoever uses them asserts what becomes of them.
"""

from __future__ import annotations

import math
import random

from django.conf import settings
from django.contrib.gis.geos import MultiPolygon, Polygon

from tests.cast import EAST0, NORTH0

Points = list[tuple[float, float]]
E, N = EAST0 + 9_000, NORTH0 + 5_000


def area(*rings: Points) -> Polygon:
    """Build a polygon of open rings in storage coordinates."""
    return Polygon(*[[*ring, ring[0]] for ring in rings], srid=settings.STORAGE_SRID)


def star(points: int, radius: float = 1_000) -> Polygon:
    """Draw the worst self-crossing ring of so many points (about n²/2 crossings)."""
    step = points // 2
    turn = 2 * math.pi * step / points
    return area([(E + radius * math.cos(turn * i), N + radius * math.sin(turn * i)) for i in range(points)])


def comb(teeth: int, *, upright: bool = True, width: float = 0.5, height: float = 1_000) -> Polygon:
    """Draw a valid comb of four corners a tooth, opening north or east."""
    points = [(0.0, 0.0), ((2 * teeth - 1) * width, 0.0)]
    for tooth in reversed(range(teeth)):
        left = 2 * tooth * width
        points += [(left + width, height), (left, height)]
        if tooth:
            points += [(left, 1.0), (left - width, 1.0)]
    return area([(E + x, N + y) if upright else (E + y, N + x) for x, y in points])


def crossed_combs(teeth: int) -> MultiPolygon:
    """Lay one comb across another: every tooth crosses every tooth."""
    return MultiPolygon(comb(teeth), comb(teeth, upright=False), srid=settings.STORAGE_SRID)


def spiral(points: int, turns: int = 30) -> Polygon:
    """Wind a band of constant width round a place: valid, and inside its own box everywhere."""
    outward, back = [], []
    for step in range(points // 2):
        angle, radius = turns * math.tau * step / (points // 2), 50 + 2_000 * step / (points // 2)
        wider = radius + 1_000 / turns
        outward.append((E + radius * math.cos(angle), N + radius * math.sin(angle)))
        back.append((E + wider * math.cos(angle), N + wider * math.sin(angle)))
    return area(outward + back[::-1])


def zigzag(points: int, height: float = 500) -> Polygon:
    """Draw a saw: every second corner on the other side."""
    return area([(E + i * 0.2, N + (i % 2) * height) for i in range(points)])


def nested_holes(count: int) -> Polygon:
    """Nest holes in holes, a metre apart."""
    rings = [[(E - d, N - d), (E + d, N - d), (E + d, N + d), (E - d, N + d)] for d in range(2_000, 2_000 - count, -1)]
    return area(*rings)


def near_collinear(points: int) -> Polygon:
    """Run almost straight: corners a nanometre off the line."""
    return area([(E + i * 10, N + 1e-9 * (i % 2)) for i in range(points)] + [(E + points * 5, N + 0.3)])


def spikes(count: int) -> Polygon:
    """Grow spikes a nanometre wide and 300 m long out of one side."""
    side: Points = []
    for i in range(count):
        x = E + i * 1.0
        side += [(x, N), (x + 0.5, N), (x + 0.5, N - 300 + 1e-9), (x + 0.5 + 1e-9, N)]
    return area([*side, (E + count, N + 400), (E, N + 400)])


def scribble(points: int) -> Polygon:
    """Draw at random over two kilometres."""
    dice = random.Random(1)
    return area([(E + dice.uniform(0, 2_000), N + dice.uniform(0, 2_000)) for _ in range(points)])


def weave(points: int) -> Polygon:
    """Weave long strokes across one another: as many crossings as the cap allows and more."""
    rows = [(E + x, N + i * 2.0) for i in range(points // 4) for x in ((0, 1_000) if i % 2 else (1_000, 0))]
    columns = [(E + i * 2.0, N + y) for i in range(points // 4) for y in ((0, 1_000) if i % 2 else (1_000, 0))]
    return area([*rows, *columns])


HOSTILE: dict[str, Polygon | MultiPolygon] = {
    "star of 101": star(101),
    "star of 201": star(201),
    "star of 1,001": star(1_001),
    "star of 1,999": star(1_999),
    "comb of 490 teeth": comb(490),
    "comb lying down": comb(490, upright=False),
    "crossed combs": crossed_combs(240),
    "spiral": spiral(1_900),
    "wound-up spiral": spiral(1_900, 300),
    "zigzag of 1,999": zigzag(1_999),
    "zigzag of 10,000": zigzag(10_000),
    "nested holes": nested_holes(490),
    "near-collinear": near_collinear(1_000),
    "spikes": spikes(480),
    "scribble of 200": scribble(200),
    "scribble of 1,990": scribble(1_990),
    "weave of 390": weave(390),
    "weave of 1,990": weave(1_990),
}
