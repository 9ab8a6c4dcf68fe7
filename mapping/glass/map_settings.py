"""With what does every map begin? Bounds, coordinate system, layers with their current editions, names, as JSON.

It sends no geometry but label points; shapes come as tiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.contrib.gis.db.models.functions import PointOnSurface
from django.contrib.gis.geos import Polygon
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.crs import meridian_label, operation_name, point_to_wgs84, storage_srid, zone_label
from layers.models import AdminUnit, Edition, EditionStatus, Feature
from mapping.glass.tile_tables import MAX_DATA_ZOOM
from mapping.glass.visibility import visible_layers

# Any view wider than the province shows Hoàng Sa and Trường Sa.
MAX_BOUNDS = [96.0, 2.0, 122.0, 26.0]
# Above that many features the extent of an edition is not worth its time.
MOST_TO_MEASURE = 50_000
LABEL_LEVELS = {"province": "province", "commune": "commune"}


@require_safe
def map_settings(request: HttpRequest) -> HttpResponse:
    """Answer the map settings for this person."""
    response = JsonResponse(
        {
            "bounds": province_bounds(),
            "max_bounds": MAX_BOUNDS,
            "crs": {
                "storage_srid": storage_srid(),
                "name": zone_label(),
                "meridian": meridian_label(),
                "operation": operation_name(),
            },
            "limits": {"live_vertices": 2_000, "stored_vertices": 10_000},
            "layers": layer_list(request),
            "labels": labels(),
            "osm": bool(settings.OSM_BASEMAP),
            "attribution": attribution(),
            "urls": {"snap": reverse("glass:snap"), "tiles": "/tiles/{layer}/{edition}/{z}/{x}/{y}.mvt"},
        }
    )
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


def province_bounds() -> list[float] | None:
    """Return [west, south, east, north] of the valid province (or of all valid units), widened by 1 %."""
    units = AdminUnit.objects.valid_on(timezone.localdate())
    provinces = units.of_level("province")
    return _widened((provinces if provinces.exists() else units).aggregate(box=Extent("geom"))["box"])


def _widened(extent: Sequence[float] | None) -> list[float] | None:
    """Return a box in the storage CRS as [west, south, east, north] in degrees, widened by 1 %, by metres at least."""
    if extent is None:
        return None
    corners = [point_to_wgs84(x, y) for x in (extent[0], extent[2]) for y in (extent[1], extent[3])]
    west, east = min(lon for lon, _lat in corners), max(lon for lon, _lat in corners)
    south, north = min(lat for _lon, lat in corners), max(lat for _lon, lat in corners)
    pad = 0.01 * max(east - west, north - south, 0.01)
    return [round(west - pad, 5), round(south - pad, 5), round(east + pad, 5), round(north + pad, 5)]


def layer_list(request: HttpRequest) -> list[dict[str, Any]]:
    """Describe the visible layers that have a current edition, in drawing order."""
    english = translation.get_language() == "en"
    editions = (
        Edition.objects.filter(status=EditionStatus.CURRENT, layer__in=visible_layers(request.user))
        .select_related("layer")
        .defer("coverage", "report")
        .order_by("layer__order", "layer__code")
    )
    return [
        {
            "code": edition.layer.code,
            "title": edition.layer.name_en if english else edition.layer.name_vi,
            "theme": edition.layer.theme,
            "kind": edition.layer.geometry_kind,
            "edition": edition.pk,
            "edition_number": edition.number,
            "effective_from": edition.effective_from.isoformat(),
            "minzoom": edition.layer.min_zoom,
            "maxzoom": MAX_DATA_ZOOM,
            "constraint": edition.layer.is_constraint,
            "public": edition.layer.is_public,
            "style": edition.layer.style,
            "schematic": edition.schematic,
            "attribution": edition.source,
            "tiles": f"/tiles/{edition.layer.code}/{edition.pk}/{{z}}/{{x}}/{{y}}.mvt",
            "bounds": edition_bounds(edition),
        }
        for edition in editions
    ]


def edition_bounds(edition: Edition) -> list[float] | None:
    """Return where an edition has anything, so that a map asks for no tile beyond it; None for a large edition.

    An edition never changes, so each process works it out once. A large one lies nearly everywhere and takes long.
    """
    if edition.feature_count > MOST_TO_MEASURE:
        return None
    return _bounds_of(str(connection.settings_dict["NAME"]), edition.pk)


@lru_cache(maxsize=512)
def _bounds_of(_database: str, edition_id: int) -> list[float] | None:
    return _widened(Feature.objects.filter(edition_id=edition_id).aggregate(box=Extent("geom"))["box"])


def attribution() -> str:
    """Say on the map what its base is made of, once."""
    if AdminUnit.objects.valid_on(timezone.localdate()).filter(schematic=True).exists():
        return _("Schematic map, not to be used for determining boundaries")
    sources = Edition.objects.filter(status=EditionStatus.CURRENT, layer__theme="basemap").values_list(
        "source", flat=True
    )
    return "; ".join(sorted(set(sources)))


def labels() -> list[dict[str, Any]]:
    """Return names with a point in WGS 84: units of today, and the points of the ``neighbours`` layer."""
    units = (
        AdminUnit.objects.valid_on(timezone.localdate())
        .filter(level_id__in=LABEL_LEVELS)
        .annotate(at=PointOnSurface("geom"))
        .values_list("name", "level_id", "at")
    )
    result = [_label(name, LABEL_LEVELS[level], at) for name, level, at in units]
    around = Feature.objects.filter(
        edition__status=EditionStatus.CURRENT, edition__layer__code__in=("neighbours", "neighbour_names")
    )
    result += [_label(name, "neighbour", geom.point_on_surface) for name, geom in around.values_list("name", "geom")]
    return result


def _label(name: str, kind: str, at: Any) -> dict[str, Any]:
    lon, lat = point_to_wgs84(at.x, at.y)
    return {"name": name, "kind": kind, "at": [round(lon, 5), round(lat, 5)]}


def view_box(text: str) -> Polygon | None:
    """Read ``west,south,east,north`` in degrees as a polygon in WGS 84; None when it is not four sane numbers."""
    parts = text.split(",")
    if len(parts) != 4 or len(text) > 120:
        return None
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError:
        return None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        return None
    box = Polygon.from_bbox((west, south, east, north))
    box.srid = 4326
    return box
