"""In which order do measured points make a boundary? Every order that the file itself offers, as rings, best first.

It joins no points by nearness: who walked from where to where only names, numbers and the file's own order tell, and a
person confirms which of them. An order whose sides cross is told with the place and cannot be taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext_noop

from layers.errors import InputRefused
from layers.intake.corners.cells import MAX_ROWS
from layers.intake.corners.facts import CornerFacts, facts_of
from layers.intake.corners.features import LABEL, REMARKED, rows_to_read
from layers.intake.corners.shapes import polygons_of
from layers.intake.corners.table import MOST_BLOCKS, CornerPoint, CornerTable, close_rings
from layers.intake.read import Intake
from layers.intake.shapes import said
from layers.numbers import number_format
from layers.said import gettext as _
from layers.said import join

AS_FILED = ""
"""The order of the file itself."""
BY_LETTERS, BY_REPEAT, BY_FEATURE = "*letters", "*repeat", "*feature"
"""Rings as the letters of names say (A1, A2, B1), as names begin anew, or as features of several points hold them."""
MOST_ORDERS, MOST_CROSSING = 8, 2
"""How many orders are offered, and how many shown that cannot be taken: heights and times order points, too."""
_TRIED = 40
_DEGREES = 360.0
_NAMES = ("ten", "name", "diem", "moc", "sohieu", "so", "stt", "point", "id", "no", "tt", "ma")
_BLOCKS = ("lo", "khu", "khoi", "thua", "vung", "block", "part", "ring", "manh")
_LETTERS = re.compile(r"(.*?\D)?(\d+)\D*")
_DIGITS = re.compile(r"(\d+)")
OF_TABLES = (gettext_noop("point name"), gettext_noop("ring"))
"""What the columns of a corner table are called in an answer, whatever the language; pages say it in the reader's."""


@dataclass(frozen=True)
class PointOrder:
    """One order of the points: by *column* (`AS_FILED`: as they stand), in rings by *block* ("" one ring).

    *rings*: how many there are; *crossing*: which sides cross where, empty when none do; *intake*: the rings as areas,
    in the file's own coordinates, as any other file of areas gives them.
    """

    column: str
    block: str
    rings: int
    crossing: str
    facts: CornerFacts
    intake: Intake

    @property
    def key(self) -> str:
        """Return what the order is called in an answer."""
        return f"{self.column}|{self.block}"


@dataclass(frozen=True)
class _Point:
    number: int
    feature: int
    x: float
    y: float
    cells: tuple[str, ...]


def orders_of(intake: Intake) -> tuple[PointOrder, ...]:
    """Return the orders in which the points of a file read with ``kind="point"`` make rings; those that cross last.

    Of a corner table its rows are the points, with the names and areas they have there.
    Orders that come to the same rings are told once. Raises InputRefused POINTS_TOO_FEW for fewer than three places,
    POINTS_CROSS when no order makes a boundary, TOO_MANY_VERTICES above `MAX_ROWS` points.
    """
    fields, points = _of_table(intake.corners) if intake.corners is not None else (intake.fields, list(_points(intake)))
    if len(points) > MAX_ROWS:
        raise InputRefused(
            _("The file has more than %(limit)s points.") % {"limit": number_format(MAX_ROWS, 0)},
            code="TOO_MANY_VERTICES",
            todo=_("Send the boundary as an area, or split it into several files."),
        )
    found: dict[tuple[tuple[int, ...], ...], PointOrder] = {}
    for column, block, rings in list(_proposed(fields, points))[:_TRIED]:
        made = _made(fields, points, rings, column)
        if made is not None:
            table, numbers = made
            found.setdefault(numbers, _order(intake, table, column, block))
    crossing = [one for one in found.values() if one.crossing][:MOST_CROSSING]
    orders = [*[one for one in found.values() if not one.crossing][:MOST_ORDERS], *crossing]
    if not orders:
        raise InputRefused(
            _("The points of the file make no area."),
            code="POINTS_TOO_FEW",
            todo=_("An area needs at least three different corners."),
        )
    if orders[0].crossing:
        raise InputRefused(
            _("In the order of their numbers the points make no boundary: sides cross."),
            code="POINTS_CROSS",
            where=orders[0].crossing,
            todo=_("Number the points as the boundary runs, or send it as an area or a closed line."),
        )
    return tuple(orders)


def _points(intake: Intake) -> Iterator[_Point]:
    for first, shapes, rows in intake.batches():
        for offset, (shape, row) in enumerate(zip(shapes, rows, strict=True)):
            cells = tuple(_said(value) for value in row)
            for x, y in shapely.get_coordinates(shape):
                yield _Point(intake.numbers[first + offset], first + offset, float(x), float(y), cells)


def _of_table(corners: CornerFacts) -> tuple[tuple[str, ...], list[_Point]]:
    """Return the rows of a corner table as points with the columns name and area; lines are their numbers."""
    rows = [(block, row) for block, held in enumerate(corners.blocks, start=1) for row in held.rows]
    points = [_Point(row.line, index, row.y, row.x, (row.name, str(block))) for index, (block, row) in enumerate(rows)]
    return OF_TABLES, points


def _said(value: Any) -> str:
    """Return a cell as text; a whole number without its decimals, as a name is written."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else unicodedata.normalize("NFC", str(value)).strip()


def _proposed(fields: Sequence[str], points: Sequence[_Point]) -> Iterator[tuple[str, str, list[list[int]]]]:
    """Yield (column, block, rings as places in *points*), the likeliest first."""
    everywhere = list(range(len(points)))
    if len({point.feature for point in points}) < len(points):
        yield AS_FILED, BY_FEATURE, _grouped(everywhere, [str(point.feature) for point in points])
        return
    for place, column in sorted(enumerate(fields), key=lambda item: _rank(item[1], _NAMES)):
        names = [point.cells[place] for point in points]
        if not all(names):
            continue
        ordered = sorted(everywhere, key=lambda index: _natural(names[index]))
        letters = [(_LETTERS.fullmatch(name) or [""] * 3)[1] or "" for name in names]
        if 1 < len(set(letters)) <= MOST_BLOCKS and all(letters.count(one) >= 3 for one in set(letters)):
            yield column, BY_LETTERS, _grouped(ordered, letters)
        distinct = len(set(names)) >= len(names) - 1  # the first one may stand again at the end
        if distinct:
            yield column, "", [_ending(ordered, names)]
        for other in sorted(range(len(fields)), key=lambda index: _rank(fields[index], _BLOCKS)):
            blocks = [point.cells[other] for point in points]
            if other != place and _are_blocks(blocks):
                yield column, fields[other], [_ending(ring, names) for ring in _grouped(ordered, blocks)]
        if not distinct:
            yield column, BY_REPEAT, _begun_anew(points, names)
    yield AS_FILED, "", [everywhere]


def _rank(column: str, usual: Sequence[str]) -> int:
    """Return how usual a heading is; accents, case and signs do not count."""
    letters = unicodedata.normalize("NFD", column.casefold().replace("đ", "d"))
    plain = re.sub(r"[^a-z0-9]+", "", letters)
    return next((rank for rank, word in enumerate(usual) if plain.startswith(word)), len(usual))


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Return a name as it is sorted: M2 before M10."""
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece.casefold()) for piece in _DIGITS.split(name)]


def _are_blocks(values: Sequence[str]) -> bool:
    groups = set(values)
    return 1 < len(groups) <= MOST_BLOCKS and all(groups) and all(values.count(one) >= 3 for one in groups)


def _grouped(ordered: Sequence[int], groups: Sequence[str]) -> list[list[int]]:
    found: dict[str, list[int]] = {}
    for index in ordered:
        found.setdefault(groups[index], []).append(index)
    return list(found.values())


def _ending(ordered: Sequence[int], names: Sequence[str]) -> list[int]:
    """Put a point that bears the first one's name again where it belongs: at the end."""
    ring = list(ordered)
    if len(ring) > 3 and names[ring[0]] == names[ring[1]]:
        ring.append(ring.pop(1))
    return ring


def _begun_anew(points: Sequence[_Point], names: Sequence[str]) -> list[list[int]]:
    """Begin another ring where a name comes again, unless it closes the present one."""
    rings: list[list[int]] = [[]]
    seen: set[str] = set()
    for index, name in enumerate(names):
        ring = rings[-1]
        closes = bool(ring) and (points[index].x, points[index].y) == (points[ring[0]].x, points[ring[0]].y)
        if name in seen and not closes:
            rings.append([])
            seen = set()
        rings[-1].append(index)
        seen.add(name)
    return rings


def _made(
    fields: Sequence[str], points: Sequence[_Point], rings: Sequence[Sequence[int]], column: str
) -> tuple[CornerTable, tuple[tuple[int, ...], ...]] | None:
    """Return the rings as a corner table, with the points of each; None when one of them is no ring."""
    largest = max(max(abs(point.x), abs(point.y)) for point in points)
    table = CornerTable(degrees=largest <= _DEGREES)
    naming = [column] if column else sorted(fields, key=lambda name: _rank(name, _NAMES))
    places = [fields.index(name) for name in naming]
    for ring in rings:
        table.blocks.append(
            [CornerPoint(point.number, _name(point, places), point.y, point.x) for point in (points[at] for at in ring)]
        )
        table.titles.append("")
    close_rings(table)
    if not table.blocks or table.errors:
        return None
    return table, tuple(tuple(corner.line for corner in block) for block in table.blocks)


def _name(point: _Point, places: Sequence[int]) -> str:
    """Return what a point is called: the first of its cells that says something, else its number."""
    return next((point.cells[place][:40] for place in places if point.cells[place]), str(point.number))


def _order(intake: Intake, table: CornerTable, column: str, block: str) -> PointOrder:
    facts = facts_of(table)
    areas = polygons_of(table)
    shapes = np.array([polygon for _block, polygon in areas], dtype=object)
    worth = rows_to_read(facts)  # of this order: what crossed in another one is no remark on it
    kept = tuple(notice for notice in intake.notices if notice.code != REMARKED)
    read = replace(
        intake,
        kind="polygon",
        shapes=shapes,
        fields=(LABEL,),
        rows=tuple((table.titles[number],) for number, _polygon in areas),
        numbers=tuple(range(1, len(areas) + 1)),
        counts={"polygon": len(areas)},
        corners=facts,
        texts=None,
        notices=(*kept, said(REMARKED, {"rows": worth})) if worth else kept,
    )
    return PointOrder(column, block, len(table.blocks), _crossing(facts, shapes), facts, read)


def _crossing(facts: CornerFacts, shapes: Any) -> str:
    """Say which sides cross, and where the first of them do, in the file's own coordinates."""
    said = [remark.text for remark in facts.remarks if remark.code == "SIDES_CROSS"][:3]
    for shape in shapes:
        reason = re.fullmatch(r"Self-intersection\[(\S+) (\S+)\]", str(shapely.is_valid_reason(shape)))
        if reason is not None:
            east, north = float(reason[1]), float(reason[2])
            place = (
                _("at %(north)s N, %(east)s E") % {"north": number_format(north, 6), "east": number_format(east, 6)}
                if facts.degrees
                else _("at X %(north)s, Y %(east)s")
                % {
                    "north": number_format(north, 2, force_grouping=True),
                    "east": number_format(east, 2, force_grouping=True),
                }
            )
            return join(" ", [*said, join("", ["(", place, ")"])])
    return join(" ", said)
