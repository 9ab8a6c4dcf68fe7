"""Which measured corner is which approved one, and how far did each move? Numbers and points only, in metres.

It reads no database and cuts no areas: `planning.proposals.survey_comparison` gives it the corners and the tolerance.
Where a ring begins, its direction, the order of rings and further points on a straight side change no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot, inf
from typing import Any

# A corner found further away than this is another corner: beyond it nobody staked out a plan of this scale.
REACH_M = 5.0
REACH_TOLERANCES = 4.0


@dataclass(frozen=True)
class Corner:
    """One corner of a ring with the number it has on paper; metres in the storage CRS."""

    number: int
    east: float
    north: float

    @property
    def place(self) -> tuple[float, float]:
        """Return easting, northing."""
        return (self.east, self.north)


Ring = tuple[Corner, ...]


class CornerState(StrEnum):
    """What became of an approved corner."""

    WITHIN = "within"
    OUTSIDE = "outside"
    ON_SIDE = "on_side"  # no corner was measured, but the side is straight there and the measured boundary runs through
    MISSING = "missing"


@dataclass(frozen=True)
class CornerMatch:
    """An approved corner and the measured one it became; ``d_*`` are measured minus approved, metres."""

    approved: Corner
    measured: Corner | None
    state: CornerState
    d_east: float | None = None
    d_north: float | None = None
    distance_m: float | None = None


@dataclass(frozen=True)
class ExtraCorner:
    """A measured corner that is no approved one; ``off_m``: its distance from the approved boundary."""

    measured: Corner
    off_m: float
    on_boundary: bool


@dataclass(frozen=True)
class SidePair:
    """A side of the approved boundary between two corners, and the same between the measured ones."""

    start: int
    end: int
    approved_m: float
    measured_m: float | None

    @property
    def difference_m(self) -> float | None:
        """Return measured minus approved."""
        return None if self.measured_m is None else self.measured_m - self.approved_m


@dataclass(frozen=True)
class CornerComparison:
    """Every approved corner in its order, every measured one left over, every side. ``within`` None: no tolerance."""

    tolerance_m: float | None
    matches: tuple[CornerMatch, ...]
    extra: tuple[ExtraCorner, ...]
    sides: tuple[SidePair, ...]
    within: bool | None

    @property
    def largest_m(self) -> float | None:
        """Return the largest displacement of a matched corner; None when none was matched."""
        return max((match.distance_m for match in self.matches if match.distance_m is not None), default=None)

    @property
    def unmatched(self) -> int:
        """Count the corners of either boundary that the other has nowhere: what no displacement tells."""
        return self.count(CornerState.MISSING) + sum(not each.on_boundary for each in self.extra)

    def count(self, state: CornerState) -> int:
        """Count the approved corners in *state*."""
        return sum(match.state == state for match in self.matches)


def compare_corners(approved: Sequence[Ring], measured: Sequence[Ring], tolerance_m: float | None) -> CornerComparison:
    """Match the corners of two boundaries one to one, nearest pairs first, and judge each by *tolerance_m* (metres).

    Corners at which a boundary turns are matched among themselves first, so that a further point on a side does not
    take the place of a corner near it; then what is left. A corner without a partner within reach (5 m, or four
    tolerances) is missing, unless its side is straight there and measured so. Without a tolerance nothing is judged:
    ``within`` is None and every matched corner counts as within.
    """
    slack = tolerance_m if tolerance_m is not None else 0.01
    reach = max(REACH_M, REACH_TOLERANCES * slack)
    ours, theirs = _corners(approved), _corners(measured)
    our_bends, their_bends = _bends(approved, slack / 2), _bends(measured, slack / 2)
    pairs = _nearest_pairs(
        [corner for corner in ours if corner.place in our_bends],
        [corner for corner in theirs if corner.place in their_bends],
        reach,
    )
    taken = set(pairs.values())
    pairs |= _nearest_pairs(
        [corner for corner in ours if corner not in pairs], [corner for corner in theirs if corner not in taken], reach
    )
    off_measured = _distances([corner for corner in ours if corner not in pairs], measured)
    matches = tuple(
        _match(corner, pairs.get(corner), tolerance_m)
        if corner in pairs
        else CornerMatch(
            corner,
            None,
            CornerState.ON_SIDE
            if corner.place not in our_bends and off_measured[corner] <= slack
            else CornerState.MISSING,
        )
        for corner in ours
    )
    taken = set(pairs.values())
    off_approved = _distances([corner for corner in theirs if corner not in taken], approved)
    extra = tuple(ExtraCorner(corner, off, off <= slack) for corner, off in off_approved.items())
    return CornerComparison(
        tolerance_m,
        matches,
        tuple(sorted(extra, key=lambda each: each.measured.number)),
        tuple(_sides(approved, pairs)),
        None if tolerance_m is None else _within(matches, extra),
    )


def _within(matches: Iterable[CornerMatch], extra: Iterable[ExtraCorner]) -> bool:
    fine = {CornerState.WITHIN, CornerState.ON_SIDE}
    return all(match.state in fine for match in matches) and all(each.on_boundary for each in extra)


def _corners(rings: Sequence[Ring]) -> list[Corner]:
    return [corner for ring in rings for corner in ring]


def _match(approved: Corner, measured: Corner | None, tolerance_m: float | None) -> CornerMatch:
    if measured is None:
        return CornerMatch(approved, None, CornerState.MISSING)
    d_east, d_north = measured.east - approved.east, measured.north - approved.north
    distance = hypot(d_east, d_north)
    # Coordinates are whole millimetres; half of one keeps 0.0700000001 from being more than 7 cm.
    outside = tolerance_m is not None and distance > tolerance_m + 0.0005
    return CornerMatch(
        approved, measured, CornerState.OUTSIDE if outside else CornerState.WITHIN, d_east, d_north, distance
    )


def _nearest_pairs(ours: Sequence[Corner], theirs: Sequence[Corner], reach: float) -> dict[Corner, Corner]:
    """Pair the nearest two, then the nearest of those left, and so on; equal distances go by place, never by order."""
    import shapely

    if not ours or not theirs:
        return {}
    tree = shapely.STRtree(_points(theirs))
    left, right = tree.query(_points(ours), predicate="dwithin", distance=reach)
    candidates = sorted(
        (hypot(theirs[j].east - ours[i].east, theirs[j].north - ours[i].north), ours[i].place, theirs[j].place, i, j)
        for i, j in zip(left.tolist(), right.tolist(), strict=True)
    )
    pairs: dict[Corner, Corner] = {}
    taken: set[int] = set()
    for _distance, _from, _to, i, j in candidates:
        if ours[i] not in pairs and j not in taken:
            pairs[ours[i]] = theirs[j]
            taken.add(j)
    return pairs


def _bends(rings: Sequence[Ring], slack: float) -> set[tuple[float, float]]:
    """Return the places where a ring turns: what is left when points within *slack* of a straight side are dropped.

    Each ring is taken counter-clockwise from its westernmost, southernmost corner, which is always a bend, so that the
    answer does not depend on how the ring was written.
    """
    import shapely

    bends: set[tuple[float, float]] = set()
    for ring in rings:
        places = list(dict.fromkeys(corner.place for corner in ring))
        if _doubled_area(places) < 0:
            places.reverse()
        first = places.index(min(places))
        closed = [*places[first:], *places[:first], places[first]]
        kept = shapely.simplify(shapely.linestrings(closed), slack, preserve_topology=False)
        bends.update((float(east), float(north)) for east, north in shapely.get_coordinates(kept))
    return bends


def _doubled_area(places: Sequence[tuple[float, float]]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(places, [*places[1:], places[0]], strict=True))


def _distances(corners: Sequence[Corner], rings: Sequence[Ring]) -> dict[Corner, float]:
    """Return how far each corner is from the lines of *rings*."""
    import numpy as np
    import shapely

    if not corners:
        return {}
    sides = [
        shapely.linestrings([start.place, end.place])
        for ring in rings
        for start, end in zip(ring, [*ring[1:], ring[0]], strict=True)
    ]
    if not sides:
        return dict.fromkeys(corners, inf)
    points = _points(corners)
    nearest = shapely.STRtree(sides).nearest(points)
    return dict(zip(corners, shapely.distance(points, np.array(sides)[nearest]).tolist(), strict=True))


def _points(corners: Sequence[Corner]) -> Any:
    import shapely

    return shapely.points([corner.place for corner in corners])


def _sides(approved: Sequence[Ring], pairs: dict[Corner, Corner]) -> Iterable[SidePair]:
    for ring in approved:
        for start, end in zip(ring, [*ring[1:], ring[0]], strict=True):
            one, other = pairs.get(start), pairs.get(end)
            yield SidePair(
                start.number,
                end.number,
                hypot(end.east - start.east, end.north - start.north),
                hypot(other.east - one.east, other.north - one.north)
                if one is not None and other is not None
                else None,
            )
