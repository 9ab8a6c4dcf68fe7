"""Do lines become the areas they mean: the same whatever their order, nothing invented, nothing mended in silence?"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.geomchild.refusal import Refusal
from layers.intake.cad.labels import Label, labels_inside
from layers.intake.cad.rings import Areas, areas
from layers.intake.cad.strokes import Budget, Pen, Stroke
from tests.cast import EAST0, NORTH0
from tests.layers.cad.drawings import SQUARE

CLOSE = 0.01
ORIGIN = np.array([EAST0, NORTH0])


def stroke(points, *, closed: bool = False, layer: str = "0", number: int = 1) -> Stroke:
    return Stroke(np.array(points, dtype=float) + ORIGIN, closed=closed, layer=layer, number=number)


def square(side: float, at: float = 0.0) -> list[tuple[float, float]]:
    return [(at, at), (at + side, at), (at + side, at + side), (at, at + side)]


def codes(found: Areas) -> list[str]:
    return [repair.code for repair in found.repairs]


def sizes(found: Areas) -> list[float]:
    return [round(shape.area, 3) for shape in found.shapes]


def refused(*strokes: Stroke, close_m: float = CLOSE) -> Refusal:
    with pytest.raises(Refusal) as caught:
        areas(strokes, close_m)
    return caught.value


def test_a_closed_line_is_an_area() -> None:
    found = areas([stroke(SQUARE, closed=True)], CLOSE)
    assert sizes(found) == [10_000] and codes(found) == ["LINE_CLOSED_TO_POLYGON"]


@pytest.mark.parametrize("gap", [0.0004, 0.005, 0.01])
def test_a_gap_up_to_a_centimetre_is_closed_and_said(gap: float) -> None:
    found = areas([stroke([*SQUARE, (0, gap)])], CLOSE)
    (closed,) = (repair for repair in found.repairs if repair.code == "RING_CLOSED")
    assert sizes(found) == [10_000]
    assert closed.feature == 1 and closed.params["gap_m"] == pytest.approx(gap, abs=1e-6)
    assert closed.before_m2 == pytest.approx(10_000, abs=1) and closed.after_m2 == pytest.approx(10_000, abs=1e-6)


@pytest.mark.parametrize(("gap", "offer"), [(0.011, 0.02), (0.05, 0.06), (1.0, 1.0), (1.5, None), (30.0, None)])
def test_a_wider_gap_is_refused_with_its_place_and_offered_to_be_closed_up_to_a_metre(
    gap: float, offer: float | None
) -> None:
    error = refused(stroke([*SQUARE, (0, gap)]))
    assert error.code == "LINE_NOT_CLOSED" and error.params["gap_m"] == pytest.approx(gap, abs=1e-6)
    assert error.params["drawing_at"] == pytest.approx([EAST0, NORTH0 + gap])
    assert error.params.get("offers") == (None if offer is None else [{"option": "close_m", "value": offer}])
    if offer is not None:
        assert sizes(areas([stroke([*SQUARE, (0, gap)])], offer)) == [10_000]


def test_separate_lines_that_meet_within_a_centimetre_are_an_area() -> None:
    ring = [*SQUARE, SQUARE[0]]
    sides = [stroke([start, (end[0] + 0.004, end[1])]) for start, end in itertools.pairwise(ring)]
    found = areas(sides, CLOSE)
    assert sizes(found) == pytest.approx([10_000], abs=1)
    assert "LINES_TO_POLYGON" in codes(found) and codes(found).count("RING_CLOSED") == 4


def test_several_gaps_name_the_widest_one_needed() -> None:
    sides = [stroke(SQUARE[:3]), stroke([(100, 100.04), (0, 100)]), stroke([(0, 99.93), (0, 0)])]
    error = refused(*sides)
    assert error.params["gap_m"] == pytest.approx(0.07) and error.params["offers"][0]["value"] == 0.08
    assert sizes(areas(sides, 0.08)) == pytest.approx([10_000], abs=10)


def test_a_line_that_ends_on_another_one_divides() -> None:
    ring = [*SQUARE, SQUARE[0]]
    sides = [stroke([start, end]) for start, end in itertools.pairwise(ring)]
    found = areas([*sides, stroke([(50.0, 0.003), (50.0, 99.995)], layer="mid")], CLOSE)
    assert sizes(found) == pytest.approx([5_000, 5_000], abs=1)


def test_lines_that_cross_are_cut_there_and_the_rest_is_said() -> None:
    hash_sign = [
        stroke([(30, 0), (30, 100)]), stroke([(60, 0), (60, 100)]),
        stroke([(0, 30), (100, 30)]), stroke([(0, 60), (100, 60)]),
    ]  # fmt: skip
    found = areas(hash_sign, CLOSE)
    (left,) = (repair for repair in found.repairs if repair.code == "LINES_LEFT_OUT")
    assert sizes(found) == [900] and left.params["count"] == 4


def test_overshoots_are_cut_off_at_the_corner() -> None:
    sides = [
        stroke([(-0.05, 0), (100.05, 0)]), stroke([(100, -0.05), (100, 100.05)]),
        stroke([(100.05, 100), (-0.05, 100)]), stroke([(0, 100.05), (0, -0.05)]),
    ]  # fmt: skip
    found = areas(sides, CLOSE)
    assert sizes(found) == [10_000] and "LINES_LEFT_OUT" in codes(found)


def test_a_line_that_crosses_itself_makes_faces_that_do_not_overlap() -> None:
    found = areas([stroke([(0, 0), (100, 100), (100, 0), (0, 100)]), stroke([(0, 100), (0, 0)])], CLOSE)
    assert sizes(found) == [2_500, 2_500]


def test_lines_drawn_twice_or_in_part_count_once() -> None:
    ring = [*SQUARE, SQUARE[0]]
    sides = [stroke([start, end]) for start, end in itertools.pairwise(ring)]
    again = [stroke([(100, 0), (0, 0)]), stroke([(100, 40), (100, 100)]), stroke([(100, 0), (100, 60)])]
    assert sizes(areas([*sides, *again], CLOSE)) == [10_000]


def test_outlines_drawn_twice_count_once_and_are_said() -> None:
    near = [(x + 0.004, y - 0.003) for x, y in SQUARE]
    found = areas([stroke(SQUARE, closed=True), stroke(SQUARE[::-1], closed=True), stroke(near, closed=True)], CLOSE)
    assert len(found.shapes) == 1 and codes(found).count("RING_TWICE") == 2


def test_rings_inside_rings_are_holes_and_islands_areas_again() -> None:
    nested = [square(100), square(60, 20), square(20, 40)]
    found = areas([stroke(ring, closed=True) for ring in nested], CLOSE)
    assert sizes(found) == [10_000 - 3_600, 400] and len(found.shapes[0].interiors) == 1
    (hole,) = (repair for repair in found.repairs if repair.code == "RINGS_TO_HOLES")
    assert (hole.before_m2, hole.after_m2) == (10_000, 6_400) and hole.feature == 1


def test_a_ring_that_shares_a_side_is_no_hole() -> None:
    found = areas([stroke(SQUARE, closed=True), stroke(square(50), closed=True)], CLOSE)
    assert sorted(sizes(found)) == [2_500, 10_000]


def test_a_stray_line_beside_a_boundary_is_left_out_and_said() -> None:
    found = areas([stroke(SQUARE, closed=True), stroke([(300, 0), (400, 50), (500, 0)])], CLOSE)
    (left,) = (repair for repair in found.repairs if repair.code == "LINES_LEFT_OUT")
    assert sizes(found) == [10_000] and left.params["count"] == 1 and left.feature == 0


def test_an_open_boundary_beside_closed_ones_is_refused_not_lost() -> None:
    open_one = [(x + 500, y) for x, y in [*SQUARE, (0, 0.05)]]
    assert refused(stroke(SQUARE, closed=True), stroke(open_one)).code == "LINE_NOT_CLOSED"


def test_a_number_that_is_none_is_refused_with_its_line() -> None:
    error = refused(stroke(SQUARE, closed=True), stroke([(0, 0), (math.nan, 1), (1, 1)], number=7))
    assert error.code == "COORD_NOT_FINITE" and error.params["feature"] == 7
    assert refused(stroke([(0, 0), (1e300, 1), (1, 1)])).code == "COORD_RANGE"


star = st.lists(st.floats(20, 200), min_size=5, max_size=40)


@settings(max_examples=60)
@given(star, st.randoms(use_true_random=False), st.floats(0, 0.004))
def test_a_polygon_cut_into_shuffled_and_reversed_pieces_comes_back(radii: list[float], random, jitter: float) -> None:
    turns = 2 * math.pi * np.arange(len(radii)) / len(radii)
    ring = np.column_stack([np.cos(turns), np.sin(turns)]) * np.array(radii)[:, None]
    whole = shapely.Polygon(np.round(ring, 3) + ORIGIN)
    closed = np.round(np.concatenate([ring, ring[:1]]), 3)
    cuts = sorted({0, len(ring), *random.sample(range(1, len(ring)), k=random.randint(1, len(ring) - 1))})
    pieces = []
    for number, (start, stop) in enumerate(itertools.pairwise(cuts)):
        piece = closed[start : stop + 1].copy()
        piece[-1] += [jitter * random.choice((-1, 1)), 0]
        pieces.append(stroke(piece[:: random.choice((1, -1))], number=number))
    random.shuffle(pieces)
    found = areas(pieces, CLOSE)
    assert len(found.shapes) == 1
    if jitter == 0:
        assert shapely.equals_exact(shapely.normalize(found.shapes[0]), shapely.normalize(whole), 0)
    else:
        assert shapely.hausdorff_distance(found.shapes[0].exterior, whole.exterior) <= CLOSE
    again = areas(pieces[::-1], CLOSE)
    assert shapely.to_wkb(found.shapes[0]) == shapely.to_wkb(again.shapes[0])


@settings(max_examples=100)
@given(st.floats(0.01, 20_000), st.floats(0.01, 2 * math.pi), st.floats(-7, 7))
def test_chords_stay_within_a_centimetre_and_a_thousandth_of_the_area(
    radius: float, sweep: float, start: float
) -> None:
    points = Pen(0.005, Budget(10**7)).arc((0, 0), radius, (start, sweep))
    middles = (points[1:] + points[:-1]) / 2
    assert (radius - np.hypot(*middles.T)).max() <= 0.01
    sector = abs(shapely.Polygon([(0, 0), *points]).area) if len(points) > 2 else radius**2 * math.sin(sweep) / 2
    assert abs(radius**2 * sweep / 2 - sector) <= 0.001 * radius**2 * sweep / 2


def test_an_arc_of_too_many_points_is_refused_before_they_are_made() -> None:
    with pytest.raises(Refusal) as caught:
        Pen(1e-9, Budget(200_000)).arc((0, 0), 1e9, (0, 6))
    assert caught.value.code == "TOO_MANY_VERTICES"


def test_bulges_bend_to_the_left_and_keep_the_corners() -> None:
    corners = np.array([(0.0, 0.0), (100.0, 0.0)])
    points, curved = Pen(0.005, Budget(10_000)).bulged(corners, np.array([1.0, 1.0]), closed=True)
    assert curved and shapely.Polygon(points).area == pytest.approx(math.pi * 2_500, rel=1e-3)
    assert [tuple(corner) in set(map(tuple, points)) for corner in corners] == [True, True]
    half, _ = Pen(0.005, Budget(10_000)).bulged(corners, np.array([1.0, 0.0]), closed=False)
    assert half[:, 1].min() == pytest.approx(-50, abs=0.01)


def test_the_tallest_text_with_letters_is_offered_first() -> None:
    shape = shapely.Polygon(square(100), [square(20, 40)])
    texts = [
        Label("12", (10, 10), 9, "0"), Label("Khu A", (20, 20), 5, "0"), Label("ghi chú", (30, 30), 2, "0"),
        Label("trong lỗ", (50, 50), 9, "0"), Label("ngoài", (500, 50), 9, "0"), Label("Khu A", (21, 20), 5, "0"),
    ]  # fmt: skip
    assert labels_inside([shape], texts) == [("Khu A", "ghi chú", "12")]
