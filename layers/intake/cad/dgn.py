"""What lies in this DGN v7? Levels as layers, lines, shapes, curves and chains of them as lines, texts as labels.

Cells need no unfolding: their members stand in the file at their final place; those of shared cells do not and are left
out. Levels switched off in a view are not known to the file in a way that holds, so every level counts as shown.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from layers.geomchild.refusal import Refusal
from layers.intake.cad.dgn_curves import Unclear, curve_points, spline_points
from layers.intake.cad.dgn_file import (
    ARC,
    COMPLEX_CHAIN,
    COMPLEX_SHAPE,
    CURVE,
    ELLIPSE,
    KNOTS,
    LINE,
    LINE_STRING,
    POLES,
    SHAPE,
    SHARED_CELL,
    SPLINE,
    TEXT,
    WEIGHTS,
    Element,
    conic_of,
    elements,
    members_of,
    points_of,
    spline_of,
    units_of,
    words_of,
)  # fmt: skip
from layers.intake.cad.drawing import Layers, RawLabel, RawLayer, take
from layers.intake.cad.strokes import Budget, Pen, Points, Stroke, chained
from layers.intake.cad.texts import Written

_KINDS = {
    LINE: "open", LINE_STRING: "open", SHAPE: "closed", COMPLEX_CHAIN: "open", COMPLEX_SHAPE: "closed",
    ELLIPSE: "closed", ARC: "open", CURVE: "open", SPLINE: "open", TEXT: "text",
}  # fmt: skip
_LEFT_OUT = {
    18: "SURFACE", 19: "SOLID", 22: "POINT STRING", 23: "CONE", 24: "B-SPLINE SURFACE", 33: "DIMENSION",
    35: "SHARED CELL", 87: "RASTER",
}  # fmt: skip
_BENT = frozenset({ARC, ELLIPSE, CURVE, SPLINE})
_LINKS = frozenset({LINE, LINE_STRING, *_BENT})
_OF_A_SPLINE = frozenset({KNOTS, POLES, WEIGHTS})
_METRE = frozenset({"m", "mt", "me", "mu"})


def read(path: Path, params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Read a drawing; raises the refusals of `drawing.take` and DGN_CORRUPT."""
    return take(Dgn(path.read_bytes()), params)


@dataclass(frozen=True)
class Piece:
    """One line of the drawing; *own*: what a B-spline keeps in elements of their own."""

    head: Element
    own: tuple[Element, ...] = ()


@dataclass(frozen=True)
class Drawn:
    """One thing drawn: its head, and the pieces it is put together of (one, unless it is complex)."""

    head: Element
    pieces: tuple[Piece, ...]


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
        self._drawn: list[Drawn] = []
        self._texts: list[Element] = []
        self._sort(found[1:])

    def anchors(self, chosen: frozenset[str]) -> Points:
        """Return the first points of straight lines and the centres of arcs on the chosen levels."""
        return np.array(
            [self._anchor(drawn.pieces[0]) for drawn in self._drawn if str(drawn.head.level) in chosen], dtype=float
        ).reshape(-1, 2)

    def strokes(self, chosen: frozenset[str], tolerance: float, budget: Budget) -> Iterator[Stroke]:
        """Yield the lines of the chosen levels."""
        pen = Pen(tolerance, budget)
        for number, drawn in enumerate(self._drawn, start=1):
            layer = str(drawn.head.level)
            if layer not in chosen:
                continue
            curved = any(piece.head.type in _BENT for piece in drawn.pieces)
            closed = self._kind(drawn.head) == "closed"
            lines = chained([self._line(piece, pen) for piece in drawn.pieces], tolerance)
            for points in lines:
                yield Stroke(points, closed and len(lines) == 1, layer, number, curved)

    def points(self, chosen: frozenset[str]) -> Points:
        """Return the points of the chosen levels: lines whose ends are one."""
        return np.array(
            [
                self._anchor(drawn.pieces[0])
                for drawn in self._drawn
                if str(drawn.head.level) in chosen and self._is_point(drawn.head)
            ],
            dtype=float,
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
        """Count elements by level and kind; gather what complex elements and B-splines are put together of."""
        index = 0
        while index < len(found):
            element = found[index]
            if element.type in {COMPLEX_CHAIN, COMPLEX_SHAPE}:
                pieces, index = self._links(found, index + 1, members_of(element))
                if pieces:
                    self._keep(Drawn(element, pieces))
            elif element.type == SHARED_CELL:  # a pattern that is drawn elsewhere; its members stand at its own place
                index += 1
                while index < len(found) and found[index].part:
                    index += 1
            else:
                piece, index = _piece(found, index)
                self._keep(Drawn(element, (piece,)))

    def _links(self, found: Sequence[Element], index: int, left: int) -> tuple[tuple[Piece, ...], int]:
        """Return the lines of a complex element, at most *left*, and where the next element stands."""
        pieces: list[Piece] = []
        while left and index < len(found) and found[index].part:
            piece, following = _piece(found, index)
            if piece.head.type in _LINKS:
                pieces.append(piece)
            else:
                self._leave_out(piece.head)
            index, left = following, left - 1
        return tuple(pieces), index

    def _keep(self, drawn: Drawn) -> None:
        element = drawn.head
        if element.type not in _KINDS or element.pattern:
            self._leave_out(element)
            return
        kind = "point" if self._is_point(element) else self._kind(element)
        self.layers.setdefault(str(element.level), RawLayer()).counts[kind] += 1
        if element.type == TEXT:
            self._texts.append(element)
        else:
            self._drawn.append(drawn)

    def _leave_out(self, element: Element) -> None:
        if element.pattern and element.type in _KINDS:
            self.dropped["PATTERN"] += 1
        elif element.type in _LEFT_OUT:
            self.dropped[_LEFT_OUT[element.type]] += 1

    def _kind(self, element: Element) -> str:
        if element.type == SPLINE and spline_of(element).closed:
            return "closed"
        return _KINDS[element.type]

    def _is_point(self, element: Element) -> bool:
        if element.type != LINE:
            return False
        points = points_of(element, flat=self._units.flat)
        return bool((points[0] == points[1]).all())

    def _anchor(self, piece: Piece) -> Points:
        flat, element = self._units.flat, piece.head
        if element.type in {ARC, ELLIPSE}:
            return self._units.master(np.array(conic_of(element, flat=flat).centre))
        poles = next((part for part in piece.own if part.type == POLES), None)
        if element.type == SPLINE and poles is None:
            return np.full(2, math.nan)
        points = points_of(poles or element, flat=flat)
        return self._units.master(points[0]) if len(points) else np.full(2, math.nan)

    def _line(self, piece: Piece, pen: Pen) -> Points:
        """Return the points of one piece in master units; raises Refusal DGN_CURVE for a curve that is not clear."""
        flat, per_master, element = self._units.flat, self._units.per_master, piece.head
        if element.type not in _BENT:
            points = points_of(element, flat=flat)
            pen.budget.take(len(points))
            return self._units.master(points)
        wide = Pen(pen.tolerance * per_master, pen.budget)  # numbers are in units of resolution here
        try:
            if element.type == CURVE:
                return self._units.master(curve_points(element, wide, flat=flat))
            if element.type == SPLINE:
                return self._units.master(spline_points(element, piece.own, wide, flat=flat))
        except Unclear:
            at = self._anchor(piece)
            told = [float(value) for value in at] if np.isfinite(at).all() else None
            raise Refusal("DGN_CURVE", params={"drawing_at": told, "level": str(element.level)}) from None
        conic = conic_of(element, flat=flat)
        return self._units.master(wide.ellipse(conic.centre, conic.axes, conic.span))


def _piece(found: Sequence[Element], index: int) -> tuple[Piece, int]:
    """Return the line that begins at *index*, a B-spline with all that is its own, and where the next stands."""
    head, index = found[index], index + 1
    own: list[Element] = []
    while head.type == SPLINE and index < len(found) and found[index].part and found[index].type in _OF_A_SPLINE:
        own.append(found[index])
        index += 1
    return Piece(head, tuple(own)), index
