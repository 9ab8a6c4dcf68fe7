"""Which rows leave the house? A query that names its columns, narrowed by ids or by a place on the map, and its zone.

It holds no permission: the desk that makes the query has already decided what the person may see.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from layers.crs import coordinates_to_storage, storage_srid, zone_of
from layers.errors import InputRefused

MAX_IDS = 5_000
MOST_CORNERS = 150
STEPS = 16


@dataclass(frozen=True)
class Query:
    """Say which rows: *sql* exposes the columns by name, ``id``, and ``geom`` (storage CRS) unless *geometry* is empty.

    *geometry* is ``point``, ``line``, ``polygon``, ``mixed`` or empty. *place* is the expression of the point that
    tables show as longitude and latitude (``q.geom`` for points, nothing for the others unless said) under
    *place_names*. *order* is an ORDER BY list that ends with a key: two exports of the same rows are then alike.
    *srid* is the VN-2000 zone that GeoPackage and shapefile are written in (0: the province's).
    """

    sql: str
    values: tuple[Any, ...] = ()
    geometry: str = ""
    order: str = "q.id"
    where: str = "true"
    place: str = ""
    place_names: tuple[str, ...] = ()
    srid: int = 0

    @property
    def zone(self) -> int:
        """Return the SRID of the zone that map files are written in."""
        return self.srid or storage_srid()

    @property
    def shown_place(self) -> str:
        """Return the expression of the point a table shows; empty when it shows none."""
        return self.place or ("ST_GeometryN(q.geom, 1)" if self.geometry == "point" else "")

    def narrowed(self, asked: Mapping[str, str]) -> Query:
        """Return the query with only what ``ids``, ``bbox`` and ``area`` leave of it, in the zone ``srid``.

        ``ids`` are numbers (comma), ``bbox`` is w,s,e,n and ``area`` lon_lat_lon_lat… in degrees, the corners of an
        outline in order. Raises InputRefused for values that make no sense: a file of other rows than asked would look
        right (EXPORT_SELECTION, CRS_UNKNOWN).
        """
        found = self
        if text := asked.get("ids", ""):
            found = replace(found, where=f"{found.where} AND q.id = ANY(%s)", values=(*found.values, _ids(text)))
        if not self.geometry:
            return found
        for read, text in ((_box, asked.get("bbox", "")), (_area, asked.get("area", ""))):
            if text:
                where = f"{found.where} AND ST_Intersects(q.geom, ST_GeomFromWKB(%s, %s))"
                found = replace(found, where=where, values=(*found.values, read(text), storage_srid()))
        if text := asked.get("srid", ""):
            found = replace(found, srid=_zone(text))
        return found


def _ids(text: str) -> list[int]:
    words = text.split(",")
    if len(words) > MAX_IDS or not all(word.isascii() and word.isdigit() and len(word) < 19 for word in words):
        raise InputRefused(
            _("The list of records to download cannot be read."),
            code="EXPORT_SELECTION",
            where="ids",
            todo=_("Choose the records on the page again."),
        )
    return [int(word) for word in words]


def _box(text: str) -> bytes:
    """Return a box given in degrees as a polygon in the storage CRS (WKB)."""
    import shapely

    numbers = _degrees(text.split(","), 4)
    west, south, east, north = numbers if len(numbers) == 4 else (math.nan,) * 4
    if not (-180 <= west < east <= 180 and -90 < south < north < 90):
        raise InputRefused(
            _("The part of the map to download cannot be read."),
            code="EXPORT_SELECTION",
            where="bbox",
            todo=_("Move the map and choose again."),
        )
    return _stored(shapely.box(west, south, east, north))


def _area(text: str) -> bytes:
    """Return an outline given in degrees as a polygon in the storage CRS (WKB)."""
    import shapely

    numbers = _degrees(text.split("_"), 2 * MOST_CORNERS)
    corners = list(zip(numbers[::2], numbers[1::2], strict=False))
    if len(numbers) % 2 or len(set(corners)) < 3 or any(abs(lon) > 180 or abs(lat) >= 90 for lon, lat in corners):
        raise InputRefused(
            _("The area drawn on the map cannot be read."),
            code="EXPORT_SELECTION",
            where="area",
            todo=_("Draw it again: three corners at least, %(most)s at most.") % {"most": MOST_CORNERS},
        )
    outline = shapely.polygons(corners)
    if not shapely.is_valid(outline):
        raise InputRefused(
            _("The area drawn on the map crosses itself."),
            code="EXPORT_SELECTION",
            where="area",
            todo=_("Draw it again, one corner after the other around it."),
        )
    return _stored(outline)


def _degrees(words: list[str], most: int) -> tuple[float, ...]:
    """Return the words as finite numbers; none when one is no number or there are too many."""
    if len(words) > most:
        return ()
    try:
        numbers = tuple(float(word) for word in words)
    except ValueError:
        return ()
    return numbers if all(math.isfinite(number) for number in numbers) else ()


def _stored(outline: Any) -> bytes:
    """Return a polygon in degrees in the storage CRS (WKB); its edges bend there, so they are divided."""
    import shapely

    west, south, east, north = shapely.bounds(outline).tolist()
    edge = shapely.segmentize(outline, max(east - west, north - south) / STEPS)
    moved = shapely.polygons(coordinates_to_storage(shapely.get_coordinates(edge)))
    return bytes(shapely.to_wkb(moved, byte_order=1))


def _zone(text: str) -> int:
    """Return the zone a person chose, 0 for the province's; raises InputRefused (CRS_UNKNOWN)."""
    zone = zone_of(int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1)
    return 0 if zone.srid == storage_srid() else zone.srid
