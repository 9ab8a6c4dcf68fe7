"""How does a craft village enter the register, and how is its record mended? By the officer of its commune.

Whether the village meets the criteria of recognition is not asked here: that is computed from its yearly figures.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import transaction
from django.utils import timezone

from layers.errors import InputRefused
from layers.grid import on_grid
from layers.models import AdminUnit
from layers.said import gettext as _
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.registers.models import CraftVillage
from planning.registers.services.names import free_slug, one_at_a_time, refuse_same_name

EARLIEST_YEAR = 1000


@dataclass(frozen=True)
class VillageInput:
    """What an officer enters about a village; *location* is a point in the storage CRS, None means "not known"."""

    name: str
    kind: str
    trade_group: str
    trade: str
    trade_name_vi: str
    trade_name_en: str
    unit: AdminUnit
    location: GEOSGeometry
    hamlets: str = ""
    since_year: int | None = None
    recognition_text: str = ""
    recognised_on: date | None = None
    environment_plan: bool | None = None
    cultural_identity: bool | None = None
    about_vi: str = ""
    about_en: str = ""
    source: str = ""


def register_village(actor: User, given: VillageInput) -> CraftVillage:
    """Enter a craft village under a free address name.

    Raises NotAllowed outside the officer's scope, InputRefused for a missing name, an implausible date or a place
    outside the commune, Conflict when the commune has a village of that name.
    """
    require(actor, Capability.KEEP_VILLAGE, given.unit)
    clean = _checked(given)
    _inside(clean)
    with transaction.atomic():
        one_at_a_time(CraftVillage)
        refuse_same_name(CraftVillage, clean.name, clean.unit, _sentence())
        village = CraftVillage.objects.create(
            slug=free_slug(CraftVillage, clean.name, "lang-nghe"),
            unit_as_reported=clean.unit.full_name,
            reporting_agency=clean.unit.full_name,
            **_values(clean),
        )
        record_event(actor, "register_village", village, {"name": clean.name, "unit": clean.unit.full_name})
    return village


def edit_village(actor: User, village: CraftVillage, given: VillageInput) -> CraftVillage:
    """Change the record of a village; its address name stays, the log keeps what was there before.

    Nothing is recorded when nothing changed. Raises like ``register_village``; the officer must be responsible for the
    village's commune before and after.
    """
    require(actor, Capability.KEEP_VILLAGE, village.unit)
    require(actor, Capability.KEEP_VILLAGE, given.unit)
    clean = _checked(given)
    with transaction.atomic():
        one_at_a_time(CraftVillage)
        row = CraftVillage.objects.select_for_update(of=("self",)).select_related("unit").get(pk=village.pk)
        require(actor, Capability.KEEP_VILLAGE, row.unit)
        refuse_same_name(CraftVillage, clean.name, clean.unit, _sentence(), but=row.pk)
        changed = {name: value for name, value in _values(clean).items() if getattr(row, name) != value}
        if {"unit", "location"} & set(changed):
            _inside(clean)
        if not changed:
            return row
        before = {name: _text(getattr(row, name)) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        row.save(update_fields=list(changed))
        after = {name: _text(value) for name, value in changed.items()}
        record_event(actor, "edit_village", row, {"name": row.name, "before": before, "after": after})
    return row


def _values(given: VillageInput) -> dict[str, Any]:
    return {field.name: getattr(given, field.name) for field in fields(given)}


def _text(value: object) -> str | None:
    if isinstance(value, GEOSGeometry):
        return str(value.wkt)
    return None if value is None else str(value)


def _sentence() -> str:
    return _("This commune already has a craft village of this name.")


def _checked(given: VillageInput) -> VillageInput:
    name = " ".join(given.name.split())
    if not name or not given.trade_name_vi.strip() or not given.trade.strip():
        raise InputRefused(_("A name is missing."), code="NAME_MISSING")
    today = timezone.localdate()
    if given.since_year is not None and not EARLIEST_YEAR <= given.since_year <= today.year:
        raise InputRefused(_("The year is not plausible."), code="YEAR_IMPLAUSIBLE", where=str(given.since_year))
    if given.recognised_on is not None and given.recognised_on > today:
        raise InputRefused(_("The day of recognition is in the future."), code="DATE_IN_FUTURE")
    if not isinstance(given.location, Point) or given.location.empty:
        raise InputRefused(_("Mark the place on the map."), code="PLACE_MISSING")
    return replace(given, name=name, location=on_grid(given.location))


def _inside(given: VillageInput) -> None:
    """Refuse a place outside the commune, when the commune's area is known."""
    if given.unit.geom is not None and not given.unit.geom.intersects(given.location):
        raise InputRefused(
            _("The marked place lies outside the commune."),
            code="PLACE_OUTSIDE_UNIT",
            where=given.unit.full_name,
            todo=_("Move the mark, or choose the commune it lies in."),
        )
