"""How do tests make files, good and hostile? Written by hand or through GDAL, in a temporary folder."""

from __future__ import annotations

import json
import sqlite3
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import CRS

from layers.errors import DatNgheError
from layers.foreign_crs import to_storage_xy
from layers.geomchild.refusal import Refusal
from tests.cast import EAST0, NORTH0, square

HERE = (EAST0 + 12_000, NORTH0 + 5_000)


def home(side: float = 500, east: float = 12_000, north: float = 5_000) -> shapely.Polygon:
    """Return a square in "Xã Đông" of the tests' land, storage CRS."""
    return shapely.from_wkt(square(east, north, side).wkt)


def in_crs(shape: Any, srid: int) -> Any:
    """Convert a storage shape to another CRS, independently of the code under test."""
    from pyproj import Transformer

    transformer = Transformer.from_crs(9218, srid, always_xy=True, allow_ballpark=False)
    return shapely.transform(shape, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))


def write(
    path: Path, shapes: list[Any], *, driver: str, srid: int = 9218, names: list[str] | None = None, **options: Any
) -> Path:
    """Write shapes with a text column ``ten`` by GDAL, in a process of its own (GDAL here may have drivers closed)."""
    from pyogrio import raw

    names = names or [f"Khu {index}" for index in range(len(shapes))]
    raw.write(
        str(path),
        geometry=np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object),
        field_data=[np.array(names, dtype=object)],
        fields=["ten"],
        geometry_type=shapes[0].geom_type if shapes else "Polygon",
        crs=CRS.from_epsg(srid).to_wkt() if srid else None,
        driver=driver,
        **options,
    )
    return path


def shapefile(folder: Path, shapes: list[Any], **options: Any) -> Path:
    """Write a shapefile and return its .shp."""
    folder.mkdir(parents=True, exist_ok=True)
    return write(folder / "ranh.shp", shapes, driver="ESRI Shapefile", **options)


def zipped(target: Path, members: dict[str, bytes | Path]) -> Path:
    """Zip members given by name."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content.read_bytes() if isinstance(content, Path) else content)
    return target


def shapefile_zip(
    folder: Path,
    shapes: list[Any],
    *,
    without: tuple[str, ...] = (),
    rename: dict[str, str] | None = None,
    **options: Any,
) -> Path:
    """Write a shapefile, zipped; *without* leaves parts out, *rename* gives members other names."""
    shp = shapefile(folder / "shp", shapes, **options)
    members = {
        (rename or {}).get(part.name, part.name): part
        for part in sorted(shp.parent.iterdir())
        if part.suffix not in without
    }
    return zipped(folder / "ranh.zip", dict(members))


def geojson(path: Path, shapes: list[Any], *, crs: Any = None, properties: dict[str, Any] | None = None) -> Path:
    """Write a FeatureCollection in WGS 84 (shapes in the storage CRS)."""
    data: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": properties or {"ten": "Khu"},
                "geometry": json.loads(shapely.to_geojson(in_crs(shape, 4326))),
            }
            for shape in shapes
        ],
    }
    if crs is not None:
        data["crs"] = crs
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def kml(
    path: Path, shapes: list[Any], *, head: str = '<?xml version="1.0" encoding="UTF-8"?>', extra: str = ""
) -> Path:
    """Write Placemarks in WGS 84."""
    marks = []
    for index, shape in enumerate(shapes):
        moved = in_crs(shape, 4326)
        ring = " ".join(f"{x:.9f},{y:.9f},400" for x, y in shapely.get_coordinates(moved))
        marks.append(
            f"<Placemark><name>Khu {index}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
            f"{ring}</coordinates>"
            "</LinearRing></outerBoundaryIs></Polygon></Placemark>"
        )
    body = f'{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{extra}{"".join(marks)}</Document></kml>'
    path.write_text(body, encoding="utf-8")
    return path


def quoted_overlap_zip(path: Path, copies: int = 60, size: int = 64 * 1024 * 1024) -> Path:
    """Write a zip whose directory names one block of bytes many times: small file, gigabytes when unpacked."""
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(b"\0" * size) + packer.flush()
    crc = zlib.crc32(b"\0" * size)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(data), size, 5, 0) + b"a.dbf"
    central = b""
    for index in range(copies):
        name = f"{index:02d}.dbf".encode()
        # ratio and total lie within the limits by lying about the sizes
        central += (
            struct.pack(
                "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(data), 1000, len(name), 0, 0, 0, 0, 0, 0
            )
            + name
        )
    body = local + data
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(central), len(body), 0)
    path.write_bytes(body + central + end)
    return path


def lying_size_zip(path: Path, folder: Path) -> Path:
    """Write a shapefile zip whose .dbf says 10 bytes and unpacks to 20 MB."""
    members = {"ranh.shp": b"\x00\x00\x27\x0a" + b"\0" * 96, "ranh.shx": b"\0" * 100, "ranh.dbf": b"\0" * 20_000_000}
    zipped(path, members)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            name_at = start + (30 if signature == b"PK\x03\x04" else 46)
            if data[name_at : name_at + 8] == b"ranh.dbf":
                data[start + offset : start + offset + 4] = struct.pack("<L", 10)
            start += 4
    path.write_bytes(bytes(data))
    return path


def gpkg(folder: Path, shapes: list[Any], *, sql: str = "", **options: Any) -> Path:
    """Write a GeoPackage; *sql* is run on it afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    path = write(folder / "lop.gpkg", shapes, driver="GPKG", layer="lop", **options)
    if sql:
        connection = sqlite3.connect(path)
        connection.executescript(sql)
        connection.commit()
        connection.close()
    return path


def gdal_reads(path: str) -> list[Any]:
    """Read shapes back by GDAL in a fresh process, so that what tests see is what QGIS would see."""
    code = "import sys,pyogrio.raw as r;m,f,g,c=r.read(sys.argv[1]);print('\\n'.join(bytes(x).hex() for x in g))"
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    return [shapely.from_wkb(bytes.fromhex(line)) for line in done.stdout.split()]


def storage(shape: Any, srid: int) -> Any:
    """Convert by the code under test."""
    return shapely.transform(shape, lambda xy: to_storage_xy(xy, srid))


def refused(code: str, act: Callable[[], object]) -> DatNgheError | Refusal:
    """Do *act*, which must be refused with *code*; return the refusal."""
    with pytest.raises((DatNgheError, Refusal)) as caught:
        act()
    assert caught.value.code == code, (caught.value.code, getattr(caught.value, "params", ""))
    return caught.value
