"""How do tests write a shapefile byte by byte, the way GDAL never would? Rings stay wound as given; null shapes too.

It writes one column and no Unicode: texts have their own theme.
"""

from __future__ import annotations

import struct
from pathlib import Path

from pyproj import CRS

from tests.layers.files import zipped

Ring = list[tuple[float, float]]


def raw_shapefile(
    folder: Path,
    records: list[list[Ring] | None],
    *,
    column: tuple[str, str, int, int, list[str]] | None = None,
    z: bool = False,
    encoding: str = "ascii",
    cpg: str = "",
    srid: int = 9218,
) -> Path:
    """Zip a polygon shapefile of *records* (rings as given, None for a null shape) and return the archive.

    *column*: name, DBF type, width, decimals and one text of exactly that width (or less) a record.
    """
    kind = 15 if z else 5
    bodies = [_shape(rings, kind) for rings in records]
    shp, shx, at = b"", b"", 50
    for number, body in enumerate(bodies, 1):
        shp += struct.pack(">2i", number, len(body) // 2) + body
        shx += struct.pack(">2i", at, len(body) // 2)
        at += 4 + len(body) // 2
    name, code, width, decimals, values = column or ("TEN", "C", 20, 0, ["Khu"] * len(records))
    members: dict[str, bytes | Path] = {
        "ranh.shp": _head(kind, len(shp)) + shp,
        "ranh.shx": _head(kind, len(shx)) + shx,
        "ranh.dbf": _dbf(name, code, width, decimals, [value.encode(encoding) for value in values]),
        "ranh.prj": CRS.from_epsg(srid).to_wkt("WKT1_ESRI").encode(),
    }
    if cpg:
        members["ranh.cpg"] = cpg.encode()
    return zipped(folder / "ranh.zip", members)


def _head(kind: int, size: int) -> bytes:
    return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + size) // 2) + struct.pack("<2i8d", 1000, kind, *([0.0] * 8))


def _shape(rings: list[Ring] | None, kind: int) -> bytes:
    if rings is None:
        return struct.pack("<i", 0)
    points = [point for ring in rings for point in ring]
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    starts, start = [], 0
    for ring in rings:
        starts.append(start)
        start += len(ring)
    body = struct.pack("<i4d2i", kind, min(xs), min(ys), max(xs), max(ys), len(rings), len(points))
    body += struct.pack(f"<{len(starts)}i", *starts)
    body += b"".join(struct.pack("<2d", *point) for point in points)
    if kind == 15:
        body += struct.pack("<2d", 400.0, 400.0) + struct.pack(f"<{len(points)}d", *([400.0] * len(points)))
    return body


def _dbf(name: str, code: str, width: int, decimals: int, values: list[bytes]) -> bytes:
    field = name.encode("ascii").ljust(11, b"\0") + code.encode() + b"\0" * 4 + bytes([width, decimals]) + b"\0" * 14
    head = struct.pack("<4BI2H20x", 3, 126, 1, 1, len(values), 65, 1 + width)
    rows = b"".join(b" " + value.ljust(width)[:width] for value in values)
    return head + field + b"\r" + rows + b"\x1a"
