"""How does a site grow? From the roomiest spot outwards over free pixels, cheap ones first, until the area is reached.

The same land gives the same sites: ties go to the south-western pixel. It draws no outline and checks no rule.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from planning.checks.screening.suitable import Suitable
from planning.checks.screening.wishes import Wishes

# How much a condition on a pixel weighs against being a radius farther from the middle.
COST_WEIGHT = 0.8
# A spot is looked at when at least this share of a square of the wanted area around it is free.
LEAST_ROOM = 0.35
# Spots looked at for each candidate wanted.
TRIES = 4
# Middles of sites lie at least so many sides apart: three sites side by side are one site.
APART = 2.0


def grown(found: Suitable, wishes: Wishes) -> Iterator[Any]:
    """Yield sites as boolean arrays over the raster of *found*, the roomiest first; sites do not overlap.

    What a site took is free no longer. Every site is connected by edges and has the wanted area, or less where no more
    is free, never less than the least.
    """
    raster = found.raster
    wanted = max(1, round(wishes.area_ha * 10_000 / raster.pixel_m2))
    least = math.ceil(wishes.min_ha * 10_000 / raster.pixel_m2)
    side = max(1, round(math.sqrt(wanted)))
    room = _room(found, side)
    for _try in range(TRIES * wishes.per_unit):
        place = int(np.argmax(room))
        if room.flat[place] < LEAST_ROOM:
            return
        row, column = divmod(place, room.shape[1])
        site = _spread(found.free, found.cost, (row, column), wanted)
        # what was tried is not tried again, whether it was large enough or not
        off = round(APART * side)
        span = slice(max(0, row - off), row + off + 1), slice(max(0, column - off), column + off + 1)
        room[span] = -1.0
        if int(site.sum()) < least:
            continue
        room[site] = -1.0
        yield site
        found.free = found.free & ~site


def _room(found: Suitable, side: int) -> Any:
    """Return how much of a square of *side* pixels around each free pixel is free, less what it costs; -1 elsewhere.

    How near a road is counts for a fifth.
    """
    free = found.free
    worth = np.where(free, 1 - COST_WEIGHT * 0.5 * np.minimum(found.cost, 1) - 0.2 * (1 - found.near), 0.0)
    sums = np.zeros((free.shape[0] + side, free.shape[1] + side))
    sums[side // 2 + 1 : side // 2 + 1 + free.shape[0], side // 2 + 1 : side // 2 + 1 + free.shape[1]] = worth
    sums = sums.cumsum(axis=0).cumsum(axis=1)
    padded = np.pad(sums, ((0, side + 1), (0, side + 1)), mode="edge")
    rows, columns = free.shape
    total = (
        padded[side : side + rows, side : side + columns]
        - padded[:rows, side : side + columns]
        - padded[side : side + rows, :columns]
        + padded[:rows, :columns]
    )
    return np.where(free, np.round(total / side**2, 6), -1.0)


def _spread(free: Any, cost: Any, start: tuple[int, int], wanted: int) -> Any:
    radius = math.sqrt(wanted / math.pi)
    site = np.zeros(free.shape, dtype=bool)
    seen = {start}
    heap: list[tuple[float, int, int]] = [(0.0, *start)]
    rows, columns = free.shape
    taken = 0
    while heap and taken < wanted:
        _price, row, column = heapq.heappop(heap)
        site[row, column] = True
        taken += 1
        for up, right in ((-1, 0), (0, -1), (0, 1), (1, 0)):
            near = row + up, column + right
            if near in seen or not (0 <= near[0] < rows and 0 <= near[1] < columns) or not free[near]:
                continue
            seen.add(near)
            away = math.hypot(near[0] - start[0], near[1] - start[1]) / radius
            heapq.heappush(heap, (round(away + COST_WEIGHT * min(1.0, float(cost[near])), 9), *near))
    return site
