"""How do rows become CSV and GeoJSON? CSV without live formulas; GeoJSON with geometries that PostGIS writes as text.

GeoJSON is WGS 84 by the pinned operation (`layers.spatial_ref_sys`), nine decimals, one feature a line (RFC 7946).
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from layers.crs import WGS84, coordinates_to_wgs84, storage_srid
from layers.spatial_ref_sys import pinned_srid
from mapping import formats
from mapping.papers.cells import safe_cell
from mapping.papers.export.batches import Statement, copy_out, row_batches, statement
from mapping.papers.export.columns import Column
from mapping.papers.export.query import Query

DECIMALS = 9


def place_of(query: Query) -> tuple[str, ...]:
    """Return the expressions of easting and northing that a table of *query* ends with; nothing without a place."""
    place = query.shown_place
    return (f"ST_X({place})", f"ST_Y({place})") if place else ()


def place_titles(query: Query) -> tuple[str, ...]:
    """Return the headings of the columns of longitude and latitude, if there are any."""
    if not query.shown_place:
        return ()
    return query.place_names or (_("Longitude (WGS 84)"), _("Latitude (WGS 84)"))


def rows_with_place(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """Turn easting and northing at the end of each row into longitude and latitude, nine decimals; gaps stay gaps."""
    import numpy as np

    found = [list(row) for row in rows]
    there = [row for row in found if row[-1] is not None]
    if there:
        places = coordinates_to_wgs84(np.array([row[-2:] for row in there], dtype=float))
        for row, (lon, lat) in zip(there, places.tolist(), strict=True):
            row[-2:] = round(lon, DECIMALS), round(lat, DECIMALS)
    return found


def write_csv(path: Path, query: Query, columns: Sequence[Column]) -> int:
    """Write CSV and return the number of rows: UTF-8 with byte-order mark (Excel), days dd/mm/yyyy, decimal point."""
    placed = bool(query.shown_place)
    written = 0
    asked = statement(query, columns, *place_of(query))
    with path.open("w", encoding="utf-8-sig", newline="") as stream, row_batches(asked) as batches:
        writer = csv.writer(stream)
        titles = [str(column.title) for column in columns]
        writer.writerow([safe_cell(title) for title in (*titles, *place_titles(query))])
        for rows in batches:
            writer.writerows([_cell(value) for value in row] for row in (rows_with_place(rows) if placed else rows))
            written += len(rows)
    return written


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return safe_cell(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return formats.date(value)
    return value


def write_geojson(path: Path, query: Query, columns: Sequence[Column]) -> int:
    """Write a FeatureCollection and return the number of features; missing values are null, texts stay as they are.

    The server writes whole features and sends them by COPY: unlike a cursor, it may then use all its cores.
    """
    parts = ", ".join(f'p."{column.name}"' for column in columns)
    names = ", ".join([*(f'"{column.name}"' for column in columns), "feature_id", "feature_geometry"])
    inner = statement(query, columns, "q.id", _geometry(query))
    sql = (
        'SELECT concat(\'{"type":"Feature","id":\', to_json(p.feature_id), \',"geometry":\','  # noqa: S608 - our columns
        " coalesce(p.feature_geometry, 'null'), ',\"properties\":',"
        f" (SELECT to_json(one) FROM (SELECT {parts}) AS one), '}},') FROM ({inner.sql}) AS p({names})"
    )
    with path.open("wb") as stream:
        stream.write(b'{"type":"FeatureCollection","features":[\n')
        count = copy_out(Statement(sql, inner.values), stream)
        if count:  # the last one has no comma
            stream.seek(-2, os.SEEK_END)
            stream.truncate()
            stream.write(b"\n")
        stream.write(b"]}\n")
    return count


def _geometry(query: Query) -> str:
    if not query.geometry:
        return "NULL::text"
    pinned = f"ST_SetSRID(q.geom, {pinned_srid(storage_srid())})"
    return f"ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Transform({pinned}, {WGS84})), {DECIMALS}, 0)"
