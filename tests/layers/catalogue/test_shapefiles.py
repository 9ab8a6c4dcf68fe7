"""Rows 25–31 and 37: shapefiles that are damaged, empty, wound the wrong way or hold stars for numbers."""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.layers import files
from tests.layers.catalogue.harness import Answer, Case, Make
from tests.layers.catalogue.raw_shp import raw_shapefile
from tests.layers.files import HERE, home

SHP = b"\x00\x00\x27\x0a" + b"\0" * 96
E, N = HERE


def damaged(damage: Callable[[Path], Any], *, several: int = 3) -> Make:
    """Zip a sound shapefile of some squares after *damage* to it."""

    def make(folder: Path) -> Path:
        shp = files.shapefile(folder / "s", [home(100, 12_000 + 200 * index) for index in range(several)])
        damage(shp)
        return files.zipped(folder / "ranh.zip", {part.name: part for part in sorted(shp.parent.iterdir())})

    return make


def cut(suffix: str, size: int) -> Callable[[Path], Any]:
    """Keep only the first *size* bytes of a part (negative: leave out so many at the end)."""
    return lambda shp: shp.with_suffix(suffix).write_bytes(shp.with_suffix(suffix).read_bytes()[:size])


def overwrite(suffix: str, at: int, data: bytes) -> Callable[[Path], Any]:
    """Write bytes into a part."""

    def damage(shp: Path) -> None:
        path = shp.with_suffix(suffix)
        old = path.read_bytes()
        path.write_bytes(old[:at] + data + old[at + len(data) :])

    return damage


def wound(*rings: list[tuple[float, float]], records: int = 1) -> Make:
    """Zip a shapefile whose rings are wound exactly as given."""
    return lambda folder: raw_shapefile(folder, [list(rings)] * records)


def box(side: float, at: float = 0.0, *, clockwise: bool = True) -> list[tuple[float, float]]:
    """Return a closed square ring; in a shapefile a shell runs clockwise."""
    ring = [(at, at), (at, at + side), (at + side, at + side), (at + side, at), (at, at)]
    return [(E + x, N + y) for x, y in (ring if clockwise else ring[::-1])]


def collection(*geometries: str) -> Make:
    """Write a GeoJSON with these geometries as features."""
    rows = ",".join(f'{{"type":"Feature","properties":{{}},"geometry":{text}}}' for text in geometries)

    def make(folder: Path) -> Path:
        path = folder / "ranh.geojson"
        path.write_text('{"type":"FeatureCollection","features":[' + rows + "]}", encoding="utf-8")
        return path

    return make


def numbers(*texts: str) -> Make:
    """Zip a shapefile with a numeric column that holds exactly these bytes."""

    def make(folder: Path) -> Path:
        return raw_shapefile(
            folder,
            [[box(100, 200.0 * index)] for index in range(len(texts))],
            column=("DTICH", "N", 12, 3, [text.rjust(12) for text in texts]),
        )

    return make


def heights(kind: str) -> Make:
    """Write a square with heights, measures or five ordinates."""
    ring = [[108.385, 12.71], [108.39, 12.71], [108.39, 12.715], [108.385, 12.71]]
    more = {"Z": [400], "ZM": [400, 1], "five": [400, 1, 2]}[kind]
    text = '{"type":"Polygon","coordinates":[' + str([point + more for point in ring]) + "]}"
    return collection(text)


def empty_package(folder: Path) -> Path:
    """Write a GeoPackage whose one table has no rows."""
    path = files.gpkg(folder, [home()])
    connection = sqlite3.connect(path)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute("DELETE FROM lop")
    connection.commit()
    connection.close()
    return path


GOOD = '{"type":"Polygon","coordinates":[[[108.385,12.71],[108.39,12.71],[108.39,12.715],[108.385,12.71]]]}'


def corrupt(name: str, damage: Callable[[Path], Any], says: str) -> Case:
    """Shorten row 25."""
    return Case(25, name, damaged(damage), "reject", ("SHP_CORRUPT",), 422, says)


CASES = [
    corrupt("shp cut off in the third record", cut(".shp", -20), r"đối tượng 3.*\.shp|\.shp.*đối tượng 3"),
    corrupt("shp is only a head", cut(".shp", 100), r"\.shp"),
    corrupt("shp of noise", lambda shp: shp.write_bytes(SHP + os.urandom(400)), r"\.shp"),
    corrupt("second record says it is larger than the file", overwrite(".shp", 100 + 136 + 4, b"\x7f\xff\xff\xff"),
            "đối tượng 2"),
    corrupt("a record of a billion points", overwrite(".shp", 100 + 8 + 4 + 32 + 4, b"\xff\xff\xff\x3f"),
            "đối tượng 1"),
    corrupt("shx cut off", cut(".shx", 104), r"\.shx|\.dbf"),
    corrupt("shx points outside", overwrite(".shx", 108, b"\x7f\xff\xff\xf0"), "đối tượng 2"),
    corrupt("dbf with more rows than there are shapes", overwrite(".dbf", 4, struct.pack("<I", 9)), r"\.dbf.*9"),
    corrupt("dbf cut off", cut(".dbf", 70), r"\.dbf"),
    corrupt("dbf of noise", lambda shp: shp.with_suffix(".dbf").write_bytes(b"\x03" + os.urandom(300)), r"\.dbf"),
    Case(26, "null shapes only in a shapefile", lambda folder: raw_shapefile(folder, [None, None]), "reject",
         ("NO_GEOMETRY",)),
    Case(26, "null geometries only in GeoJSON", collection("null", "null"), "reject", ("NO_GEOMETRY",)),
    Case(27, "second of three is a null shape", lambda folder: raw_shapefile(
        folder, [[box(100)], None, [box(100, 300)]]), "repair", ("FEATURE_SKIPPED",), says=r": 2\b", area_m2=20_000),
    Case(27, "some null geometries in GeoJSON", collection(GOOD, "null", "null"), "repair", ("FEATURE_SKIPPED",),
         says=r"2, 3"),
    Case(28, "GeoJSON without features", collection(), "reject", ("NO_FEATURES",)),
    Case(28, "shapefile without records", lambda folder: raw_shapefile(folder, []), "reject", ("NO_FEATURES",)),
    Case(28, "KML without placemarks", lambda folder: files.kml(folder / "r.kml", []), "reject", ("NO_FEATURES",)),
    Case(28, "table without rows", empty_package, "reject",
         ("NO_FEATURES",)),
    Case(29, "heights", heights("Z"), "accept", ("OK_Z_DROPPED",)),
    Case(29, "heights and measures", heights("ZM"), "accept", ("OK_Z_DROPPED",)),
    Case(29, "five ordinates", heights("five"), "accept", ("OK_Z_DROPPED",)),
    Case(29, "heights in KML", lambda folder: files.kml(folder / "r.kml", [home()]), "accept", ("OK_Z_DROPPED",)),
    Case(29, "PolygonZ in a shapefile", lambda folder: raw_shapefile(folder, [[box(100)]], z=True), "accept",
         ("OK_Z_DROPPED",), area_m2=10_000),
    Case(30, "shell counter-clockwise", wound(box(500, clockwise=False)), "accept", area_m2=250_000),
    Case(30, "all rings the wrong way round", wound(box(500, clockwise=False), box(100, 50)), "accept",
         area_m2=240_000),
    Case(30, "hole before its shell", wound(box(100, 50, clockwise=False), box(500)), "accept", area_m2=240_000),
    Case(31, "hole wound as a shell", wound(box(500), box(100, 50)), "repair", ("RING_ROLE",),
         says=r"240\.000|24,00|1,00", area_m2=240_000),
    Case(31, "hole in a hole", wound(box(500), box(300, 50, clockwise=False), box(100, 100, clockwise=False)),
         "repair", ("HOLES_OVERLAP",), area_m2=160_000),
    Case(31, "hole and part, both wound as shells", wound(box(500), box(100, 50), box(200, 1_000)), "repair",
         ("RING_ROLE",), area_m2=280_000),
    Case(37, "stars in a number", numbers("1.500", "*" * 12), "accept", ("OK_NULL",), says="DTICH"),
    Case(37, "nan in a number", numbers("nan", "2.5"), "accept", ("OK_NULL",), says="DTICH"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_shapefiles(case: Case, judged: Callable[[Case], Answer]) -> None:
    answer = judged(case)
    if case.row == 37:
        assert answer.intake is not None and None in [row[0] for row in answer.intake.rows]
