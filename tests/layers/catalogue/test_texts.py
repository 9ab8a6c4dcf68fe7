"""Rows 32–36 and 38–41: texts of old code pages, texts that bite, names of columns that bite."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.layers import files
from tests.layers.catalogue.harness import Answer, Case, Make
from tests.layers.catalogue.raw_shp import Ring, raw_shapefile
from tests.layers.files import HERE, home, in_crs

TEXTS = ["Đắk Lắk", "Cụm công nghiệp", "Xã Ea Đar", "đất trồng lúa", "rừng phòng hộ"]
# The same five, as the bytes of each code page look when they are read as Windows-1252.
TCVN3 = ["§¾k L¾k", "Côm c«ng nghiÖp", "X· Ea §ar", "®Êt trång lóa", "rõng phßng hé"]
VNI = ["Ñaék Laék", "Cuïm coâng nghieäp", "Xaõ Ea Ñar", "ñaát troàng luùa", "röøng phoøng hoä"]


def squares(count: int) -> list[list[Ring] | None]:
    """Return so many squares, apart from one another."""
    east, north = HERE
    return [
        [[(east + x, north), (east + x, north + 50), (east + x + 50, north + 50), (east + x + 50, north),
          (east + x, north)]]
        for x in range(0, 100 * count, 100)
    ]  # fmt: skip


def column(texts: list[str], encoding: str, cpg: str = "") -> Make:
    """Zip a shapefile with a text column of these bytes."""
    return lambda folder: raw_shapefile(
        folder, squares(len(texts)), column=("TEN", "C", 60, 0, texts), encoding=encoding, cpg=cpg
    )


def decomposed(texts: list[str]) -> list[str]:
    """Write Vietnamese as Windows-1258 does: the vowel, then its tone."""
    out = []
    for text in texts:
        letters = ""
        for char in text:
            parts = unicodedata.normalize("NFD", char)
            tone = "".join(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
            letters += unicodedata.normalize("NFC", "".join(part for part in parts if part not in tone)) + tone
        out.append(letters)
    return out


def attributes(properties: dict[str, object]) -> Make:
    """Write a GeoJSON with one square that carries these attributes."""

    def make(folder: Path) -> Path:
        path = folder / "ranh.geojson"
        geometry = json.loads(files.shapely.to_geojson(in_crs(home(), 4326)))
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        path.write_text(json.dumps(feature), encoding="utf-8")
        return path

    return make


def named_layer(name: str) -> Make:
    """Write a GeoPackage whose layer has a hostile name."""

    def make(folder: Path) -> Path:
        path = files.gpkg(folder, [home()], SPATIAL_INDEX="NO")
        connection = sqlite3.connect(path)
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        quoted = name.replace('"', '""')
        connection.execute("PRAGMA legacy_alter_table = ON")
        connection.execute(f'ALTER TABLE lop RENAME TO "{quoted}"')
        for table in ("gpkg_contents", "gpkg_geometry_columns"):
            connection.execute(f"UPDATE {table} SET table_name = ?", [name])
        connection.commit()
        connection.close()
        return path

    return make


MARKUP = ["=1+1", "{{7*7}}", "{% load x %}", "<script>alert(1)</script>", "'; DROP TABLE x; --", "+cmd|' /C calc'!A0"]
CASES = [
    Case(32, "utf-8 with .cpg", column(TEXTS, "utf-8", "UTF-8"), "accept"),
    Case(32, "utf-8 without .cpg", column(TEXTS, "utf-8"), "accept"),
    Case(33, "cp1258 declared", column(decomposed(TEXTS), "cp1258", "1258"), "accept"),
    Case(33, "cp1258 declared by its long name", column(decomposed(TEXTS), "cp1258", "windows-1258"), "accept"),
    Case(34, "cp1258 undeclared", column(decomposed(TEXTS), "cp1258"), "repair", ("ENCODING_GUESSED",), says="1258"),
    Case(34, "tcvn3 undeclared", column(TCVN3, "cp1252"), "repair", ("ENCODING_GUESSED",), says="TCVN3.*Đắk Lắk"),
    Case(34, "vni undeclared", column(VNI, "cp1252"), "repair", ("ENCODING_GUESSED",), says="VNI.*Đắk Lắk"),
    Case(34, "tcvn3, and the .cpg says utf-8", column(TCVN3, "cp1252", "UTF-8"), "repair", ("ENCODING_GUESSED",),
         says="TCVN3"),
    Case(34, "vni, and the .cpg says 1252", column(VNI, "cp1252", "1252"), "repair", ("ENCODING_GUESSED",), says="VNI"),
    Case(34, "tcvn3, and the .cpg says 1258", column(TCVN3, "cp1252", "1258"), "repair", ("ENCODING_GUESSED",),
         says="TCVN3"),
    Case(35, "NUL and bell in a text", attributes({"ten": "Khu\x00 A\x07"}), "repair", ("TEXT_CONTROL_CHARS",)),
    Case(35, "bell in a shapefile", column(["Khu\x07 A"], "ascii"), "repair", ("TEXT_CONTROL_CHARS",)),
    Case(36, "decomposed letters", attributes({"ten": unicodedata.normalize("NFD", TEXTS[0])}), "accept"),
    Case(36, "decomposed letters in a shapefile", column([unicodedata.normalize("NFD", t) for t in TEXTS], "utf-8"),
         "accept"),
    Case(38, "text of 10,001 letters", attributes({"ma": 1, "mo_ta": "x" * 10_001}), "reject", ("ATTR_TOO_LONG",),
         says="đối tượng 1.*mo_ta|mo_ta.*đối tượng 1"),
    Case(38, "256 columns", attributes({f"c{i}": i for i in range(256)}), "reject", ("ATTR_TOO_MANY",), says="255"),
    *(Case(39, f"text {text[:8]}", attributes({"ten": text}), "accept") for text in MARKUP),
    Case(40, "columns id, status, owner", attributes({"id": 7, "status": "approved", "owner_id": 1}), "accept"),
    Case(41, "column with markup", attributes({"<b>ten</b>": "x", "'; DROP TABLE x; --": "y"}), "accept"),
    Case(41, "NUL in a column's name", attributes({"a\x00b": "x"}), "repair", ("OK_RENAMED", "TEXT_CONTROL_CHARS")),
    Case(41, "columns that clean to one", attributes({"ten": "x", " ten": "y"}), "accept", ("OK_RENAMED",),
         says="ten_2"),
    Case(41, "endless column", attributes({"x" * 300: "y"}), "accept", ("OK_RENAMED",)),
    Case(41, "layer with a quote", named_layer('lop"; DROP TABLE x; --'), "accept"),
    Case(41, "layer with markup", named_layer("<img src=x onerror=alert(1)>"), "accept"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_texts(case: Case, judged: Callable[[Case], Answer]) -> None:
    answer = judged(case)
    if answer.intake is None:
        return
    names, rows = answer.intake.fields, answer.intake.rows
    if case.row in {32, 33, 34, 36} and len(rows) == 5:
        assert [row[0] for row in rows] == TEXTS  # NFC, letter by letter
    if case.row == 36:
        assert rows[0][0] == TEXTS[0]
    if case.row == 35:
        assert rows[0][0] == "Khu A"
    if case.row == 39:
        assert rows[0][0] == case.make.__closure__[0].cell_contents["ten"]  # a text stays a text
    if case.row == 40:
        assert answer.intake.attributes(0) == {"id": 7, "status": "approved", "owner_id": 1}
    if case.row == 41 and "OK_RENAMED" in case.codes:
        assert len(set(names)) == len(names) and all(name.isprintable() and len(name) <= 60 for name in names)
        assert sorted(str(value) for value in rows[0]) == ["x", "y", "z"][: len(names)] or names[0].startswith("xxx")
