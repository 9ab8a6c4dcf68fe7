"""Where on earth does a corner table lie? Its areas as every coordinate system that makes sense would place them.

It does not choose for the person: the best is preselected, the others are offered, and the map shows them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.utils import timezone

from layers.crs import storage_srid, zone_label
from layers.errors import InputRefused
from layers.grid import shape_on_grid
from layers.intake.candidates import CrsCandidate, Ranking, rank
from layers.intake.corners.shapes import polygons_of
from layers.intake.corners.table import CornerTable
from layers.models import AdminUnit
from layers.said import gettext as _

_MOST = 6


@dataclass(frozen=True)
class Placed:
    """One reading: the candidate, where it lands (``unit``, ``province``, ``outside``) in which commune, the zone."""

    candidate: CrsCandidate
    lands: str
    place: str
    zone: MultiPolygon


def declared_of(table: CornerTable) -> dict[str, Any]:
    """Return what the table states about its coordinate system, as the ranking takes it."""
    if table.srid is None:
        return {"epsg": None, "name": table.system, "how": "missing"}
    return {"epsg": table.srid, "name": table.system, "how": "stated"}


def placed(table: CornerTable, unit: AdminUnit | None) -> tuple[Ranking, list[Placed]]:
    """Rank the readings of the table and build the zone of each, in the storage CRS on the grid, best first.

    Readings that land outside the province are left out, except the one the table states and, when none is stated,
    the province's own. Raises InputRefused TABLE_NO_AREA for a table without an area.
    """
    if not table.blocks:
        raise InputRefused(
            _("No area could be read from the table."), code="TABLE_NO_AREA", todo=_("Check the rows that are marked.")
        )
    shapes = np.array([polygon for _block, polygon in polygons_of(table)], dtype=object)
    # what the table calls X was found by magnitude: an axis order other than that is none
    ranking = rank(shapely.get_coordinates(shapes), declared_of(table), unit)
    candidates = [one for one in ranking.candidates if not one.swapped]
    if not candidates and not table.degrees:
        candidates = [_own()]
    found = []
    for candidate in candidates[:_MOST]:
        moved = shapely.transform(shapes, candidate.to_storage)
        if np.isfinite(shapely.get_coordinates(moved)).all():
            zone = shape_on_grid(shapely.multipolygons(moved))
            if isinstance(zone, MultiPolygon):
                found.append(Placed(candidate, *_landing(zone, candidate, unit), zone))
    return replace(ranking, candidates=tuple(one.candidate for one in found)), found


def _own() -> CrsCandidate:
    srid = storage_srid()
    return CrsCandidate(str(srid), srid, False, zone_label(srid), False, 0.0, 0.0, (0.0, 0.0))


def _landing(zone: GEOSGeometry, candidate: CrsCandidate, unit: AdminUnit | None) -> tuple[str, str]:
    if unit is not None and candidate.share_in_unit >= 0.5:
        return "unit", unit.full_name
    west, south, east, north = zone.extent
    middle = Point((west + east) / 2, (south + north) / 2, srid=zone.srid)
    home = AdminUnit.objects.valid_on(timezone.localdate()).of_level("commune").filter(geom__contains=middle).first()
    return ("province", home.full_name) if home else ("outside", "")
