"""What lies in this DGN v7? Levels as layers, lines, shapes, arcs and chains of them as lines, texts as labels.

Cells need no unfolding: their members stand in the file at their final place. Levels switched off in a view are not
known to the file in a way that holds, so every level counts as shown.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from layers.geomchild.refusal import Refusal
from layers.intake.cad.dgn_file import (
    ARC,
    COMPLEX_CHAIN,
    COMPLEX_SHAPE,
    ELLIPSE,
    LINE,
    LINE_STRING,
    SHAPE,
    TEXT,
    Element,
    conic_of,
    elements,
    members_of,
    points_of,
    units_of,
    words_of,
)  # fmt: skip
from layers.intake.cad.drawing import Layers, RawLabel, RawLayer, take
from layers.intake.cad.strokes import Budget, Pen, Points, Stroke, chained
from layers.intake.cad.texts import Written

_KINDS = {
    LINE: "open", LINE_STRING: "open", SHAPE: "closed", COMPLEX_CHAIN: "open", COMPLEX_SHAPE: "closed",
    ELLIPSE: "closed", ARC: "open", TEXT: "text",
}  # fmt: skip
_LEFT_OUT = {11: "CURVE", 27: "B-SPLINE", 33: "DIMENSION", 18: "SURFACE", 19: "SOLID", 24: "B-SPLINE SURFACE"}
_METRE = frozenset({"m", "mt", "me", "mu"})


def read(path: Path, params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Read a drawing; raises the refusals of `drawing.take` and DGN_CORRUPT."""
    return take(Dgn(path.read_bytes()), params)


class Dgn:
    """One DGN v7, its elements sorted."""

    codec = "latin-1"
    codepage = ""

    def __init__(self, data: bytes) -> None:
        found = list(elements(data))
        if not found:
            raise Refusal("DGN_CORRUPT", params={"path": "TCB"})
        self._units = units_of(found[0])
        self.unit_named = "m" if self._units.name in _METRE else self._units.name
        self.unit_asked = True
        self.notices: list[dict[str, Any]] = []
        self.dropped: Counter[str] = Counter()
        self.layers: Layers = {}
        self._drawn: list[tuple[Element, tuple[Element, ...]]] = []
        self._texts: list[Element] = []
        self._sort(found[1:])

    def anchors(self, chosen: frozenset[str]) -> Points:
        """Return the first points of straight lines and the centres of arcs on the chosen levels."""
        return np.array(
            [self._anchor(members[0] if members else head) for head, members in self._on(chosen)], dtype=float
        ).reshape(-1, 2)

    def strokes(self, chosen: frozenset[str], tolerance: float, budget: Budget) -> Iterator[Stroke]:
        """Yield the lines of the chosen levels."""
        pen = Pen(tolerance, budget)
        for number, (head, members) in enumerate(self._drawn, start=1):
            layer = str(head.level)
            if layer not in chosen:
                continue
            parts = members or (head,)
            curved = any(part.type in {ARC, ELLIPSE} for part in parts)
            closed = _KINDS[head.type] == "closed"
            lines = chained([self._line(part, pen) for part in parts], tolerance)
            for points in lines:
                yield Stroke(points, closed and len(lines) == 1, layer, number, curved)

    def points(self, chosen: frozenset[str]) -> Points:
        """Return the points of the chosen levels: lines whose ends are one."""
        return np.array(
            [self._anchor(head) for head, _members in self._on(chosen) if self._is_point(head)], dtype=float
        ).reshape(-1, 2)

    def labels(self) -> Sequence[RawLabel]:
        """Return the texts of all levels."""
        found: list[RawLabel] = []
        for element in self._texts:
            words = words_of(element, flat=self._units.flat)
            at = self._units.master(np.array(words.at))
            text = " ".join(words.raw.decode("latin-1").split())
            if text:
                height = words.height / self._units.per_master
                found.append(RawLabel(Written(text), (float(at[0]), float(at[1])), height, str(element.level)))
        return found

    def _sort(self, found: Sequence[Element]) -> None:
        """Count elements by level and kind; gather the members of chains with their heads."""
        index = 0
        while index < len(found):
            element = found[index]
            index += 1
            members: list[Element] = []
            if element.type in {COMPLEX_CHAIN, COMPLEX_SHAPE}:
                left = members_of(element)
                while left and index < len(found) and found[index].part:
                    if found[index].type in {LINE, LINE_STRING, ARC, ELLIPSE}:
                        members.append(found[index])
                    else:
                        self._leave_out(found[index])
                    index += 1
                    left -= 1
                if not members:
                    continue
            self._keep(element, tuple(members))

    def _keep(self, element: Element, members: tuple[Element, ...]) -> None:
        if element.type not in _KINDS or element.pattern:
            self._leave_out(element)
            return
        kind = "point" if self._is_point(element) else _KINDS[element.type]
        self.layers.setdefault(str(element.level), RawLayer()).counts[kind] += 1
        if element.type == TEXT:
            self._texts.append(element)
        else:
            self._drawn.append((element, members))

    def _leave_out(self, element: Element) -> None:
        if element.pattern and element.type in _KINDS:
            self.dropped["PATTERN"] += 1
        elif element.type in _LEFT_OUT:
            self.dropped[_LEFT_OUT[element.type]] += 1

    def _on(self, chosen: frozenset[str]) -> Iterator[tuple[Element, tuple[Element, ...]]]:
        return (pair for pair in self._drawn if str(pair[0].level) in chosen)

    def _is_point(self, element: Element) -> bool:
        if element.type != LINE:
            return False
        points = points_of(element, flat=self._units.flat)
        return bool((points[0] == points[1]).all())

    def _anchor(self, element: Element) -> Points:
        flat = self._units.flat
        if element.type in {ARC, ELLIPSE}:
            return self._units.master(np.array(conic_of(element, flat=flat).centre))
        points = points_of(element, flat=flat)
        return self._units.master(points[0]) if len(points) else np.full(2, math.nan)

    def _line(self, element: Element, pen: Pen) -> Points:
        flat, per_master = self._units.flat, self._units.per_master
        if element.type not in {ARC, ELLIPSE}:
            points = points_of(element, flat=flat)
            pen.budget.take(len(points))
            return self._units.master(points)
        conic = conic_of(element, flat=flat)
        wide = Pen(pen.tolerance * per_master, pen.budget)  # numbers are in units of resolution here
        return self._units.master(wide.ellipse(conic.centre, conic.axes, conic.span))
