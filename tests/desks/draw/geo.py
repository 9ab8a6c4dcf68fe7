"""How do tests write what the browser sends? GeoJSON of shapes given in metres on the land of `tests.cast`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, LineString

from mapping.glass.geojson import to_geojson
from tests.cast import EAST0, NORTH0, multi, square


def zone_json(east: float, north: float, side: float = 500) -> dict[str, Any]:
    """Write a square zone; 500 m is 25 ha."""
    return to_geojson(multi(square(east, north, side)))


def line_json(*points: tuple[float, float]) -> dict[str, Any]:
    """Write a line through points in metres from the origin of the land."""
    return to_geojson(LineString([(EAST0 + x, NORTH0 + y) for x, y in points], srid=settings.STORAGE_SRID))


def geojson(geom: GEOSGeometry) -> dict[str, Any]:
    """Write any storage geometry."""
    return to_geojson(geom)
