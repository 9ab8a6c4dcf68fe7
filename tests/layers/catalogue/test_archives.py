"""Rows 1–23: what is not a map file, and archives that lie, bite or miss a part."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from layers.intake import limits
from tests.layers import files
from tests.layers.catalogue.harness import Answer, Case, Make
from tests.layers.files import home
from tests.layers.test_intake_hostile import (
    SET,
    SHP,
    VRT,
    bad_crc,
    duplicate,
    encrypted,
    link_member,
    named,
    plain_sqlite,
    truncated,
)

LEFTOVERS = ("__MACOSX/._ranh.shp", ".DS_Store", "Thumbs.db", "ranh.qpj", "ranh.sbn", "ranh.shp.xml")
PARTS = ("shp", "shx", "dbf", "prj", "cpg")


def content(filename: str, data: bytes) -> Make:
    """Write bytes under a name."""

    def make(folder: Path) -> Path:
        path = folder / filename
        path.write_bytes(data)
        return path

    return make


def archive(make: Callable[[Path], Path]) -> Make:
    """Make an archive ``ranh.zip``."""
    return lambda folder: make(folder / "ranh.zip")


def members(**changes: bytes | None) -> Make:
    """Zip four parts of nothing, with members added (``b.exe`` is written ``b_exe``) or taken out (None)."""
    wanted = {**SET, **{name.replace("_", "."): data for name, data in changes.items()}}
    return archive(lambda path: files.zipped(path, {name: data for name, data in wanted.items() if data is not None}))


def tar(data: bytes) -> bytes:
    """Pack bytes into a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        info = tarfile.TarInfo("ranh.shp")
        info.size = len(data)
        packed.addfile(info, io.BytesIO(data))
    return out.getvalue()


def good(rename: dict[str, str] | None = None, more: dict[str, bytes] | None = None) -> Make:
    """Zip a sound shapefile of 25 ha, its members renamed, others added."""

    def make(folder: Path) -> Path:
        parts = files.shapefile(folder / "s", [home()]).parent
        chosen = {(rename or {}).get(part.name, part.name): part for part in sorted(parts.iterdir())}
        return files.zipped(folder / "ranh.zip", {**chosen, **(more or {})})

    return make


def legacy_names(folder: Path) -> Path:
    """Zip a sound shapefile whose names are bytes of an old code page without the UTF-8 flag."""
    parts = files.shapefile(folder / "s", [home()]).parent
    path = folder / "ranh.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for part in sorted(parts.iterdir()):
            info = zipfile.ZipInfo(f"Xxa Ea ar{part.suffix}")
            packed.writestr(info, part.read_bytes())
    path.write_bytes(path.read_bytes().replace(b"Xxa Ea ar", b"X\xb7 Ea \xa7ar"))
    return path


def two_layers(folder: Path) -> Path:
    """Zip two shapefiles."""
    chosen = {
        f"{name}.{part}": files.shapefile(folder / name, [home()]).with_suffix(f".{part}")
        for name in ("a", "b")
        for part in PARTS[:4]
    }
    return files.zipped(folder / "ranh.zip", dict(chosen))


def reject(row: int, name: str, make: Make, code: str, says: str, status: int = 422) -> Case:
    """Shorten a refusal."""
    return Case(row, name, make, "reject", (code,), status, says)


def nul_name(path: Path) -> Path:
    """Write a member whose name goes on after a NUL."""
    named(path, "a.shpX.exe")
    path.write_bytes(path.read_bytes().replace(b"a.shpX.exe", b"a.shp\x00.exe"))
    return path


def honest_giant(path: Path) -> Path:
    """Write an archive that says truthfully that it unpacks to more than 300 MB, none of it compressed strongly."""
    noise = os.urandom(1 << 20)
    part = noise + b"\0" * (49 << 20)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for index in range(7):
            packed.writestr(f"{index}.txt", part)
    return path


AREA = 250_000
LAYER = b'{"type":"FeatureCollection","features":[]}'
CASES = [
    reject(1, "empty geojson", content("ranh.geojson", b""), "FILE_EMPTY", "trống|rỗng"),
    reject(1, "empty zip file", content("ranh.zip", b""), "FILE_EMPTY", "trống|rỗng"),
    reject(3, "unknown extension", content("ranh.xyz", b"abc"), "FORMAT_UNSUPPORTED", r"\.xyz.*GeoPackage", 415),
    reject(3, "no extension", content("ranh", b"abc"), "FORMAT_UNSUPPORTED", "ranh.*GeoPackage", 415),
    reject(3, "double extension", content("ranh.geojson.exe", LAYER), "FORMAT_UNSUPPORTED", r"\.exe", 415),
    reject(4, "vrt as kml", content("r.kml", VRT.encode()), "FORMAT_MISMATCH", r"\.kml", 415),
    reject(4, "vrt as geojson", content("r.geojson", VRT.encode()), "FORMAT_MISMATCH", r"\.geojson", 415),
    reject(4, "vrt as shapefile", archive(lambda p: files.zipped(p, {**SET, "a.shp": VRT.encode() * 2})),
           "FORMAT_MISMATCH", r"\.shp", 415),
    reject(4, "vrt as gpkg", content("r.gpkg", VRT.encode()), "FORMAT_MISMATCH", r"\.gpkg", 415),
    reject(4, "pdf as kml", content("r.kml", b"%PDF-1.7\n"), "FORMAT_MISMATCH", r"\.kml", 415),
    reject(4, "program as zip", content("r.zip", b"MZ\x90\x00"), "FORMAT_MISMATCH", r"\.zip", 415),
    reject(4, "rar as zip", content("r.zip", b"Rar!\x1a\x07\x00"), "FORMAT_MISMATCH", r"\.zip", 415),
    reject(4, "tar as zip", content("r.zip", tar(SHP)), "FORMAT_MISMATCH", r"\.zip", 415),
    reject(4, "gzip as kmz", content("r.kmz", gzip.compress(b"<kml/>")), "FORMAT_MISMATCH", r"\.kmz", 415),
    reject(4, "csv as geojson", content("r.geojson", b"X,Y\n1,2\n"), "FORMAT_MISMATCH", r"\.geojson", 415),
    reject(4, "kml as geojson", content("r.geojson", b"<kml/>"), "FORMAT_MISMATCH", r"\.geojson", 415),
    reject(4, "html as kml", content("r.kml", b"<html></html>"), "FORMAT_MISMATCH", r"\.kml", 415),
    reject(4, "plain sqlite as gpkg", lambda folder: plain_sqlite(folder / "r.gpkg"), "FORMAT_MISMATCH", "gpkg", 415),
    reject(5, "dwg", content("r.dwg", b"AC1032" + b"\0" * 200), "FORMAT_UNSUPPORTED", "DXF.*R2010|R2010.*DXF", 415),
    reject(5, "dwg named dxf", content("r.dxf", b"AC1027" + b"\0" * 200), "FORMAT_UNSUPPORTED", "R2010", 415),
    reject(5, "binary dxf", content("r.dxf", b"AutoCAD Binary DXF\r\n\x1a\x00" + b"\0" * 99), "FORMAT_UNSUPPORTED",
           "R2010", 415),
    reject(5, "dgn of the eighth version", content("r.dgn", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600),
           "FORMAT_UNSUPPORTED", "DGN v7|R2010", 415),
    reject(6, "bare shp", content("r.shp", SHP), "SHP_NEEDS_ZIP", r"\.shx.*\.dbf", 415),
    reject(7, "parent path", archive(lambda p: named(p, "../a.shp")), "ARCHIVE_PATH", r"\.\./a\.shp"),
    reject(7, "parent path inside", archive(lambda p: named(p, "x/../../a.shp")), "ARCHIVE_PATH", r"a\.shp"),
    reject(7, "absolute path", archive(lambda p: named(p, "/etc/cron.d/a")), "ARCHIVE_PATH", "/etc"),
    reject(7, "drive", archive(lambda p: named(p, "C:\\a.shp")), "ARCHIVE_PATH", "C:"),
    reject(7, "backslash", archive(lambda p: named(p, "..\\a.shp")), "ARCHIVE_PATH", r"a\.shp"),
    reject(7, "NUL in a name", archive(nul_name), "ARCHIVE_PATH", r"a\.shp"),
    reject(8, "symbolic link", archive(link_member), "ARCHIVE_SYMLINK", r"a\.shp"),
    reject(9, "201 members", archive(lambda p: named(p, *(f"{i}.txt" for i in range(201)))), "ARCHIVE_TOO_MANY", "200"),
    reject(10, "50 MB of nothing", members(a_dbf=b"\0" * 50_000_000), "ARCHIVE_RATIO", r"a\.dbf"),
    reject(10, "a header that lies about the size", archive(lambda p: files.lying_size_zip(p, p.parent)),
           "ARCHIVE_RATIO", r"ranh\.dbf"),
    reject(10, "honest and over 300 MB", archive(honest_giant), "ARCHIVE_TOO_LARGE", "300"),
    reject(11, "sixty names for one block", archive(files.quoted_overlap_zip), "ARCHIVE_OVERLAP", r"\.dbf"),
    reject(12, "zip in zip", members(in_zip=b"PK\x03\x04"), "ARCHIVE_NESTED", r"in\.zip"),
    reject(12, "rar in zip", members(in_RAR=b"Rar!"), "ARCHIVE_NESTED", r"in\.RAR"),
    reject(13, "one name twice", archive(duplicate), "ARCHIVE_DUPLICATE", r"a\.shp"),
    reject(13, "names that differ by case", members(A_SHP=SHP), "ARCHIVE_DUPLICATE", r"A\.SHP"),
    reject(14, "password", archive(encrypted), "ARCHIVE_ENCRYPTED", r"a\.shp.*mật khẩu|mật khẩu"),
    reject(15, "cut off", archive(truncated), "ARCHIVE_CORRUPT", "gửi|tải"),
    reject(15, "wrong checksum", archive(bad_crc), "ARCHIVE_CORRUPT", "gửi|tải"),
    reject(16, "empty archive", archive(lambda p: files.zipped(p, {})), "ARCHIVE_EMPTY", "trống|rỗng"),
    reject(16, "no layer", archive(lambda p: files.zipped(p, {"doc.txt": b"x"})), "NO_LAYER", "lớp"),
    reject(17, "program inside", members(run_exe=b"MZ"), "ARCHIVE_UNEXPECTED_MEMBER", r"run\.exe"),
    reject(17, "script inside", members(x_sh=b"#!"), "ARCHIVE_UNEXPECTED_MEMBER", r"x\.sh"),
    reject(17, "vrt inside", members(x_vrt=b"<"), "ARCHIVE_UNEXPECTED_MEMBER", r"x\.vrt"),
    Case(18, "leftovers of other programs", good(more=dict.fromkeys(LEFTOVERS, b"x")), "accept", area_m2=AREA),
    Case(19, "in a folder, with spaces and marks", good({f"ranh.{part}": f"Hồ sơ 2026/Ranh giới cụm.{part}"
                                                         for part in PARTS}), "accept", area_m2=AREA),
    Case(19, "names of an old code page", legacy_names, "accept", area_m2=AREA),
    Case(20, "upper and mixed case", good({f"ranh.{part}": f"RANH.{part.upper() if part != 'dbf' else 'Dbf'}"
                                          for part in PARTS}), "accept", area_m2=AREA),
    Case(21, "two shapefiles in one archive", two_layers, "ask", ("MULTIPLE_LAYERS",), says=r"a\.shp, b\.shp"),
    reject(22, "without .shx", members(a_shx=None), "SHP_MISSING_PART", r"\.shx"),
    reject(22, "without .shp", members(a_shp=None), "SHP_MISSING_PART", r"\.shp"),
    reject(23, "without .dbf", members(a_dbf=None), "SHP_MISSING_PART", r"\.dbf"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_files_and_archives(case: Case, judged: Callable[[Case], Answer]) -> None:
    started = time.monotonic()
    judged(case)
    assert time.monotonic() - started < case.seconds


@pytest.mark.parametrize("suffix", [".geojson", ".zip"], ids=lambda suffix: f"r002 {suffix}")
def test_larger_than_the_limit(suffix: str, judged: Callable[[Case], Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UPLOAD_BYTES", 10)
    case = reject(2, "larger", content(f"ranh{suffix}", b"PK\x03\x04" + b"x" * 20), "UPLOAD_TOO_LARGE", "50 MB", 413)
    judged(case)


def test_the_limit_of_an_upload_is_the_written_one() -> None:
    assert limits.UPLOAD_BYTES == 50 * 1024**2 and limits.UNPACKED_BYTES == 300 * 1024**2
    assert (limits.MEMBERS, limits.RATIO, limits.JSON_DEPTH, limits.XML_DEPTH) == (200, 100, 64, 64)
    assert (limits.TEXT_LENGTH, limits.FIELDS, limits.VERTICES_PER_GEOMETRY) == (10_000, 255, 100_000)
    assert (limits.FEATURES, limits.VERTICES) == (20_000, 500_000)
