"""How does the reader child look into a GeoTIFF? GDAL's C interface by ctypes with two drivers only: GTiff and MEM.

No other driver is ever registered, so a file that is something else in disguise cannot be opened by anything. There is
one GDAL in the house, the one of the vector reader; it is named by the parent. It imports no Django.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.geomchild.refusal import Refusal
from layers.intake import limits

Floats = NDArray[np.float32]
Codes = NDArray[np.uint8]
_REAL_TYPES = frozenset({1, 2, 3, 4, 5, 6, 7, 14})  # GDT_Byte … GDT_Float64, GDT_Int8; complex numbers are no height
_FLOAT32, _BYTE = 6, 1
_READ, _WRITE = 0, 1
_POLYGON = 3
_INTEGER = 0
# Decoders of pictures and of formats within the format are left out: heights come plain or packed without loss.
COMPRESSIONS = frozenset({"", "NONE", "LZW", "DEFLATE", "PACKBITS", "ZSTD", "LERC", "LERC_DEFLATE", "LERC_ZSTD"})

_P, _I, _D, _S = ctypes.c_void_p, ctypes.c_int, ctypes.c_double, ctypes.c_char_p
_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "GDALRegister_GTiff": (None, []),
    "GDALRegister_MEM": (None, []),
    "GDALGetDriverByName": (_P, [_S]),
    "GDALOpenEx": (_P, [_S, ctypes.c_uint, _P, _P, _P]),
    "GDALClose": (_I, [_P]),
    "GDALCreate": (_P, [_P, _S, _I, _I, _I, _I, _P]),
    "GDALGetRasterXSize": (_I, [_P]),
    "GDALGetRasterYSize": (_I, [_P]),
    "GDALGetRasterCount": (_I, [_P]),
    "GDALGetRasterBand": (_P, [_P, _I]),
    "GDALGetRasterDataType": (_I, [_P]),
    "GDALGetRasterColorInterpretation": (_I, [_P]),
    "GDALGetGeoTransform": (_I, [_P, ctypes.POINTER(_D)]),
    "GDALGetProjectionRef": (_S, [_P]),
    "GDALGetMetadataItem": (_S, [_P, _S, _S]),
    "GDALGetRasterNoDataValue": (_D, [_P, ctypes.POINTER(_I)]),
    "GDALGetRasterScale": (_D, [_P, ctypes.POINTER(_I)]),
    "GDALGetRasterOffset": (_D, [_P, ctypes.POINTER(_I)]),
    "GDALRasterIO": (_I, [_P, _I, _I, _I, _I, _I, _P, _I, _I, _I, _I, _I]),
    "GDALSieveFilter": (_I, [_P, _P, _P, _I, _I, _P, _P, _P]),
    "GDALPolygonize": (_I, [_P, _P, _P, _I, _P, _P, _P]),
    "GDALDatasetCreateLayer": (_P, [_P, _S, _P, _I, _P]),
    "OGR_Fld_Create": (_P, [_S, _I]),
    "OGR_Fld_Destroy": (None, [_P]),
    "OGR_L_CreateField": (_I, [_P, _P, _I]),
    "OGR_L_ResetReading": (None, [_P]),
    "OGR_L_GetNextFeature": (_P, [_P]),
    "OGR_F_GetFieldAsInteger": (_I, [_P, _I]),
    "OGR_F_GetGeometryRef": (_P, [_P]),
    "OGR_F_Destroy": (None, [_P]),
    "OGR_G_WkbSize": (_I, [_P]),
    "OGR_G_ExportToWkb": (_I, [_P, _I, _P]),
    "CPLPushErrorHandler": (None, [_P]),
}
_OPEN_RASTER = 0x02
_PALETTE = 2


@dataclass(frozen=True)
class Raster:
    """One band of heights, slopes or depths: *values* (rows, columns), NaN where there is no data.

    *origin*: the upper left corner; *step*: cell width and height (positive), all in the unit of the file's system.
    """

    values: Floats
    origin: tuple[float, float]
    step: tuple[float, float]
    wkt: str


class Gdal:
    """Hold the library with two drivers registered."""

    def __init__(self, library: str) -> None:
        # no side files: neither .aux.xml nor .ovr nor .msk beside the file is looked for
        os.environ.update({"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"})
        os.environ.update({"GTIFF_IGNORE_READ_ERRORS": "NO", "GDAL_CACHEMAX": "64"})
        self._library = ctypes.CDLL(library)
        for name, (answer, arguments) in _SIGNATURES.items():
            function = getattr(self._library, name)
            function.restype, function.argtypes = answer, arguments
        self._call("CPLPushErrorHandler", ctypes.cast(self._library.CPLQuietErrorHandler, _P))
        self._call("GDALRegister_GTiff")
        self._call("GDALRegister_MEM")
        self._memory = self._call("GDALGetDriverByName", b"MEM")

    def _call(self, name: str, *arguments: Any) -> Any:
        return getattr(self._library, name)(*arguments)

    def read(self, path: str) -> Raster:
        """Read the one band of a GeoTIFF; raise Refusal RASTER_* saying what is not accepted."""
        drivers = (_S * 2)(b"GTiff", None)
        dataset = self._call("GDALOpenEx", path.encode(), _OPEN_RASTER, drivers, None, None)
        if not dataset:
            raise Refusal("RASTER_CORRUPT")
        try:
            return self._read(dataset)
        finally:
            self._call("GDALClose", dataset)

    def _read(self, dataset: Any) -> Raster:
        width, height = self._call("GDALGetRasterXSize", dataset), self._call("GDALGetRasterYSize", dataset)
        if max(width, height) > limits.RASTER_SIDE or width * height > limits.RASTER_PIXELS:
            raise Refusal("RASTER_TOO_LARGE", params={"found": f"{width} × {height}", "limit": limits.RASTER_PIXELS})
        if min(width, height) < 2:
            raise Refusal("RASTER_CORRUPT")
        if self._call("GDALGetRasterCount", dataset) != 1:
            raise Refusal("RASTER_BANDS", params={"count": self._call("GDALGetRasterCount", dataset)})
        band = self._call("GDALGetRasterBand", dataset, 1)
        if self._call("GDALGetRasterDataType", band) not in _REAL_TYPES:
            raise Refusal("RASTER_NUMBERS")
        if self._call("GDALGetRasterColorInterpretation", band) == _PALETTE:
            raise Refusal("RASTER_PICTURE")
        packed = (self._call("GDALGetMetadataItem", dataset, b"COMPRESSION", b"IMAGE_STRUCTURE") or b"").decode()
        if packed not in COMPRESSIONS:
            raise Refusal("RASTER_COMPRESSION", params={"found": packed[:20]})
        place = (_D * 6)()
        if self._call("GDALGetGeoTransform", dataset, place) != 0:
            raise Refusal("RASTER_NO_PLACE")
        if place[2] or place[4] or place[1] <= 0 or place[5] >= 0 or not np.isfinite(list(place)).all():
            raise Refusal("RASTER_ROTATED")
        values = np.empty((height, width), dtype=np.float32)
        self._io(band, _READ, values, _FLOAT32)
        self._blank(band, values)
        wkt = (self._call("GDALGetProjectionRef", dataset) or b"").decode("utf-8", "replace")
        return Raster(values, (place[0], place[3]), (place[1], -place[5]), wkt)

    def _blank(self, band: Any, values: Floats) -> None:
        """Put NaN where there is no data, and undo scale and offset of packed numbers."""
        known = _I()
        nothing = self._call("GDALGetRasterNoDataValue", band, ctypes.byref(known))
        if known.value and not np.isnan(nothing):
            values[values == np.float32(nothing)] = np.nan
        values[~np.isfinite(values)] = np.nan
        for name, apply in (("Scale", np.multiply), ("Offset", np.add)):
            figure = self._call(f"GDALGetRaster{name}", band, ctypes.byref(known))
            if known.value:
                apply(values, np.float32(figure), out=values)

    def _io(self, band: Any, way: int, array: NDArray[Any], kind: int, *, at: tuple[int, int] = (0, 0)) -> None:
        height, width = array.shape
        place = array.ctypes.data_as(_P)
        if self._call("GDALRasterIO", band, way, *at, width, height, place, width, height, kind, 0, 0) != 0:
            raise Refusal("RASTER_CORRUPT")

    @contextmanager
    def _in_memory(self, codes: Codes) -> Iterator[Any]:
        """Give a band in memory that holds *codes*."""
        height, width = codes.shape
        dataset = self._call("GDALCreate", self._memory, b"", width, height, 1, _BYTE, None)
        try:
            band = self._call("GDALGetRasterBand", dataset, 1)
            self._io(band, _WRITE, np.ascontiguousarray(codes), _BYTE)
            yield band
        finally:
            self._call("GDALClose", dataset)

    def sieve(self, codes: Codes, pixels: int) -> Codes:
        """Return *codes* with specks of fewer than *pixels* cells given to their largest neighbour; 0 is no data."""
        if pixels < 2:
            return codes
        with self._in_memory(codes) as band, self._in_memory((codes > 0).astype(np.uint8)) as mask:
            if self._call("GDALSieveFilter", band, mask, band, pixels, 4, None, None, None) != 0:
                raise Refusal("FILE_TOO_COMPLEX")
            sieved = np.empty_like(codes)
            self._io(band, _READ, sieved, _BYTE)
        return np.where(codes > 0, sieved, 0).astype(np.uint8)

    def polygons(self, codes: Codes) -> list[tuple[int, bytes]]:
        """Return (code, WKB) of every connected area of equal code but 0, in cells from the upper left corner."""
        found: list[tuple[int, bytes]] = []
        with self._in_memory(codes) as band:
            shelf = self._call("GDALCreate", self._memory, b"", 0, 0, 0, 0, None)
            layer = self._call("GDALDatasetCreateLayer", shelf, b"areas", None, _POLYGON, None)
            field = self._call("OGR_Fld_Create", b"code", _INTEGER)
            self._call("OGR_L_CreateField", layer, field, 1)
            self._call("OGR_Fld_Destroy", field)
            if self._call("GDALPolygonize", band, band, layer, 0, None, None, None) != 0:
                raise Refusal("FILE_TOO_COMPLEX")
            self._call("OGR_L_ResetReading", layer)
            while feature := self._call("OGR_L_GetNextFeature", layer):
                shape = self._call("OGR_F_GetGeometryRef", feature)
                room = ctypes.create_string_buffer(self._call("OGR_G_WkbSize", shape))
                self._call("OGR_G_ExportToWkb", shape, 1, room)
                found.append((self._call("OGR_F_GetFieldAsInteger", feature, 0), room.raw))
                self._call("OGR_F_Destroy", feature)
            self._call("GDALClose", shelf)
        return found
