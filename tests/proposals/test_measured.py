"""Is every measured corner matched to the approved one it is, however the ring was written? Tables and properties."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.proposals.measured import Corner, CornerState, Ring, compare_corners

TOLERANCE = 0.07
SQUARE = [(0.0, 0.0), (0.0, 100.0), (100.0, 100.0), (100.0, 0.0)]


def ring(places: Sequence[tuple[float, float]], first: int = 1) -> Ring:
    return tuple(Corner(first + order, east, north) for order, (east, north) in enumerate(places))


def moved(places: Sequence[tuple[float, float]], index: int, east: float, north: float) -> list[tuple[float, float]]:
    return [(e + east, n + north) if order == index else (e, n) for order, (e, n) in enumerate(places)]


def dense(places: Sequence[tuple[float, float]], pieces: int = 4) -> list[tuple[float, float]]:
    """Write further points on every side."""
    out = []
    for (x1, y1), (x2, y2) in zip(places, [*places[1:], places[0]], strict=True):
        out += [(x1 + (x2 - x1) * step / pieces, y1 + (y2 - y1) * step / pieces) for step in range(pieces)]
    return out


def test_the_same_corners_are_within() -> None:
    found = compare_corners([ring(SQUARE)], [ring(SQUARE)], TOLERANCE)
    assert found.within
    assert found.largest_m == 0
    assert [side.difference_m for side in found.sides] == [0.0] * 4
    assert found.extra == ()


def test_each_displacement_is_told_with_its_direction() -> None:
    found = compare_corners([ring(SQUARE)], [ring(moved(SQUARE, 2, 0.03, -0.04))], TOLERANCE)
    match = found.matches[2]
    assert (round(match.d_east or 0, 3), round(match.d_north or 0, 3)) == (0.03, -0.04)
    assert match.distance_m == pytest.approx(0.05)
    assert match.state == CornerState.WITHIN
    assert found.within


@pytest.mark.parametrize(
    ("shift", "within"),
    [(0.07, True), (0.0704, True), (0.071, False), (0.5, False), (4.9, False)],
    ids=["at the tolerance", "below a millimetre more", "a millimetre more", "half a metre", "within reach"],
)
def test_the_tolerance_decides_to_the_millimetre(shift: float, within: bool) -> None:
    found = compare_corners([ring(SQUARE)], [ring(moved(SQUARE, 1, 0, shift))], TOLERANCE)
    assert found.within is within
    assert found.matches[1].state == (CornerState.WITHIN if within else CornerState.OUTSIDE)


def test_out_of_reach_is_missing_and_extra() -> None:
    found = compare_corners([ring(SQUARE)], [ring(moved(SQUARE, 1, 0, 40))], TOLERANCE)
    assert found.matches[1].state == CornerState.MISSING
    assert [each.measured.number for each in found.extra] == [2]
    assert not found.extra[0].on_boundary
    assert found.within is False


def test_where_no_corner_is_matched_no_displacement_is_told() -> None:
    found = compare_corners([ring(SQUARE)], [ring([(east + 8.5, north + 8.5) for east, north in SQUARE])], TOLERANCE)
    assert {match.state for match in found.matches} == {CornerState.MISSING}
    assert (found.within, found.largest_m) == (False, None)


def test_a_corner_that_was_not_staked_out_is_missing() -> None:
    found = compare_corners([ring(SQUARE)], [ring(SQUARE[:3])], TOLERANCE)
    assert [match.state for match in found.matches].count(CornerState.MISSING) == 1
    assert found.within is False


def test_a_stake_on_a_straight_side_may_be_left_out() -> None:
    found = compare_corners([ring(dense(SQUARE, 2))], [ring(SQUARE)], TOLERANCE)
    assert found.count(CornerState.ON_SIDE) == 4
    assert found.within


def test_a_stake_on_a_side_that_was_measured_crooked_is_missing() -> None:
    approved = dense(SQUARE, 2)
    crooked = [*SQUARE[:1], (6.0, 50.0), *SQUARE[1:]]  # the western side is pulled in by 6 m
    found = compare_corners([ring(approved)], [ring(crooked)], TOLERANCE)
    assert found.matches[1].state == CornerState.MISSING
    assert found.within is False


def test_an_extra_corner_off_the_boundary_is_outside() -> None:
    found = compare_corners([ring(SQUARE)], [ring([*SQUARE[:1], (-6.0, 50.0), *SQUARE[1:]])], TOLERANCE)
    assert [(round(each.off_m, 3), each.on_boundary) for each in found.extra] == [(6.0, False)]
    assert found.within is False


def test_a_point_on_a_side_does_not_take_the_place_of_the_corner() -> None:
    """The corner moved 5 cm; a further point on the side lies nearer to where it was."""
    measured = [(0.0, 0.0), (0.0, 100.05), (0.02, 100.05), (100.0, 100.0), (100.0, 0.0)]
    found = compare_corners([ring(SQUARE)], [ring(measured)], TOLERANCE)
    assert found.matches[1].distance_m == pytest.approx(math.hypot(0.0, 0.05), abs=0.021)
    assert found.within


def test_holes_are_matched_as_well() -> None:
    hole = [(40.0, 40.0), (60.0, 40.0), (60.0, 60.0), (40.0, 60.0)]
    approved = [ring(SQUARE), ring(hole, 5)]
    measured = [ring(moved(hole, 0, 0.2, 0)), ring(SQUARE, 5)]
    found = compare_corners(approved, measured, TOLERANCE)
    assert [match.state for match in found.matches[4:]].count(CornerState.OUTSIDE) == 1
    assert found.count(CornerState.WITHIN) == 7


def test_corners_without_a_counterpart_are_counted_on_both_sides() -> None:
    assert compare_corners([ring(SQUARE)], [ring(dense(SQUARE))], TOLERANCE).unmatched == 0  # they lie on the sides
    found = compare_corners([ring(SQUARE)], [ring([*SQUARE[:3], (50.0, 60.0)])], TOLERANCE)
    assert (found.within, found.largest_m, found.unmatched) == (False, 0.0, 2)  # one left out, one that is none


def test_without_a_tolerance_nothing_is_judged() -> None:
    found = compare_corners([ring(SQUARE)], [ring(moved(SQUARE, 1, 0, 3))], None)
    assert found.within is None
    assert found.largest_m == pytest.approx(3)


def test_ten_thousand_corners_take_no_time() -> None:
    circle = [(5_000 * math.cos(a / 10_000 * math.tau), 5_000 * math.sin(a / 10_000 * math.tau)) for a in range(10_000)]
    found = compare_corners([ring(circle)], [ring([(e + 0.01, n) for e, n in circle])], TOLERANCE)
    assert found.within
    assert found.count(CornerState.WITHIN) == 10_000


@st.composite
def star(draw: st.DrawFn) -> list[tuple[float, float]]:
    """Draw a ring of 3 to 14 corners at least a few metres apart, to the millimetre."""
    count = draw(st.integers(3, 14))
    radii = draw(st.lists(st.integers(60_000, 400_000), min_size=count, max_size=count))
    turn = draw(st.floats(0, math.tau / count))
    return [
        (
            round(radius / 1000 * math.cos(turn + math.tau * order / count), 3),
            round(radius / 1000 * math.sin(turn + math.tau * order / count), 3),
        )
        for order, radius in enumerate(radii)
    ]


def rewritten(places: list[tuple[float, float]], start: int, backwards: bool) -> list[tuple[float, float]]:
    turned = [*places[start % len(places) :], *places[: start % len(places)]]
    return turned[::-1] if backwards else turned


@settings(max_examples=150)
@given(places=star(), start=st.integers(0, 20), backwards=st.booleans(), pieces=st.integers(1, 6))
def test_start_direction_and_further_points_change_nothing(
    places: list[tuple[float, float]], start: int, backwards: bool, pieces: int
) -> None:
    found = compare_corners([ring(places)], [ring(rewritten(dense(places, pieces), start, backwards))], TOLERANCE)
    assert found.within
    assert found.largest_m == 0
    assert all(match.measured is not None for match in found.matches)


@settings(max_examples=150)
@given(
    places=star(),
    shift=st.tuples(st.integers(-60, 60), st.integers(-60, 60)),
    start=st.integers(0, 20),
    backwards=st.booleans(),
)
def test_a_shift_of_all_is_the_displacement_of_each(
    places: list[tuple[float, float]], shift: tuple[int, int], start: int, backwards: bool
) -> None:
    east, north = shift[0] / 1000, shift[1] / 1000
    measured = rewritten([(e + east, n + north) for e, n in places], start, backwards)
    found = compare_corners([ring(places)], [ring(measured)], TOLERANCE)
    assert all(match.distance_m == pytest.approx(math.hypot(east, north), abs=1e-6) for match in found.matches)
    assert found.within is (math.hypot(east, north) <= TOLERANCE + 0.0005)
    assert all(side.difference_m == pytest.approx(0, abs=1e-6) for side in found.sides)


@settings(max_examples=100)
@given(places=star(), other=star(), swap=st.booleans(), start=st.integers(0, 20))
def test_the_order_of_rings_changes_nothing(
    places: list[tuple[float, float]], other: list[tuple[float, float]], swap: bool, start: int
) -> None:
    far = [(e + 2_000, n) for e, n in other]
    one = compare_corners([ring(places), ring(far, 50)], [ring(places), ring(moved(far, 0, 0.5, 0), 50)], TOLERANCE)
    measured = [ring(rewritten(moved(far, 0, 0.5, 0), start, swap)), ring(places, 50)]
    two = compare_corners([ring(places), ring(far, 50)], measured, TOLERANCE)
    assert [(m.state, m.distance_m) for m in one.matches] == [(m.state, m.distance_m) for m in two.matches]
    assert one.within == two.within


@settings(max_examples=100)
@given(places=star(), other=star(), tolerance=st.sampled_from([0.07, 0.15, 0.30, 1.50]))
def test_pairs_are_one_to_one_whatever_came_back(
    places: list[tuple[float, float]], other: list[tuple[float, float]], tolerance: float
) -> None:
    found = compare_corners([ring(places)], [ring(other)], tolerance)
    partners = [match.measured for match in found.matches if match.measured is not None]
    assert len(partners) == len(set(partners))
    assert len(found.matches) == len(places)
    assert len(partners) + len(found.extra) == len(other)
    outside = any(match.state in {CornerState.OUTSIDE, CornerState.MISSING} for match in found.matches)
    assert found.within is not (outside or any(not each.on_boundary for each in found.extra))
