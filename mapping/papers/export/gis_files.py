"""How do rows become a GeoPackage or shapefiles? GDAL writes what the Arrow stream hands it, one layer per dimension.

It never cuts a text: a shapefile that cannot hold one is refused with the column named.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from layers.crs import coordinates_to_zone, operation_name, storage_srid, zone_label
from layers.errors import InputRefused
from mapping.papers.export.arrow import ArrowColumn, ArrowField, ArrowStream
from mapping.papers.export.batches import GEOM, Rows, arrow_columns, arrow_fields, row_batches, statement
from mapping.papers.export.columns import Column, Kind
from mapping.papers.export.query import Query
from mapping.papers.export.verify import Sample, verify_layer

DBF_TEXT = 254
ZIP_LEVEL = 1  # level 6 takes three times as long for a fifth less
BLOCK = 1 << 20
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
# GDAL builds the spatial index in memory as large as the layer unless told otherwise: 20 MB more at 400,000 features.
FLAT_INDEX = {"OGR_GPKG_ALLOW_THREADED_RTREE": False, "OGR_GPKG_MAX_RAM_USAGE_RTREE": 1_000_000}
_DIMENSIONS = {"point": 0, "line": 1, "polygon": 2}
_SUFFIX = {0: "diem", 1: "tuyen", 2: "vung"}
_TYPES = {0: "Point", 1: "MultiLineString", 2: "MultiPolygon"}


@dataclass
class _Layer:
    """One layer on its way into a file: what GDAL is told, and what will be looked at again."""

    name: str
    type: str
    fields: list[ArrowField]
    where: str
    expression: str
    sample: Sample = field(default_factory=Sample)


def write_gpkg(path: Path, name: str, query: Query, columns: Sequence[Column]) -> int:
    """Write a GeoPackage in the zone of *query*, read it back, return the number of rows.

    Raises NotComputable (EXPORT_NOT_VERIFIED) when what GDAL reads back is not what was written.
    """
    layers = _layers(name, query, [column.name for column in columns], columns)
    for layer in layers:
        options = {"layer_options": {"GEOMETRY_NAME": GEOM, "FID": "fid"}, "append": path.exists()}
        _write(path, "GPKG", layer, query=query, columns=columns, options=options)
    for layer in layers:
        verify_layer(path, layer.name, layer.sample)
    return sum(layer.sample.count for layer in layers)


def write_shapefiles(path: Path, query: Query, columns: Sequence[Column]) -> int:
    """Write shapefiles in the zone of *query*, zipped as *path*; return the number of rows.

    Text is UTF-8 (.cpg), the zone in ESRI's form of .prj; a list of columns lies beside. Raises InputRefused
    (ATTR_TOO_LONG) for a text above 254 bytes, NotComputable (EXPORT_NOT_VERIFIED) as `write_gpkg` does.
    """
    layers = _layers(path.stem.replace("-", "_"), query, [column.short for column in columns], columns)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=ZIP_LEVEL) as archive:
        for layer in layers:
            shape = path.parent / f"{layer.name}.shp"
            _write(shape, "ESRI Shapefile", layer, query=query, columns=columns, options={"encoding": "UTF-8"})
            shape.with_suffix(".cpg").write_bytes(b"UTF-8")
            verify_layer(shape, None, layer.sample)
            for part in PARTS:
                with shape.with_suffix(part).open("rb") as source, archive.open(f"{layer.name}{part}", "w") as target:
                    copyfileobj(source, target, BLOCK)
                shape.with_suffix(part).unlink()
        archive.writestr("cot_du_lieu.csv", _dictionary(columns))
        archive.writestr("DOC_TOI.txt", _readme(query.zone))
    return sum(layer.sample.count for layer in layers)


def _layers(name: str, query: Query, names: Sequence[str], columns: Sequence[Column]) -> list[_Layer]:
    found = _dimensions_of(query)
    layers = []
    for dimension, multiple in found:
        kind = "MultiPoint" if dimension == 0 and multiple else _TYPES[dimension]
        layers.append(
            _Layer(
                name=name if len(found) == 1 else f"{name}_{_SUFFIX[dimension]}",
                type=kind,
                fields=arrow_fields(columns, names, geometry=True),
                where="true" if len(found) == 1 else f"ST_Dimension(q.geom) = {dimension}",
                expression=f"ST_AsBinary({'ST_Multi(q.geom)' if kind.startswith('Multi') else 'q.geom'}, 'NDR')",
            )
        )
    return layers


def _dimensions_of(query: Query) -> list[tuple[int, bool]]:
    """Return the dimensions of the geometries, each with whether some have several parts; areas are not looked at."""
    if query.geometry in {"line", "polygon"}:
        return [(_DIMENSIONS[query.geometry], True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Dimension(q.geom), bool_or(ST_NumGeometries(q.geom) > 1)"  # noqa: S608 - our own names, values apart
            f" FROM ({query.sql}) AS q WHERE q.geom IS NOT NULL AND {query.where} GROUP BY 1 ORDER BY 1",
            query.values,
        )
        return [(int(row[0]), bool(row[1])) for row in cursor.fetchall()] or [(0, False)]


def _write(
    path: Path, driver: str, layer: _Layer, *, query: Query, columns: Sequence[Column], options: dict[str, Any]
) -> None:
    import pyogrio

    pyogrio.set_gdal_config_options(FLAT_INDEX)
    asked = statement(query, columns, layer.expression, where=layer.where)
    with row_batches(asked) as batches:
        placed = batches if query.zone == storage_srid() else (_moved(rows, query.zone) for rows in batches)
        stream = ArrowStream(layer.fields, _arrow_batches(layer, placed, columns, short=driver != "GPKG"))
        try:
            pyogrio.raw.write_arrow(
                stream,
                path,
                layer=layer.name,
                driver=driver,
                geometry_name=GEOM,
                geometry_type=layer.type,
                crs=f"EPSG:{query.zone}",
                **options,
            )
        except Exception:
            if stream.error is not None:
                raise stream.error from None
            raise


def _arrow_batches(
    layer: _Layer, batches: Iterator[Rows], columns: Sequence[Column], *, short: bool
) -> Iterator[tuple[ArrowColumn, ...]]:
    for rows in batches:
        made = arrow_columns(layer.fields, rows)
        if short:
            _refuse_long_texts(made, columns, layer.sample.count)
        layer.sample.note(rows)
        yield made


def _moved(rows: Rows, zone: int) -> Rows:
    """Return rows with their geometry (WKB, last) in another zone; not rounded, so that nothing can cross itself."""
    import numpy as np
    import shapely

    shapes = shapely.from_wkb(np.array([None if row[-1] is None else bytes(row[-1]) for row in rows], dtype=object))
    moved = shapely.to_wkb(shapely.transform(shapes, lambda xy: coordinates_to_zone(xy, zone)), byte_order=1)
    return [(*row[:-1], wkb) for row, wkb in zip(rows, moved.tolist(), strict=True)]


def _refuse_long_texts(made: tuple[ArrowColumn, ...], columns: Sequence[Column], before: int) -> None:
    import numpy as np

    for column, values in zip(columns, made, strict=False):
        if column.kind != Kind.TEXT:
            continue
        lengths = np.diff(values.buffers[1])
        if int(lengths.max(initial=0)) > DBF_TEXT:
            raise InputRefused(
                _("A shapefile cannot hold a text of %(bytes)s bytes; it was not cut.") % {"bytes": int(lengths.max())},
                code="ATTR_TOO_LONG",
                where=_("column %(column)s, row %(row)s")
                % {"column": column.title, "row": before + int(lengths.argmax()) + 1},
                todo=_("Take the GeoPackage: it holds texts of any length."),
            )


def _dictionary(columns: Sequence[Column]) -> bytes:
    lines: list[str] = []

    class _Lines:
        def write(self, line: str) -> None:
            lines.append(line)

    writer = csv.writer(_Lines())
    writer.writerow([_("Column of the shapefile"), _("Column of the GeoPackage"), _("Meaning")])
    writer.writerows([column.short, column.name, str(column.title)] for column in columns)
    return b"\xef\xbb\xbf" + "".join(lines).encode()


def _readme(zone: int) -> bytes:
    return "\r\n".join(
        [
            _("Coordinate system: %(zone)s (EPSG:%(srid)s).") % {"zone": zone_label(zone), "srid": zone},
            _("To WGS 84 by the operation %(operation)s.") % {"operation": operation_name()},
            _("Texts are in UTF-8; cot_du_lieu.csv says what each column means."),
            "",
        ]
    ).encode()
