"""What does the ground know on a day? Editions by layer, units by place, and what became of abolished units.

Pure reading; nothing here changes or caches anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import F, FloatField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.utils import timezone

from layers.models import AdminSuccession, AdminUnit, Edition, EditionStatus, Feature

DISTRICT = "district"
COMMUNE = "commune"


def editions_on(day: date | None = None) -> QuerySet[Edition]:
    """Return the editions that answered on *day*: the current one per layer, or the one that was current then."""
    day = day or timezone.localdate()
    return (
        Edition.objects.exclude(status=EditionStatus.STAGED)
        .filter(effective_from__lte=day)
        .filter(Q(retired_on__isnull=True) | Q(retired_on__gt=day))
        .order_by("layer_id", "-number")
        .distinct("layer_id")
        .select_related("layer")
        .defer("coverage", "report")
    )


def current_editions(on: date | None = None) -> dict[str, Edition]:
    """Return layer code → edition that answered on *on* (today when absent); layers without one are missing."""
    return {edition.layer.code: edition for edition in editions_on(on)}


def features_near(editions: Iterable[int], box: GEOSGeometry) -> QuerySet[Feature]:
    """Return the features of editions (row numbers) that lie in a box (storage CRS) or touch it; a few may only nearly.

    Boxes of parts are compared, or of the features themselves where the parts of a retired edition were dropped.
    """
    near = RawSQL("SELECT layers_features_near(%s, %s::geometry)", [list(editions), box.ewkb.hex()])
    return Feature.objects.filter(pk__in=near)


def units_of(level: str, on: date | None = None) -> QuerySet[AdminUnit]:
    """Return the units of a level (``province``, ``district``, ``commune``) that existed on *on*."""
    return AdminUnit.objects.valid_on(on or timezone.localdate()).of_level(level).order_by("name")


def unit_at(point: GEOSGeometry, level: str = COMMUNE, on: date | None = None) -> AdminUnit | None:
    """Return the unit of a level that contained a point (storage CRS) on *on*; the smaller code on a border."""
    return (
        AdminUnit.objects.valid_on(on or timezone.localdate())
        .of_level(level)
        .filter(geom__intersects=point)
        .order_by("code")
        .first()
    )


def share_within(zone: GEOSGeometry, unit: AdminUnit) -> float:
    """Return the share (0–1) of a vetted zone's area that lies inside a unit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT layers_share_within(ST_SetSRID(%s::geometry, %s), %s)", [zone.hex.decode(), zone.srid, unit.pk]
        )
        return float(cursor.fetchone()[0] or 0.0)


def is_within(zone: GEOSGeometry, unit: AdminUnit, *, at_least: float = 0.999) -> bool:
    """Tell whether at least that share of a zone lies inside a unit (0.999: a border drawn along the unit's passes)."""
    return share_within(zone, unit) >= at_least


def units_touched(zone: GEOSGeometry, level: str = COMMUNE, on: date | None = None) -> list[tuple[AdminUnit, float]]:
    """Return the units a zone lies in with the share of the zone in each, largest first; below 0.01 % left out."""
    found = AdminUnit.objects.valid_on(on or timezone.localdate()).of_level(level).filter(geom__intersects=zone)
    shares = [(unit, share_within(zone, unit)) for unit in found]
    return sorted(((unit, share) for unit, share in shares if share >= 0.0001), key=lambda item: -item[1])


def former_district_of(unit: AdminUnit, on: date | None = None) -> AdminUnit | None:
    """Return the abolished district that most of a unit's territory came from; the unit itself when it is a district.

    *on* asks for the district of an earlier day; absent, the last one.
    """
    if unit.level_id == DISTRICT:
        return unit
    origins = AdminSuccession.objects.filter(successor=unit, predecessor__level_id=DISTRICT)
    if on is not None:
        origins = origins.filter(predecessor__valid_from__lte=on).filter(
            Q(predecessor__valid_to__isnull=True) | Q(predecessor__valid_to__gte=on)
        )
    taken = origins.annotate(
        area=Cast("share", FloatField()) * Cast(F("predecessor__official_area_km2"), FloatField())
    ).order_by(F("area").desc(nulls_last=True), "-share", "-predecessor__valid_from")
    first = taken.select_related("predecessor").first()
    return first.predecessor if first is not None else None


def communes_of_former(unit: AdminUnit, *, at_least: float = 0.0) -> QuerySet[AdminUnit]:
    """Return the communes that took over territory of an abolished unit (directly), by name."""
    return (
        AdminUnit.objects.filter(level_id=COMMUNE, origins__predecessor=unit, origins__share__gt=at_least)
        .filter(valid_to__isnull=True)
        .distinct()
        .order_by("name")
    )


def former_districts() -> QuerySet[AdminUnit]:
    """Return the abolished districts by name; people still speak of them."""
    return AdminUnit.objects.filter(level_id=DISTRICT, valid_to__isnull=False).order_by("name")


def is_overdue(edition: Edition, day: date | None = None) -> bool:
    """Tell whether an edition is older than its layer's review interval."""
    return overdue_days(edition, day) > 0


def review_due_after(edition: Edition) -> int:
    """Return how many days after its day of effect an edition is due for review."""
    return int(edition.layer.review_after_days) - (edition.effective_from - edition.known_as_of).days


def overdue_days(edition: Edition, day: date | None = None) -> int:
    """Return by how many days an edition is older than its layer's review interval; 0 when it is not."""
    age = (day or timezone.localdate()) - edition.known_as_of
    return max(0, age.days - edition.layer.review_after_days)
