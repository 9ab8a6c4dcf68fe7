"""How do boundary, parts and corners become shapefiles and a GeoPackage? By GDAL, and read back before use.

It knows nothing of proposals: it takes rows and gives bytes. Heavy libraries are imported inside functions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib.gis.geos import GeometryCollection, GEOSGeometry
from django.utils.translation import gettext as _

from layers.crs import storage_srid
from layers.errors import NotComputable
from layers.grid import geometry_hash, on_grid
from mapping.papers.survey_fields import FileLayer

STYLES = Path(__file__).parent / "styles"
# GDAL stamps files with the day of writing; equal content must give equal bytes.
FIXED_DAY = "1980-01-01"
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True)
class Rows:
    """The rows of one file layer: *columns* in the order of its field table."""

    layer: FileLayer
    geometries: Sequence[GEOSGeometry]
    columns: Sequence[Sequence[Any]]


def shapefile_parts(rows: Rows) -> dict[str, bytes]:
    """Write one layer as shapefile parts in the storage CRS, UTF-8 text, and return them by file name.

    Raises NotComputable when what GDAL reads back differs from what was given.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{rows.layer.name}.shp"
        _write(rows, path, "ESRI Shapefile", {"DBF_DATE_LAST_UPDATE": FIXED_DAY})
        path.with_suffix(".cpg").write_bytes(b"UTF-8")
        _verify(rows, path, None)
        return {path.with_suffix(part).name: path.with_suffix(part).read_bytes() for part in SHAPEFILE_PARTS}


def geopackage(name: str, layers: Sequence[Rows]) -> bytes:
    """Write all layers into one GeoPackage with their QGIS styles and return its bytes.

    Raises NotComputable when what GDAL reads back differs from what was given.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.gpkg"
        for rows in layers:
            _write(rows, path, "GPKG", {"GEOMETRY_NAME": "geom", "FID": "fid"}, append=path.exists())
        _add_styles(path, [rows.layer for rows in layers])
        for rows in layers:
            _verify(rows, path, rows.layer.name)
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
        crs=f"EPSG:{storage_srid()}",
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


def _verify(rows: Rows, path: Path, layer: str | None) -> None:
    """Read the file back with GDAL and compare geometry and text; DBF cannot tell an empty text from a missing one."""
    import pyogrio

    meta, _fids, wkb, columns = pyogrio.raw.read(path, layer=layer)
    read = [GEOSGeometry(memoryview(bytes(item)), srid=storage_srid()) for item in wkb]
    same_shape = [_shape_key(geom) for geom in read] == [_shape_key(geom) for geom in rows.geometries]
    same_text = all(
        ["" if value is None else str(value) for value in column] == [str(value) for value in given]
        for column, given in zip(columns, rows.columns, strict=True)
        if _dtype(given) is object
    )
    if not (same_shape and same_text and len(meta["fields"]) == len(rows.layer.fields)):
        raise NotComputable(
            _("The file read back is not what was written; the package was not issued."),
            code="EXPORT_NOT_VERIFIED",
            where=path.name,
            todo=_("Tell the administrator; the boundary itself is unharmed."),
        )


def _shape_key(geom: GEOSGeometry) -> str:
    """Hash a geometry on the 1 mm grid, one-part collections as their only part."""
    if isinstance(geom, GeometryCollection) and len(geom) == 1:
        geom = geom[0]
        geom.srid = storage_srid()
    return geometry_hash(on_grid(geom))


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
