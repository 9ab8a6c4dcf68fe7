"""Rows 59–62 and 64–82: numbers that are none, JSON and XML that bite, GeoPackages that are programs."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.layers import files
from tests.layers.catalogue.harness import Answer, Case, Make
from tests.layers.catalogue.memory import little_memory
from tests.layers.files import HERE, home

RING = [[108.385, 12.71], [108.39, 12.71], [108.39, 12.715], [108.385, 12.71]]


def text(suffix: str, content: str | bytes) -> Make:
    """Write a text file."""

    def make(folder: Path) -> Path:
        path = folder / f"ranh{suffix}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def jsons(value: Any) -> Make:
    """Write a GeoJSON."""
    return text(".geojson", json.dumps(value))


def polygon(*rings: Any) -> dict[str, Any]:
    """Return a polygon of rings as given."""
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry: Any) -> dict[str, Any]:
    """Return a feature."""
    return {"type": "Feature", "properties": {}, "geometry": geometry}


def ordinate(value: str) -> Make:
    """Write a polygon whose third point has *value*, as written, for its longitude."""
    plain = json.dumps({"type": "FeatureCollection", "features": [feature(polygon(RING)), feature(polygon(RING))]})
    at = plain.rindex("[108.39, 12.715]")
    return text(".geojson", plain[:at] + f"[{value}, 12.715]" + plain[at + 16 :])


def kml(body: str, *, head: str = '<?xml version="1.0" encoding="UTF-8"?>', attributes: str = "") -> Make:
    """Write a KML."""
    return text(
        ".kml", f'{head}<kml xmlns="http://www.opengis.net/kml/2.2"{attributes}><Document>{body}</Document></kml>'
    )


def mark(coordinates: str, *, line: bool = False) -> str:
    """Return a placemark."""
    ring = f"<coordinates>{coordinates}</coordinates>"
    inner = f"<LineString>{ring}</LineString>" if line else (
        f"<Polygon><outerBoundaryIs><LinearRing>{ring}</LinearRing></outerBoundaryIs></Polygon>"
    )  # fmt: skip
    return f"<Placemark><name>Khu</name>{inner}</Placemark>"


PLACES = "108.385,12.71 108.39,12.71 108.39,12.715 108.385,12.71"
GOOD_MARK = mark(PLACES)


def package(change: Callable[[sqlite3.Connection], Any]) -> Make:
    """Write a GeoPackage with two squares and change it afterwards, its triggers taken out first."""

    def make(folder: Path) -> Path:
        path = files.gpkg(folder / "g", [home(), home(100, 14_000)], SPATIAL_INDEX="NO")
        connection = sqlite3.connect(path)
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("PRAGMA legacy_alter_table = ON")
        change(connection)
        connection.commit()
        connection.close()
        return path

    return make


def script(sql: str) -> Make:
    """Change a GeoPackage by SQL."""
    return package(lambda connection: connection.executescript(sql))


def blob(wkb: bytes, srs: int = 9218) -> Make:
    """Put a geometry made by hand into the second row of a GeoPackage."""
    head = b"GP\x00\x01" + struct.pack("<i", srs)
    return package(lambda connection: connection.execute("UPDATE lop SET geom = ? WHERE fid = 2", [head + wkb]))


def noise(folder: Path) -> Path:
    """Write a GeoPackage whose first page is noise."""
    path = files.gpkg(folder / "g", [home()])
    data = bytearray(path.read_bytes())
    data[100:4096] = os.urandom(3996)
    path.write_bytes(bytes(data))
    return path


def cut_package(folder: Path) -> Path:
    """Cut a GeoPackage off in the middle."""
    path = files.gpkg(folder / "g", [home()])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def program(folder: Path) -> Path:
    """Write a GeoPackage whose trigger would delete everything, were it ever to fire."""
    path = script("CREATE TRIGGER t AFTER UPDATE ON lop BEGIN DELETE FROM lop; END")(folder)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TRIGGER u AFTER INSERT ON lop BEGIN DELETE FROM lop; END")
    connection.commit()
    connection.close()
    return path


VIEW = (
    "CREATE VIEW v AS SELECT * FROM lop; UPDATE gpkg_geometry_columns SET table_name='v';"
    " UPDATE gpkg_contents SET table_name='v', identifier='v'"
)
ENDLESS = (
    "ALTER TABLE gpkg_contents RENAME TO c; CREATE VIEW gpkg_contents AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL"
    " SELECT x FROM n) SELECT x AS table_name FROM n"
)
OTHER_SRS = (
    "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES('x',32649,'EPSG',32649,'undefined','');"
    "UPDATE gpkg_contents SET srs_id=32649; UPDATE gpkg_geometry_columns SET srs_id=32649"
)
SQUARE = shapely.to_wkb(shapely.box(*HERE, HERE[0] + 10, HERE[1] + 10), byte_order=1)
NAN_SQUARE = SQUARE[:-16] + struct.pack("<2d", float("nan"), 1.0)
HUGE_COUNT = struct.pack("<BII", 1, 3, 1) + struct.pack("<I", 0x7FFFFFFF) + b"\0" * 64
NESTED = struct.pack("<BII", 1, 7, 1) * 30 + SQUARE
LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
CLOSED = "108.385,12.71 108.39,12.71 108.39,12.715 108.385,12.71"
GPX = '<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x">{}</gpx>'


def walk(last: tuple[float, float]) -> Make:
    """Write a GPX track round a square of about 500 m that ends at *last*."""
    places = [(108.385, 12.71), (108.39, 12.71), (108.39, 12.715), (108.385, 12.715), last]
    points = "".join(f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><ele>400</ele></trkpt>' for lon, lat in places)
    return text(".gpx", GPX.format(f"<trk><name>Đi bộ</name><trkseg>{points}</trkseg></trk>"))


def reject(row: int, name: str, make: Make, code: str, says: str = "", status: int = 422, **more: Any) -> Case:
    """Shorten a refusal."""
    return Case(row, name, make, "reject", (code,), status, says, **more)


INVALID = "JSON_INVALID"
CASES = [
    reject(59, "NaN", ordinate("NaN"), "COORD_NOT_FINITE"),
    reject(59, "Infinity", ordinate("Infinity"), "COORD_NOT_FINITE"),
    reject(59, "minus infinity", ordinate("-Infinity"), "COORD_NOT_FINITE"),
    reject(59, "1e400", ordinate("1e400"), "COORD_NOT_FINITE", "đối tượng 2.*điểm 3|features.1.*2"),
    reject(59, "nan in KML", kml(mark("108.385,12.71 nan,12.71 108.39,12.715 108.385,12.71")), "COORD_NOT_FINITE",
           "nan,12"),
    reject(59, "nan in a GeoPackage", blob(NAN_SQUARE), "COORD_NOT_FINITE", "đối tượng 2.*điểm 5"),
    reject(60, "1e308", ordinate("1e308"), "COORD_RANGE", "đối tượng 2"),
    reject(60, "5,000 digits", ordinate("1" * 5_000), "COORD_RANGE"),
    reject(61, "text", ordinate('"108.39"'), INVALID, r"features\[1\].*\[2\]"),
    reject(61, "the text NaN", ordinate('"NaN"'), INVALID, r"features\[1\].*\[2\]"),
    reject(61, "null", ordinate("null"), INVALID, r"features\[1\].*\[2\]"),
    reject(61, "true", ordinate("true"), INVALID, r"features\[1\].*\[2\]"),
    reject(61, "one number", jsons(feature(polygon([[108.385], *RING]))), INVALID, r"coordinates\[0\]\[0\]"),
    reject(61, "a bracket too many", jsons(feature(polygon([RING]))), INVALID, r"coordinates\[0\]\[0\]"),
    reject(61, "a bracket too few", jsons(feature(polygon(*RING))), INVALID, r"coordinates\[0\]\[0\]"),
    reject(61, "small letters", jsons(feature({"type": "polygon", "coordinates": [RING]})), INVALID, "type"),
    reject(62, "decimal commas in KML", kml(mark("108,385,12,71 108,39,12,71 108,39,12,715 108,385,12,71")),
           "COORD_INVALID", "108,385,12,71"),
    reject(62, "blanks after the commas", kml(mark("108.385, 12.71 108.39, 12.71 108.39, 12.715 108.385, 12.71")),
           "COORD_INVALID", r"108\.385,"),
    reject(62, "words for numbers", kml(mark("một,hai ba,bốn năm,sáu một,hai")), "COORD_INVALID", "một"),
    reject(64, "JSON 65 deep", text(".geojson", '{"a":' * 65 + "1" + "}" * 65), "JSON_DEPTH", seconds=3),
    reject(64, "JSON 100,000 deep", text(".geojson", b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"), "JSON_DEPTH"),
    reject(64, "XML 70 deep", kml("<Folder>" * 70 + "</Folder>" * 70), "XML_DEPTH", ":1"),
    reject(65, "not UTF-8", text(".geojson", b'{"type":"Feature","properties":{"a":"\xc4\xff"},"geometry":null}'),
           INVALID, "byte"),
    reject(65, "cut off", text(".geojson", '{"type":"FeatureCollection",\n "features":['), INVALID, "2:14"),
    reject(65, "one feature a line", text(".geojson", '{"type":"Feature"}\n{"type":"Feature"}'), INVALID, "2:1"),
    reject(65, "duplicate keys", text(".geojson", '{"type":"Point","type":"Polygon"}'), INVALID, "type"),
    Case(66, "BOM before JSON", text(".geojson", b"\xef\xbb\xbf" + json.dumps(polygon(RING)).encode()), "accept"),
    Case(66, "BOM before XML", lambda folder: with_bom(kml(GOOD_MARK)(folder)), "accept"),
    Case(67, "bare geometry", jsons(polygon(RING)), "accept"),
    Case(67, "one feature", jsons(feature(polygon(RING))), "accept"),
    reject(68, "TopoJSON", jsons({"type": "Topology", "objects": {}, "arcs": []}), "FORMAT_UNSUPPORTED", "TopoJSON",
           415),
    reject(68, "Esri JSON", jsons({"geometryType": "esriGeometryPolygon", "features": []}), "FORMAT_UNSUPPORTED",
           "Esri", 415),
    reject(68, "STAC", jsons({**feature(polygon(RING)), "stac_version": "1.0.0"}), "FORMAT_UNSUPPORTED", "STAC", 415),
    reject(69, "points", jsons({"type": "MultiPoint", "coordinates": RING}), "GEOM_TYPE", "1 điểm"),
    reject(69, "open lines", jsons({"type": "LineString", "coordinates": RING[:3]}), "GEOM_TYPE", "1 đường"),
    Case(70, "closed line in KML", kml(mark(CLOSED, line=True)), "repair", ("LINE_CLOSED_TO_POLYGON",), confirm=True),
    Case(70, "closed line in GeoJSON", jsons({"type": "LineString", "coordinates": RING}), "repair",
         ("LINE_CLOSED_TO_POLYGON",), confirm=True),
    reject(71, "areas, a point and a line", jsons({"type": "FeatureCollection", "features": [
        feature(polygon(RING)), feature({"type": "Point", "coordinates": RING[0]}),
        feature({"type": "LineString", "coordinates": RING[:2]})]}), "GEOM_TYPE", "2, 3"),
    Case(72, "collection with an area", jsons(feature({"type": "GeometryCollection", "geometries": [
        polygon(RING), {"type": "Point", "coordinates": RING[0]}]})), "repair", ("GEOM_COLLECTION",)),
    *(reject(73, name, kml(GOOD_MARK, head=head), "XML_DTD", "DOCTYPE", seconds=3) for name, head in [
        ("doctype", "<!DOCTYPE kml>"),
        ("file", '<!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        ("parameter entity", '<!DOCTYPE k [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]>'),
        ("billion laughs", f'<!DOCTYPE k [<!ENTITY l0 "ha">{LAUGHS}]>'),
        ("quadratic", f'<!DOCTYPE k [<!ENTITY l "{"a" * 50_000}">]>'),
        ("public", '<!DOCTYPE kml PUBLIC "-//x//y" "http://127.0.0.1:9/x.dtd">'),
    ]),
    reject(73, "hidden in utf-16", text(".kml", '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE kml><kml/>'
                                        .encode("utf-16")), "XML_DTD", "DOCTYPE"),
    reject(73, "doctype inside a KMZ", lambda folder: files.zipped(
        folder / "r.kmz", {"doc.kml": b"<!DOCTYPE kml><kml/>"}), "XML_DTD", "DOCTYPE"),
    reject(73, "doctype in GPX", text(".gpx", "<!DOCTYPE gpx>" + GPX.format("").partition("?>")[2]), "XML_DTD",
           "DOCTYPE"),
    Case(74, "link to another server", kml(
        "<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>" + GOOD_MARK), "accept",
        ("OK_NETWORKLINK_IGNORED",)),
    Case(74, "icon of another server", kml(
        '<Style id="a"><IconStyle><Icon><href>http://127.0.0.1:9/i.png</href></Icon></IconStyle></Style>' + GOOD_MARK),
        "accept"),
    Case(74, "xinclude", kml('<xi:include href="file:///etc/passwd" parse="text"/>' + GOOD_MARK,
                             attributes=' xmlns:xi="http://www.w3.org/2001/XInclude"'), "accept"),
    reject(75, "tags crossed", kml("<Folder><Placemark></Folder>"), "XML_INVALID", r"ranh\.kml:1"),
    reject(75, "cut off", text(".kml", '<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n<Placemark>'),
           "XML_INVALID", r"ranh\.kml:3"),
    Case(76, "KMZ without doc.kml", lambda folder: files.zipped(folder / "r.kmz", {
        "khu.kml": kml(GOOD_MARK)(folder), "files/x.png": b"x"}), "accept"),
    Case(77, "closed walk", walk((108.385, 12.71)), "repair", ("TRACK_TO_POLYGON",)),
    Case(77, "walk that ends 5 m from its beginning", walk((108.385, 12.710045)), "repair", ("TRACK_TO_POLYGON",)),
    reject(78, "walk that ends 50 m away", walk((108.385, 12.71045)), "TRACK_NOT_CLOSED", r"\b(49|50)\b|\b49,|\b50,"),
    reject(79, "view as a layer", script(VIEW), "GPKG_VIEW", "khung nhìn|view"),
    reject(79, "endless view as the list of contents", script(ENDLESS), "GPKG_VIEW", seconds=10),
    Case(79, "triggers that would delete", program, "accept"),
    reject(80, "page of noise", noise, "GPKG_CORRUPT"),
    reject(80, "cut off", cut_package, "GPKG_CORRUPT"),
    reject(80, "table missing", script("DROP TABLE lop"), "GPKG_CORRUPT"),
    reject(80, "no list of layers", script("DROP TABLE gpkg_geometry_columns"), "FORMAT_MISMATCH", "gpkg", 415),
    reject(81, "contents say another system", script("UPDATE gpkg_contents SET srs_id = 4326"), "CRS_MISMATCH", "lop"),
    reject(81, "blobs say another system", script(OTHER_SRS), "CRS_MISMATCH", "lop"),
    reject(82, "geometry cut off", blob(SQUARE[:-20]), "GEOM_CORRUPT", "đối tượng 2"),
    reject(82, "two billion points promised", blob(HUGE_COUNT), "GEOM_CORRUPT", "đối tượng 2", seconds=10),
    reject(82, "thirty collections deep", blob(NESTED), "GEOM_DEPTH", "đối tượng 2"),
    reject(82, "collections nine deep in GeoJSON", text(".geojson", '{"type":"GeometryCollection","geometries":[' * 10
                                                        + json.dumps(polygon(RING)) + "]}" * 10), "GEOM_DEPTH"),
]  # fmt: skip


def with_bom(path: Path) -> Path:
    """Put a byte order mark before a text."""
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    return path


@pytest.mark.parametrize("case", CASES, ids=str)
def test_documents(case: Case, judged: Callable[[Case], Answer], tmp_path: Path) -> None:
    started = time.monotonic()
    with little_memory():
        answer = judged(case)
    assert time.monotonic() - started < max(case.seconds, 8.0)
    if case.name.startswith("triggers"):
        assert answer.intake is not None and len(answer.intake.shapes) == 2
