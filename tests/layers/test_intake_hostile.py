"""Is every file of the bad-input catalogue refused with its code, quickly, and without a trace?"""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import time
import zipfile
from pathlib import Path

import pytest

from layers.intake import gpkg_gate, kml_gate, limits, read_vector_file, reader_geojson
from layers.intake.archive import unpack
from layers.intake.sniff import format_of
from tests.layers import files
from tests.layers.files import home, refused

CANARY = "canary-7f3a-must-never-be-read"
SHP = b"\x00\x00\x27\x0a" + b"\0" * 96
SET = {"a.shp": SHP, "a.shx": SHP, "a.dbf": b"\x03" + b"\0" * 63, "a.prj": b"x"}


def link_member(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("a.shp")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return path


def named(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, b"x")
    return path


def duplicate(path: Path) -> Path:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.shp", b"x")
        archive.writestr("a.shp", b"y")
    return path


def encrypted(path: Path) -> Path:
    files.zipped(path, SET)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(signature, start + 1)) >= 0:
            data[start + offset] |= 1
    path.write_bytes(bytes(data))
    return path


def truncated(path: Path) -> Path:
    files.zipped(path, {**SET, "a.dbf": os.urandom(5_000)})
    path.write_bytes(path.read_bytes()[:3_000])
    return path


def bad_crc(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in {**SET, "a.dbf": b"\x03" + b"B" * 200}.items():
            archive.writestr(name, content)
    path.write_bytes(path.read_bytes().replace(b"B" * 200, b"B" * 100 + b"C" + b"B" * 99, 1))
    return path


ARCHIVES = {
    "parent path": (lambda p: named(p, "../a.shp"), "ARCHIVE_PATH"),
    "absolute path": (lambda p: named(p, "/tmp/a.shp"), "ARCHIVE_PATH"),
    "drive": (lambda p: named(p, "C:a.shp"), "ARCHIVE_PATH"),
    "backslash": (lambda p: named(p, "..\\a.shp"), "ARCHIVE_PATH"),
    "symlink": (link_member, "ARCHIVE_SYMLINK"),
    "too many": (lambda p: named(p, *(f"{i}.txt" for i in range(201))), "ARCHIVE_TOO_MANY"),
    "honest ratio": (lambda p: files.zipped(p, {**SET, "a.dbf": b"\0" * 50_000_000}), "ARCHIVE_RATIO"),
    "lying size": (lambda p: files.lying_size_zip(p, p.parent), "ARCHIVE_RATIO"),
    "quoted overlap": (files.quoted_overlap_zip, "ARCHIVE_OVERLAP"),
    "zip in zip": (lambda p: files.zipped(p, {**SET, "in.zip": b"PK"}), "ARCHIVE_NESTED"),
    "rar in zip": (lambda p: files.zipped(p, {"in.RAR": b"x"}), "ARCHIVE_NESTED"),
    "same name twice": (duplicate, "ARCHIVE_DUPLICATE"),
    "names that differ by case": (lambda p: files.zipped(p, {**SET, "A.SHP": SHP}), "ARCHIVE_DUPLICATE"),
    "password": (encrypted, "ARCHIVE_ENCRYPTED"),
    "cut off": (truncated, "ARCHIVE_CORRUPT"),
    "bad checksum": (bad_crc, "ARCHIVE_CORRUPT"),
    "empty": (lambda p: files.zipped(p, {}), "ARCHIVE_EMPTY"),
    "no layer": (lambda p: files.zipped(p, {"doc.txt": b"x"}), "NO_LAYER"),
    "program": (lambda p: files.zipped(p, {**SET, "run.exe": b"MZ"}), "ARCHIVE_UNEXPECTED_MEMBER"),
    "script": (lambda p: files.zipped(p, {**SET, "x.sh": b"x"}), "ARCHIVE_UNEXPECTED_MEMBER"),
    "vrt member": (lambda p: files.zipped(p, {**SET, "x.vrt": b"x"}), "ARCHIVE_UNEXPECTED_MEMBER"),
    "without .shx": (lambda p: files.zipped(p, {k: v for k, v in SET.items() if k != "a.shx"}), "SHP_MISSING_PART"),
    "without .dbf": (lambda p: files.zipped(p, {k: v for k, v in SET.items() if k != "a.dbf"}), "SHP_MISSING_PART"),
    "without .shp": (lambda p: files.zipped(p, {k: v for k, v in SET.items() if k != "a.shp"}), "SHP_MISSING_PART"),
    "two layers": (lambda p: files.zipped(p, {**SET, "b.shp": SHP}), "MULTIPLE_LAYERS"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_zip_gate(name: str, tmp_path: Path) -> None:
    make, code = ARCHIVES[name]
    path = make(tmp_path / "a.zip")
    folder = tmp_path / "job"
    folder.mkdir()
    started = time.monotonic()
    refused(code, lambda: unpack(path, folder))
    assert time.monotonic() - started < 5
    assert sum(item.stat().st_size for item in folder.rglob("*")) < 1_000_000
    assert {item.name for item in tmp_path.iterdir()} <= {"a.zip", "job"}


def content(suffix: str, data: bytes):
    def make(folder: Path) -> Path:
        path = folder / f"ranh{suffix}"
        path.write_bytes(data)
        return path

    return make


VRT = '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
DISGUISES = {
    "empty": (content(".geojson", b""), "FILE_EMPTY"),
    "unknown extension": (content(".dwg", b"AC1032"), "FORMAT_UNSUPPORTED"),
    "a dxf of nothing": (content(".dxf", b"0\nSECTION"), "DXF_CORRUPT"),
    "no extension": (content("", b"x"), "FORMAT_UNSUPPORTED"),
    "double extension": (content(".geojson.exe", b"{}"), "FORMAT_UNSUPPORTED"),
    "a csv of nothing": (content(".csv", b"x,y\n1,2"), "TABLE_COLUMNS"),
    "bare shp": (content(".shp", SHP), "SHP_NEEDS_ZIP"),
    "vrt as kml": (content(".kml", VRT.encode()), "FORMAT_MISMATCH"),
    "vrt as geojson": (content(".geojson", VRT.encode()), "FORMAT_MISMATCH"),
    "vrt as gpkg": (content(".gpkg", VRT.encode()), "FORMAT_MISMATCH"),
    "vrt as zip": (content(".zip", VRT.encode()), "FORMAT_MISMATCH"),
    "pdf as kml": (content(".kml", b"%PDF-1.7"), "FORMAT_MISMATCH"),
    "exe as zip": (content(".zip", b"MZ\x90"), "FORMAT_MISMATCH"),
    "rar as zip": (content(".zip", b"Rar!\x1a\x07"), "FORMAT_MISMATCH"),
    "kml as geojson": (content(".geojson", b"<kml/>"), "FORMAT_MISMATCH"),
    "plain SQLite": (lambda folder: plain_sqlite(folder / "a.gpkg"), "FORMAT_MISMATCH"),
}


def plain_sqlite(path: Path) -> Path:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE a (b)")
    connection.commit()
    connection.close()
    return path


@pytest.mark.parametrize("name", DISGUISES)
def test_what_is_not_what_it_says(name: str, tmp_path: Path) -> None:
    make, code = DISGUISES[name]
    path = make(tmp_path)
    refused(code, lambda: read_vector_file(path, path.name))


def test_larger_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = content(".geojson", b"{}")(tmp_path)
    monkeypatch.setattr(limits, "UPLOAD_BYTES", 1)
    assert refused("UPLOAD_TOO_LARGE", lambda: format_of(path, path.name)).status == 413


XML = {
    "doctype": ('<!DOCTYPE kml><kml xmlns="x"/>', "XML_DTD"),
    "external entity": ('<!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml>&x;</kml>', "XML_DTD"),
    "parameter entity": ('<!DOCTYPE k [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]><kml/>', "XML_DTD"),
    "laughs": ('<!DOCTYPE k [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><kml>&b;</kml>', "XML_DTD"),
    "utf-16": ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE kml><kml/>'.encode("utf-16"), "XML_DTD"),
    "deep": ("<kml>" + "<a>" * 70 + "</a>" * 70 + "</kml>", "XML_DEPTH"),
    "broken": ("<kml><a></kml>", "XML_INVALID"),
    "cut off": ("<kml><Document>", "XML_INVALID"),
    "other root": ("<html/>", "FORMAT_MISMATCH"),
    "undefined entity": ("<kml>&x;</kml>", "XML_INVALID"),
}  # fmt: skip


@pytest.mark.parametrize("name", XML)
def test_xml_gate(name: str, tmp_path: Path) -> None:
    text, code = XML[name]
    path = tmp_path / "a.kml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    refused(code, lambda: kml_gate.check(path))


def test_links_to_other_servers_are_told_and_not_followed(tmp_path: Path) -> None:
    extra = "<NetworkLink><Link><href>http://127.0.0.1:1/a.kml</href></Link></NetworkLink>"
    assert "OK_NETWORKLINK_IGNORED" in kml_gate.check(files.kml(tmp_path / "a.kml", [home()], extra=extra))


GPKG = {
    "view as layer": (
        "CREATE VIEW v AS SELECT * FROM lop; UPDATE gpkg_geometry_columns SET table_name='v';"
        " UPDATE gpkg_contents SET table_name='v', identifier='v'",
        "GPKG_VIEW",
    ),
    "endless contents": (
        "ALTER TABLE gpkg_contents RENAME TO c; CREATE VIEW gpkg_contents AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL"
        " SELECT x FROM n) SELECT x AS table_name FROM n",
        "GPKG_VIEW",
    ),
    "missing table": ("DROP TABLE lop", "GPKG_CORRUPT"),
    "no registry": ("DROP TABLE gpkg_geometry_columns", "FORMAT_MISMATCH"),
    "no layer": ("DELETE FROM gpkg_geometry_columns", "NO_LAYER"),
    "two systems": ("UPDATE gpkg_contents SET srs_id = 4326", "CRS_MISMATCH"),
    "blobs of another system": (
        "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES('x',32649,'EPSG',32649,'undefined','');"
        "UPDATE gpkg_contents SET srs_id=32649; UPDATE gpkg_geometry_columns SET srs_id=32649",
        "CRS_MISMATCH",
    ),
}


@pytest.mark.parametrize("name", GPKG)
def test_geopackage_gate(name: str, tmp_path: Path) -> None:
    sql, code = GPKG[name]
    # views cannot be made while the extension's triggers watch, so they go first
    path = files.gpkg(tmp_path, [home()], SPATIAL_INDEX="NO")
    connection = sqlite3.connect(path)
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{trigger}"')
    connection.executescript("PRAGMA writable_schema=OFF; PRAGMA foreign_keys=OFF; PRAGMA legacy_alter_table=ON;" + sql)
    connection.close()
    before = path.read_bytes()
    started = time.monotonic()
    refused(code, lambda: gpkg_gate.check(path))
    assert time.monotonic() - started < 10 and path.read_bytes() == before


def test_corrupt_geopackage(tmp_path: Path) -> None:
    path = files.gpkg(tmp_path, [home()])
    data = bytearray(path.read_bytes())
    data[100:4096] = os.urandom(3996)
    path.write_bytes(bytes(data))
    refused("GPKG_CORRUPT", lambda: gpkg_gate.check(path))
    assert {item.name for item in tmp_path.iterdir()} == {"lop.gpkg"}


RING = [[108.4, 12.8], [108.41, 12.8], [108.41, 12.81], [108.4, 12.8]]


def polygon(ring: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [ring]}


JSONS: dict[str, tuple[object, str]] = {
    "cut off": (b'{"type": "FeatureCollection", "features": [', "JSON_INVALID"),
    "one per line": (b'{"type":"Feature"}\n{"type":"Feature"}', "JSON_INVALID"),
    "duplicate key": (b'{"type":"Point","type":"Polygon"}', "JSON_INVALID"),
    "deep": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "JSON_DEPTH"),
    "deep lists": (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "JSON_DEPTH"),
    "NaN": (b'{"type":"Point","coordinates":[NaN,1]}', "COORD_NOT_FINITE"),
    "1e400": (b'{"type":"Point","coordinates":[1e400,1]}', "COORD_NOT_FINITE"),
    "5,000 digits": (b'{"type":"Point","coordinates":[' + b"1" * 5_000 + b",1]}", "COORD_RANGE"),
    "null ordinate": (polygon([[None, 1], *RING]), "JSON_INVALID"),
    "true ordinate": (polygon([[True, 1], *RING]), "JSON_INVALID"),
    "text ordinate": (polygon([["108,4", 12], *RING]), "JSON_INVALID"),
    "bracket level": (polygon([RING]), "JSON_INVALID"),
    "lower-case type": ({"type": "polygon", "coordinates": [RING]}, "JSON_INVALID"),
    "TopoJSON": ({"type": "Topology", "objects": {}, "arcs": []}, "FORMAT_UNSUPPORTED"),
    "Esri JSON": ({"geometryType": "esriGeometryPolygon", "features": []}, "FORMAT_UNSUPPORTED"),
    "STAC": ({"type": "Feature", "stac_version": "1.0.0", "geometry": None}, "FORMAT_UNSUPPORTED"),
    "a list": ([1], "JSON_INVALID"),
    "features is a text": ({"type": "FeatureCollection", "features": "x"}, "JSON_INVALID"),
    "feature without geometry": ({"type": "FeatureCollection", "features": [{"type": "Feature"}]}, "JSON_INVALID"),
    "too many columns": (
        {"type": "Feature", "geometry": None, "properties": {str(i): 1 for i in range(300)}},
        "ATTR_TOO_MANY",
    ),
    "text too long": ({"type": "Feature", "geometry": None, "properties": {"a": "x" * 10_001}}, "ATTR_TOO_LONG"),
    "two points": (polygon(RING[:2]), "GEOM_DEGENERATE"),
    "empty ring": (polygon([]), "GEOM_EMPTY"),
    "too many vertices": (polygon(RING * 30), "TOO_MANY_VERTICES"),
    "too many features": (
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": None}] * 6},
        "TOO_MANY_FEATURES",
    ),
    "nested collections": (
        json.loads('{"type":"GeometryCollection","geometries":[' * 10 + "]}" * 10),
        "GEOM_DEPTH",
    ),
}


@pytest.mark.parametrize("name", JSONS)
def test_geojson_reader(name: str, tmp_path: Path) -> None:
    value, code = JSONS[name]
    path = tmp_path / "a.geojson"
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    started = time.monotonic()
    refused(code, lambda: reader_geojson.read(path, {"features": 5, "vertices": 100}))
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("text", ["=1+1", "{{7*7}}", "<script>alert(1)</script>", "'; DROP TABLE x; --", "a\x00b\x07"])
def test_texts_stay_texts(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "Feature", "geometry": None, "properties": {"status": text, "id": 1}}))
    head, _blobs = reader_geojson.read(path, {"features": 5, "vertices": 100})
    assert head["rows"] == [[text.replace("\x00", "").replace("\x07", ""), 1]] and head["fields"] == ["status", "id"]
