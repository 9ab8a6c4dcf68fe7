"""Which instruments, units, bodies and free days does the demo put into the ground floor? Idempotent; no layer here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry

from layers.crs import as_multi, storage_srid
from layers.grid import on_grid
from layers.models import (
    AdminSuccession,
    AdminUnit,
    Body,
    Holiday,
    LegalInstrument,
    SuccessionKind,
)
from layers.services.units import LEVELS, level_of
from project.demo.figures_reader import read_rows

REFORM = date(2025, 7, 1)
LAST_OLD_DAY = date(2025, 6, 30)
BEFORE = date(2004, 1, 1)
PROVINCE_CODE = "66"
SCHEMATIC_SOURCE = (
    "Sơ đồ minh hoạ, không dùng để xác định địa giới (sinh từ số liệu, điểm giữa xã và diện tích công bố)"
)


@dataclass(frozen=True)
class Boundaries:
    """The ground of the units: a shape per commune and former district, by code, and whether it is schematic."""

    communes: dict[str, Any]
    districts: dict[str, Any]
    province: Any
    schematic: bool
    source: str
    names: dict[str, tuple[str, str]] = field(default_factory=dict)  # code → (kind, name), when a file says so


@dataclass(frozen=True)
class Places:
    """The loaded units by code."""

    province: AdminUnit
    communes: dict[str, AdminUnit]
    districts: dict[str, AdminUnit]


def to_geos(shape: Any) -> GEOSGeometry:
    """Return a shapely geometry in the storage CRS as GEOSGeometry on the grid, in normal order."""
    return on_grid(GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=storage_srid()))


def generated_boundaries() -> Boundaries:
    """Return the generated communes and their unions."""
    from project.demo.units import communes, districts, province

    return Boundaries(
        communes={commune.code: commune.geom for commune in communes()},
        districts=dict(districts()),
        province=province(),
        schematic=True,
        source=SCHEMATIC_SOURCE,
    )


def load_instruments() -> int:
    """Create or refresh the instruments of the figure file; return their number."""
    rows = read_rows("instruments")
    for row in rows:
        LegalInstrument.objects.update_or_create(
            number=row["number"],
            defaults={
                "title": row["title"],
                "title_en": row["title_en"],
                "issuer": row["issuer"],
                "issued_on": _day(row["issued_on"]),
                "in_force_from": _day(row["in_force_from"]),
                "in_force_to": _day(row["in_force_to"]),
                "verified": row["verified"] == "1",
            },
        )
    for row in rows:
        if row["replaced_by"]:
            newer = LegalInstrument.objects.get(number=row["replaced_by"])
            LegalInstrument.objects.filter(number=row["number"]).update(replaced_by=newer)
    return len(rows)


def load_units(boundaries: Boundaries) -> Places:
    """Create or refresh province, former districts and communes with their succession."""
    for code in LEVELS:
        level_of(code)
    reform = LegalInstrument.objects.get(number="1660/NQ-UBTVQH15")
    common = {"schematic": boundaries.schematic, "source": boundaries.source[:240]}
    province = _unit(
        PROVINCE_CODE,
        "province",
        BEFORE,
        {"name": "Đắk Lắk", "kind_name": "Tỉnh", "official_area_km2": Decimal("18096.40"), **common},
        boundaries.province,
    )
    districts = {
        row["code"]: _unit(
            row["code"],
            "district",
            BEFORE,
            {"name": row["name"], "kind_name": row["kind"], "parent": province, "valid_to": LAST_OLD_DAY, **common},
            boundaries.districts[row["code"]],
        )
        for row in read_rows("districts")
        if row["code"] in boundaries.districts
    }
    communes: dict[str, AdminUnit] = {}
    for row in read_rows("communes"):
        if row["code"] not in boundaries.communes:
            continue
        kind, name = boundaries.names.get(row["code"], (row["kind"], row["name"]))
        communes[row["code"]] = _unit(
            row["code"],
            "commune",
            REFORM,
            {
                "name": name,
                "kind_name": kind,
                "parent": province,
                "official_area_km2": Decimal(row["area_km2"]),
                "mountainous": row["mountainous"] == "1",
                **common,
            },
            boundaries.communes[row["code"]],
        )
        before = districts.get(row["district"])
        if before is not None:
            share = min(1.0, max(1e-6, communes[row["code"]].geom.area / before.geom.area))
            AdminSuccession.objects.update_or_create(
                predecessor=before,
                successor=communes[row["code"]],
                kind=SuccessionKind.LEVEL,
                defaults={"share": Decimal(f"{share:.6f}"), "instrument": reform},
            )
    return Places(province, communes, districts)


def _unit(code: str, level: str, valid_from: date, values: dict[str, Any], shape: Any) -> AdminUnit:
    geom = as_multi(to_geos(shape))
    return AdminUnit.objects.update_or_create(
        level_id=level, code=code, valid_from=valid_from, defaults={**values, "geom": geom}
    )[0]


def load_bodies(province: AdminUnit) -> int:
    """Create or refresh the bodies; return their number."""
    rows = read_rows("bodies")
    for row in rows:
        Body.objects.update_or_create(
            code=row["code"],
            valid_from=date.fromisoformat(row["valid_from"]),
            defaults={
                "name": row["name"],
                "name_en": row["name_en"],
                "short_name": row["short_name"],
                "unit": province,
                "valid_to": _day(row["valid_to"]),
            },
        )
    for row in rows:
        if row["replaced_by"]:
            heir = Body.objects.filter(code=row["replaced_by"]).order_by("-valid_from").first()
            Body.objects.filter(code=row["code"]).update(replaced_by=heir)
    return len(rows)


def load_holidays() -> int:
    """Create or refresh free and swapped days; return their number."""
    rows = read_rows("holidays")
    for row in rows:
        Holiday.objects.update_or_create(
            day=date.fromisoformat(row["day"]),
            defaults={"name": row["name"], "is_working": row["is_working"] == "1"},
        )
    return len(rows)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
