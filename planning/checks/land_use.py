"""What is the land inside the boundary used for today? Rows by land code that add up to the zone.

It hides nothing: land without data is a row of its own.
"""

from __future__ import annotations

import math
import tomllib
from functools import cache

from planning.checks.asks import LAND_LAYER
from planning.checks.case import DUST_M2, Case
from planning.checks.facts import union_by_class
from planning.checks.report import LandUseRow
from planning.checks.types import Words
from planning.checks.wording import CATALOGUE

UNKNOWN = ""
_SHOWN_M2 = 0.01


@cache
def land_codes() -> dict[str, tuple[Words, str]]:
    """Return name and plan-map colour of every land code (``catalogue/land_codes.toml``)."""
    data = tomllib.loads((CATALOGUE / "land_codes.toml").read_text(encoding="utf-8"))
    return {code: (Words(entry["vi"], entry["en"]), entry["colour"]) for code, entry in data.items()}


def land_use_rows(case: Case) -> tuple[LandUseRow, ...]:
    """Return the land inside the zone by land code, largest first, unknown land last; the areas sum to the zone.

    Where parcels overlap one another each square metre goes to the first code in alphabetical order. Land outside the
    parcel layer's coverage, between parcels, or under a parcel that could not be computed is unknown.
    """
    areas: dict[str, tuple[float, int]] = {}
    edition = case.basis.editions.get(LAND_LAYER)
    if edition is not None:
        if case.facts.counted_twice_m2.get(edition.id, 0.0) > DUST_M2:
            united = union_by_class(case.zone, edition.id, (), verified=case.facts.verified)
            areas = {row.code: (row.area_m2, row.features) for row in united if row.sound}
        else:
            by_code: dict[str, list[float]] = {}
            for row in case.facts.overlaps.get(edition.id, ()):
                if row.sound and row.area_m2:
                    by_code.setdefault(row.class_code or "?", []).append(row.area_m2)
            areas = {code: (math.fsum(pieces), len(pieces)) for code, pieces in by_code.items()}
    rows = [
        _row(case, code, area, count)
        for code, (area, count) in sorted(areas.items(), key=lambda item: (-item[1][0], item[0]))
        if area > _SHOWN_M2
    ]
    unknown = case.area_m2 - math.fsum(row.area_m2 for row in rows)
    if unknown > _SHOWN_M2:
        rows.append(_row(case, UNKNOWN, unknown, 0))
    return tuple(rows)


def _row(case: Case, code: str, area: float, parcels: int) -> LandUseRow:
    known = land_codes()
    name, colour = known.get(code or "unknown", (Words(code, code), known["unknown"][1]))
    return LandUseRow(code, name, area, case.share(area), parcels, colour)
