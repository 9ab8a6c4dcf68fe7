"""What does a corner table say? Blocks of points with their lines, and a remark on every line that is not plain.

It does not know where the points lie on earth: `layers.intake.candidates` tries the coordinate systems.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot

from layers.errors import InputRefused
from layers.intake.corners.cells import Row, rows_of_text
from layers.intake.corners.columns import Columns, Group, find_columns, read_in, within
from layers.intake.corners.stated import StatedArea, folded, names_a_system, stated_area, stated_datum, stated_system
from layers.numbers import number_format
from layers.said import gettext as _

CLOSING_M = 0.01
MOST_BLOCKS = 100
_CLOSING_DEGREES = 1e-7
# A last row named as the first one but so far away is rather another corner whose name was copied.
_MISCLOSURE_M = 1.0


@dataclass(frozen=True)
class CornerPoint:
    """One row: its line in the table (1 …), the name, *x* the northing and *y* the easting, *side* as printed.

    In a table in degrees *x* is the latitude and *y* the longitude.
    """

    line: int
    name: str
    x: float
    y: float
    side: str = ""


@dataclass(frozen=True)
class RowRemark:
    """A sentence about one line; *bad* when the line could not be used."""

    line: int
    text: str
    bad: bool = False
    code: str = ""


@dataclass
class CornerTable:
    """The table as understood: blocks of points and their titles, how columns were read, what is stated, remarks.

    *srid*: the system the text names (None: none), *system* its words.
    """

    blocks: list[list[CornerPoint]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    swapped: bool = False
    degrees: bool = False
    named_sides: bool = False
    srid: int | None = None
    system: str = ""
    areas: list[StatedArea] = field(default_factory=list)
    remarks: list[RowRemark] = field(default_factory=list)

    @property
    def errors(self) -> list[RowRemark]:
        """Return the remarks about lines that could not be used."""
        return [remark for remark in self.remarks if remark.bad]

    @property
    def corners(self) -> int:
        """Count the corners of all blocks."""
        return sum(len(block) for block in self.blocks)

    def say(self, line: int, code: str, text: str, *, bad: bool = False) -> None:
        """Remark on a line."""
        self.remarks.append(RowRemark(line, text, bad, code))

    def same(self, a: CornerPoint, b: CornerPoint) -> bool:
        """Tell whether two points are one place: 1 cm, or the same seventh decimal of a degree."""
        return hypot(a.x - b.x, a.y - b.y) <= (_CLOSING_DEGREES if self.degrees else CLOSING_M)


def read_corner_table(text: str) -> CornerTable:
    """Read a pasted table of corners.

    Columns are found by magnitude, so point name, order of X and Y, and side lengths may come in any order. Raises
    InputRefused when no column looks like a northing or an easting, or the text is over the limit.
    """
    return read_rows(rows_of_text(text))


def read_rows(rows: Sequence[Row]) -> CornerTable:
    """Read the rows of a table; see `read_corner_table`."""
    areas = {row.line: area for row in rows if len(row.filled) <= 4 and (area := stated_area(row)) is not None}
    listed = [row for row in rows if row.line not in areas]
    columns = find_columns(listed)
    table = CornerTable(swapped=columns.swapped, degrees=columns.degrees, areas=list(areas.values()))
    _name_system(table, rows)
    if columns.against_heading:
        table.say(
            listed[0].line,
            "CORNERS_TURNED",
            _("The column headed X holds eastings and the one headed Y northings; they were turned."),
        )
    table.named_sides = any(_is_side_heading(row, columns.groups[0]) for row in listed)
    for group in columns.groups:
        _Filling(table, columns, group, continues=group is not columns.groups[0]).take(listed)
    close_rings(table)
    if len(table.blocks) > MOST_BLOCKS:
        raise InputRefused(
            _("The table has more than %(limit)s areas.") % {"limit": MOST_BLOCKS},
            code="TOO_MANY_RINGS",
            todo=_("Split it into several areas."),
        )
    return table


def _name_system(table: CornerTable, rows: Sequence[Row]) -> None:
    if table.degrees:
        table.srid = {"wgs84": 4326, "vn2000": 4756}.get(stated_datum(rows))
        table.system = "WGS 84" if table.srid == 4326 else "VN-2000" if table.srid else ""
        return
    named = stated_system(rows)
    if named is not None:
        table.srid, table.system = named


def _is_side_heading(row: Row, group: Group) -> bool:
    if group.side is None or row.numbers() or len(row.cells) <= group.side:
        return False
    words = folded(row.cells[group.side])
    return words in {"s", "s (m)", "s(m)", "d", "l"} or any(word in words for word in ("canh", "chieu dai", "side"))


class _Filling:
    """Fill a table from one group of columns; a second group goes on with the last block."""

    def __init__(self, table: CornerTable, columns: Columns, group: Group, *, continues: bool) -> None:
        self.table, self.columns, self.group = table, columns, group
        self.title = table.titles.pop() if continues and table.titles else ""
        self.block: list[CornerPoint] = table.blocks.pop() if continues and table.blocks else []
        self.first = not continues

    def take(self, rows: Sequence[Row]) -> None:
        """Read all rows of this group."""
        for row in rows:
            self._row(row)
        self._finish()

    def _finish(self) -> None:
        if self.block:
            self.table.blocks.append(self.block)
            self.table.titles.append(self.title)
            self.block, self.title = [], ""

    def _row(self, row: Row) -> None:
        numbers = row.numbers()
        if self.group.x in numbers and self.group.y in numbers:
            self._point(row)
            return
        if not self.first and not any(index in numbers for index in (self.group.x, self.group.y)):
            return  # the last list is shorter than the others
        if not numbers or (len(row.filled) == 1 and self.group.x not in numbers and self.group.y not in numbers):
            heading = bool(_cell(row, self.group.x) and _cell(row, self.group.y))  # words over both columns
            if len(row.filled) <= 2 and self.first and not heading and not _only_a_number(row):
                self._finish()
                # what speaks of the coordinate system ends an area like any title, but names none
                self.title = self.title if names_a_system(row) else " ".join(row.filled)[:120]
            return  # a title, or the head of the table
        if not _cell(row, self.group.x) and not _cell(row, self.group.y):
            self.table.say(row.line, "ROW_IGNORED", _("This row was not read as a corner."))
            return
        self.table.say(row.line, "XY_MISSING", _("X or Y is missing or is not a number."), bad=True)

    def _point(self, row: Row) -> None:
        numbers, columns = row.numbers(), self.columns
        x, y = (read_in(numbers[self.group.x], columns.north), read_in(numbers[self.group.y], columns.east))
        if not (within(x, columns.north) and within(y, columns.east)):
            turned_x = read_in(numbers[self.group.y], columns.north)
            turned_y = read_in(numbers[self.group.x], columns.east)
            if not (within(turned_x, columns.north) and within(turned_y, columns.east)):
                self.table.say(row.line, "NOT_A_COORDINATE", _("This is not a coordinate in Viet Nam."), bad=True)
                return
            self.table.say(row.line, "ROW_TURNED", _("X and Y are the other way round in this row; it was turned."))
            x, y = turned_x, turned_y
        name = _cell(row, self.group.name) or str(len(self.block) + 1)
        point = CornerPoint(row.line, name[:40], x, y, _cell(row, self.group.side))
        closes = len(self.block) >= 3 and self.table.same(self.block[0], point)
        if not closes and self._closes_by_name(row, point):
            closes = True
        self.block.append(point)
        if closes:
            self._finish()

    def _closes_by_name(self, row: Row, point: CornerPoint) -> bool:
        """Tell whether a row that bears the first one's name closes the block though it lies elsewhere."""
        if self.group.name is None or len(self.block) < 3 or not _cell(row, self.group.name) or self.table.degrees:
            return False
        first = self.block[0]
        if point.name != first.name:
            return False
        away = hypot(point.x - first.x, point.y - first.y)
        if away > _MISCLOSURE_M:
            return False
        self.table.say(
            row.line,
            "NOT_CLOSED",
            _("The closing row bears the name %(name)s but lies %(away)s m away from that point; the first row counts.")
            % {"name": first.name, "away": _metres(away, 3)},
        )
        return True


def _only_a_number(row: Row) -> bool:
    return len(row.numbers()) == len(row.filled)


def _cell(row: Row, index: int | None) -> str:
    return row.cells[index] if index is not None and index < len(row.cells) else ""


def _metres(value: float, places: int = 2) -> str:
    return number_format(value, places, force_grouping=True)


def close_rings(table: CornerTable) -> None:
    """Drop closing rows and repeated points, and remark on blocks that are no area."""
    kept, titles = [], []
    for block, title in zip(table.blocks, table.titles, strict=True):
        points = _distinct(table, block)
        if len(points) < 3:
            table.say(block[0].line, "TOO_FEW_CORNERS", _("An area needs at least three different corners."), bad=True)
            continue
        kept.append(points)
        titles.append(title)
    table.blocks, table.titles = kept, titles


def _distinct(table: CornerTable, block: list[CornerPoint]) -> list[CornerPoint]:
    told = {remark.line for remark in table.remarks if remark.code == "NOT_CLOSED"}
    points: list[CornerPoint] = []
    for point in block:
        if points and table.same(points[-1], point):
            table.say(point.line, "CORNER_REPEATED", _("The same point as the row above; it was left out."))
            continue
        points.append(point)
    if len(points) > 1 and (points[-1].line in told or table.same(points[0], points[-1])):
        if points[-1].line not in told:
            table.say(
                points[-1].line,
                "CLOSING_ROW",
                _("Closing row: the boundary returns to point %(name)s.") % {"name": points[0].name},
            )
        points.pop()
    seen: dict[tuple[float, float], CornerPoint] = {}
    places = 7 if table.degrees else 2
    for point in points:
        earlier = seen.setdefault((round(point.x, places), round(point.y, places)), point)
        if earlier is not point:
            table.say(
                point.line,
                "CORNER_TWICE",
                _("The same place as point %(name)s in row %(line)s; the boundary touches itself there.")
                % {"name": earlier.name, "line": earlier.line},
            )
    return points
