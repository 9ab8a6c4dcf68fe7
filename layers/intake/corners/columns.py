"""Which columns of a table are X (northing), Y (easting), point name and side? Found by magnitude, not by heading.

It does not read the rows: a table may hold several groups of columns side by side, which are one list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from layers.errors import InputRefused
from layers.intake.corners.cells import Row
from layers.intake.corners.numerals import Numeral
from layers.intake.corners.stated import folded
from layers.numbers import number_format
from layers.said import gettext as _
from layers.said import join

Band = tuple[float, float]
# Northing and easting of Vietnam in any VN-2000 zone: 8°–24° N, false easting 500 km; the two bands do not meet.
NORTHING: Band = (880_000.0, 2_700_000.0)
EASTING: Band = (100_000.0, 880_000.0)
# Hanoi 1972 Gauss-Krüger eastings carry the zone number before them: 18 829 856.
GAUSS: Band = (18_100_000.0, 19_900_000.0)
LATITUDE: Band = (8.0, 24.0)
LONGITUDE: Band = (102.0, 118.0)
_NORTH_WORDS = frozenset({"x", "x (m)", "x(m)", "toa do x", "n", "bac", "northing", "b"})
_EAST_WORDS = frozenset({"y", "y (m)", "y(m)", "toa do y", "e", "dong", "easting", "d"})


@dataclass(frozen=True)
class Group:
    """The columns of one list of corners; *x* holds northings, *y* eastings."""

    x: int
    y: int
    name: int | None
    side: int | None


@dataclass(frozen=True)
class Columns:
    """The groups, the bands their numbers lie in, and whether they were found in another order than X, Y.

    *against_heading*: the column headed X holds eastings and the one headed Y northings.
    """

    groups: tuple[Group, ...]
    north: Band
    east: Band
    swapped: bool
    against_heading: bool

    @property
    def degrees(self) -> bool:
        """Tell whether the table is in degrees."""
        return self.north is LATITUDE


def within(value: float, band: Band) -> bool:
    """Tell whether a value lies in a band."""
    return band[0] <= value <= band[1]


def read_in(number: Numeral, band: Band) -> float:
    """Choose the reading of an ambiguous numeral that lies in the band, else the decimal one."""
    if number.grouped is not None and within(number.grouped, band) and not within(number.value, band):
        return number.grouped
    return number.value


def find_columns(rows: Sequence[Row]) -> Columns:
    """Find the columns; raise InputRefused TABLE_COLUMNS when no pair, or no single list, can be made out."""
    values: dict[int, list[Numeral]] = {}
    for row in rows:
        for index, number in row.numbers().items():
            values.setdefault(index, []).append(number)
    filled = {
        index: column
        for index, column in values.items()
        if (len(column) * 2 >= len(rows) or len(column) >= 3) and not _counts_rows(column)
    }
    for north, east in ((NORTHING, EASTING), (NORTHING, GAUSS), (LATITUDE, LONGITUDE)):
        x = [index for index, column in filled.items() if _lies_in(column, north)]
        y = [index for index, column in filled.items() if index not in x and _lies_in(column, east)]
        if x and len(x) <= len(y):
            groups = _groups(sorted(x), sorted(y), _used(rows), filled)
            if groups is None:
                raise InputRefused(
                    _("Several pairs of columns could be X and Y."),
                    code="TABLE_COLUMNS",
                    todo=_("Keep one X and one Y column, or give each list its own column of point names."),
                )
            first = groups[0]
            swapped = first.y < first.x
            return Columns(tuple(groups), north, east, swapped, _against_heading(rows, first))
    seen = [median(number.value for number in column) for column in filled.values()]
    raise InputRefused(
        _("No pair of columns looks like X (northing) and Y (easting)."),
        code="TABLE_COLUMNS",
        where=_("Numbers seen: %(numbers)s") % {"numbers": join("; ", [number_format(m, 0) for m in seen[:4]]) or "–"},
        todo=_("X has seven digits before the comma (for example 1400856,19), Y has six (449656,41)."),
    )


def _counts_rows(column: Sequence[Numeral]) -> bool:
    return [number.value for number in column] == [float(number) for number in range(1, len(column) + 1)]


def _lies_in(column: Sequence[Numeral], band: Band) -> bool:
    return within(median(read_in(number, band) for number in column), band)


def _used(rows: Sequence[Row]) -> list[bool]:
    """Tell for every column whether at least half of the rows with numbers have something in it."""
    width = max(len(row.cells) for row in rows)
    numbered = [row for row in rows if len(row.numbers()) > 1]
    return [
        sum(len(row.cells) > index and bool(row.cells[index]) for row in numbered) * 2 >= max(len(numbered), 1)
        for index in range(width)
    ]


def _groups(x: list[int], y: list[int], used: list[bool], filled: dict[int, list[Numeral]]) -> list[Group] | None:
    """Pair X and Y columns; several pairs must stand one after the other, each with a column of names before it."""
    if len(x) == 1:  # what else lies in the easting band is a side or something not asked for
        return [_group((x[0], y[0]), (0, len(used)), used, filled)]
    if len(x) != len(y):
        return None
    groups, start = [], 0
    for north, east in zip(x, y, strict=True):
        later = [index for index in (*x, *y) if index > max(north, east)]
        # the column just before the next pair holds its names
        groups.append(_group((north, east), (start, min(later, default=len(used) + 1) - 1), used, filled))
        if groups[-1].name is None:
            return None
        start = max(north, east) + 1
    return groups


def _group(xy: tuple[int, int], span: tuple[int, int], used: list[bool], filled: dict[int, list[Numeral]]) -> Group:
    (x, y), (start, end) = xy, span
    # of several columns before the coordinates the nearest is the name: a running number may stand before it
    name = next((index for index in reversed(range(start, min(x, y))) if used[index]), None)
    side = next((index for index in range(max(x, y) + 1, end) if index in filled), None)
    return Group(x, y, name, side)


def _against_heading(rows: Sequence[Row], group: Group) -> bool:
    for row in rows:
        if row.numbers() or len(row.cells) <= max(group.x, group.y):
            continue
        over_x, over_y = folded(row.cells[group.x]), folded(row.cells[group.y])
        if over_x in _EAST_WORDS and over_y in _NORTH_WORDS:
            return True
    return False
