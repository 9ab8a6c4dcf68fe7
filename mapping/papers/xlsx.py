"""How does a paper's table become a workbook or CSV? Real numbers, dates as dates, no live formulas.

Lists of the house leave by `mapping.papers.export`; here are tables that belong to one paper and are held whole.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from mapping import formats
from mapping.papers.cells import safe_cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
MONEY_FORMAT = "#,##0"
HECTARE_FORMAT = "#,##0.00"
DATE_FORMAT = "dd/mm/yyyy"
SHEET_NAME_LENGTH = 31


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading, number format (empty: text) and width in characters."""

    title: str
    number_format: str = ""
    width: int = 18


@dataclass(frozen=True)
class Table:
    """One sheet: name, lines above the head, columns, rows, and a closing row."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    above: tuple[str, ...] = ()
    total: Sequence[Any] | None = None


def workbook(tables: Sequence[Table]) -> bytes:
    """Write one sheet per table and return the file's bytes."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    for empty in book.worksheets:
        book.remove(empty)
    bold, quiet = Font(bold=True), PatternFill("solid", fgColor="F3F1EA")
    for table in tables:
        sheet = book.create_sheet(_sheet_name(table.name))
        for line in table.above:
            sheet.append([safe_cell(line)])
        sheet.append([safe_cell(column.title) for column in table.columns])
        head = sheet.max_row
        for cell in sheet[head]:
            cell.font, cell.fill = bold, quiet
            cell.alignment = Alignment(wrap_text=True, vertical="bottom")
        for row in [*table.rows, *([table.total] if table.total is not None else [])]:
            sheet.append([_cell(value) for value in row])
            for column, cell in zip(table.columns, sheet[sheet.max_row], strict=True):
                if column.number_format:
                    cell.number_format = column.number_format
        if table.total is not None:
            for cell in sheet[sheet.max_row]:
                cell.font = bold
        for number, column in enumerate(table.columns, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = column.width
        sheet.freeze_panes = sheet.cell(row=head + 1, column=2)
        if table.above:
            sheet["A1"].font = Font(bold=True, size=13)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def csv_table(table: Table) -> bytes:
    """Write one table as CSV: UTF-8 with byte-order mark (Excel), comma, dates dd/mm/yyyy, decimal point."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe_cell(column.title) for column in table.columns])
    for row in table.rows:
        writer.writerow([formats.date(value) if isinstance(value, date) else _cell(value) for value in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(value: Any) -> Any:
    """Return a value as a cell takes it: whole Decimals as integers, others as floats, texts guarded."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return safe_cell(value)


def _sheet_name(name: str) -> str:
    return "".join(char for char in name if char not in r"[]:*?/\'")[:SHEET_NAME_LENGTH] or "1"
