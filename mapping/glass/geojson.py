"""How does geometry cross the glass? A strict GeoJSON gate in, nine decimals out, always WGS 84 on the outside.

It does not judge validity (`layers.vetting` does) and never hands unread JSON to PostGIS or GDAL, which take ``null``
for 0 and ``true`` for 1.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _

from layers.crs import coordinates_to_storage, point_to_wgs84, storage_srid, to_wgs84
from layers.errors import InputRefused
from layers.grid import shape_on_grid
from layers.vetting import Notice
from mapping import formats

DECIMALS = 9
LIVE_VERTICES = 2_000
STORED_VERTICES = 10_000
MAX_RINGS = 1_000
CLOSING_GAP_DEG = 1e-7  # about 1 cm
_DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
AREAS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
POINTS = ("Point",)

Position = tuple[float, float]
Positions = list[Position]


class _Reader:
    """Read the coordinates of one geometry, counting vertices and knowing the path for messages."""

    def __init__(self, max_vertices: int) -> None:
        self.left = max_vertices
        self.limit = max_vertices
        self.rings_left = MAX_RINGS

    def position(self, value: object, path: str) -> Position:
        if not isinstance(value, list) or not 2 <= len(value) <= 5:
            raise _invalid(_("A position needs longitude and latitude."), path)
        self.left -= 1
        if self.left < 0:
            raise InputRefused(
                _("The boundary has too many points; at most %(limit)s are accepted.") % {"limit": self.limit},
                code="TOO_MANY_VERTICES",
                where=path,
                todo=_("Simplify the boundary, or split it."),
            )
        for ordinate in value:
            if isinstance(ordinate, bool) or not isinstance(ordinate, int | float):
                raise _invalid(_("A coordinate is not a number."), path)
        lon, lat = float(value[0]), float(value[1])
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise InputRefused(_("A coordinate is not a finite number."), code="COORD_NOT_FINITE", where=path)
        _check_range(lon, lat, path)
        return lon, lat

    def line(self, value: object, path: str, at_least: int) -> Positions:
        if not isinstance(value, list) or not all(isinstance(item, list) for item in value):
            raise _invalid(_("A list of positions is expected."), path)
        if len(value) < at_least:
            raise InputRefused(
                _("A line or boundary has too few points."),
                code="GEOM_DEGENERATE" if value else "GEOM_EMPTY",
                where=path,
                todo=_("Draw it again."),
            )
        if len(value) <= self.left:
            plain = _plain_positions(value)
            if plain is not None:
                self.left -= len(value)
                return plain
        return [self.position(item, f"{path}[{index}]") for index, item in enumerate(value)]

    def ring(self, value: object, path: str) -> Positions:
        self.rings_left -= 1
        if self.rings_left < 0:
            raise InputRefused(_("The boundary has too many rings."), code="TOO_MANY_RINGS", where=path)
        self.left += 1  # the closing position repeats the first
        positions = self.line(value, path, 4)
        (x0, y0), (x1, y1) = positions[0], positions[-1]
        if (x0, y0) != (x1, y1):
            if max(abs(x0 - x1), abs(y0 - y1)) > CLOSING_GAP_DEG:
                raise InputRefused(
                    _("A boundary is not closed."),
                    code="RING_NOT_CLOSED",
                    where=path,
                    todo=_("Repeat the first point at the end."),
                )
            positions[-1] = (x0, y0)
        return positions

    def polygon(self, value: object, path: str) -> list[Positions]:
        if not isinstance(value, list):
            raise _invalid(_("A list of rings is expected."), path)
        if not value:
            raise InputRefused(_("The boundary encloses nothing."), code="GEOM_EMPTY", where=path)
        return [self.ring(item, f"{path}[{index}]") for index, item in enumerate(value)]

    def many(self, value: object, path: str) -> list[tuple[object, str]]:
        if not isinstance(value, list):
            raise _invalid(_("A list is expected."), path)
        if not value:
            raise InputRefused(_("The boundary encloses nothing."), code="GEOM_EMPTY", where=path)
        return [(item, f"{path}[{index}]") for index, item in enumerate(value)]


def geometry_from_geojson(
    value: object, *, max_vertices: int = LIVE_VERTICES, kinds: Sequence[str] = AREAS, path: str = "$"
) -> GEOSGeometry:
    """Read a GeoJSON geometry object (WGS 84) and return it in the storage CRS, on the 1 mm grid, not yet vetted.

    A Feature is unwrapped; extra ordinates are dropped. Raises InputRefused: JSON_INVALID with the JSON path,
    GEOM_TYPE, COORD_RANGE, COORD_NOT_FINITE, CRS_SUSPECT_SWAP, CRS_SUSPECT_PROJECTED, TOO_MANY_VERTICES, GEOM_EMPTY,
    RING_NOT_CLOSED.
    """
    if not isinstance(value, dict):
        raise _invalid(_("A geometry object is expected."), path)
    if value.get("type") == "Feature":
        return geometry_from_geojson(
            value.get("geometry"), max_vertices=max_vertices, kinds=kinds, path=f"{path}.geometry"
        )
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in _DEPTH:
        raise InputRefused(_("This is not a GeoJSON geometry."), code="JSON_INVALID", where=f"{path}.type")
    if kind not in kinds:
        raise InputRefused(
            _("Another kind of geometry is needed here: %(kinds)s.") % {"kinds": ", ".join(kinds)},
            code="GEOM_TYPE",
            where=f"{path}.type: {kind}",
        )
    if "crs" in value:
        raise InputRefused(
            _("GeoJSON here is always WGS 84; a coordinate system of its own is not accepted."),
            code="CRS_UNKNOWN",
            where=f"{path}.crs",
        )
    return shape_on_grid(_built(kind, value.get("coordinates"), _Reader(max_vertices), f"{path}.coordinates"))


def _plain_positions(value: list[list[object]]) -> Positions | None:
    """Return the positions when all are pairs of floats within the earth's range; None: look at each one."""
    positions: Positions = []
    for item in value:
        if len(item) != 2:
            return None
        lon, lat = item
        # the comparison is false for what is not a number, too
        if type(lon) is not float or type(lat) is not float or not (-180 <= lon <= 180 and -90 <= lat <= 90):
            return None
        positions.append((lon, lat))
    return positions


def _built(kind: str, value: object, reader: _Reader, path: str) -> Any:
    """Return the shapely geometry in the storage CRS, not rounded; all its coordinates are converted at once."""
    import shapely

    match kind:
        case "Point":
            return shapely.points(_moved([reader.position(value, path)])[0])
        case "MultiPoint":
            return shapely.multipoints(_moved([reader.position(*item) for item in reader.many(value, path)]))
        case "LineString":
            return shapely.linestrings(_moved(reader.line(value, path, 2)))
        case "MultiLineString":
            lines = [reader.line(item, where, 2) for item, where in reader.many(value, path)]
            return shapely.multilinestrings([shapely.linestrings(part) for part in _split(lines)])
        case "Polygon":
            return _polygons([reader.polygon(value, path)])[0]
    return shapely.multipolygons(_polygons([reader.polygon(*item) for item in reader.many(value, path)]))


def _polygons(polygons: list[list[Positions]]) -> list[Any]:
    import shapely

    rings = iter([shapely.linearrings(part) for part in _split([ring for polygon in polygons for ring in polygon])])
    return [shapely.polygons(next(rings), [next(rings) for _hole in polygon[1:]] or None) for polygon in polygons]


def _split(lines: list[Positions]) -> list[Any]:
    """Return the coordinates of *lines* in the storage CRS, one array each."""
    import numpy as np

    ends = np.cumsum([len(line) for line in lines])
    return np.split(_moved([position for line in lines for position in line]), ends[:-1])


def _moved(positions: Positions) -> Any:
    import numpy as np

    return coordinates_to_storage(np.array(positions))


def _check_range(lon: float, lat: float, path: str) -> None:
    if -180 <= lon <= 180 and -90 <= lat <= 90:
        return
    if 8 <= lon <= 24 and 102 <= lat <= 118:
        raise InputRefused(
            _("Latitude %(lat)s is impossible: longitude and latitude seem to be swapped.")
            % {"lat": formats.number(lat, 3, trim=True)},
            code="CRS_SUSPECT_SWAP",
            where=path,
            todo=_("Swap the axes."),
        )
    if abs(lon) > 1_000 or abs(lat) > 1_000:
        raise InputRefused(
            _("The coordinates look like metres, but degrees are expected."),
            code="CRS_SUSPECT_PROJECTED",
            where=path,
            todo=_("Name the coordinate system, or paste the table of corners."),
        )
    raise InputRefused(_("A coordinate lies outside the earth's range."), code="COORD_RANGE", where=path)


def _invalid(message: str, path: str) -> InputRefused:
    return InputRefused(message, code="JSON_INVALID", where=path, todo=_("Send it again as valid GeoJSON."))


def to_geojson(geom: GEOSGeometry) -> dict[str, Any]:
    """Write a storage geometry as a GeoJSON geometry in WGS 84, nine decimals (0.1 mm)."""
    outside = to_wgs84(geom)
    return _written(outside)


def _written(geom: Any) -> dict[str, Any]:
    if geom.geom_type == "GeometryCollection":
        return {"type": geom.geom_type, "geometries": [_written(part) for part in geom]}
    return {"type": geom.geom_type, "coordinates": _rounded(geom.coords)}


def _rounded(coordinates: Any) -> Any:
    if coordinates and isinstance(coordinates[0], float):
        return [round(ordinate, DECIMALS) for ordinate in coordinates[:2]]
    return [_rounded(item) for item in coordinates]


def feature(geom: GEOSGeometry | None, properties: dict[str, Any], *, key: int | str | None = None) -> dict[str, Any]:
    """Write a GeoJSON Feature; *geom* in the storage CRS or None."""
    result: dict[str, Any] = {
        "type": "Feature",
        "geometry": to_geojson(geom) if geom is not None else None,
        "properties": properties,
    }
    if key is not None:
        result["id"] = key
    return result


def feature_collection(features: Sequence[dict[str, Any]], **extra: Any) -> dict[str, Any]:
    """Write a GeoJSON FeatureCollection with foreign members *extra*."""
    return {"type": "FeatureCollection", "features": list(features), **extra}


def position(at: Sequence[float] | None) -> list[float] | None:
    """Write a place in the storage CRS (easting, northing) as [longitude, latitude], for problem details."""
    if at is None:
        return None
    lon, lat = point_to_wgs84(float(at[0]), float(at[1]))
    return [round(lon, DECIMALS), round(lat, DECIMALS)]


def notice_to_json(notice: Notice) -> dict[str, Any]:
    """Write a vetting notice for the browser, its place in WGS 84."""
    return {
        "code": notice.code,
        "message": notice.message,
        "at": position(notice.at),
        "before_m2": notice.before_m2,
        "after_m2": notice.after_m2,
        "confirm": notice.confirm,
    }


def problem_detail(detail: Mapping[str, object]) -> dict[str, object]:
    """Write the detail of a refusal for the browser: places and readings go to WGS 84, moments become text."""
    return {key: _on_the_glass(key, value) for key, value in detail.items()}


def _on_the_glass(key: str, value: object) -> object:
    if isinstance(value, GEOSGeometry):
        return to_geojson(value) if value.srid == storage_srid() else None
    if isinstance(value, datetime.date):
        return value.isoformat()
    if key == "at" and isinstance(value, tuple | list) and len(value) == 2:
        return position(value)
    if isinstance(value, Mapping):
        return {name: _on_the_glass(str(name), item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_on_the_glass("", item) for item in value]
    return value
