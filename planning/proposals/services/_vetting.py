"""Is the drawn boundary fit to be kept? Vetted by the killable child of the ground floor, at the cap of kept zones."""

from __future__ import annotations

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.utils import timezone

from layers.vetting import STORED, vet
from planning.checks.basis import basis_on
from planning.checks.reach import require_in_reach
from planning.proposals.services.save_draft import as_zone


def vetted_zone(geom: GEOSGeometry) -> MultiPolygon:
    """Return *geom* vetted as a multipolygon on the grid. Raises InputRefused with the code of the defect."""
    zone = as_zone(vet(geom, STORED).geom)
    assert zone is not None  # noqa: S101 - vetting refuses an empty zone
    require_in_reach(zone, basis_on(timezone.localdate()))
    return zone
