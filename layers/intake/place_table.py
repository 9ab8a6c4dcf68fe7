"""Which row of a table is which place? A CSV or XLSX with one record per row and its coordinates, as points.

It is no corner table: rows are not joined to areas, and what the other columns mean is the purpose's question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import shapely

from layers.errors import InputRefused
from layers.intake.corners.cells import Row
from layers.intake.corners.columns import EASTING, GAUSS, LATITUDE, LONGITUDE, NORTHING, Band, read_in, within
from layers.intake.corners.numerals import Numeral
from layers.intake.corners.stated import folded, stated_datum, stated_system
from layers.intake.refusals import refusal
from layers.said import gettext as _

MOST_ROWS = 10_000
SAMPLES = 3
SAMPLE_LENGTH = 60
_ROWS_NAMED = 5
_HEADING_CELLS = 3
_PAIRS: tuple[tuple[Band, Band], ...] = ((NORTHING, EASTING), (NORTHING, GAUSS), (LATITUDE, LONGITUDE))
_X = re.compile(r"\b(?:x|n|lat|latitude|vi do|vido|northing|toa do bac)\b|^bac$")
_Y = re.compile(r"\b(?:y|e|lon|lng|long|longitude|kinh do|kinhdo|easting|toa do dong)\b|^dong$")


@dataclass(frozen=True)
class _Table:
    """The rows below the headings; *above* are the lines before them, which may name the coordinate system."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    numbers: tuple[Mapping[int, Numeral], ...]
    above: tuple[Row, ...]

    def column(self, index: int) -> list[Numeral]:
        return [found[index] for found in self.numbers if index in found]


@dataclass(frozen=True)
class _Places:
    """The columns of northing (or latitude) and easting (or longitude), and the bands their numbers lie in."""

    north: int
    east: int
    bands: tuple[Band, Band]

    @property
    def degrees(self) -> bool:
        return self.bands[0] is LATITUDE


def places_of(
    facts: Mapping[str, Any], chosen: tuple[str, str] = ("", ""), *, most: int = MOST_ROWS
) -> tuple[dict[str, Any], list[bytes]]:
    """Turn the cells the reader child found into rows with a point each, as every other format gives them.

    *chosen* are the headings of the columns of northing (or latitude) and easting (or longitude), empty to find them by
    heading and size; turned ones are turned back. A row with neither gets no place and is left out with a remark by
    whoever reads on. ``numbers`` of the facts are the rows of the file; more than *most* are refused.
    Raises InputRefused TABLE_EMPTY, TABLE_HEADINGS, NO_FEATURES, TOO_MANY_FEATURES, TABLE_PLACES (``detail["fields"]``:
    the headings with samples) and TABLE_ROWS with the rows named.
    """
    table = _table(facts["cells"], min(most, MOST_ROWS))
    places = _chosen(table, chosen) if all(chosen) else _found(table)
    if places is None:
        raise InputRefused(
            _("Which columns hold the coordinates cannot be told."),
            code="TABLE_PLACES",
            where=", ".join(heading for heading in chosen if heading),
            todo=_("Say which column holds X (northing) or the latitude, and which Y (easting) or the longitude."),
            detail={"fields": _fields(table)},
        )
    blobs = _points(table, places)
    width = len(table.headings)
    rest = {key: value for key, value in facts.items() if key != "cells"}
    return {
        **rest,
        "declared": _declared(table, degrees=places.degrees),
        "fields": list(table.headings),
        "rows": [list(_padded(row.cells, width)) for row in table.rows],
        "numbers": [row.line for row in table.rows],
    }, blobs


def _table(cells: Sequence[tuple[int, Sequence[str]]], most: int) -> _Table:
    rows = [Row(int(line), tuple(" ".join(cell.split()) for cell in told)) for line, told in cells]
    rows = [row for row in rows if row.filled]
    if not rows:
        raise InputRefused(_("There is nothing in the table."), code="TABLE_EMPTY", todo=_("Send a table with rows."))
    first = next((index for index, row in enumerate(rows) if _is_heading(row)), None)
    if first is None:
        raise InputRefused(
            _("The table has no row of headings."),
            code="TABLE_HEADINGS",
            todo=_("Write a heading above each column, and one record in each row below."),
        )
    width = max(len(row.cells) for row in rows[first:])
    heading = list(_padded(rows[first].cells, width))
    begin = first + 1
    if begin < len(rows) and _goes_on(heading, rows[begin]):
        heading = [f"{one} {two}".strip() for one, two in zip(heading, _padded(rows[begin].cells, width), strict=True)]
        begin += 1
    if len(rows) - begin > most:
        raise refusal("TOO_MANY_FEATURES", limit=most)
    if begin == len(rows):
        raise refusal("NO_FEATURES")
    below = tuple(rows[begin:])
    return _Table(_names(heading), below, tuple(row.numbers() for row in below), tuple(rows[:first]))


def _is_heading(row: Row) -> bool:
    return len(row.filled) >= _HEADING_CELLS and not row.numbers()


def _goes_on(heading: Sequence[str], row: Row) -> bool:
    """Tell whether a row is the second line of merged headings: no number, and words below empty cells."""
    beside = [index for index, cell in enumerate(row.cells) if cell and not heading[index]]
    return bool(beside) and not row.numbers() and len(row.filled) <= len(heading) // 2 + 1


def _padded(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells, *[""] * (width - len(cells)))[:width]


def _letter(number: int) -> str:
    """Return what a spreadsheet calls a column: a name for those without heading, the same in every language."""
    before, last = divmod(number - 1, 26)
    return (_letter(before) if before else "") + chr(ord("A") + last)


def _names(heading: Sequence[str]) -> tuple[str, ...]:
    """Return headings as names of columns: none empty, none twice, at most 60 characters."""
    names: list[str] = []
    for number, text in enumerate(heading, start=1):
        bare = text[:60] or f"({_letter(number)})"
        again = 1
        name = bare
        while name in names:
            again += 1
            name = f"{bare[:56]} {again}"
        names.append(name)
    return tuple(names)


def _found(table: _Table) -> _Places | None:
    """Find the columns: two headed as coordinates whose numbers are some, else the only two that can be coordinates."""
    heads = [folded(re.sub(r"[_()\[\].,:/-]+", " ", heading)).removesuffix(" m") for heading in table.headings]
    x = [index for index, head in enumerate(heads) if _X.search(head)]
    y = [index for index, head in enumerate(heads) if _Y.search(head)]
    named = [found for one in x for other in y if one != other and (found := _pair(table, one, other)) is not None]
    if named:
        return min(named, key=lambda found: _PAIRS.index(found.bands)) if _one_of_each(named) else None
    every = range(len(table.headings))
    any_two = [found for one in every for other in every if one < other and (found := _pair(table, one, other))]
    return any_two[0] if len(any_two) == 1 and not any_two[0].degrees else None


def _one_of_each(named: Sequence[_Places]) -> bool:
    """Tell whether each system is named once: X, Y beside latitude, longitude is clear, two columns X are not."""
    bands = [found.bands for found in named]
    return len({(found.north, found.east) for found in named}) == len(set(bands))


def _chosen(table: _Table, chosen: tuple[str, str]) -> _Places | None:
    if not set(chosen) <= set(table.headings) or chosen[0] == chosen[1]:
        return None
    return _pair(table, *(table.headings.index(name) for name in chosen))


def _pair(table: _Table, one: int, other: int) -> _Places | None:
    """Return two columns as northing and easting, whichever is which by size; None when their numbers are no places."""
    first, second = table.column(one), table.column(other)
    if len(first) * 2 < len(table.rows) or len(second) * 2 < len(table.rows):
        return None
    for bands in _PAIRS:
        if _lies_in(first, bands[0]) and _lies_in(second, bands[1]):
            return _Places(one, other, bands)
        if _lies_in(second, bands[0]) and _lies_in(first, bands[1]):
            return _Places(other, one, bands)
    return None


def _lies_in(column: Sequence[Numeral], band: Band) -> bool:
    return within(median(read_in(number, band) for number in column), band)


def _points(table: _Table, places: _Places) -> list[bytes]:
    blobs: list[bytes] = []
    bad: list[int] = []
    for row, numbers in zip(table.rows, table.numbers, strict=True):
        cells = _padded(row.cells, len(table.headings))
        if not cells[places.north] and not cells[places.east]:
            blobs.append(b"")
            continue
        at = [
            read_in(numbers[column], band)
            for column, band in zip((places.north, places.east), places.bands, strict=True)
            if column in numbers
        ]
        if len(at) == 2 and all(within(value, band) for value, band in zip(at, places.bands, strict=True)):
            blobs.append(bytes(shapely.to_wkb(shapely.points(at[1], at[0]), byte_order=1)))
        else:
            bad.append(row.line)
    if bad:
        shown = ", ".join(str(line) for line in bad[:_ROWS_NAMED]) + (", …" if len(bad) > _ROWS_NAMED else "")
        raise InputRefused(
            _("The table has rows whose coordinates cannot be read."),
            code="TABLE_ROWS",
            where=_("rows %(rows)s") % {"rows": shown},
            todo=_("Correct these coordinates, or empty both cells where the place is not known, and send it again."),
            detail={"lines": bad},
        )
    return blobs


def _declared(table: _Table, *, degrees: bool) -> dict[str, Any]:
    """Return what the lines above the headings, and the headings, say of the coordinate system."""
    said = [*table.above, Row(0, table.headings)]
    if degrees:
        srid = {"wgs84": 4326, "vn2000": 4756}.get(stated_datum(said))
        return {"epsg": srid, "name": "", "how": "stated" if srid else "missing"}
    srid, name = stated_system(said) or (None, "")
    return {"epsg": srid, "name": name, "how": "stated" if srid else "missing"}


def _fields(table: _Table) -> list[dict[str, Any]]:
    found = []
    for index, name in enumerate(table.headings):
        values = [row.cells[index][:SAMPLE_LENGTH] for row in table.rows if index < len(row.cells) and row.cells[index]]
        found.append({"name": name, "samples": list(dict.fromkeys(values))[:SAMPLES]})
    return found
