"""Where on earth is a storage coordinate? The one place where coordinates cross between VN-2000 and WGS 84.

It deliberately lets nobody choose the operation: PROJ and PostGIS pick one point by point, which moves a boundary by
0.8 m at a seam (EPSG:5194 against EPSG:6960), so the pipeline is written out here and checked against control points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon

from layers.errors import InputRefused
from layers.said import gettext as _

if TYPE_CHECKING:
    from pyproj import Transformer

WGS84 = 4326
VN2000_GEOGRAPHIC = 4756
OPERATION = "EPSG:6960"
_OPERATION_NAME = "VN-2000 to WGS 84 (2), EPSG:6960"

# Decision 05/2007/QĐ-BTNMT, article 1, as registered by EPSG (coordinate frame rotation, method 9607, accuracy 1 m).
_HELMERT = (
    "+proj=helmert +x=-191.90441429 +y=-39.30318279 +z=-111.45032835"
    " +rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372 +s=0.252906278 +convention=coordinate_frame"
)
# Geographic WGS 84 in degrees to geographic VN-2000 in radians.
_DATUM_STEPS = (
    "+step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 +step +proj=cart +ellps=WGS84"
    f" +step +inv {_HELMERT} +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3"
)


@dataclass(frozen=True)
class Zone:
    """Describe one VN-2000 transverse Mercator zone; *meridian* in degrees, false easting 500 000 m."""

    srid: int
    name: str
    meridian: float
    scale: float = 0.9999
    width: int = 3

    @property
    def projection(self) -> str:
        """Return the PROJ step that projects geographic VN-2000 (radians) to easting, northing in metres."""
        return (
            f"+proj=tmerc +lat_0=0 +lon_0={self.meridian:.10g} +k={self.scale} +x_0=500000 +y_0=0 +ellps=WGS84 +units=m"
        )


def _tm3(srid: int, degrees: int, minutes: int) -> Zone:
    return Zone(srid, f"VN-2000 / TM-3 {degrees}-{minutes:02d}", degrees + minutes / 60)


ZONES: dict[int, Zone] = {
    zone.srid: zone
    for zone in (
        Zone(5896, "VN-2000 / TM-3 zone 481", 102.0),
        Zone(5897, "VN-2000 / TM-3 zone 482", 105.0),
        Zone(5898, "VN-2000 / TM-3 zone 491", 108.0),
        Zone(5899, "VN-2000 / TM-3 107-45", 107.75),
        _tm3(9205, 103, 0),
        _tm3(9206, 104, 0),
        _tm3(9207, 104, 30),
        _tm3(9208, 104, 45),
        _tm3(9209, 105, 30),
        _tm3(9210, 105, 45),
        _tm3(9211, 106, 0),
        _tm3(9212, 106, 15),
        _tm3(9213, 106, 30),
        _tm3(9214, 107, 0),
        _tm3(9215, 107, 15),
        _tm3(9216, 107, 30),
        _tm3(9217, 108, 15),
        _tm3(9218, 108, 30),
        Zone(3405, "VN-2000 / UTM zone 48N", 105.0, 0.9996, 6),
        Zone(3406, "VN-2000 / UTM zone 49N", 111.0, 0.9996, 6),
    )
}
STORAGE_ZONES = frozenset(srid for srid, zone in ZONES.items() if zone.width == 3)

# One control point per zone, WGS 84 degrees and metres in the zone, computed once with PROJ 9.5.1 by EPSG code and
# confirmed for 9218 by the published point at Buôn Ma Thuột. More than 0.01 m off means a different datum shift.
CONTROL_POINTS: dict[int, tuple[float, float, float, float]] = {
    3405: (105.4321, 15.25, 546204.0553, 1686133.8796),
    3406: (110.1, 15.25, 403159.6688, 1686292.9515),
    5896: (102.4321, 15.25, 546217.5077, 1686637.1915),
    5897: (105.4321, 15.25, 546217.9221, 1686639.9222),
    5898: (108.4321, 15.25, 546218.8725, 1686642.6448),
    5899: (108.1821, 15.25, 546218.7729, 1686642.4184),
    9205: (103.4321, 15.25, 546217.5862, 1686638.1022),
    9206: (104.4321, 15.25, 546217.7243, 1686639.0125),
    9207: (104.9321, 18.75, 545363.8419, 2073951.9200),
    9208: (105.1821, 18.75, 545363.8930, 2073952.1973),
    9209: (105.9321, 18.75, 545364.0685, 2073953.0286),
    9210: (106.1821, 18.75, 545364.1344, 2073953.3056),
    9211: (106.4321, 15.25, 546218.1794, 1686640.8310),
    9212: (106.6821, 15.25, 546218.2531, 1686641.0580),
    9213: (106.9321, 15.25, 546218.3304, 1686641.2850),
    9214: (107.4321, 15.25, 546218.4963, 1686641.7386),
    9215: (107.6821, 15.25, 546218.5848, 1686641.9653),
    9216: (107.9321, 15.25, 546218.6770, 1686642.1919),
    9217: (108.6821, 15.25, 546218.9759, 1686642.8710),
    9218: (108.0383, 12.6667, 449656.4100, 1400856.1854),
}
CONTROL_TOLERANCE_M = 0.001


def storage_srid() -> int:
    """Return the SRID everything is stored, measured and exported in."""
    return int(settings.STORAGE_SRID)


def zone_of(srid: int) -> Zone:
    """Return the VN-2000 zone with this SRID; raise InputRefused when it is not one."""
    zone = ZONES.get(srid)
    if zone is None:
        raise InputRefused(
            _("EPSG:%(srid)s is not a VN-2000 zone.") % {"srid": srid},
            code="CRS_UNKNOWN",
            todo=_("Choose one of the VN-2000 zones."),
        )
    return zone


def zone_choices() -> list[int]:
    """Return the SRIDs people choose from: the province's zone first, the others from west to east."""
    others = sorted((zone.width, zone.meridian, srid) for srid, zone in ZONES.items() if srid != storage_srid())
    return [storage_srid(), *(srid for _width, _meridian, srid in others)]


def meridian_label(srid: int | None = None) -> str:
    """Name the central meridian the way a corner table prints it: ``108°30′``."""
    minutes = round(zone_of(srid if srid is not None else storage_srid()).meridian * 60)
    return f"{minutes // 60}°{minutes % 60:02d}′"


def zone_label(srid: int | None = None) -> str:
    """Name the coordinate system for a person: system, meridian, zone width (Circular 973/2001/TT-TCĐC)."""
    zone = zone_of(srid if srid is not None else storage_srid())
    return _("VN-2000, central meridian %(meridian)s, %(width)s° zone") % {
        "meridian": meridian_label(zone.srid),
        "width": zone.width,
    }


def operation_name() -> str:
    """Name the datum operation; printed on every paper that leaves the house."""
    return _OPERATION_NAME


@cache
def wgs84_to_zone(srid: int) -> Transformer:
    """Return the pinned transformer from WGS 84 (longitude, latitude in degrees) to a zone (easting, northing in m)."""
    from pyproj import Transformer

    return Transformer.from_pipeline(f"+proj=pipeline {_DATUM_STEPS} +step {zone_of(srid).projection}")


@cache
def zone_to_zone(source: int, target: int) -> Transformer:
    """Return the transformer between two VN-2000 zones; the datum is the same, so no shift is involved."""
    from pyproj import Transformer

    return Transformer.from_pipeline(
        f"+proj=pipeline +step +inv {zone_of(source).projection} +step {zone_of(target).projection}"
    )


@cache
def _storage_transformer(srid: int) -> Transformer:
    check_control_point(srid)
    return wgs84_to_zone(srid)


def check_control_point(srid: int | None = None) -> float:
    """Transform the control point of a zone there and back; return the larger deviation in metres.

    Raises ``RuntimeError`` above 1 mm: nothing that carries legal coordinates may run then.
    """
    srid = storage_srid() if srid is None else srid
    lon, lat, east, north = CONTROL_POINTS[srid]
    transformer = wgs84_to_zone(srid)
    x, y = transformer.transform(lon, lat)
    back_lon, back_lat = transformer.transform(east, north, direction="INVERSE")
    deviation = max(abs(x - east), abs(y - north), abs(back_lon - lon) * 111_320, abs(back_lat - lat) * 111_320)
    if not deviation <= CONTROL_TOLERANCE_M:
        raise RuntimeError(
            f"Control point of EPSG:{srid} is off by {deviation:.4f} m: the datum pipeline is not the pinned one"
        )
    return float(deviation)


def to_storage(geom: GEOSGeometry) -> GEOSGeometry:
    """Convert a WGS 84 geometry (longitude, latitude) to the storage CRS, not rounded to the grid.

    Raises InputRefused (COORD_RANGE) when a coordinate has no place in the zone.
    """
    _require_srid(geom, WGS84)
    transformer = _storage_transformer(storage_srid())
    return _transformed(geom, transformer.transform, storage_srid())


def coordinates_to_storage(lonlat: Any) -> Any:
    """Convert an array (n, 2) of longitude, latitude in degrees to easting, northing in the storage CRS, not rounded.

    Raises InputRefused (COORD_RANGE) when a coordinate has no place in the zone.
    """
    return _checked(_storage_transformer(storage_srid()).transform, lonlat)


def coordinates_to_wgs84(xy: Any) -> Any:
    """Convert an array (n, 2) of easting, northing in the storage CRS to longitude, latitude in degrees."""
    transformer = _storage_transformer(storage_srid())
    return _checked(lambda x, y: transformer.transform(x, y, direction="INVERSE"), xy)


def coordinates_to_zone(xy: Any, target: int) -> Any:
    """Convert an array (n, 2) of easting, northing in the storage CRS to another VN-2000 zone, not rounded."""
    return _checked(zone_to_zone(storage_srid(), zone_of(target).srid).transform, xy)


def to_wgs84(geom: GEOSGeometry) -> GEOSGeometry:
    """Convert a storage geometry to WGS 84 (longitude, latitude in degrees)."""
    _require_srid(geom, storage_srid())
    transformer = _storage_transformer(storage_srid())
    return _transformed(geom, lambda x, y: transformer.transform(x, y, direction="INVERSE"), WGS84)


def point_to_wgs84(x: float, y: float) -> tuple[float, float]:
    """Convert easting, northing in the storage CRS to longitude, latitude in degrees."""
    lon, lat = _storage_transformer(storage_srid()).transform(x, y, direction="INVERSE")
    return float(lon), float(lat)


def point_to_storage(lon: float, lat: float) -> tuple[float, float]:
    """Convert longitude, latitude in degrees to easting, northing in the storage CRS, not rounded."""
    x, y = _storage_transformer(storage_srid()).transform(lon, lat)
    return float(x), float(y)


def from_zone(geom: GEOSGeometry, source: int) -> GEOSGeometry:
    """Convert a geometry in another VN-2000 zone to the storage CRS, not rounded to the grid."""
    if source == storage_srid():
        result = geom.clone()
        result.srid = source
        return result
    transformer = zone_to_zone(source, storage_srid())
    return _transformed(geom, transformer.transform, storage_srid())


def to_zone(geom: GEOSGeometry, target: int) -> GEOSGeometry:
    """Convert a storage geometry to another VN-2000 zone, not rounded; the datum is the same, so nothing is shifted.

    Raises InputRefused: CRS_UNKNOWN when *target* is no VN-2000 zone, COORD_RANGE when a coordinate has no place there.
    """
    _require_srid(geom, storage_srid())
    if target == storage_srid():
        return geom.clone()
    return _transformed(geom, zone_to_zone(storage_srid(), zone_of(target).srid).transform, target)


def as_multi(geom: GEOSGeometry) -> MultiPolygon:
    """Return a polygon or multipolygon as a multipolygon with the same SRID."""
    if isinstance(geom, MultiPolygon):
        return geom
    if isinstance(geom, Polygon):
        return MultiPolygon(geom, srid=geom.srid)
    raise InputRefused(
        _("Only areas are accepted here."), code="GEOM_TYPE", where=geom.geom_type, todo=_("Draw a closed boundary.")
    )


def _require_srid(geom: GEOSGeometry, srid: int) -> None:
    if geom.srid != srid:
        raise InputRefused(
            _("The coordinate system of a geometry is not the expected one."),
            code="CRS_MISMATCH",
            where=f"SRID {geom.srid} ≠ {srid}",
        )


def _transformed(geom: GEOSGeometry, move: Callable[[Any, Any], tuple[Any, Any]], srid: int) -> GEOSGeometry:
    import shapely

    shape = shapely.force_2d(shapely.from_wkb(bytes(geom.wkb)))
    moved = shapely.transform(shape, lambda xy: _checked(move, xy))
    return GEOSGeometry(memoryview(shapely.to_wkb(moved, byte_order=1)), srid=srid)


def _checked(move: Callable[[Any, Any], tuple[Any, Any]], xy: Any) -> Any:
    import numpy as np

    moved = np.column_stack(move(xy[:, 0], xy[:, 1]))
    if not np.isfinite(moved).all():
        raise InputRefused(
            _("A coordinate lies outside the range of the coordinate system."),
            code="COORD_RANGE",
            todo=_("Check the coordinate system and the order of the axes."),
        )
    return moved
