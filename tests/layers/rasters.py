"""How do tests make rasters, good and hostile? By GDAL in a process of its own, or byte by byte."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from tests.cast import EAST0, NORTH0

_WRITE = """
import ctypes, json, sys, numpy as np
library, target, source, options = sys.argv[1:]
o = json.loads(options)
g = ctypes.CDLL(library)
for name in ("GDALGetDriverByName", "GDALCreate", "GDALGetRasterBand"):
    getattr(g, name).restype = ctypes.c_void_p
g.GDALAllRegister()
values = np.load(source)
bands, rows, columns = values.shape
kinds = {"uint8": 1, "uint16": 2, "int16": 3, "float32": 6, "float64": 7, "complex64": 10}
packed = [f"COMPRESS={o['compress']}".encode()] if o["compress"] else []
extra = (ctypes.c_char_p * (len(packed) + 1))(*packed, None)
driver = ctypes.c_void_p(g.GDALGetDriverByName(b"GTiff"))
d = ctypes.c_void_p(g.GDALCreate(driver, target.encode(), columns, rows, bands, kinds[str(values.dtype)], extra))
if o["place"]:
    g.GDALSetGeoTransform(d, (ctypes.c_double * 6)(*o["place"]))
if o["wkt"]:
    g.GDALSetProjection(d, o["wkt"].encode())
for number in range(bands):
    band = ctypes.c_void_p(g.GDALGetRasterBand(d, number + 1))
    if o["nodata"] is not None:
        g.GDALSetRasterNoDataValue.argtypes = [ctypes.c_void_p, ctypes.c_double]
        g.GDALSetRasterNoDataValue(band, o["nodata"])
    data = np.ascontiguousarray(values[number])
    g.GDALRasterIO(band, 1, 0, 0, columns, rows, data.ctypes.data_as(ctypes.c_void_p), columns, rows,
                   kinds[str(values.dtype)], 0, 0)
g.GDALClose(d)
"""


def geotiff(
    path: Path,
    values: Any,
    *,
    cell: float = 100.0,
    east: float = 12_000,
    north: float = 8_000,
    srid: int = 9218,
    nodata: float | None = None,
    compress: str = "",
    place: list[float] | None = None,
) -> Path:
    """Write *values* (rows, columns) or (bands, rows, columns); the upper left corner in metres of the tests' land."""
    import json

    from pyproj import CRS

    array = np.asarray(values)
    array = array if array.ndim == 3 else array[None]
    source = path.with_suffix(".npy")
    np.save(source, array)
    where = [EAST0 + east, cell, 0.0, NORTH0 + north, 0.0, -cell] if place is None else place
    options = {"place": where, "wkt": CRS.from_epsg(srid).to_wkt("WKT1_GDAL") if srid else "", "nodata": nodata}
    options["compress"] = compress
    subprocess.run(
        [sys.executable, "-c", _WRITE, str(settings.GDAL_LIBRARY_PATH), str(path), str(source), json.dumps(options)],
        check=True,
    )
    return path


def header_bomb(path: Path, width: int, height: int) -> Path:
    """Write a TIFF of some hundred bytes that claims to hold *width* × *height* cells of eight bytes."""
    entries = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 64), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8),
        (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, 8), (339, 3, 1, 3),
    ]  # fmt: skip
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    path.write_bytes(b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", len(entries)) + body + b"\x00" * 12)
    return path
