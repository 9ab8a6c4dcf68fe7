"""Does the workbook carry the same sums as the page, as numbers, and no live formula?"""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from mapping.papers.xlsx import Column, Table, csv_table, workbook
from planning.registers.queries import totals_by
from tests.cast import TODAY
from tests.desks.fund.test_fund_desk import client_of
from tests.registers.books import Books


def test_every_grouping_is_a_sheet_and_the_sums_agree(books: Books) -> None:
    books.running()
    books.planned(unit=books.land.east, village=None)
    answer = client_of(books.cast.fund_officer).get("/khuyen-cong/tong-hop.xlsx")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    assert len(book.worksheets) == 4
    total = totals_by("commune", TODAY).total
    for sheet in book.worksheets:
        last = [cell.value for cell in sheet[sheet.max_row]]
        assert last[1:3] == [total.projects, int(total.granted_vnd)]
        rows = list(sheet.iter_rows(min_row=4, max_row=sheet.max_row - 1, values_only=True))
        assert sum(row[2] for row in rows) == int(total.granted_vnd)  # type: ignore[misc]


def test_others_do_not_download(books: Books) -> None:
    assert client_of(books.cast.planner).get("/khuyen-cong/tong-hop.xlsx").status_code == 403


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_runs_as_a_formula(text: str) -> None:
    table = Table("t", (Column("a"), Column("b", "#,##0")), [(text, Decimal(5))], above=(text,), total=(text, None))
    sheet = load_workbook(io.BytesIO(workbook([table]))).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet["A3"].value == f"'{text}"
    assert sheet["B3"].value == 5
    lines = list(csv.reader(io.StringIO(csv_table(table).decode("utf-8-sig"))))
    assert lines[1] == [f"'{text}", "5"]


def test_sheet_names_and_dates_survive() -> None:
    table = Table("Huyện: [cũ]/" + "x" * 40, (Column("d", "dd/mm/yyyy"),), [(date(2026, 3, 1),)])
    sheet = load_workbook(io.BytesIO(workbook([table]))).worksheets[0]
    assert sheet["A2"].value.date() == date(2026, 3, 1)  # type: ignore[union-attr]
    assert b"01/03/2026" in csv_table(table)
