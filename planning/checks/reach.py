"""May a drawn area be asked about at all? Not larger than any cluster could be, and somewhere in the province.

It does not judge size or place: those are rules of the catalogue, answered by the report.
"""

from __future__ import annotations

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _

from layers.errors import InputRefused
from planning.checks.types import Basis

# 10,000 ha; the law's largest cluster has 75. A zone as large as the province answered in 3 s with 3 MB.
MAX_ZONE_M2 = 100_000_000.0
# 200 km; a circle of 10,000 ha has 35. Combs of 4,800 km kept the overlay of the stored level busy for a minute.
MAX_PERIMETER_M = 200_000.0


def require_in_reach(zone: GEOSGeometry, against: Basis) -> None:
    """Refuse a *zone*, vetted and in the storage CRS, that no question of *against* can be about.

    Raises InputRefused: AREA_TOO_LARGE above `MAX_ZONE_M2`; GEOM_TOO_COMPLEX above `MAX_PERIMETER_M`; OUTSIDE_PROVINCE
    when no ground of it lies in the province.
    A zone that is partly outside is checked: its rules say what lies beyond.
    """
    if zone.area > MAX_ZONE_M2:
        raise InputRefused(
            _("The drawn area is more than 10,000 ha, far larger than any cluster; it is not checked."),
            code="AREA_TOO_LARGE",
            todo=_("Zoom in and draw the boundary of the cluster only."),
        )
    if zone.length > MAX_PERIMETER_M:
        raise InputRefused(
            _("The boundary is more than 200 km long, far longer than that of any cluster; it is not checked."),
            code="GEOM_TOO_COMPLEX",
            todo=_("Draw a simpler boundary."),
        )
    if against.home and not any(area.meets(zone) for area in against.home):
        raise InputRefused(
            _("The drawn area lies wholly outside the province; it is not checked."),
            code="OUTSIDE_PROVINCE",
            todo=_(
                "Draw inside the province. When it came from a file or a table of corners, check the coordinate system."
            ),
        )
