"""Is a drawn area small enough to be asked about? A written cap, far above any cluster: no zone may take seconds.

It does not judge the size: that is a rule of the catalogue, answered by the report.
"""

from __future__ import annotations

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _

from layers.errors import InputRefused

# 10,000 ha; the law's largest cluster has 75. A zone as large as the province answered in 3 s with 3 MB.
MAX_ZONE_M2 = 100_000_000.0


def require_in_reach(zone: GEOSGeometry) -> None:
    """Raise InputRefused (AREA_TOO_LARGE) when *zone*, vetted and in the storage CRS, is above `MAX_ZONE_M2`."""
    if zone.area > MAX_ZONE_M2:
        raise InputRefused(
            _("The drawn area is more than 10,000 ha, far larger than any cluster; it is not checked."),
            code="AREA_TOO_LARGE",
            todo=_("Zoom in and draw the boundary of the cluster only."),
        )
