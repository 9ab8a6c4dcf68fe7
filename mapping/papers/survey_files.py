"""How do boundary, parts and corners become shapefiles and a GeoPackage? By GDAL, and read back before use.

It knows nothing of proposals: it takes rows and gives bytes. Heavy libraries are imported inside functions.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib.gis.geos import GeometryCollection, GEOSGeometry
from django.utils.translation import gettext as _

from layers.crs import storage_srid
from layers.errors import InputRefused, NotComputable
from layers.grid import geometry_hash
from mapping.papers.survey_fields import FileLayer

STYLES = Path(__file__).parent / "styles"
# GDAL stamps files with the day of writing; equal content must give equal bytes.
FIXED_DAY = "1980-01-01"
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
# What one text cell of a DBF table holds.
LONGEST_TEXT_BYTES = 254
DECIMALS = 3


@dataclass(frozen=True)
class Rows:
    """The rows of one file layer: *columns* in the order of its field table, *srid* of the zone (0: the province's)."""

    layer: FileLayer
    geometries: Sequence[GEOSGeometry]
    columns: Sequence[Sequence[Any]]
    srid: int = 0

    @property
    def zone(self) -> int:
        """Return the SRID the geometries lie in."""
        return self.srid or storage_srid()


def shapefile_parts(rows: Rows) -> dict[str, bytes]:
    """Write one layer as shapefile parts in its zone, UTF-8 text, and return them by file name.

    Raises InputRefused (TEXT_TOO_LONG) for a text the table would cut, NotComputable when what GDAL reads back differs
    from what was given.
    """
    _require_short_texts(rows)
    with TemporaryDirectory(prefix="datnghe-survey-") as folder:
        path = Path(folder) / f"{rows.layer.name}.shp"
        _write(rows, path, "ESRI Shapefile", {"DBF_DATE_LAST_UPDATE": FIXED_DAY})
        path.with_suffix(".cpg").write_bytes(b"UTF-8")
        require_same(rows, path, None)
        return {path.with_suffix(part).name: path.with_suffix(part).read_bytes() for part in SHAPEFILE_PARTS}


def geopackage(name: str, layers: Sequence[Rows]) -> bytes:
    """Write all layers into one GeoPackage with their QGIS styles and return its bytes.

    Raises NotComputable when what GDAL reads back differs from what was given.
    """
    with TemporaryDirectory(prefix="datnghe-survey-") as folder:
        path = Path(folder) / f"{name}.gpkg"
        for rows in layers:
            _write(rows, path, "GPKG", {"GEOMETRY_NAME": "geom", "FID": "fid"}, append=path.exists())
        _add_styles(path, [rows.layer for rows in layers])
        for rows in layers:
            require_same(rows, path, rows.layer.name)
        return path.read_bytes()


def _write(rows: Rows, path: Path, driver: str, options: Mapping[str, str], *, append: bool = False) -> None:
    import numpy as np
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{FIXED_DAY}T00:00:00.000Z"})
    wkb = np.array([bytes(geom.wkb) for geom in rows.geometries], dtype=object)
    pyogrio.raw.write(
        path,
        geometry=wkb,
        field_data=[np.array(column, dtype=_dtype(column)) for column in rows.columns],
        fields=np.array([field.name for field in rows.layer.fields], dtype=object),
        layer=rows.layer.name,
        driver=driver,
        geometry_type=rows.layer.geometry,
        crs=f"EPSG:{rows.zone}",
        encoding="UTF-8" if driver == "ESRI Shapefile" else None,
        append=append,
        layer_options=dict(options),
    )


def _dtype(column: Sequence[Any]) -> Any:
    if all(isinstance(value, int) for value in column):
        return "int64"
    if all(isinstance(value, int | float) for value in column):
        return "float64"
    return object


def require_same(rows: Rows, path: Path, layer: str | None) -> None:
    """Read a written layer back with GDAL and compare it: geometry on the 1 mm grid, names, texts and numbers exactly.

    DBF cannot tell an empty text from a missing one. Raises NotComputable (EXPORT_NOT_VERIFIED) at a difference.
    """
    import pyogrio

    try:
        meta, _fids, wkb, columns = pyogrio.raw.read(path, layer=layer)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise not_verified(path.name) from error
    read = [GEOSGeometry(memoryview(bytes(item)), srid=rows.zone) for item in wkb]
    if (
        [shape_key(geom) for geom in read] != [shape_key(geom) for geom in rows.geometries]
        or list(meta["fields"]) != [field.name for field in rows.layer.fields]
        or not all(_same_column(column, given) for column, given in zip(columns, rows.columns, strict=True))
        or not _same_system(str(meta["crs"]), rows.zone)
    ):
        raise not_verified(path.name)


def not_verified(name: str) -> NotComputable:
    """Return the refusal of a file that is not, read again, what was to be written."""
    return NotComputable(
        _("The file read back is not what was written; the package was not issued."),
        code="EXPORT_NOT_VERIFIED",
        where=name,
        todo=_("Tell the administrator; the boundary itself is unharmed."),
    )


def rounded(geom: GEOSGeometry) -> GEOSGeometry:
    """Round a geometry in metres to 1 mm, keeping the order of its corners."""
    import numpy as np
    import shapely

    shape = shapely.from_wkb(bytes(geom.wkb))
    exact: Any = shapely.set_coordinates(shape, np.round(shapely.get_coordinates(shape), DECIMALS) + 0.0)
    return GEOSGeometry(memoryview(shapely.to_wkb(exact, byte_order=1)), srid=geom.srid)


def shape_key(geom: GEOSGeometry) -> str:
    """Hash a geometry on the 1 mm grid, one-part collections as their only part."""
    if isinstance(geom, GeometryCollection) and len(geom) == 1:
        geom = geom[0]
    return geometry_hash(rounded(geom))


def _same_column(column: Sequence[Any], given: Sequence[Any]) -> bool:
    if _dtype(given) is object:
        return ["" if value is None else str(value) for value in column] == [str(value) for value in given]
    return all(
        float(value) == float(wanted) or (math.isnan(float(value)) and math.isnan(float(wanted)))
        for value, wanted in zip(column, given, strict=True)
    )


def _same_system(crs: str, srid: int) -> bool:
    from pyproj import CRS

    return crs == f"EPSG:{srid}" or bool(CRS.from_user_input(crs).equals(CRS.from_epsg(srid), ignore_axis_order=True))


def _require_short_texts(rows: Rows) -> None:
    """Refuse a text that a DBF cell would cut: an agreement about land must not lose its end in silence."""
    for field, column in zip(rows.layer.fields, rows.columns, strict=True):
        for number, value in enumerate(column, start=1):
            size = len(value.encode()) if isinstance(value, str) else 0
            if size > LONGEST_TEXT_BYTES:
                raise InputRefused(
                    _("A text is too long for a shapefile: %(size)d bytes, %(most)d fit. Nothing was cut.")
                    % {"size": size, "most": LONGEST_TEXT_BYTES},
                    code="TEXT_TOO_LONG",
                    where=_("field %(field)s of %(layer)s, row %(row)d")
                    % {"field": field.name, "layer": rows.layer.name, "row": number},
                    todo=_("Shorten the text, or choose the contents without Shapefile: GeoPackage holds it whole."),
                )


def _add_styles(path: Path, layers: Sequence[FileLayer]) -> None:
    """Store each layer's style in the table QGIS looks for (``layer_styles``)."""
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),"
            " f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30),"
            " styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),"
            " update_time DATETIME)"
        )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
            (f"{FIXED_DAY}T00:00:00.000Z",),
        )
        for layer in layers:
            database.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,"
                " styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time)"
                " VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', ?)",
                (
                    layer.name,
                    layer.name,
                    (STYLES / f"{layer.name}.qml").read_text(encoding="utf-8"),
                    layer.meaning_vi,
                    f"{FIXED_DAY}T00:00:00.000Z",
                ),
            )
    database.close()
