"""Which rows leave the house? A query that names its columns, narrowed by ids or by a place on the map.

It holds no permission: the desk that makes the query has already decided what the person may see.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from layers.crs import coordinates_to_storage, storage_srid
from layers.errors import InputRefused

MAX_IDS = 5_000
STEPS = 16


@dataclass(frozen=True)
class Query:
    """Say which rows: *sql* exposes the columns by name, ``id``, and ``geom`` (storage CRS) unless *geometry* is empty.

    *geometry* is ``point``, ``line``, ``polygon``, ``mixed`` or empty. *place* is the expression of the point that
    tables show as longitude and latitude (``q.geom`` for points, nothing for the others unless said) under
    *place_names*. *order* is an ORDER BY list that ends with a key: two exports of the same rows are then alike.
    """

    sql: str
    values: tuple[Any, ...] = ()
    geometry: str = ""
    order: str = "q.id"
    where: str = "true"
    place: str = ""
    place_names: tuple[str, ...] = ()

    @property
    def shown_place(self) -> str:
        """Return the expression of the point a table shows; empty when it shows none."""
        return self.place or ("ST_GeometryN(q.geom, 1)" if self.geometry == "point" else "")

    def narrowed(self, asked: Mapping[str, str]) -> Query:
        """Return the query with only what ``ids`` (numbers, comma) and ``bbox`` (w,s,e,n in degrees) leave of it.

        Raises InputRefused for values that make no sense: a file of other rows than asked would look right.
        """
        found = self
        if text := asked.get("ids", ""):
            found = replace(found, where=f"{found.where} AND q.id = ANY(%s)", values=(*found.values, _ids(text)))
        if self.geometry and (text := asked.get("bbox", "")):
            where = f"{found.where} AND ST_Intersects(q.geom, ST_GeomFromWKB(%s, %s))"
            found = replace(found, where=where, values=(*found.values, _box(text), storage_srid()))
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
    """Return a box given in degrees as a polygon in the storage CRS (WKB); its edges bend, so they are divided."""
    import shapely

    try:
        west, south, east, north = (float(word) for word in text.split(","))
    except ValueError:
        west = south = east = north = math.nan
    if not (-180 <= west < east <= 180 and -90 < south < north < 90):
        raise InputRefused(
            _("The part of the map to download cannot be read."),
            code="EXPORT_SELECTION",
            where="bbox",
            todo=_("Move the map and choose again."),
        )
    edge = shapely.get_coordinates(
        shapely.segmentize(shapely.box(west, south, east, north), max(east - west, north - south) / STEPS)
    )
    return bytes(shapely.to_wkb(shapely.polygons(coordinates_to_storage(edge)), byte_order=1))
