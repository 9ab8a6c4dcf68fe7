"""What is wished for when a site is searched? Area, units, distances, slope, what may be met: checked and kept as JSON.

No library for arrays is needed to read it, so forms may. It measures nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

from layers.errors import InputRefused

MAX_UNITS = 120
LEAST_HA, MOST_HA = 1.0, 500.0
MOST_M = 50_000.0
MOST_PER_UNIT = 8
ROADS = ("expressway", "national", "provincial", "district", "rural")


@dataclass(frozen=True)
class Wishes:
    """Hold the criteria of one search.

    *units*: row numbers of communes. *area_ha* is wanted, *min_ha*–*max_ha* accepted. *road_m*, *power_m*, *cluster_m*:
    farthest distance in metres, None for any; *roads*: classes of road that count. *slope_below*: in percent or None.
    *conditions*, *unchecked*: whether land under conditions, or without data, may be taken. *holes*: whether enclosed
    land that is not prohibited may be taken in. *compact*: least 4π·area ÷ perimeter² (0–1; a square has 0.79).
    *per_unit*: most candidates a unit.
    """

    units: tuple[int, ...]
    area_ha: float
    min_ha: float
    max_ha: float
    road_m: float | None = None
    roads: tuple[str, ...] = ("national", "provincial")
    power_m: float | None = None
    cluster_m: float | None = None
    slope_below: float | None = None
    conditions: bool = True
    unchecked: bool = True
    holes: bool = True
    compact: float = 0.3
    per_unit: int = 3

    def as_data(self) -> dict[str, Any]:
        """Return the wishes ready for JSON."""
        return {**asdict(self), "units": list(self.units), "roads": list(self.roads)}

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Wishes:
        """Read and check wishes. Raises InputRefused (WISH_UNITS, WISH_AREA, WISH_RANGE) for what makes no sense."""
        names = {field.name for field in fields(cls)}
        known = {name: value for name, value in data.items() if name in names}
        known["units"] = tuple(sorted({int(unit) for unit in known.get("units", ())}))
        known["roads"] = tuple(code for code in ROADS if code in known.get("roads", cls.roads))
        found = cls(**known)
        found.require()
        return found

    def require(self) -> None:
        """Raise InputRefused when the wishes contradict themselves or leave the limits."""
        if not 0 < len(self.units) <= MAX_UNITS:
            raise InputRefused(_("Choose the communes to search in."), code="WISH_UNITS", where=str(len(self.units)))
        sizes = (self.min_ha, self.area_ha, self.max_ha)
        if not all(math.isfinite(size) and LEAST_HA <= size <= MOST_HA for size in sizes) or not (
            self.min_ha <= self.area_ha <= self.max_ha
        ):
            raise InputRefused(
                _("The area wanted lies between the smallest and the largest one, from 1 to 500 ha."),
                code="WISH_AREA",
                where=f"{self.min_ha:g} – {self.area_ha:g} – {self.max_ha:g}",
            )
        distances = [value for value in (self.road_m, self.power_m, self.cluster_m) if value is not None]
        limits = [value for value in (self.slope_below,) if value is not None]
        if (
            not all(math.isfinite(value) and 0 < value <= MOST_M for value in distances)
            or not all(math.isfinite(value) and 0 < value <= 100 for value in limits)
            or not 0 <= self.compact <= 0.7
            or not 1 <= self.per_unit <= MOST_PER_UNIT
            or (self.road_m is not None and not self.roads)
        ):
            raise InputRefused(_("A criterion is outside its limits."), code="WISH_RANGE")


def slope_from(class_code: str) -> float | None:
    """Return the percent from which a class of the slope layer begins: 8 for ``8-15``, 25 for ``25+``."""
    digits = class_code.strip().rstrip("+").split("-")[0]
    try:
        return float(digits)
    except ValueError:
        return None
