"""Which files are taken in, and which parts, GDAL drivers, gate and reader belong to each? One table.

It imports nothing heavy and no Django: the gates ask it, and so does the reader child. It opens no file.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """One kind of file.

    *suffixes*: the first is the name the child sees. *drivers*: the GDAL drivers the child leaves open (none: we read
    it ourselves). *parts*: companions with the same stem; *needed*: those without which it cannot be read, several
    separated by ``|`` when one of them will do. *reader* and *gate*: modules of the child with ``read(path, params)``
    and ``check(path)``, which returns the codes of notices. *archived*: whether it may lie in a zip.
    """

    key: str
    name: str
    suffixes: tuple[str, ...]
    reader: str
    gate: str = ""
    drivers: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    archived: bool = True


_GDAL = "layers.intake.reader_gdal"
_ALL = (
    Format(
        "shp",
        "Shapefile",
        (".shp",),
        _GDAL,
        drivers=frozenset({"ESRI Shapefile"}),
        parts=(".shx", ".dbf", ".prj", ".cpg"),
        needed=(".shx", ".dbf"),
    ),
    Format("gpkg", "GeoPackage", (".gpkg",), _GDAL, "layers.intake.gpkg_gate", frozenset({"GPKG"})),
    Format("geojson", "GeoJSON", (".geojson", ".json"), "layers.intake.reader_geojson"),
    Format("kml", "KML", (".kml",), _GDAL, "layers.intake.kml_gate", frozenset({"LIBKML", "KML"})),
    Format("gpx", "GPX", (".gpx",), _GDAL, "layers.intake.gpx_gate", frozenset({"GPX"})),
    Format("gml", "GML", (".gml",), _GDAL, "layers.intake.gml_gate", frozenset({"GML"})),
    Format("fgb", "FlatGeobuf", (".fgb",), _GDAL, "layers.intake.fgb_gate", frozenset({"FlatGeobuf"})),
    Format(
        "tab",
        "MapInfo TAB",
        (".tab",),
        _GDAL,
        "layers.intake.mapinfo_gate",
        frozenset({"MapInfo File"}),
        parts=(".dat", ".dbf", ".map", ".id"),
        needed=(".dat|.dbf", ".map", ".id"),
    ),
    Format(
        "mif",
        "MapInfo MIF",
        (".mif",),
        _GDAL,
        "layers.intake.mapinfo_gate",
        frozenset({"MapInfo File"}),
        parts=(".mid",),
        needed=(".mid",),
    ),
    Format("dxf", "DXF", (".dxf",), "layers.intake.cad.dxf"),
    Format("csv", "CSV", (".csv", ".txt"), "layers.intake.corners.reader_csv", archived=False),
    Format("xlsx", "Excel (XLSX)", (".xlsx", ".xlsm"), "layers.intake.corners.reader_xlsx", archived=False),
    Format("dgn", "DGN v7", (".dgn",), "layers.intake.cad.dgn"),
)
FORMATS = {item.key: item for item in _ALL}
CONTAINERS = {".zip": "zip", ".kmz": "kmz"}
MAIN_SUFFIXES = {suffix: item.key for item in _ALL for suffix in item.suffixes}
PART_SUFFIXES = frozenset(suffix for item in _ALL for suffix in item.parts)


def main_of_part(suffix: str) -> Format | None:
    """Return the format to which a companion file (``.dbf``, ``.mid`` …) belongs; the first when it serves several."""
    return next((item for item in _ALL if suffix in item.parts), None)
