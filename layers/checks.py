"""Is the ground firm? System checks for the storage CRS, the datum pipeline and the geospatial libraries.

They refuse to start; they repair nothing. The database is asked only when a command passes it (``check --database``,
``migrate``), as Django's convention is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.utils import OperationalError

from layers import crs


@register()
def storage_zone(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a STORAGE_SRID that is not a VN-2000 TM zone."""
    if settings.STORAGE_SRID in crs.STORAGE_ZONES:
        return []
    return [
        Error(
            f"STORAGE_SRID={settings.STORAGE_SRID} is not a VN-2000 3° zone.",
            hint="Use one of " + ", ".join(str(srid) for srid in sorted(crs.STORAGE_ZONES)) + ".",
            id="layers.E001",
        )
    ]


@register()
def control_points(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a datum pipeline that moves a zone's control point by more than 1 mm."""
    problems: list[CheckMessage] = []
    for srid in sorted(crs.CONTROL_POINTS):
        try:
            crs.check_control_point(srid)
        except RuntimeError as error:
            problems.append(Error(str(error), hint="Compare the PROJ version and layers/crs.py.", id="layers.E002"))
    return problems


@register()
def gdal_data_found(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a GDAL that cannot find its data files or the EPSG registry; it would read coordinate systems wrongly."""
    from django.contrib.gis.gdal import GDALException, SpatialReference

    try:
        known = SpatialReference(9218).name
    except GDALException as error:
        known = str(error)
    if "VN-2000" in (known or ""):
        return []
    return [
        Error(
            f"GDAL does not know EPSG:9218 ({known}).",
            hint="GDAL_DATA and PROJ_DATA must belong to the library in GDAL_LIBRARY_PATH.",
            id="layers.E003",
        )
    ]


@register(Tags.database)
def geometry_columns_agree(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a database whose geometry columns carry another SRID than STORAGE_SRID."""
    problems: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        try:
            with connection.cursor() as cursor:
                # Tile tables hold Web Mercator on purpose.
                cursor.execute(
                    "SELECT g.f_table_name, g.f_geometry_column, g.srid FROM geometry_columns g"
                    " JOIN pg_tables t ON t.schemaname = g.f_table_schema AND t.tablename = g.f_table_name"
                    " WHERE g.f_table_schema = current_schema() AND g.srid NOT IN (%s, 3857) ORDER BY 1, 2",
                    [settings.STORAGE_SRID],
                )
                rows = cursor.fetchall()
        except OperationalError as error:
            return [Error(f"The database does not answer: {error}", id="layers.E005")]
        if rows:
            table, column, srid = rows[0]
            problems.append(
                Error(
                    f"STORAGE_SRID is {settings.STORAGE_SRID} but {len(rows)} geometry column(s) differ,"
                    f" first {table}.{column}: {srid}.",
                    hint="A database keeps the CRS it was created with: correct STORAGE_SRID, or use a new database.",
                    id="layers.E004",
                )
            )
    return problems
