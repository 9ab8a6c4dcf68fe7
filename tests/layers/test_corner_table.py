"""Does a pasted corner table say what the person meant, however Excel wrote it?"""

from __future__ import annotations

import pytest
from django.utils.translation import override

from layers.errors import InputRefused
from layers.intake.corners.facts import CornerFacts, facts_of
from layers.intake.corners.place import placed
from layers.intake.corners.shapes import polygons_of
from layers.intake.corners.table import CornerTable, read_corner_table
from tests.cast import Land

SQUARE = [(1_400_500.0, 480_000.0), (1_400_500.0, 480_500.0), (1_400_000.0, 480_500.0), (1_400_000.0, 480_000.0)]


def rows(pattern: str, points: list[tuple[float, float]] = SQUARE) -> str:
    return "\n".join(pattern.format(n=number, x=x, y=y) for number, (x, y) in enumerate(points, start=1))


def facts(text: str) -> CornerFacts:
    return facts_of(read_corner_table(text))


def remarked(text: str) -> list[tuple[int, str]]:
    return [(remark.line, remark.code) for remark in facts(text).remarks]


def points(table: CornerTable, block: int = 0) -> list[tuple[float, float]]:
    return [(corner.x, corner.y) for corner in table.blocks[block]]


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


def test_titles_begin_areas() -> None:
    other = [(x + 2_000, y) for x, y in SQUARE]
    table = read_corner_table(
        "Khu A\n" + rows("{n}\t{x:.2f}\t{y:.2f}") + "\nKhu B\n" + rows("{n}\t{x:.2f}\t{y:.2f}", other)
    )
    assert table.titles == ["Khu A", "Khu B"]
    assert points(table, 1) == other


def test_headings_over_both_columns_are_no_title() -> None:
    assert read_corner_table("X\tY\n" + rows("{x}\t{y}")).titles == [""]
    assert read_corner_table("Khu A\nX (m)\tY (m)\n" + rows("{x}\t{y}")).titles == ["Khu A"]


def test_a_line_about_the_coordinate_system_is_no_title() -> None:
    table = read_corner_table(
        "Khu A\nHệ toạ độ VN-2000, kinh tuyến trục 108°30', múi chiếu 3°\n" + rows("{n}\t{x:.2f}\t{y:.2f}")
    )
    assert table.titles == ["Khu A"]


def test_a_line_about_the_coordinate_system_ends_an_area_all_the_same() -> None:
    other = rows("{n}\t{x:.2f}\t{y:.2f}", [(x + 2_000, y) for x, y in SQUARE])
    table = read_corner_table(rows("{n}\t{x:.2f}\t{y:.2f}") + "\nBảng tọa độ khu 2, hệ tọa độ VN-2000\n" + other)
    assert [len(block) for block in table.blocks] == [4, 4]


def test_a_second_area_without_a_title_does_not_inherit_the_first_ones() -> None:
    closed = PLAIN + "\n1\t1400500,00\t480000,00\n"
    other = rows("{n}\t{x:.2f}\t{y:.2f}", [(x + 2_000, y) for x, y in SQUARE])
    assert read_corner_table("Khu A\n" + closed + other).titles == ["Khu A", ""]


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
    with pytest.raises(InputRefused):  # a hundred areas are no corner table
        read_corner_table("\n\n".join(f"Khu {n}\n" + PLAIN for n in range(101)))


# --- angles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern",
    [
        "{n}\t12°40'0{n}.2\"\t108°0{n}'18.3\"",
        "{n}\t12 40 0{n}.2\t108 0{n} 18.3",
        "{n};12-40-0{n},2;108-0{n}-18,3",
        "{n}\t108°0{n}'18.3\"E\t12°40'0{n}.2\"N",
    ],
)
def test_tables_in_degrees_minutes_and_seconds(pattern: str) -> None:
    table = read_corner_table("\n".join(pattern.format(n=n) for n in (1, 2, 3)))
    assert table.degrees
    assert points(table)[0] == pytest.approx((12 + 40 / 60 + 1.2 / 3600, 108 + 1 / 60 + 18.3 / 3600))


def test_degrees_with_three_decimals_are_no_eastings() -> None:
    table = read_corner_table("1\t12.667\t108.038\n2\t12.667\t108.048\n3\t12.657\t108.048")
    assert table.degrees and points(table)[0] == (12.667, 108.038)


# --- what is stated --------------------------------------------------------------------------------------------------

PLAIN = rows("{n}\t{x:.2f}\t{y:.2f}")


@pytest.mark.parametrize(
    ("head", "srid"),
    [
        ("Hệ tọa độ VN-2000, kinh tuyến trục 108°30', múi chiếu 3°", 9218),
        ("HỆ TOẠ ĐỘ VN2000 KINH TUYẾN TRỤC 108°30′ MÚI 3", 9218),
        ("VN-2000, KTT 107-45", 5899),
        ("Kinh tuyến trung ương, kinh tuyến trục: 108 độ 15 phút", 9217),
        ("kinh tuyến trục 105, múi chiếu 6°", 3405),
        ("VN-2000, central meridian 108°30′, 3° zone", 9218),
        ("Hệ tọa độ VN-2000", None),
        ("kinh tuyến trục 99°99'", None),
    ],
)
def test_the_meridian_is_read_from_the_words_around_the_table(head: str, srid: int | None) -> None:
    assert read_corner_table(f"{head}\n{PLAIN}").srid == srid
    assert read_corner_table(f"{PLAIN}\n{head}").srid == srid


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Diện tích: 25 ha", "AREA_AGREES"),
        ("Diện tích: 25,00 ha", "AREA_AGREES"),
        ("Tổng diện tích: 250.000 m²", "AREA_AGREES"),
        ("Tổng diện tích (m2)\t250000,0", "AREA_AGREES"),
        ("S = 250.000,0 m2", "AREA_AGREES"),
        ("Diện tích: 0,25 km2", "AREA_AGREES"),
        ("Area: 25.02 ha", "AREA_AGREES"),
        ("Diện tích: 25,03 ha", "AREA_DIFFERS"),
        ("Diện tích: 30,25 ha", "AREA_DIFFERS"),
        ("S = 1.400 m2", "AREA_DIFFERS"),
    ],
)
def test_a_stated_area_is_compared_with_the_corners(words: str, code: str) -> None:
    assert remarked(f"{PLAIN}\n{words}") == [(5, code)]
    assert remarked(f"{words}\n{PLAIN}") == [(1, code)]


@pytest.mark.parametrize(
    "words", ["Cụm công nghiệp S 2", "Diện tích", "Khu A", "Tờ bản đồ số 12", "S ha", "Diện tích lớn"]
)
def test_other_words_state_no_area(words: str) -> None:
    assert facts(f"{words}\n{PLAIN}").areas == ()


def test_each_area_of_several_is_compared_with_its_own_and_the_total_with_all() -> None:
    small = [(1_400_500.0, 481_000.0), (1_400_500.0, 481_100.0), (1_400_400.0, 481_100.0), (1_400_400.0, 481_000.0)]
    text = (
        f"Khu A\n{PLAIN}\nDiện tích: 25 ha\nKhu B\n"
        + rows("{n}\t{x:.2f}\t{y:.2f}", small)
        + "\nDiện tích: 1,5 ha\nTổng diện tích: 26 ha"
    )
    assert remarked(text) == [(6, "AREA_AGREES"), (12, "AREA_DIFFERS"), (13, "AREA_AGREES")]


def test_sides_are_compared_to_two_centimetres() -> None:
    good = rows("{n}\t{x:.2f}\t{y:.2f}\t500,02")
    assert remarked(good) == []
    assert remarked(good.replace("500,02", "500,03", 1)) == [(1, "SIDE_DIFFERS")]
    assert remarked(good.replace("500,02", "480,00", 1)) == [(1, "SIDE_DIFFERS")]
    row = facts(good).blocks[0].rows[0]
    assert row.side_m == pytest.approx(500) and row.side_stated == 500.02


def test_sides_may_stand_on_the_row_they_lead_to() -> None:
    corners = [(1_400_500.0, 480_000.0), (1_400_500.0, 480_400.0), (1_400_200.0, 480_000.0)]
    sides = ["300,00", "400,00", "500,00"]  # the side from 3 to 1 stands on row 1
    text = "\n".join(f"{n}\t{x}\t{y}\t{side}" for n, ((x, y), side) in enumerate(zip(corners, sides, strict=True), 1))
    assert remarked(text) == []


def test_a_thousand_and_four_hundred_metres_may_be_written_with_a_dot() -> None:
    corners = [(1_400_500.0, 480_000.0), (1_400_500.0, 481_400.0), (1_400_000.0, 481_400.0), (1_400_000.0, 480_000.0)]
    text = "\n".join(
        f"{n}\t{x:.2f}\t{y:.2f}\t{side}"
        for n, ((x, y), side) in enumerate(zip(corners, ["1.400", "500", "1.400", "500"], strict=True), start=1)
    )
    assert remarked(text) == []


def test_heights_are_no_sides() -> None:
    assert remarked(rows("{n}\t{x:.2f}\t{y:.2f}\t512,3")) == []
    assert remarked("TT\tX\tY\tCạnh\n" + rows("{n}\t{x:.2f}\t{y:.2f}\t512,3")) != []


# --- rings -----------------------------------------------------------------------------------------------------------


def test_a_closing_row_is_said_and_its_misclosure_measured() -> None:
    assert remarked(PLAIN + "\n1\t1400500,00\t480000,00") == [(5, "CLOSING_ROW")]
    text = PLAIN + "\n1\t1400500,35\t480000,00"
    assert remarked(text) == [(5, "NOT_CLOSED")]
    with override("vi"):
        assert "0,350" in facts(text).remarks[0].text
    assert len(read_corner_table(text).blocks[0]) == 4


def test_a_name_used_twice_far_away_is_another_corner() -> None:
    text = PLAIN + "\n1\t1400250,00\t479900,00"
    assert len(read_corner_table(text).blocks[0]) == 5


def test_the_same_place_twice_apart_is_told() -> None:
    corners = [SQUARE[0], SQUARE[1], (1_400_250.0, 480_250.0), SQUARE[2], SQUARE[3], (1_400_250.0, 480_250.0)]
    assert (6, "CORNER_TWICE") in remarked(rows("{n}\t{x:.2f}\t{y:.2f}", corners))


def test_crossing_sides_are_named_by_their_corners() -> None:
    crossed = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]
    found = [
        remark for remark in facts(rows("M{n}\t{x:.2f}\t{y:.2f}", crossed)).remarks if remark.code == "SIDES_CROSS"
    ]
    assert len(found) == 1
    assert all(name in found[0].text for name in ("M1", "M2", "M3", "M4"))


def test_nesting_decides_what_is_left_out_and_an_island_in_it_is_an_area_again() -> None:
    def ring(inset: float) -> list[tuple[float, float]]:
        return [(1_400_500 - inset, 480_000 + inset), (1_400_500 - inset, 480_500 - inset),
                (1_400_000 + inset, 480_500 - inset), (1_400_000 + inset, 480_000 + inset)]  # fmt: skip

    text = "\n".join(f"Khu {n}\n" + rows("{n}\t{x:.2f}\t{y:.2f}", ring(inset)) for n, inset in enumerate((100, 0, 200)))
    table = read_corner_table(text)
    said = facts_of(table)
    assert [block.is_hole for block in said.blocks] == [True, False, False]
    assert said.area_m2 == pytest.approx(250_000 - 90_000 + 10_000)
    assert [len(polygon.interiors) for _number, polygon in polygons_of(table)] == [1, 0]
    assert (2, "BLOCK_INSIDE") in [(remark.line, remark.code) for remark in said.remarks]


def test_equal_blocks_and_blocks_side_by_side_are_no_holes() -> None:
    beside = [(x, y + 500) for x, y in SQUARE]
    for other in (SQUARE, beside):
        text = f"Khu A\n{PLAIN}\nKhu B\n" + rows("{n}\t{x:.2f}\t{y:.2f}", other)
        assert [block.is_hole for block in facts(text).blocks] == [False, False]


# --- columns ---------------------------------------------------------------------------------------------------------


def test_two_lists_side_by_side_are_one_ring() -> None:
    text = "TT\tX\tY\tTT\tX\tY\n1\t1400500\t480000\t3\t1400000\t480500\n2\t1400500\t480500\t4\t1400000\t480000"
    assert points(read_corner_table(text)) == SQUARE


def test_the_last_of_two_lists_may_be_shorter() -> None:
    corners = [*SQUARE, (1_400_250.0, 479_900.0)]
    left = [f"{n}\t{x}\t{y}" for n, (x, y) in enumerate(corners[:3], start=1)]
    right = [f"{n}\t{x}\t{y}" for n, (x, y) in enumerate(corners[3:], start=4)] + ["\t\t"]
    text = "\n".join("\t".join(pair) for pair in zip(left, right, strict=True))
    assert points(read_corner_table(text)) == corners


def test_two_pairs_without_names_of_their_own_are_a_question() -> None:
    text = "\n".join(f"{x}\t{y}\t{x + 1}\t{y + 1}" for x, y in SQUARE)
    with pytest.raises(InputRefused) as refused:
        read_corner_table(text)
    assert refused.value.code == "TABLE_COLUMNS"


def test_a_heading_against_the_numbers_is_said() -> None:
    text = "Điểm\tX (m)\tY (m)\n" + rows("{n}\t{y:.2f}\t{x:.2f}")
    assert remarked(text) == [(1, "CORNERS_TURNED")]
    assert points(read_corner_table(text)) == SQUARE


def test_a_running_number_before_the_name_is_not_the_name() -> None:
    table = read_corner_table(rows("{n}\tM{n}\t{x:.2f}\t{y:.2f}"))
    assert [corner.name for corner in table.blocks[0]] == ["M1", "M2", "M3", "M4"]


# --- on earth --------------------------------------------------------------------------------------------------------

THERE = [(1_402_500.0, 482_000.0), (1_402_500.0, 482_500.0), (1_402_000.0, 482_500.0), (1_402_000.0, 482_000.0)]


def test_a_stated_meridian_that_fits_needs_no_confirmation(land: Land) -> None:
    text = rows("{n}\t{x:.2f}\t{y:.2f}", THERE)
    ranking, found = placed(read_corner_table("Kinh tuyến trục 108°30'\n" + text), land.west)
    assert not ranking.must_confirm and found[0].candidate.declared and found[0].lands == "unit"
    ranking, found = placed(read_corner_table(text), land.west)
    assert ranking.must_confirm and found[0].candidate.srid == 9218


def test_a_stated_meridian_that_does_not_fit_is_doubted(land: Land) -> None:
    text = "Kinh tuyến trục 103°00'\n" + rows("{n}\t{x:.2f}\t{y:.2f}", THERE)
    ranking, found = placed(read_corner_table(text), land.west)
    assert ranking.question == "OUTSIDE_PROVINCE" and "108°30′" in ranking.hint and found[0].candidate.srid == 9218


def test_degrees_are_offered_on_both_datums_and_the_stated_one_counts(land: Land) -> None:
    text = "1\t12,6767\t108,3383\n2\t12,6767\t108,3483\n3\t12,6667\t108,3483"
    _ranking, found = placed(read_corner_table(text), None)
    assert {4326, 4756} <= {one.candidate.srid for one in found}
    ranking, found = placed(read_corner_table("Hệ tọa độ VN-2000\n" + text), None)
    assert found[0].candidate.srid == 4756 and not ranking.must_confirm


def test_a_table_of_nowhere_is_shown_in_the_provinces_own_zone(land: Land) -> None:
    _ranking, found = placed(
        read_corner_table(rows("{n}\t{x:.2f}\t{y:.2f}", [(x + 600_000, y) for x, y in THERE])), None
    )
    assert [(one.candidate.srid, one.lands) for one in found] == [(9218, "outside")]
