"""What does a pasted corner table say? Turns text copied from Excel into blocks of points, and says what it understood.

It does not know where the points lie on earth: `corner_place` tries the meridians.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import hypot
from statistics import median

from django.utils.translation import gettext as _

from layers.errors import InputRefused
from mapping import formats
from mapping.desks.draw.numerals import Numeral, read_numeral

MAX_ROWS = 2_000
MAX_CHARACTERS = 200_000
CLOSING_M = 0.01
SIDE_TOLERANCE_M = 0.02  # corner tables print sides to 0.01 m
# Northing and easting of Vietnam in any VN-2000 zone: 8°–24° N, false easting 500 km; the two bands do not meet.
NORTHING = (880_000.0, 2_700_000.0)
EASTING = (100_000.0, 880_000.0)
LATITUDE = (8.0, 24.0)
LONGITUDE = (102.0, 118.0)

_CELLS = re.compile(r"\t|;|\|")
_WIDE_GAP = re.compile(r"\s{2,}")


@dataclass(frozen=True)
class CornerPoint:
    """One row: its line in the pasted text (1 …), the name, *x* the northing and *y* the easting, *side* as printed."""

    line: int
    name: str
    x: float
    y: float
    side: float | None = None


@dataclass
class RowRemark:
    """A sentence about one line of the pasted text; *bad* when the line could not be used."""

    line: int
    text: str
    bad: bool = False


@dataclass
class CornerTable:
    """The table as understood: blocks of points, whether columns were swapped or in degrees, remarks by line."""

    blocks: list[list[CornerPoint]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    swapped: bool = False
    degrees: bool = False
    remarks: list[RowRemark] = field(default_factory=list)

    @property
    def errors(self) -> list[RowRemark]:
        """Return the remarks about lines that could not be used."""
        return [remark for remark in self.remarks if remark.bad]


@dataclass(frozen=True)
class _Row:
    line: int
    cells: tuple[str, ...]

    def numbers(self) -> dict[int, Numeral]:
        found = {index: read_numeral(cell) for index, cell in enumerate(self.cells)}
        return {index: number for index, number in found.items() if number is not None}


def read_corner_table(text: str) -> CornerTable:
    """Read a pasted table of corners.

    Columns are found by magnitude, so point name, order of X and Y, and side lengths may come in any order. Raises
    InputRefused when no column looks like a northing or an easting, or the text is over the limit.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputRefused(
            _("The pasted text is too long."),
            code="TABLE_TOO_LONG",
            todo=_("Paste the corner table only, at most 2,000 rows."),
        )
    rows = _rows(text)
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
    columns = _Columns.of(rows)
    table = CornerTable(swapped=columns.swapped, degrees=columns.degrees)
    _fill(table, rows, columns)
    _close(table)
    return table


def _rows(text: str) -> list[_Row]:
    rows = []
    for line, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if not raw.strip():
            continue
        cells = _CELLS.split(raw)
        if len(cells) == 1:
            cells = _WIDE_GAP.split(raw.strip())
        if len(cells) == 1:
            parts = raw.split()
            # a single space separates columns only when every part is a number of its own; "1 400 856" is one number
            if 2 <= len(parts) <= 4 and sum(len(part) >= 6 for part in parts) >= 2:
                cells = parts
        rows.append(_Row(line, tuple(cell.strip().strip('"') for cell in cells)))
    return rows


@dataclass(frozen=True)
class _Columns:
    x: int
    y: int
    name: int | None
    side: int | None
    swapped: bool
    degrees: bool

    @classmethod
    def of(cls, rows: list[_Row]) -> _Columns:
        """Find the columns by the median magnitude of their numbers."""
        values: dict[int, list[float]] = {}
        for row in rows:
            for index, number in row.numbers().items():
                values.setdefault(index, []).append(_plausible(number))
        middles = {
            index: median(column)
            for index, column in values.items()
            if (len(column) * 2 >= len(rows) or len(column) >= 3) and not _counts_rows(column)
        }
        bands = ((NORTHING, EASTING, False), (LATITUDE, LONGITUDE, True))
        for north, east, in_degrees in bands:  # noqa: B007  # read after the loop
            x = [index for index, middle in middles.items() if north[0] <= middle <= north[1]]
            y = [index for index, middle in middles.items() if east[0] <= middle <= east[1]]
            if len(x) == 1 and len(y) >= 1:
                break
        else:
            raise InputRefused(
                _("No pair of columns looks like X (northing) and Y (easting)."),
                code="TABLE_COLUMNS",
                where=_("Numbers seen: %(numbers)s")
                % {"numbers": ", ".join(f"{m:.0f}" for m in list(middles.values())[:4]) or "–"},
                todo=_("X has seven digits before the comma (for example 1400856,19), Y has six (449656,41)."),
            )
        first, second = x[0], y[0]
        before = min(first, second)
        others = [index for index in range(max(len(row.cells) for row in rows)) if index not in (first, second)]
        return cls(
            x=first,
            y=second,
            name=next((index for index in others if index < before), None),
            side=next((index for index in others if index > max(first, second) and index in middles), None),
            swapped=second < first,
            degrees=in_degrees,
        )


def _counts_rows(column: list[float]) -> bool:
    return column == [float(number) for number in range(1, len(column) + 1)]


def _plausible(number: Numeral) -> float:
    """Choose the reading of an ambiguous numeral that is a coordinate in metres, else the decimal one."""
    grouped = number.grouped
    if grouped is not None and (EASTING[0] <= grouped <= EASTING[1] or NORTHING[0] <= grouped <= NORTHING[1]):
        return grouped
    return number.value


def _fill(table: CornerTable, rows: list[_Row], columns: _Columns) -> None:
    block: list[CornerPoint] = []
    title = ""
    north, east = (LATITUDE, LONGITUDE) if columns.degrees else (NORTHING, EASTING)

    def finish() -> None:
        nonlocal block
        if block:
            table.blocks.append(block)
            table.titles.append(title)
            block = []

    for row in rows:
        numbers = row.numbers()
        if columns.x not in numbers or columns.y not in numbers:
            filled = [cell for cell in row.cells if cell]
            if not numbers and len(filled) <= 2:
                finish()
                title = " ".join(filled)
                continue
            if not numbers:
                continue  # the head of the table
            table.remarks.append(RowRemark(row.line, _("X or Y is missing or is not a number."), bad=True))
            continue
        x, y = (
            _plausible(numbers[index]) if not columns.degrees else numbers[index].value
            for index in (columns.x, columns.y)
        )
        if not (north[0] <= x <= north[1] and east[0] <= y <= east[1]):
            if north[0] <= y <= north[1] and east[0] <= x <= east[1]:
                table.remarks.append(
                    RowRemark(row.line, _("X and Y are the other way round in this row; it was turned."))
                )
                x, y = y, x
            else:
                table.remarks.append(RowRemark(row.line, _("This is not a coordinate in Viet Nam."), bad=True))
                continue
        name = row.cells[columns.name] if columns.name is not None and columns.name < len(row.cells) else ""
        side = numbers[columns.side].value if columns.side is not None and columns.side in numbers else None
        if block and _same(block[0], x, y, table.degrees) and len(block) >= 3:
            block.append(CornerPoint(row.line, name or block[0].name, x, y, side))
            finish()
            continue
        block.append(CornerPoint(row.line, name or str(len(block) + 1), x, y, side))
    finish()


def _same(point: CornerPoint, x: float, y: float, degrees: bool) -> bool:
    return hypot(point.x - x, point.y - y) <= (1e-7 if degrees else CLOSING_M)


def _close(table: CornerTable) -> None:
    """Drop closing rows and repeated points, check sides, and remark on blocks that are no area."""
    kept, titles = [], []
    for block, title in zip(table.blocks, table.titles, strict=True):
        _check_sides(table, block)
        points: list[CornerPoint] = []
        for point in block:
            if points and _same(points[-1], point.x, point.y, table.degrees):
                table.remarks.append(RowRemark(point.line, _("The same point as the row above; it was left out.")))
                continue
            points.append(point)
        if len(points) > 1 and _same(points[0], points[-1].x, points[-1].y, table.degrees):
            table.remarks.append(
                RowRemark(
                    points[-1].line,
                    _("Closing row: the boundary returns to point %(name)s.") % {"name": points[0].name},
                )
            )
            points.pop()
        if len(points) < 3:
            table.remarks.append(
                RowRemark(block[0].line, _("An area needs at least three different corners."), bad=True)
            )
            continue
        kept.append(points)
        titles.append(title)
    table.blocks, table.titles = kept, titles


def _check_sides(table: CornerTable, block: list[CornerPoint]) -> None:
    if table.degrees:
        return
    for here, there in zip(block, [*block[1:], block[0]], strict=True):
        if here.side is None or (here is block[-1] and _same(block[0], here.x, here.y, False)):
            continue
        length = hypot(here.x - there.x, here.y - there.y)
        if abs(length - here.side) > SIDE_TOLERANCE_M:
            table.remarks.append(
                RowRemark(
                    here.line,
                    _("The side is printed as %(printed)s m but the coordinates give %(computed)s m.")
                    % {"printed": formats.number(here.side, 2), "computed": formats.number(length, 2)},
                )
            )
