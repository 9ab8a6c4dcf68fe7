"""Do tables with a place in each row come in as points, whatever the columns are called, and is no row guessed?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.crs import point_to_wgs84
from layers.errors import DatNgheError
from layers.intake import read_vector_file
from layers.intake.limits import IntakeLimits
from layers.intake.read import Intake, storage_shapes
from tests.cast import Land
from tests.layers.test_corner_files import comma, workbook

pytestmark = pytest.mark.django_db
PLACES = [(1_404_000.25, 484_000.5), (1_404_050.0, 484_100.0), (1_403_000.0, 494_000.0)]
NAMES = ["Buôn Tơng Jú", "Buôn Kmrơng", "Thôn Ea Đar"]
SYSTEM = "Hệ tọa độ VN-2000, kinh tuyến trục 108°30', múi chiếu 3°"


def sent(path: Path, content: str, **asked: Any) -> Intake:
    path.write_text(content, encoding="utf-8")
    return read_vector_file(path, path.name, kind=asked.pop("kind", ""), **asked)


def csv_of(head: str, places: list[tuple[Any, ...]] | None = None, *, before: str = "") -> str:
    rows = [f"{name};{';'.join(map(str, at))};12" for name, at in zip(NAMES, places or PLACES, strict=True)]
    return before + "\r\n".join([f"Tên làng;{head};Số hộ", *rows])


def refused_by(path: Path, content: str, **asked: Any) -> DatNgheError:
    with pytest.raises(DatNgheError) as refused:
        sent(path, content, **asked)
    return refused.value


def places(intake: Intake) -> list[tuple[float, float]]:
    """Return northing and easting in the storage CRS as the best reading has them."""
    best = intake.best
    assert best is not None
    found = shapely.get_coordinates(storage_shapes(intake, best))
    return [(round(float(y), 3), round(float(x), 3)) for x, y in found]


@pytest.mark.parametrize(
    ("head", "turned"),
    [("X;Y", False), ("X (m);Y (m)", False), ("Y;X", True), ("N;E", False), ("Tọa độ X;Tọa độ Y", False),
     ("Bắc;Đông", False), ("toa_do_x;toa_do_y", False), ("cột một;cột hai", False), ("x;y", True)],
)  # fmt: skip
def test_each_row_is_a_point_however_its_columns_are_called(
    tmp_path: Path, land: Land, head: str, turned: bool
) -> None:
    given = [(y, x) for x, y in PLACES] if turned else PLACES
    intake = sent(tmp_path / "lang.csv", csv_of(head, given))
    assert (intake.kind, intake.format, intake.numbers) == ("point", "table", (2, 3, 4))
    assert intake.fields[0] == "Tên làng"
    assert [row[0] for row in intake.rows] == NAMES
    assert places(intake) == PLACES


def test_vietnamese_numerals_degrees_and_angles_are_read(tmp_path: Path, land: Land) -> None:
    grouped = [(f"{x:,.2f}".translate(str.maketrans(",.", ".,")), comma(y)) for x, y in PLACES]
    assert places(sent(tmp_path / "a.csv", csv_of("X;Y", grouped))) == PLACES
    degrees = [point_to_wgs84(y, x)[::-1] for x, y in PLACES]
    intake = sent(tmp_path / "b.csv", csv_of("Vĩ độ;Kinh độ", [(f"{a:.9f}", f"{b:.9f}") for a, b in degrees]))
    best = next(one for one in intake.candidates if one.srid == 4326)
    found = shapely.get_coordinates(storage_shapes(intake, best))
    assert abs(found - [(y, x) for x, y in PLACES]).max() < 0.001

    def angle(value: float) -> str:
        return f"{int(value)}°{int(value * 60 % 60)}'{value * 3600 % 60:.4f}\""

    intake = sent(tmp_path / "c.csv", csv_of("lat;long", [(angle(a), angle(b)) for a, b in degrees]))
    assert abs(shapely.get_coordinates(intake.shapes) - [(b, a) for a, b in degrees]).max() < 1e-7


def test_a_workbook_with_a_title_merged_headings_and_a_stated_system(tmp_path: Path, land: Land) -> None:
    rows: list[list[Any]] = [
        ["DANH SÁCH LÀNG NGHỀ"], [SYSTEM], [], ["TT", "Tên", "Tọa độ", None, "Năm"], [None, None, "X", "Y", None],
        *([number, name, *at, 1990] for number, (name, at) in enumerate(zip(NAMES, PLACES, strict=True), 1)),
        [None, "Tổng cộng", None, None, 3],
    ]  # fmt: skip
    path = workbook(tmp_path / "lang.xlsx", {"Danh sách": rows})
    intake = read_vector_file(path, path.name, kind="point")
    assert intake.fields == ("TT", "Tên", "Tọa độ X", "Y", "Năm")
    assert intake.numbers == (6, 7, 8)
    assert (intake.declared_name[:11], places(intake)) == ("Hệ tọa độ V", PLACES)
    (notice,) = (one for one in intake.notices if one.code == "FEATURE_SKIPPED")
    assert "9" in notice.message, "the row without a place is named"


def test_rows_whose_coordinates_cannot_be_read_are_named_and_nothing_is_taken(tmp_path: Path, land: Land) -> None:
    torn = [PLACES[0], ("1404050", ""), ("chưa đo", "494000")]
    problem = refused_by(tmp_path / "lang.csv", csv_of("X;Y", torn))
    assert (problem.code, problem.detail["lines"]) == ("TABLE_ROWS", [3, 4])
    assert "3, 4" in problem.where
    far = [*PLACES[:2], ("14040", "494000")]
    assert refused_by(tmp_path / "xa.csv", csv_of("X;Y", far)).detail["lines"] == [4]


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ("a;b", [("12.6", "108.1")] * 3),  # degrees without a heading are any numbers
        ("X1;X2", [("chưa", "có")] * 3),
        ("X;Số lao động", [("1404000", "12")] * 3),
    ],
)
def test_columns_that_could_be_anything_are_asked_about(
    tmp_path: Path, land: Land, head: str, rows: list[tuple[str, str]]
) -> None:
    problem = refused_by(tmp_path / "lang.csv", csv_of(head, rows))
    assert problem.code == "TABLE_PLACES"
    fields: Any = problem.detail["fields"]
    assert [one["name"] for one in fields] == ["Tên làng", *head.split(";"), "Số hộ"]
    assert fields[0]["samples"] == NAMES


def test_the_columns_a_person_says_count(tmp_path: Path, land: Land) -> None:
    two = [(*at, at[0] + 7, at[1] + 7) for at in PLACES]
    content = csv_of("X cũ;Y cũ;X mới;Y mới", two)
    assert refused_by(tmp_path / "lang.csv", content).code == "TABLE_PLACES"
    intake = sent(tmp_path / "lang.csv", content, places=("X mới", "Y mới"))
    assert places(intake) == [(x + 7, y + 7) for x, y in PLACES]
    assert sent(tmp_path / "lang.csv", content, places=("Y cũ", "X cũ")).fields == intake.fields, "turned is understood"
    for wrong in (("X mới", "X mới"), ("Tên làng", "Y mới"), ("không có", "Y mới")):
        assert refused_by(tmp_path / "lang.csv", content, places=wrong).code == "TABLE_PLACES"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("Buôn Một;1404000;484000\nBuôn Hai;1404100;484100", "TABLE_HEADINGS"), ("Tên;X;Y\n", "NO_FEATURES"),
        ("Tên;X;Y\nMột;;\n", "TABLE_PLACES"),
    ],
)  # fmt: skip
def test_tables_without_headings_or_rows(tmp_path: Path, land: Land, content: str, code: str) -> None:
    assert refused_by(tmp_path / "a.csv", content, places=("X", "Y")).code == code


def test_empty_rows_below_are_none(tmp_path: Path, land: Land) -> None:
    assert len(sent(tmp_path / "a.csv", csv_of("X;Y") + "\r\n;;;" * 3).shapes) == 3


def test_more_rows_than_the_purpose_bears_are_refused(tmp_path: Path, land: Land) -> None:
    problem = refused_by(tmp_path / "a.csv", csv_of("X;Y"), limits=IntakeLimits(features=2))
    assert problem.code == "TOO_MANY_FEATURES"


def test_an_area_is_still_read_from_a_corner_table(tmp_path: Path, land: Land) -> None:
    intake = sent(tmp_path / "goc.csv", csv_of("X;Y"), kind="polygon")
    assert (intake.format, intake.kind) == ("corners", "polygon")
