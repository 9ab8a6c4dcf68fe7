"""Do the formats with a mind of their own (GML, MapInfo, FlatGeobuf, GPX) stay within the file that was sent?"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from layers.errors import DatNgheError
from layers.intake import mapinfo_gate, read_vector_file, run
from layers.intake.formats import FORMATS
from layers.intake.limits import PROPOSAL
from layers.intake.reader import OTHER_DRIVERS
from tests.cast import Land
from tests.layers import files
from tests.layers.files import home, refused
from tests.layers.test_intake_child import listener
from tests.layers.test_intake_formats import mapinfo, mif, together
from tests.layers.test_intake_hostile import CANARY, VRT

__all__ = ["listener"]
pytestmark = pytest.mark.django_db
READ_BY_GDAL = [item for item in FORMATS.values() if item.drivers]
GML = (
    '<?xml version="1.0"?><ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/"'
    ' xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink" gml:id="a" {attributes}>'
    '<ogr:featureMember><ogr:ranh gml:id="r.0"><ogr:geom>{geometry}</ogr:geom><ogr:ten>Khu</ogr:ten></ogr:ranh>'
    "</ogr:featureMember></ogr:FeatureCollection>"
)


def surface(srs: str = "urn:ogc:def:crs:EPSG::9218") -> str:
    corners = " ".join(f"{x} {y}" for x, y in home().exterior.coords)
    return (
        f'<gml:Polygon srsName="{srs}" gml:id="p"><gml:exterior><gml:LinearRing><gml:posList>{corners}</gml:posList>'
        "</gml:LinearRing></gml:exterior></gml:Polygon>"
    )


def gml(path: Path, *, attributes: str = "", geometry: str = "") -> Path:
    path.write_text(GML.format(attributes=attributes, geometry=geometry or surface()), encoding="utf-8")
    return path


def canary(tmp_path: Path, name: str, content: str) -> Path:
    """Write a file that only its owner may read; whatever speaks of it has been read."""
    secret = tmp_path / "secret"
    secret.mkdir(mode=0o700, exist_ok=True)
    path = secret / name
    path.write_text(content)
    return path


def told(act: Callable[[], object]) -> str:
    """Return all that a refusal, or what was read, tells."""
    try:
        found = act()
    except DatNgheError as error:
        return f"{error.message} {error.where} {error.detail}"
    return repr(found)


def test_every_driver_a_format_opens_is_closed_for_all_others() -> None:
    assert {driver for item in READ_BY_GDAL for driver in item.drivers} <= set(OTHER_DRIVERS)


@pytest.mark.parametrize("kind", [item.key for item in READ_BY_GDAL])
def test_a_vrt_in_disguise_leads_nowhere_even_past_the_gates(kind: str, tmp_path: Path, listener) -> None:
    port, seen = listener
    secret = canary(tmp_path, "canary.csv", f"x,y,{CANARY}\n1,2,3\n")
    for source in (secret, f"/vsicurl/http://127.0.0.1:{port}/a.csv", "/etc/passwd"):
        folder = tmp_path / f"{kind}{abs(hash(source))}"
        folder.mkdir()
        path = folder / f"layer{FORMATS[kind].suffixes[0]}"
        path.write_text(VRT.format(source))
        for part in FORMATS[kind].parts:
            path.with_suffix(part).write_text(VRT.format(source))
        with pytest.raises(DatNgheError) as caught:
            run.read_in_child(path, kind, limits=PROPOSAL, filename=path.name)
        shown = f"{caught.value.message} {caught.value.where} {caught.value.detail}"
        assert CANARY not in shown and "root:" not in shown
    assert seen == []


@pytest.mark.parametrize("suffix", [".gpx", ".gml", ".fgb", ".mif", ".tab", ".kml"])
@pytest.mark.parametrize("data", [VRT.format("/etc/passwd").encode(), b"%PDF-1.7", b"MZ\x90", b"\x7fELF", b"Rar!"])
def test_what_is_not_what_it_says(suffix: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"ranh{suffix}"
    path.write_bytes(data)
    assert refused("FORMAT_MISMATCH", lambda: read_vector_file(path, path.name)).status == 415


def test_a_wrong_name_is_told_what_the_content_looks_like(tmp_path: Path) -> None:
    path = tmp_path / "ranh.tab"
    path.write_text("Version 300\nColumns 0\nData\n")
    assert "MapInfo MIF" in refused("FORMAT_MISMATCH", lambda: read_vector_file(path, path.name)).message
    path = tmp_path / "ranh.gpkg"
    path.write_text('<gpx xmlns="http://www.topografix.com/GPX/1/1"/>')
    assert "GPX" in refused("FORMAT_MISMATCH", lambda: read_vector_file(path, path.name)).message


@pytest.mark.parametrize(
    ("name", "data", "way_out"),
    [
        ("a.dwg", b"AC1032" + b"\0" * 50, "R2010"),
        ("a.dxf", b"AC1015" + b"\0" * 50, "R2010"),
        ("a.geojson", b"AC1027" + b"\0" * 50, "R2010"),
        ("a.dxf", b"AutoCAD Binary DXF\r\n\x1a\0" + b"\0" * 50, "ASCII"),
        ("a.dgn", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "DGN v7"),
    ],
)
def test_a_drawing_nobody_reads_says_how_to_save_it(name: str, data: bytes, way_out: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    error = refused("FORMAT_UNSUPPORTED", lambda: read_vector_file(path, name))
    assert way_out in error.todo and error.status == 415
    zipped = files.zipped(tmp_path / "a.zip", {"x/a.dwg": b"AC1032"})
    assert "R2010" in refused("FORMAT_UNSUPPORTED", lambda: read_vector_file(zipped, "a.zip")).todo


def test_a_gml_fetches_no_schema_and_follows_no_link(tmp_path: Path, land: Land, listener) -> None:
    port, seen = listener
    here = f"http://127.0.0.1:{port}"
    path = gml(tmp_path / "a.gml", attributes=f'xsi:schemaLocation="{here}/ {here}/a.xsd"')
    assert len(read_vector_file(path, path.name, declared_unit=land.east).shapes) == 1
    path = gml(tmp_path / "b.gml", geometry=f'<gml:Polygon xlink:href="{here}/a.gml#p"/>{surface()}')
    notices = [notice.code for notice in read_vector_file(path, path.name).notices]
    assert "OK_NETWORKLINK_IGNORED" in notices
    path = gml(tmp_path / "c.gml", geometry=surface(f"{here}/crs/9218"))
    assert here in refused("CRS_UNKNOWN", lambda: read_vector_file(path, path.name)).where
    path = gml(tmp_path / "d.gml", geometry=surface("http://www.opengis.net/def/crs/EPSG/0/9218"))
    assert read_vector_file(path, path.name, declared_unit=land.east).best.srid == 9218
    assert seen == []


def test_a_gml_reads_no_schema_from_this_machine(tmp_path: Path) -> None:
    schema = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="{CANARY}"/></xs:schema>'
    secret = canary(tmp_path, "a.xsd", schema)
    for place in (str(secret), f"file://{secret}", "../secret/a.xsd"):
        path = gml(tmp_path / "a.gml", attributes=f'xsi:schemaLocation="http://x/ {place}"')
        assert CANARY not in told(lambda path=path: read_vector_file(path, path.name))
    assert {item.name for item in tmp_path.iterdir()} == {"a.gml", "secret"}  # no .gfs, no .xsd


XML = {
    "doctype": '<!DOCTYPE {root}><{root} xmlns="{space}"/>',
    "external entity": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><{root} xmlns="{space}">&x;</{root}>',
    "parameter entity": '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]><{root} xmlns="{space}"/>',
    "laughs": '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><{root} xmlns="{space}">&b;</{root}>',
}


@pytest.mark.parametrize("name", XML)
@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize(
    ("suffix", "root", "space"),
    [(".gpx", "gpx", "http://www.topografix.com/GPX/1/1"), (".gml", "FeatureCollection", "http://www.opengis.net/gml")],
)
def test_no_doctype(name: str, wide: bool, suffix: str, root: str, space: str, tmp_path: Path) -> None:
    text = XML[name].format(root=root, space=space)
    path = tmp_path / f"a{suffix}"
    path.write_bytes(f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16") if wide else text.encode())
    refused("XML_DTD", lambda: read_vector_file(path, path.name))


@pytest.mark.parametrize(
    ("suffix", "text", "code"),
    [
        (".gpx", "<gpx>" + "<a>" * 70 + "</a>" * 70 + "</gpx>", "XML_DEPTH"),
        (".gpx", "<gpx><trk></gpx>", "XML_INVALID"),
        (".gpx", "<html/>", "FORMAT_MISMATCH"),
        (".gml", "<html/>", "FORMAT_MISMATCH"),
        (".gml", '<a xmlns="http://www.opengis.net/gml"><b></a>', "XML_INVALID"),
        (".gml", '<a xmlns="http://www.opengis.net/gml">' + "<b>" * 70 + "</b>" * 70 + "</a>", "XML_DEPTH"),
        (".gpx", '<gpx xmlns="http://www.topografix.com/GPX/1/1"/>', "NO_FEATURES"),
    ],
)
def test_xml_that_is_none(suffix: str, text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text(text)
    refused(code, lambda: read_vector_file(path, path.name))


TABS = {
    "raster": ('!table\nDefinition Table\n  File "/etc/passwd"\n  Type "RASTER"\n', "TAB_NOT_PLAIN"),
    "raster of another folder": ('!table\nDefinition Table\n  File "..\\a.tif"\n  Type "RASTER"\n', "TAB_NOT_PLAIN"),
    "linked": ('!table\nDefinition Table\n  Type LINKED Charset "Neutral"\n  Fields 1\n    a Char (9) ;\n',
               "TAB_NOT_PLAIN"),
    "view": ('!table\nOpen Table "/etc/passwd" Hide\nCreate View a As Select * From passwd\n', "TAB_NOT_PLAIN"),
    "seamless": ('!table\nDefinition Table\n  Type NATIVE Charset "Neutral"\n  Fields 1\n    a Char (9) ;\n'
                 'begin_metadata\n"\\IsSeamless" = "TRUE"\nend_metadata\n', "TAB_NOT_PLAIN"),
    "spreadsheet": ('!table\nDefinition Table\n  Type XLS\n', "TAB_NOT_PLAIN"),
    "nothing": ("!table\n", "TAB_CORRUPT"),
    "endless": ("!table\n" + "x\n" * 200_000, "TAB_CORRUPT"),
}  # fmt: skip


@pytest.mark.parametrize("name", TABS)
def test_a_tab_that_speaks_of_other_files(name: str, tmp_path: Path) -> None:
    text, code = TABS[name]
    parts = mapinfo(tmp_path / "t", ".tab")
    parts["ranh.tab"].write_text(text)
    path = together(parts, tmp_path / "z")
    refused(code, lambda: read_vector_file(path, path.name))


@pytest.mark.parametrize("part", [".map", ".dat", ".id"])
def test_a_damaged_tab(part: str, tmp_path: Path, land: Land) -> None:
    for damage in (lambda data: data[: len(data) // 3], lambda data: b"\xfe" * len(data), lambda data: b""):
        folder = tmp_path / f"{part}{time.monotonic_ns()}"
        parts = mapinfo(folder / "t", ".tab")
        broken = parts[f"ranh{part}"]
        broken.write_bytes(damage(broken.read_bytes()))
        path = together(parts, folder / "z")
        with pytest.raises(DatNgheError) as caught:
            read_vector_file(path, path.name)
        assert caught.value.code in {"TAB_CORRUPT", "NO_GEOMETRY", "NO_FEATURES", "FILE_UNREADABLE", "FILE_TOO_COMPLEX",
                                     "COORD_RANGE", "NOWHERE", "NO_LAYER", "GEOM_TYPE"}  # fmt: skip


MIFS = {
    "a billion points": (lambda text: text.replace("  5\n", "  999999999\n"), "TAB_CORRUPT"),
    "a billion rings": (lambda text: text.replace("Region 1", "Region 999999999"), "TAB_CORRUPT"),
    "less than none": (lambda text: text.replace("  5\n", "  -5\n"), "TAB_CORRUPT"),
    "ten million columns": (lambda text: text.replace("Columns 1", "Columns 9999999"), "TAB_CORRUPT"),
    "cut off": (lambda text: text[:-60], "TAB_CORRUPT"),
    "decimal commas": (lambda text: text.replace(".0 ", ",0 "), "COORD_INVALID"),
    "no numbers": (lambda text: text.replace("Region 1\n  5\n", "Region 1\n  5\nnan nan\n"), "COORD_NOT_FINITE"),
    "no data": (lambda text: text.replace("Data", "Dat"), "TAB_CORRUPT"),
}


@pytest.mark.parametrize("name", MIFS)
def test_a_hostile_mif(name: str, tmp_path: Path, land: Land) -> None:
    change, code = MIFS[name]
    parts = mif(tmp_path / "m")
    changed = change(parts["ranh.mif"].read_text())
    assert changed != parts["ranh.mif"].read_text()
    parts["ranh.mif"].write_text(changed)
    path = together(parts, tmp_path / "z")
    started = time.monotonic()
    refused(code, lambda: read_vector_file(path, path.name))
    assert time.monotonic() - started < 20


def test_a_decimal_comma_is_found_in_its_line(tmp_path: Path) -> None:
    parts = mif(tmp_path / "m")
    lines = parts["ranh.mif"].read_text().splitlines()
    lines[11] = lines[11].replace(".0 ", ",5 ")
    parts["ranh.mif"].write_text("\n".join(lines))
    error = refused("COORD_INVALID", lambda: mapinfo_gate.check(parts["ranh.mif"]))
    assert error.params["line"] == 12


def flatgeobuf(tmp_path: Path) -> bytes:
    shapes = [home(100, 12_000 + 200 * number) for number in range(3)]
    return files.write(tmp_path / "whole.fgb", shapes, driver="FlatGeobuf").read_bytes()


def test_a_flatgeobuf_cut_anywhere_is_never_a_smaller_one(tmp_path: Path, land: Land) -> None:
    data = flatgeobuf(tmp_path)
    path = tmp_path / "a.fgb"
    for length in (9, 12, 200, len(data) // 2, len(data) - 300, len(data) - 100, len(data) - 1):
        path.write_bytes(data[:length])
        refused("FGB_CORRUPT", lambda: read_vector_file(path, path.name))


@pytest.mark.parametrize("claimed", [2, 4, 10**6, 10**9, 2**60])
def test_a_flatgeobuf_that_lies_about_its_count(claimed: int, tmp_path: Path, land: Land) -> None:
    data = flatgeobuf(tmp_path)
    at = data.index(struct.pack("<Q", 3))
    path = tmp_path / "a.fgb"
    path.write_bytes(data[:at] + struct.pack("<Q", claimed) + data[at + 8 :])
    started = time.monotonic()
    refused("FGB_CORRUPT", lambda: read_vector_file(path, path.name))
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("length", [0, 4, 2**31 - 1, 2**32 - 1])
def test_a_flatgeobuf_whose_header_is_longer_than_the_file(length: int, tmp_path: Path) -> None:
    data = flatgeobuf(tmp_path)
    path = tmp_path / "a.fgb"
    path.write_bytes(data[:8] + struct.pack("<I", length) + data[12:])
    refused("FGB_CORRUPT", lambda: read_vector_file(path, path.name))


def test_a_random_flatgeobuf_gives_an_answer(tmp_path: Path, land: Land) -> None:
    data = flatgeobuf(tmp_path)
    path = tmp_path / "a.fgb"
    for number in range(6):
        noise = bytearray(data)
        for at in range(20 + number, len(noise), 97):
            noise[at] ^= 0xFF
        path.write_bytes(bytes(noise))
        assert told(lambda: read_vector_file(path, path.name))
