"""Do corner tables sent as CSV or XLSX come in like any other file, and do hostile ones stay outside?"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from django.utils.translation import override

from layers.errors import DatNgheError
from layers.intake import read_vector_file, to_zone
from layers.intake.read import Intake
from layers.vetting import VettedZone
from tests.cast import Land
from tests.layers.files import home, refused

CORNERS = [(1_405_500.0, 492_000.0), (1_405_500.0, 492_500.0), (1_405_000.0, 492_500.0), (1_405_000.0, 492_000.0)]
HEAD = ["Điểm", "X (m)", "Y (m)", "Cạnh (m)"]
SYSTEM = "Hệ tọa độ VN-2000, kinh tuyến trục 108°30', múi chiếu 3°"


def same_place(zone: VettedZone, shape: Any) -> bool:
    return float(shapely.hausdorff_distance(shapely.from_wkb(bytes(zone.geom.wkb)), shape)) < 0.001


def comma(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def csv_of(mark: str = ";", number: Any = comma, head: str = "") -> str:
    rows = [HEAD, *([f"M{n}", number(x), number(y), number(500.0)] for n, (x, y) in enumerate(CORNERS, start=1))]
    return head + "\r\n".join(mark.join(row) for row in rows)


def sent(path: Path, content: str | bytes, unit: Any = None) -> Intake:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_vector_file(path, path.name, declared_unit=unit)


def workbook(path: Path, sheets: dict[str, list[list[Any]]], **states: str) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = states.get(name, "visible")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def table(head: list[list[Any]] | None = None, number: Any = float) -> list[list[Any]]:
    return [*(head or []), HEAD, *([f"M{n}", number(x), number(y), 500.0] for n, (x, y) in enumerate(CORNERS, 1))]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("semicolons and decimal commas", csv_of()),
        ("tabs", csv_of("\t")),
        ("commas and decimal points", csv_of(",", lambda value: f"{value:.3f}")),
        ("quoted decimal commas", csv_of(",", lambda value: f'"{comma(value)}"')),
        ("grouped thousands", csv_of(";", lambda v: f"{v:,.2f}".translate(str.maketrans(",.", ".,")))),
        ("spaces between thousands", csv_of(";", lambda v: f"{v:,.2f}".replace(",", " "))),
        ("byte order mark", "\ufeff" + csv_of()),
        ("UTF-16 as Excel saves Unicode text", csv_of("\t").encode("utf-16")),
        ("TCVN3", csv_of(head="C\xf4m c\xabng nghi\xd6p\r\n").encode("latin-1", "replace")),
        ("old line ends", csv_of().replace("\r\n", "\r")),
    ],
)
def test_csv_as_offices_write_it(name: str, content: str | bytes, tmp_path: Path, land: Land) -> None:
    intake = sent(tmp_path / "bang toa do.csv", content, land.east)
    assert intake.format == "corners" and intake.corners is not None
    assert intake.question == "CRS_MISSING" and intake.must_confirm and intake.best is not None
    assert same_place(to_zone(intake, intake.best), home())
    assert [remark.code for remark in intake.corners.remarks] == []
    row = intake.corners.blocks[0].rows[0]
    assert (row.name, row.side_stated, row.side_m) == ("M1", 500.0, 500.0)


def test_a_stated_meridian_in_the_file_is_its_declared_system(tmp_path: Path, land: Land) -> None:
    intake = sent(tmp_path / "a.csv", csv_of(head=SYSTEM + "\r\n"), land.east)
    assert (intake.question, intake.must_confirm) == ("", False) and "108°30" in intake.declared_name
    assert intake.best is not None and intake.best.declared


def test_a_workbook_comes_in_with_its_numbers_exact(tmp_path: Path, land: Land) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Bảng tọa độ": table([["CỤM CÔNG NGHIỆP EA ĐAR"], [SYSTEM], []])})
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    assert intake.layer == "Bảng tọa độ" and not intake.must_confirm
    assert intake.corners is not None and intake.corners.blocks[0].rows[0].line == 5
    assert intake.best is not None and same_place(to_zone(intake, intake.best), home())


def test_numbers_kept_as_text_in_a_workbook_are_read_too(tmp_path: Path, land: Land) -> None:
    path = workbook(tmp_path / "a.xlsx", {"1": table(number=comma)})
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    assert intake.best is not None and same_place(to_zone(intake, intake.best), home())


def test_several_sheets_are_a_question_and_hidden_ones_or_letters_are_none(tmp_path: Path, land: Land) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Khu 1": table(), "Thư": [["Kính gửi: Sở Công Thương"]], "Khu 2": table()})
    problem = refused("MULTIPLE_LAYERS", lambda: read_vector_file(path, path.name))
    assert isinstance(problem, DatNgheError) and problem.detail["layers"] == ["Khu 1", "Khu 2"]
    assert read_vector_file(path, path.name, layer="Khu 2", declared_unit=land.east).layer == "Khu 2"
    refused("NO_LAYER", lambda: read_vector_file(path, path.name, layer="Khu 3"))
    path = workbook(tmp_path / "b.xlsx", {"Khu 1": table(), "cũ": table()}, cũ="hidden")
    assert read_vector_file(path, path.name, declared_unit=land.east).layer == "Khu 1"


def test_formulas_are_never_computed_but_asked_to_be_saved(tmp_path: Path, land: Land) -> None:
    rows = [HEAD, *([f"M{n}", f"={x}+0", f"={y}*1", ""] for n, (x, y) in enumerate(CORNERS, 1))]
    path = workbook(tmp_path / "a.xlsx", {"Khu 1": rows})
    with override("en"):
        problem = refused("TABLE_FORMULAS", lambda: read_vector_file(path, path.name))
    assert isinstance(problem, DatNgheError) and "Khu 1" in problem.message and problem.todo


def test_several_blocks_become_features_with_their_titles_and_holes(tmp_path: Path, land: Land) -> None:
    inner = [(1_405_400.0, 492_100.0), (1_405_400.0, 492_200.0), (1_405_300.0, 492_200.0), (1_405_300.0, 492_100.0)]
    beside = [(x, y + 1_000) for x, y in CORNERS]
    text = "\n".join(
        f"{title}\n" + "\n".join(f"{n};{comma(x)};{comma(y)}" for n, (x, y) in enumerate(block, 1))
        for title, block in (("Khu A", CORNERS), ("Hồ nước", inner), ("Khu B", beside))
    )
    intake = sent(tmp_path / "a.csv", text, land.east)
    assert [row[0] for row in intake.rows] == ["Khu A", "Khu B"] and intake.fields == ("label",)
    assert intake.best is not None
    assert to_zone(intake, intake.best).area_m2 == pytest.approx(490_000, abs=0.01)


def test_what_does_not_agree_is_noticed_by_row_and_nothing_is_changed(tmp_path: Path, land: Land) -> None:
    text = csv_of(head="Diện tích: 30,25 ha\r\n").replace(";500,00", ";499,00", 1)
    with override("en"):
        intake = sent(tmp_path / "a.csv", text, land.east)
    assert intake.corners is not None
    assert [(remark.line, remark.code) for remark in intake.corners.remarks] == [
        (1, "AREA_DIFFERS"),
        (3, "SIDE_DIFFERS"),
    ]
    assert [(notice.code, "1, 3" in notice.message) for notice in intake.notices] == [("CORNER_REMARKS", True)]
    assert intake.best is not None and same_place(to_zone(intake, intake.best), home())


def test_a_row_that_cannot_be_read_refuses_the_file_because_a_corner_less_is_another_area(tmp_path: Path) -> None:
    text = csv_of().replace(comma(CORNERS[1][1]), "49250O,00", 1)  # the letter O
    with override("en"):
        problem = refused("TABLE_ROWS", lambda: sent(tmp_path / "a.csv", text))
    assert isinstance(problem, DatNgheError) and "row 3" in problem.where and problem.detail["lines"] == [3]


def test_signatures_and_totals_below_the_table_are_not_corners(tmp_path: Path, land: Land) -> None:
    text = csv_of() + "\r\nTổng chiều dài;;;2000,00\r\nNgười lập bảng;;;\r\nBuôn Ma Thuột, ngày 22/11/2026"
    intake = sent(tmp_path / "a.csv", text, land.east)
    assert intake.corners is not None and len(intake.corners.blocks) == 1


# --- hostile ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", csv_of(","), "TABLE_DECIMAL_COMMAS"),
        ("a.csv", "", "FILE_EMPTY"),
        ("a.csv", "a;b\nc;d", "TABLE_COLUMNS"),
        ("a.csv", "\x00" * 100, "FORMAT_MISMATCH"),
        ("a.csv", b"PK\x03\x04aaaa", "FORMAT_MISMATCH"),
        ("a.csv", "<kml></kml>", "FORMAT_MISMATCH"),
        ("a.csv", '{"type":"Point"}', "FORMAT_MISMATCH"),
        ("a.csv", csv_of() + "\x00", "FORMAT_MISMATCH"),
        ("a.csv", "1;1405500,00;492000,00\n" * 2_001, "TOO_MANY_VERTICES"),
        ("a.csv", '1;"' + "x" * 20_000 + '"', "ATTR_TOO_LONG"),
        ("a.csv", "1;1405500,00;492000,00\n2;1405500,00;492500,00", "TABLE_ROWS"),
        ("a.xlsx", "not a workbook", "FORMAT_MISMATCH"),
        ("a.xlsx", b"PK\x03\x04 xl/ cut off", "ARCHIVE_CORRUPT"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "FORMAT_UNSUPPORTED"),
    ],
)
def test_tables_that_are_none_are_refused_in_words(
    name: str, content: str | bytes, code: str, tmp_path: Path, db: None
) -> None:
    problem = refused(code, lambda: sent(tmp_path / name, content))
    assert isinstance(problem, DatNgheError) and problem.message and problem.todo


def repacked(source: Path, target: Path, change: dict[str, bytes], more: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return target


SHEET = "xl/worksheets/sheet1.xml"
MAIN = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>', "XML_DTD"),
        (b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>', "XML_DTD"),
        ("<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE x []><worksheet/>".encode("utf-16"), "XML_DTD"),
        (b"<worksheet" + b"><a" * 100, "XML_DEPTH"),
        (b"<worksheet><sheetData>", "XLSX_CORRUPT"),
        (b"", "XLSX_CORRUPT"),
        (MAIN + b"<sheetData><row r='x'><c r='A1' "
         b"t='n'><v>abc</v></c></row></sheetData></worksheet>", "XLSX_CORRUPT"),
        (MAIN + b"<sheetData><row r='1048576'>"
         b"<c r='A1048576'><v>1</v></c></row></sheetData></worksheet>", "NO_LAYER"),
        (MAIN + b"</worksheet>", "NO_LAYER"),
    ],
)  # fmt: skip
def test_hostile_workbooks_are_refused(sheet: bytes, code: str, tmp_path: Path, db: None) -> None:
    good = workbook(tmp_path / "good.xlsx", {"1": table()})
    bad = repacked(good, tmp_path / "bad.xlsx", {SHEET: sheet})
    refused(code, lambda: read_vector_file(bad, bad.name))


def test_a_workbook_bomb_is_refused_by_its_ratio(tmp_path: Path, db: None) -> None:
    good = workbook(tmp_path / "good.xlsx", {"1": table()})
    bomb = repacked(good, tmp_path / "bomb.xlsx", {}, {"xl/media/a.bin": b"0" * 30_000_000})
    refused("ARCHIVE_RATIO", lambda: read_vector_file(bomb, bomb.name))


def test_paths_that_leave_a_workbook_are_refused(tmp_path: Path, db: None) -> None:
    good = workbook(tmp_path / "good.xlsx", {"1": table()})
    bad = repacked(good, tmp_path / "bad.xlsx", {}, {"../../etc/cron.d/x": b"1"})
    refused("ARCHIVE_PATH", lambda: read_vector_file(bad, bad.name))


def test_links_to_other_workbooks_are_not_followed(tmp_path: Path, land: Land) -> None:
    good = workbook(tmp_path / "good.xlsx", {"1": table()})
    link = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath"
 Target="file:///etc/passwd" TargetMode="External"/></Relationships>"""
    path = repacked(good, tmp_path / "a.xlsx", {}, {"xl/externalLinks/_rels/externalLink1.xml.rels": link})
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    assert intake.isolated and intake.best is not None and same_place(to_zone(intake, intake.best), home())
