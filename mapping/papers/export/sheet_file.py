"""How do rows become a workbook? Row by row into the sheet (openpyxl's write-only mode), so memory stays flat.

It writes no formula: a text that looks like one is guarded, numbers and days are real ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from layers.errors import LimitExceeded
from mapping.papers.cells import safe_cell
from mapping.papers.export.batches import row_batches, statement
from mapping.papers.export.columns import Column
from mapping.papers.export.query import Query
from mapping.papers.export.text_files import place_of, place_titles, rows_with_place

MAX_ROWS = 1_048_575  # what a sheet holds below its head
ILLEGAL = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))  # XML 1.0 has no place for them
SHEET_NAME_LENGTH = 31


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its title, lines *above* the head, rows; *closing*: the last row is their sum."""

    title: str
    query: Query
    columns: Sequence[Column]
    above: tuple[str, ...] = ()
    closing: bool = False


def write_xlsx(path: Path, title: str, query: Query, columns: Sequence[Column]) -> int:
    """Write a workbook with one sheet and return the number of rows.

    Raises LimitExceeded (EXPORT_TOO_LARGE) when there are more rows than a sheet can hold.
    """
    return write_sheets(path, [Sheet(title, query, columns)])[0]


def write_sheets(path: Path, sheets: Sequence[Sheet]) -> list[int]:
    """Write a workbook and return the number of rows of each sheet; raises LimitExceeded as `write_xlsx` does."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    try:
        return [_fill(book, sheet) for sheet in sheets]
    finally:
        book.save(path)  # after a refusal too: only saving removes the temporary file of the library


def _fill(book: Any, asked: Sheet) -> int:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    query, columns = asked.query, asked.columns
    placed = bool(query.shown_place)
    sheet = book.create_sheet(sheet_name(asked.title))
    titles = [str(column.title) for column in columns] + list(place_titles(query))
    for number, width in enumerate([*(column.width for column in columns), *([14, 14] if placed else [])], start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"B{len(asked.above) + 2}"
    bold, quiet, large = Font(bold=True), PatternFill("solid", fgColor="F3F1EA"), Font(bold=True, size=13)
    for number, line in enumerate(asked.above):
        cell = WriteOnlyCell(sheet, safe_cell(line))
        if not number:
            cell.font = large
        sheet.append([cell])
    head = [WriteOnlyCell(sheet, safe_cell(one)) for one in titles]
    for cell in head:
        cell.font, cell.fill = bold, quiet
    sheet.append(head)
    formats = [column.number_format for column in columns] + ([""] * 2 if placed else [])
    written = 0
    waiting: list[Any] | None = None
    with row_batches(statement(query, columns, *place_of(query))) as batches:
        for rows in batches:
            written += len(rows)
            if written > MAX_ROWS:
                raise LimitExceeded(
                    _("A workbook holds at most %(limit)s rows.") % {"limit": MAX_ROWS},
                    code="EXPORT_TOO_LARGE",
                    todo=_("Take CSV or the GeoPackage, or narrow the list."),
                )
            for row in rows_with_place(rows) if placed else rows:
                if waiting is not None:
                    sheet.append(waiting)
                waiting = [_cell(sheet, value, shown) for value, shown in zip(row, formats, strict=True)]
    if waiting is not None:
        sheet.append([_bold(sheet, one, bold) for one in waiting] if asked.closing else waiting)
    return written


def _bold(sheet: Any, value: Any, bold: Any) -> Any:
    from openpyxl.cell import Cell, WriteOnlyCell

    cell = value if isinstance(value, Cell) else WriteOnlyCell(sheet, value)
    cell.font = bold
    return cell


def sheet_name(title: str) -> str:
    """Return *title* as a name that a sheet may have."""
    return "".join(char for char in title if char not in r"[]:*?/\'")[:SHEET_NAME_LENGTH] or "1"


def _cell(sheet: Any, value: Any, number_format: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, str):
        return safe_cell(value.translate(ILLEGAL))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if number_format and value is not None:
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = number_format
        return cell
    return value
