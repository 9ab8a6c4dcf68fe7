"""How does the corner table leave the house as CSV and XLSX? X (northing) first, metres to the millimetre."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from mapping import formats
from mapping.papers.archive import repack_office_file
from mapping.papers.cells import safe_cell
from mapping.papers.corner_table import Block

HEADINGS = ("Khối", "Số hiệu điểm", "X (m)", "Y (m)", "Chiều dài cạnh S (m)")
STANDING = "Tình trạng"


def corner_csv(blocks: Sequence[Block], *, standing: str = "") -> bytes:
    """Write the corner table as CSV: UTF-8 with BOM, comma separated, decimal points, so that any program reads it.

    *standing* says what the boundary is, in the last column of every row: a line above the head would be taken for it.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    said = [safe_cell(standing)] if standing else []
    writer.writerow([*HEADINGS, *([STANDING] if standing else [])])
    for block in blocks:
        for corner in block.corners:
            side = "" if corner.side_m is None else f"{corner.side_m:.3f}"
            places = f"{corner.x_m:.3f}", f"{corner.y_m:.3f}"
            writer.writerow([safe_cell(block.title), corner.number, *places, side, *said])
    return buffer.getvalue().encode("utf-8-sig")


def corner_xlsx(title: str, crs_label: str, area_text: str, blocks: Sequence[Block], *, standing: str = "") -> bytes:
    """Write the corner table as XLSX with its legal heading; one block under another, numbers as numbers.

    *standing* is the line under the heading that says what the boundary is: decided, or a draft.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Bảng tọa độ"
    thin = Side(style="thin", color="999999")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    heading = [("BẢNG TỌA ĐỘ RANH GIỚI", True), (title, True), (crs_label, False), (area_text, False)]
    for line, bold in [*heading, (standing, True)] if standing else heading:
        sheet.append([safe_cell(line)])
        sheet.cell(sheet.max_row, 1).font = Font(bold=bold, size=12)
        sheet.merge_cells(start_row=sheet.max_row, start_column=1, end_row=sheet.max_row, end_column=4)
    row = sheet.max_row  # asking for it after every row would make ten thousand corners take a minute
    for block in blocks:
        row += 2
        sheet.cell(row, 1, safe_cell(block.title)).font = Font(bold=True)
        row += 1
        for column, name in enumerate(HEADINGS[1:], start=1):
            cell = sheet.cell(row, column, name)
            cell.font, cell.border, cell.alignment = Font(bold=True), border, Alignment(horizontal="center")
        for corner in block.corners:
            row += 1
            side = None if corner.side_m is None else round(corner.side_m, 3)
            for column, value in enumerate((corner.number, round(corner.x_m, 3), round(corner.y_m, 3), side), start=1):
                cell = sheet.cell(row, column, value)
                cell.border = border
                if column > 1:
                    cell.number_format = "0.000"
        if len(blocks) > 1:
            row += 1
            sheet.cell(row, 1, _block_area(block))
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=4)
    for letter, width in zip("ABCD", (14, 18, 18, 24), strict=True):
        sheet.column_dimensions[letter].width = width
    buffer = io.BytesIO()
    book.save(buffer)
    return repack_office_file(buffer.getvalue())


def _block_area(block: Block) -> str:
    """Write what the ring of a block encloses; a hole is taken away."""
    text = f"Diện tích khối: {formats.square_metres(block.area_m2, 1)}"
    return f"{text} (phần trừ ra)" if block.is_hole else text
