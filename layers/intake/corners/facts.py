"""Do the sides, areas and rings of a corner table agree with its coordinates? Every row with stated and computed side.

It judges no geometry beyond the table's own plane: vetting does, after a coordinate system was confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

import numpy as np

from layers.intake.corners.numerals import read_numeral
from layers.intake.corners.shapes import Ring, rings_of
from layers.intake.corners.stated import StatedArea
from layers.intake.corners.table import CornerPoint, CornerTable, RowRemark
from layers.numbers import number_format
from layers.said import gettext as _

SIDE_TOLERANCE_M = 0.02  # corner tables print sides to 0.01 m
_MOST_CROSSINGS = 20
_MOST_SIDES = 800


@dataclass(frozen=True)
class CornerRow:
    """One corner as read, with the side to the next corner as printed and as computed (metres; None in degrees)."""

    line: int
    name: str
    x: float
    y: float
    side_stated: float | None
    side_m: float | None


@dataclass(frozen=True)
class CornerBlock:
    """One ring: its title, whether it is left out of another, its area in the table's own plane, its rows."""

    title: str
    is_hole: bool
    area_m2: float | None
    rows: tuple[CornerRow, ...]


@dataclass(frozen=True)
class CornerFacts:
    """What a corner table says and how far that agrees; *area_m2* is the whole (None in degrees).

    *areas* are those the text states; *system* are the words that name the coordinate system, empty when none do.
    """

    blocks: tuple[CornerBlock, ...]
    remarks: tuple[RowRemark, ...]
    areas: tuple[StatedArea, ...]
    area_m2: float | None
    swapped: bool
    degrees: bool
    system: str


def facts_of(table: CornerTable) -> CornerFacts:
    """Compare what the table states with what it computes to; remarks come by line."""
    rings = rings_of(table)
    remarks = list(table.remarks)
    shift = _side_convention(table)
    blocks = [_block(table, ring, shift, remarks) for ring in rings]
    total = None if table.degrees else sum(ring.area * (-1 if ring.is_hole else 1) for ring in rings)
    if total is not None:
        for area in table.areas:
            remarks.append(_compared(area, table, rings, total))
    for ring in rings:
        remarks += _crossings(table.blocks[ring.number])
        if ring.is_hole and ring.inside is not None:
            words = {"inner": _named(table, ring.number), "outer": _named(table, ring.inside)}
            text = _("%(inner)s lies inside %(outer)s and is left out of it.") % words
            remarks.append(RowRemark(table.blocks[ring.number][0].line, text, False, "BLOCK_INSIDE"))
    remarks.sort(key=lambda remark: remark.line)
    return CornerFacts(
        tuple(blocks), tuple(remarks), tuple(table.areas), total, table.swapped, table.degrees, table.system
    )


def _named(table: CornerTable, number: int) -> str:
    return table.titles[number] or _("Area %(letter)s") % {"letter": chr(ord("A") + number % 26)}


def _block(table: CornerTable, ring: Ring, shift: int | None, remarks: list[RowRemark]) -> CornerBlock:
    points = table.blocks[ring.number]
    rows = []
    for index, point in enumerate(points):
        following = points[(index + 1) % len(points)]
        length = None if table.degrees else hypot(point.x - following.x, point.y - following.y)
        bearer = points[(index + shift) % len(points)] if shift is not None else None
        stated = _stated_side(bearer.side, length) if bearer is not None and length is not None else None
        if bearer is not None and stated is not None and length is not None and abs(stated - length) > SIDE_TOLERANCE_M:
            text = _("The side is printed as %(printed)s m but the coordinates give %(computed)s m.") % {
                "printed": _metres(stated),
                "computed": _metres(length),
            }
            remarks.append(RowRemark(bearer.line, text, False, "SIDE_DIFFERS"))
        rows.append(CornerRow(point.line, point.name, point.x, point.y, stated, length))
    return CornerBlock(table.titles[ring.number], ring.is_hole, None if table.degrees else ring.area, tuple(rows))


def _side_convention(table: CornerTable) -> int | None:
    """Return which row bears the side from a corner to the next: its own (0), the next one (1); None for no sides.

    Surveyors print it on the row it starts from, some tables on the row it leads to. A column without heading in which
    no number is a side is something else (heights, as a rule) and is not compared.
    """
    if table.degrees or not any(point.side for block in table.blocks for point in block):
        return None
    agreeing = []
    for shift in (0, 1):
        found = 0
        for block in table.blocks:
            for index, point in enumerate(block):
                following = block[(index + 1) % len(block)]
                length = hypot(point.x - following.x, point.y - following.y)
                stated = _stated_side(block[(index + shift) % len(block)].side, length)
                found += stated is not None and abs(stated - length) <= SIDE_TOLERANCE_M
        agreeing.append(found)
    if not any(agreeing) and not table.named_sides:
        return None
    return 1 if agreeing[1] > agreeing[0] else 0


def _stated_side(text: str, length: float) -> float | None:
    """Read a printed side; of ``1.400`` the reading that is nearer to the computed length."""
    number = read_numeral(text)
    if number is None:
        return None
    if number.grouped is not None and abs(number.grouped - length) < abs(number.value - length):
        return number.grouped
    return number.value


def _compared(area: StatedArea, table: CornerTable, rings: Sequence[Ring], total: float) -> RowRemark:
    """Compare a stated area with that of its block, which begins before or just after its line, and with the whole."""
    own = total
    if not area.total and len(rings) > 1:
        before = [ring for ring in rings if table.blocks[ring.number][0].line < area.line]
        nearest = before[-1] if before else rings[0]
        own = nearest.area
    computed = own if area.agrees(own) or not area.agrees(total) else total
    if area.agrees(computed):
        text = _("The stated area agrees with the corners: %(computed)s m².") % {"computed": _metres(computed, 1)}
        return RowRemark(area.line, text, False, "AREA_AGREES")
    text = _("The area is stated as %(stated)s m² but the corners give %(computed)s m².") % {
        "stated": _metres(area.area_m2, 1),
        "computed": _metres(computed, 1),
    }
    return RowRemark(area.line, text, False, "AREA_DIFFERS")


def _crossings(points: Sequence[CornerPoint]) -> list[RowRemark]:
    """Name the sides of one ring that cross each other, by the corners they begin and end at."""
    if len(points) > _MOST_SIDES:  # every side is compared with every other; vetting will say that it crosses
        return []
    xy = np.array([(point.y, point.x) for point in points])
    start, end = xy, np.roll(xy, -1, axis=0)
    ends_on = _side_of(start, end, start) * _side_of(start, end, end) < 0  # the other's ends lie on either side
    crossing = np.argwhere(np.triu(ends_on & ends_on.T, 2))
    remarks = []
    for one, other in crossing[:_MOST_CROSSINGS].tolist():
        names = [points[index % len(points)].name for index in (one, one + 1, other, other + 1)]
        text = _("The side %(a)s–%(b)s crosses the side %(c)s–%(d)s.") % dict(zip("abcd", names, strict=True))
        remarks.append(RowRemark(points[one].line, text, False, "SIDES_CROSS"))
    return remarks


def _side_of(start: Any, end: Any, points: Any) -> Any:
    """Return for each line (rows) on which side of it each point (columns) lies: the sign of twice an area."""
    along = (end - start)[:, None, :]
    to = points[None, :, :] - start[:, None, :]
    return np.sign(along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0])


def _metres(value: float, places: int = 2) -> str:
    return number_format(value, places, force_grouping=True)
