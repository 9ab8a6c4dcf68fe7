"""Which ground is screened? The units asked for, or the whole province as it was bounded on a day.

It deliberately reads outlines only; what lies in them is `planning.checks.screening.ground`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models import Union
from django.utils.translation import gettext as _

from layers.errors import NotFound
from layers.models import AdminUnit
from planning.checks.screening.grid import Block, Grid

# About a second of work. Every block asks the database some thirty times and reads what lies around it: of smaller ones
# more is asked and read twice.
BLOCK_M = 30_000.0


def area_of(day: str, units: Iterable[int] = ()) -> Any:
    """Return the ground as a shapely area in metres: the *units* by row number, else the province on *day* (ISO).

    Raises NotFound (NO_UNITS) when no unit is loaded. Kept for the process.
    """
    return _area(day, tuple(sorted(units)))


@lru_cache(maxsize=8)
def _area(day: str, units: tuple[int, ...]) -> Any:
    known = AdminUnit.objects.order_by()
    if units:
        found = known.filter(pk__in=units)
    else:
        today = known.valid_on(date.fromisoformat(day))
        provinces = today.of_level("province")
        found = provinces if provinces.exists() else today.of_level("commune")
    whole = found.aggregate(area=Union("geom"))["area"]
    if whole is None:
        raise NotFound(_("No administrative unit is loaded."), code="NO_UNITS")
    return shapely.from_wkb(bytes(whole.wkb))


def blocks_of(grid: Grid, area: Any) -> list[Block]:
    """Return the blocks that *area* lies in, in an order that does not depend on anything else.

    Those with the most of it come first: at the end, when one process waits for another, only small ones are left.
    """
    shapely.prepare(area)
    blocks = grid.block_of(area.bounds, BLOCK_M)
    boxes = np.array([shapely.box(*grid.box_of(block)) for block in blocks], dtype=object)
    met = np.flatnonzero(shapely.intersects(area, boxes))
    taken = shapely.area(shapely.intersection(area, boxes[met]))
    return [blocks[place] for place in met[np.argsort(-taken, kind="stable")].tolist()]


def forget_areas() -> None:
    """Drop what this process keeps; for tests."""
    _area.cache_clear()
