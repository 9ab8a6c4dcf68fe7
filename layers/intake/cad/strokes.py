"""Which points stand for this arc, bulge or ellipse? Curves as chords: never further than the tolerance from the curve.

It knows no file format and joins nothing; `rings` does.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.geomchild.refusal import Refusal

Points = NDArray[np.float64]
Pair = tuple[float, float]
CHORD_M = 0.005  # half of the 1 cm the catalogue allows: rounding to the grid comes on top
# An arc of chords loses step²/6 of its sector; 4° keeps that under 0.1 % also where the radius is a few centimetres.
_STEP = math.radians(4.0)
_STRAIGHT = 1e-9


@dataclass(frozen=True)
class Stroke:
    """One line of a drawing as points (n, 2): *closed* when it says so itself, *number* counted from 1 in the file."""

    xy: Points
    closed: bool
    layer: str
    number: int
    curved: bool = False
    hatch: bool = False


class Budget:
    """Count points against a limit before they are made."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0

    def take(self, count: int) -> None:
        """Count *count* points; raise Refusal TOO_MANY_VERTICES above the limit."""
        self.used += count
        if self.used > self.limit:
            raise Refusal("TOO_MANY_VERTICES", params={"count": self.used, "limit": self.limit})


@dataclass(frozen=True)
class Pen:
    """Turn curves into chords that never leave them by more than *tolerance* (in the unit of the numbers given)."""

    tolerance: float
    budget: Budget

    def ellipse(self, centre: Pair, axes: tuple[Pair, Pair], span: Pair) -> Points:
        """Return points of ``centre + axes[0]·cos t + axes[1]·sin t``, *span* = first t and how far (radians).

        Raises Refusal COORD_NOT_FINITE for numbers that are none, TOO_MANY_VERTICES beyond the budget.
        """
        major, minor = axes
        radius = max(math.hypot(*major), math.hypot(*minor))
        if not all(map(math.isfinite, (*centre, radius, *span))):
            raise Refusal("COORD_NOT_FINITE")
        count = _chords(radius, abs(span[1]), self.tolerance)
        self.budget.take(count + 1)
        angle = span[0] + span[1] * np.arange(count + 1) / count
        cosine, sine = np.cos(angle), np.sin(angle)
        return np.column_stack(
            [
                centre[0] + major[0] * cosine + minor[0] * sine,
                centre[1] + major[1] * cosine + minor[1] * sine,
            ]
        )

    def arc(self, centre: Pair, radius: float, span: Pair) -> Points:
        """Return points of a circular arc; *span* = first angle and sweep (radians), positive against the clock."""
        return self.ellipse(centre, ((radius, 0.0), (0.0, radius)), span)

    def curve(self, at: Callable[[Points], Points], breaks: Points) -> Points:
        """Return points of a parametric curve from its first break to its last, the breaks among them.

        *at* gives points (n, 2) for parameters (n). Each span is cut into ever more chords until none leaves the curve
        by more than the tolerance. Raises what `ellipse` raises.
        """
        pieces = [self._span(at, float(start), float(end)) for start, end in itertools.pairwise(breaks)]
        return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])]) if pieces else np.empty((0, 2))

    def _span(self, at: Callable[[Points], Points], start: float, end: float) -> Points:
        chords = 4
        while True:
            self.budget.take(2 * chords + 1)
            points = at(np.linspace(start, end, 2 * chords + 1))
            if not np.isfinite(points).all():
                raise Refusal("COORD_NOT_FINITE")
            middles = (points[:-2:2] + points[2::2]) / 2
            if float(np.hypot(*(middles - points[1::2]).T).max()) <= self.tolerance:
                return points[::2]
            chords *= 2

    def bulged(self, points: Points, bulges: Points, *, closed: bool) -> tuple[Points, bool]:
        """Return the points of a polyline whose sides may be arcs, and whether any is.

        *bulges* (n): the tangent of a quarter of the angle from corner i to the next, positive to the left of the way.
        The corners themselves stay as they are, to the bit.
        """
        if not np.isfinite(bulges).all() or not np.isfinite(points).all():
            raise Refusal("COORD_NOT_FINITE")
        self.budget.take(len(points))
        if len(points) < 2 or not (np.abs(bulges) > _STRAIGHT).any():
            return points, False
        following = np.roll(points, -1, axis=0)
        sides = len(points) if closed else len(points) - 1
        pieces: list[Points] = []
        for index in range(len(points)):
            pieces.append(points[index : index + 1])
            if index < sides and abs(bulges[index]) > _STRAIGHT:
                pieces.append(self._bulge(points[index], following[index], float(bulges[index])))
        return np.concatenate(pieces), True

    def _bulge(self, start: Points, end: Points, bulge: float) -> Points:
        """Return the points between two corners of a bulged side."""
        chord = end - start
        length = float(np.hypot(*chord))
        if length == 0.0:
            return np.empty((0, 2))
        radius = length * (1 + bulge * bulge) / (4 * abs(bulge))
        middle = (start + end) / 2
        left = np.array([-chord[1], chord[0]]) / length
        centre = middle + left * (length * (1 - bulge * bulge) / (4 * bulge))
        first = math.atan2(start[1] - centre[1], start[0] - centre[0])
        return self.arc((float(centre[0]), float(centre[1])), radius, (first, 4 * math.atan(bulge)))[1:-1]


def chained(pieces: Sequence[Points], tolerance: float) -> list[Points]:
    """Put pieces that follow each other into one line, each turned so that it goes on from the one before.

    Where two ends are further apart than *tolerance* a new line begins: a chain that is torn is not mended here.
    """
    lines: list[list[Points]] = []
    for index, piece in enumerate(pieces):
        if not len(piece):
            continue
        following = pieces[index + 1] if index + 1 < len(pieces) else piece[-1:]
        if lines and _apart(lines[-1][-1][-1:], piece) <= tolerance:
            before = lines[-1][-1][-1]
            lines[-1].append(piece if math.dist(before, piece[0]) <= math.dist(before, piece[-1]) else piece[::-1])
        else:
            lines.append([piece if _apart(piece[-1:], following) <= _apart(piece[:1], following) else piece[::-1]])
    return [np.concatenate(line) for line in lines]


def _apart(end: Points, other: Points) -> float:
    """Return the distance from a point (1, 2) to the nearer end of a line."""
    if not len(other):
        return math.inf
    return min(math.dist(end[0], other[0]), math.dist(end[0], other[-1]))


def _chords(radius: float, sweep: float, tolerance: float) -> int:
    """Return into how many chords an arc is cut."""
    if radius <= 0.0 or sweep == 0.0:
        return 1
    ratio = min(tolerance / radius, 1.0)
    # 2·acos(1 − ratio), written so that it keeps its digits for a kilometre's radius
    step = min(_STEP, 4 * math.asin(math.sqrt(ratio / 2)))
    return max(1, math.ceil(sweep / step))
