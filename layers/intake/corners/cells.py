"""Where are the cells of a table? Text pasted from Excel, or rows a spreadsheet gave, as lines of stripped cells.

It does not know which cell is a coordinate; `columns` finds that out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from layers.errors import InputRefused
from layers.intake.corners.numerals import Numeral, read_angle, read_numeral
from layers.said import gettext as _

MAX_ROWS = 2_000
MAX_CHARACTERS = 200_000
_CELLS = re.compile(r"\t|;|\|")
_WIDE_GAP = re.compile(r"\s{2,}")


@dataclass(frozen=True)
class Row:
    """One filled line: its number (1 …) in what the person sent, and its cells."""

    line: int
    cells: tuple[str, ...]

    def numbers(self) -> dict[int, Numeral]:
        """Return the cells that are numbers, by index; an angle comes as degrees."""
        found: dict[int, Numeral] = {}
        for index, cell in enumerate(self.cells):
            number = read_numeral(cell)
            if number is None and (angle := read_angle(cell)) is not None:
                number = Numeral(angle)
            if number is not None:
                found[index] = number
        return found

    @property
    def filled(self) -> list[str]:
        """Return the cells that hold something."""
        return [cell for cell in self.cells if cell]


def rows_of_text(text: str) -> list[Row]:
    """Split pasted text into rows; raise InputRefused TABLE_TOO_LONG, TABLE_EMPTY or TOO_MANY_VERTICES."""
    if len(text) > MAX_CHARACTERS:
        raise InputRefused(
            _("The pasted text is too long."),
            code="TABLE_TOO_LONG",
            todo=_("Paste the corner table only, at most 2,000 rows."),
        )
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return rows_of_cells((line, _split(raw)) for line, raw in enumerate(lines, start=1))


def rows_of_cells(numbered: Iterable[tuple[int, Iterable[str]]]) -> list[Row]:
    """Take (line, cells) of a spreadsheet; empty rows are left out. Raises TABLE_EMPTY or TOO_MANY_VERTICES."""
    rows = [Row(line, tuple(_stripped(cell) for cell in cells)) for line, cells in numbered]
    rows = [row for row in rows if row.filled]
    if not rows:
        raise InputRefused(
            _("There is nothing in the table."),
            code="TABLE_EMPTY",
            todo=_("Copy the X and Y columns from Excel and paste them here."),
        )
    if len(rows) > MAX_ROWS:
        raise InputRefused(
            _("The table has more than 2,000 rows."), code="TOO_MANY_VERTICES", todo=_("Split it into several areas.")
        )
    return rows


def _split(raw: str) -> list[str]:
    cells = _CELLS.split(raw)
    if len(cells) == 1:
        cells = _WIDE_GAP.split(raw.strip())
    if len(cells) == 1:
        parts = raw.split()
        # a single space separates columns only when every part is a number of its own; "1 400 856" is one number
        if 2 <= len(parts) <= 4 and sum(len(part) >= 6 for part in parts) >= 2:
            cells = parts
    return cells


def _stripped(cell: str) -> str:
    bare = cell.strip()
    return bare[1:-1].strip() if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare
