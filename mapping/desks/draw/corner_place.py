"""Where on earth does a corner table lie? Tries every VN-2000 meridian and ranks them by where the points land.

It does not choose for the person: the best is preselected, the others are offered, and the map shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.contrib.gis.geos import GEOSGeometry, LinearRing, MultiPolygon, Point, Polygon
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.crs import WGS84, ZONES, from_zone, meridian_label, storage_srid, to_storage, zone_label
from layers.errors import InputRefused
from layers.grid import on_grid
from layers.models import AdminUnit
from mapping.desks.draw.corner_text import CornerPoint, CornerTable


@dataclass(frozen=True)
class Candidate:
    """One coordinate system the table can be read in; *lands* is unit, province or outside."""

    srid: int
    label: str
    lands: str
    place: str
    zone: GEOSGeometry


def candidates(table: CornerTable, unit: AdminUnit | None) -> list[Candidate]:
    """Return the readings of the table, best first: inside *unit*, then inside the province, the province's own first.

    Zones come back as multipolygons in the storage CRS on the grid. Readings that land outside the province are left
    out, except the province's own meridian, which is what the table most likely says.
    """
    srids = [WGS84] if table.degrees else [storage_srid(), *(srid for srid in ZONES if srid != storage_srid())]
    found: list[Candidate] = []
    for srid in srids:
        try:
            zone = zone_of_table(table, srid)
        except InputRefused:
            continue
        lands, place = _landing(zone, unit)
        if lands == "outside" and srid not in (storage_srid(), WGS84):
            continue
        found.append(Candidate(srid, label_of(srid), lands, place, zone))
    rank = {"unit": 0, "province": 1, "outside": 2}
    found.sort(
        key=lambda one: (
            rank[one.lands],
            one.srid != storage_srid(),
            abs(_meridian(one.srid) - _meridian(storage_srid())),
        )
    )
    return found


def label_of(srid: int) -> str:
    """Name a coordinate system for a person, meridian included."""
    return _("WGS 84, degrees") if srid == WGS84 else zone_label(srid)


def zone_of_table(table: CornerTable, srid: int) -> MultiPolygon:
    """Build the zone of the table read in *srid*, in the storage CRS on the grid; inner blocks become holes.

    Raises InputRefused for an unknown system or a table without an area.
    """
    if not table.blocks:
        raise InputRefused(
            _("No area could be read from the table."), code="TABLE_NO_AREA", todo=_("Check the rows that are marked.")
        )
    rings = sorted((_ring(block) for block in table.blocks), key=lambda ring: abs(_signed_area(ring)), reverse=True)
    shells: list[list[list[tuple[float, float]]]] = []
    for ring in rings:
        home = next((shell for shell in shells if all(_inside(point, shell[0]) for point in ring)), None)
        if home is None:
            shells.append([ring])
        else:
            home.append(ring)
    drawn = MultiPolygon([Polygon(*(LinearRing(ring) for ring in shell)) for shell in shells], srid=srid)
    if srid == WGS84:
        stored = to_storage(drawn)
    else:
        if srid not in ZONES:
            raise InputRefused(_("EPSG:%(srid)s is not a VN-2000 zone.") % {"srid": srid}, code="CRS_UNKNOWN")
        stored = from_zone(drawn, srid)
    result = on_grid(stored)
    assert isinstance(result, MultiPolygon)  # noqa: S101  # on_grid keeps the type
    return result


def _meridian(srid: int) -> float:
    zone = ZONES.get(srid)
    return zone.meridian if zone else 0.0


def _ring(block: list[CornerPoint]) -> list[tuple[float, float]]:
    points = [(corner.y, corner.x) for corner in block]
    return [*points, points[0]]


def _signed_area(ring: list[tuple[float, float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def _inside(point: tuple[float, float], ring: list[tuple[float, float]]) -> bool:
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _landing(zone: GEOSGeometry, unit: AdminUnit | None) -> tuple[str, str]:
    box = zone.extent
    middle = Point((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, srid=zone.srid)
    if unit is not None and unit.geom.contains(middle):
        return "unit", unit.full_name
    home = AdminUnit.objects.valid_on(timezone.localdate()).of_level("commune").filter(geom__contains=middle).first()
    return ("province", home.full_name) if home else ("outside", "")


def meridian_of(srid: int) -> str:
    """Name the meridian as the corner table prints it; empty for degrees."""
    return "" if srid == WGS84 else meridian_label(srid)
