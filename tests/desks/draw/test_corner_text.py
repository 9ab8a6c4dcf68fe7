"""Does a pasted corner table say what the person meant, however Excel wrote it?"""

from __future__ import annotations

import pytest

from layers.errors import InputRefused
from mapping.desks.draw.corner_text import CornerTable, read_corner_table
from mapping.desks.draw.numerals import read_numeral

SQUARE = [(1_400_500.0, 480_000.0), (1_400_500.0, 480_500.0), (1_400_000.0, 480_500.0), (1_400_000.0, 480_000.0)]


def rows(pattern: str, points: list[tuple[float, float]] = SQUARE) -> str:
    return "\n".join(pattern.format(n=number, x=x, y=y) for number, (x, y) in enumerate(points, start=1))


def points(table: CornerTable, block: int = 0) -> list[tuple[float, float]]:
    return [(corner.x, corner.y) for corner in table.blocks[block]]


@pytest.mark.parametrize(
    ("text", "value", "grouped"),
    [
        ("1.400.856,19", 1_400_856.19, None),
        ("1,400,856.19", 1_400_856.19, None),
        ("1 400 856,19", 1_400_856.19, None),
        ("1\u00a0400\u00a0856.19", 1_400_856.19, None),
        ("1400856,190", 1_400_856.19, None),
        ("1400856.190", 1_400_856.19, None),
        ("1.400.856", 1_400_856.0, None),
        ("449.656", 449.656, 449_656.0),
        ("449656,41", 449_656.41, None),
        ("12,6", 12.6, None),
        ("0,500", 0.5, None),
        ("449656,41 m", 449_656.41, None),
    ],
)
def test_numerals(text: str, value: float, grouped: float | None) -> None:
    read = read_numeral(text)
    assert read is not None
    assert read.value == pytest.approx(value)
    assert read.grouped == grouped


@pytest.mark.parametrize("text", ["", "M1", "1.2.3", "1,40,0", "1..2", "--3", "1e9", "NaN", "٣", "12.34.567,8"])
def test_not_numerals(text: str) -> None:
    assert read_numeral(text) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "{n}\t{x:.2f}\t{y:.2f}",
        "M{n}\t{x:.2f}\t{y:.2f}",
        "{x:.2f}\t{y:.2f}",
        "{n};{x:.3f};{y:.3f}",
        "{n}  {x:.2f}  {y:.2f}",
        "{x:.2f} {y:.2f}",
        "{n}\t{x:,.2f}\t{y:,.2f}",
        "{n}\t{x:.2f}\t{y:.2f}\t500.00",
    ],
)
def test_layouts(pattern: str) -> None:
    table = read_corner_table(rows(pattern))
    assert points(table) == SQUARE
    assert not table.swapped
    assert not table.errors


def test_decimal_comma_and_dots_between_thousands() -> None:
    text = rows("{n}\t{x:,.2f}\t{y:,.2f}").translate(str.maketrans(",.", ".,"))
    assert points(read_corner_table(text)) == SQUARE


def test_whole_metres_with_one_dot_are_thousands() -> None:
    assert points(read_corner_table("1\t1.400.500\t480.000\n2\t1.400.500\t480.500\n3\t1.400.000\t480.500"))[0] == (
        1_400_500,
        480_000,
    )


def test_swapped_columns_are_turned_and_said() -> None:
    table = read_corner_table(rows("{n}\t{y:.2f}\t{x:.2f}"))
    assert table.swapped
    assert points(table) == SQUARE


def test_one_swapped_row_is_turned_with_a_remark() -> None:
    table = read_corner_table(rows("{n}\t{x:.2f}\t{y:.2f}", SQUARE[:3]) + "\n4\t480000,00\t1400000,00")
    assert points(table) == SQUARE
    assert [remark.line for remark in table.remarks] == [4]


def test_head_closing_row_and_names() -> None:
    table = read_corner_table(
        "Số hiệu điểm\tX (m)\tY (m)\n" + rows("M{n}\t{x:.2f}\t{y:.2f}") + "\nM1\t1400500,00\t480000,00"
    )
    assert [corner.name for corner in table.blocks[0]] == ["M1", "M2", "M3", "M4"]
    assert len(table.remarks) == 1
    assert not table.errors


def test_sides_are_compared_with_what_is_printed() -> None:
    good = rows("{n}\t{x:.2f}\t{y:.2f}\t500,00")
    assert read_corner_table(good).remarks == []
    wrong = good.replace("500,00", "480,00", 1)
    assert [remark.line for remark in read_corner_table(wrong).remarks] == [1]


def test_titles_begin_areas() -> None:
    other = [(x + 2_000, y) for x, y in SQUARE]
    table = read_corner_table(
        "Khu A\n" + rows("{n}\t{x:.2f}\t{y:.2f}") + "\nKhu B\n" + rows("{n}\t{x:.2f}\t{y:.2f}", other)
    )
    assert table.titles == ["Khu A", "Khu B"]
    assert points(table, 1) == other


def test_bad_rows_are_named_and_the_rest_is_read() -> None:
    table = read_corner_table(rows("{n}\t{x:.2f}\t{y:.2f}") + "\n5\t1400000,00\tabc\n6\t140,00\t480000,00")
    assert [remark.line for remark in table.errors] == [5, 6]
    assert points(table) == SQUARE


def test_repeated_point_is_left_out() -> None:
    text = rows("{n}\t{x:.2f}\t{y:.2f}", [SQUARE[0], SQUARE[0], *SQUARE[1:]])
    assert points(read_corner_table(text)) == SQUARE


def test_degrees() -> None:
    table = read_corner_table("1\t12,6667\t108,0383\n2\t12,6667\t108,0483\n3\t12,6567\t108,0483")
    assert table.degrees
    assert points(table)[0] == (12.6667, 108.0383)


@pytest.mark.parametrize("text", ["", "\n \n", "xin chào", "1\t2\t3\n4\t5\t6", "1\t480000\t480500\n2\t480000\t480500"])
def test_nonsense_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_corner_table(text)
    assert refused.value.message
    assert refused.value.todo


def test_limits() -> None:
    with pytest.raises(InputRefused):
        read_corner_table("1\t1400500,00\t480000,00\n" * 2_001)
    with pytest.raises(InputRefused):
        read_corner_table("9" * 300_000)
