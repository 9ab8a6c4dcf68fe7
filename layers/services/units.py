"""How do administrative units get in with their boundaries? A level at once; what ended the day before is linked.

It reads no file and abolishes nothing: a unit that ended is loaded with its last day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils.translation import gettext as _

from layers.crs import as_multi
from layers.errors import InputRefused
from layers.grid import on_grid
from layers.models import AdminLevel, AdminSuccession, AdminUnit, SuccessionKind

# Boundaries of two years and two publishers never meet exactly: less than this share of the older unit is a difference
# of drawing, no succession.
LEAST_SHARE = 0.01
WHOLE_SHARE = 0.99
# code → Vietnamese and English name, rank; the names are the administrator's once the level exists.
LEVELS = {
    "province": ("Tỉnh", "Province", 1),
    "district": ("Huyện, thị xã, thành phố", "District", 2),
    "commune": ("Xã, phường", "Commune", 3),
}


@dataclass(frozen=True)
class UnitRow:
    """One unit as a file tells it; *geom* in the storage CRS."""

    code: str
    name: str
    kind_name: str
    geom: GEOSGeometry
    official_area_km2: Decimal | None = None


@dataclass(frozen=True)
class UnitsLoaded:
    """What a loading did."""

    made: int
    refreshed: int
    successions: int


def load_units(
    level: AdminLevel,
    rows: Iterable[UnitRow],
    *,
    valid_from: date,
    valid_to: date | None = None,
    parent: AdminUnit | None = None,
    source: str = "",
    schematic: bool = False,
) -> UnitsLoaded:
    """Create or refresh the units of *level* from *valid_from* on and link them to the units that ended the day before.

    Boundaries are put on the 1 mm grid; shares are of the plane area in the storage CRS. All or nothing: raises
    InputRefused for a row without code or name, a code told twice, or a boundary that is not a valid area.
    """
    seen: set[str] = set()
    made = refreshed = 0
    with transaction.atomic():
        units = []
        for row in rows:
            if not row.code or not row.name or row.code in seen:
                raise InputRefused(
                    _("Every unit needs a name and a code of its own."), code="UNIT_ROW", where=f"{row.code} {row.name}"
                )
            seen.add(row.code)
            geom = as_multi(on_grid(row.geom))
            if not geom.valid:
                raise InputRefused(
                    _("The boundary of a unit crosses itself."), code="UNIT_BOUNDARY", where=f"{row.code} {row.name}"
                )
            unit, new = AdminUnit.objects.update_or_create(
                level=level,
                code=row.code,
                valid_from=valid_from,
                defaults={
                    "name": row.name,
                    "kind_name": row.kind_name,
                    "valid_to": valid_to,
                    "parent": parent,
                    "source": source,
                    "schematic": schematic,
                    "official_area_km2": row.official_area_km2,
                    "geom": geom,
                },
            )
            made, refreshed = made + new, refreshed + (not new)
            units.append(unit)
        successions = sum(_succeed(unit, valid_from - timedelta(days=1)) for unit in units)
    return UnitsLoaded(made, refreshed, successions)


def level_of(code: str) -> AdminLevel:
    """Return a level, made when it is one of the three every province knows; raises InputRefused for another code."""
    known = AdminLevel.objects.filter(code=code).first()
    if known is not None:
        return known
    if code not in LEVELS:
        raise InputRefused(_("There is no such level."), code="UNIT_LEVEL", where=code, todo=", ".join(LEVELS))
    vi, en, rank = LEVELS[code]
    return AdminLevel.objects.create(code=code, name_vi=vi, name_en=en, rank=rank)


def _succeed(unit: AdminUnit, last_day: date) -> int:
    AdminSuccession.objects.filter(successor=unit).delete()
    links = []
    for before in AdminUnit.objects.filter(valid_to=last_day, geom__intersects=unit.geom):
        share = before.geom.intersection(unit.geom).area / before.geom.area
        if share < LEAST_SHARE:
            continue
        kind = SuccessionKind.FULL if share > WHOLE_SHARE else SuccessionKind.PARTIAL
        if before.level_id != unit.level_id:
            kind = SuccessionKind.LEVEL
        links.append(
            AdminSuccession(predecessor=before, successor=unit, kind=kind, share=Decimal(f"{min(1.0, share):.6f}"))
        )
    return len(AdminSuccession.objects.bulk_create(links))
