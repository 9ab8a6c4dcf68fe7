"""What may a corner snap to? Edges of units, parcels and other visible layers in view, exact to 9 decimals.

Tiles are generalised and cannot be snapped to; this endpoint answers only for a small view and at most 2,000 features.
"""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.crs import storage_srid, to_storage
from layers.errors import InputRefused
from mapping.glass.geojson import feature, feature_collection
from mapping.glass.map_settings import view_box
from mapping.glass.visibility import visible_layers

MAX_FEATURES = 2_000
MAX_SIDE_DEG = 0.15


@require_safe
def snap(request: HttpRequest) -> HttpResponse:
    """Answer ``/api/snap/?bbox=west,south,east,north`` with lines and points to snap to.

    Raises InputRefused (BBOX_INVALID, BBOX_TOO_LARGE). *truncated* tells that the view holds more than 2,000.
    """
    box = view_box(request.GET.get("bbox", ""))
    if box is None:
        raise InputRefused(_("The view is not four numbers in degrees."), code="BBOX_INVALID", where="bbox")
    west, south, east, north = box.extent
    if east - west > MAX_SIDE_DEG or north - south > MAX_SIDE_DEG:
        raise InputRefused(_("The view is too large to snap to."), code="BBOX_TOO_LARGE", todo=_("Zoom in."))
    codes = list(visible_layers(request.user).exclude(theme="relief").values_list("code", flat=True))
    rows = targets(to_storage(box), codes)
    features = [
        feature(GEOSGeometry(memoryview(bytes(geom)), srid=storage_srid()), {"label": label, "layer": layer})
        for layer, label, geom in rows[:MAX_FEATURES]
    ]
    response = JsonResponse(feature_collection(features, truncated=len(rows) > MAX_FEATURES))
    response["Cache-Control"] = "private, max-age=60"
    patch_vary_headers(response, ["Cookie"])
    return response


def targets(view: GEOSGeometry, codes: list[str]) -> list[tuple[str, str, Any]]:
    """Return (layer code, label, WKB) of at most 2,001 outlines that meet the view, whole units clipped to it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT layer, label, geom FROM glass_snap_targets(%s::geometry, %s, %s)",
            [f"SRID={view.srid};{view.wkt}", codes, MAX_FEATURES + 1],
        )
        return list(cursor.fetchall())
