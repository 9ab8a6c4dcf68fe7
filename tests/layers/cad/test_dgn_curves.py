"""Do the curves of a DGN v7 come in as MicroStation draws them, or are they refused by name: never silently dropped?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.intake.cad.options import CadOptions
from tests.layers.cad.drawings import EAST, NORTH, SQUARE, Dgn, at
from tests.layers.cad.test_dgn import gdal, own, read
from tests.layers.files import refused

STEERED = [(-30, 12), (-12, 40), (0, 0), (37, 55), (90, 61), (140, -20), (170, 5), (240, 33), (260, 80)]
HALF = math.sqrt(0.5)


def isff(spots: np.ndarray, side: int, along: float) -> np.ndarray:
    """Return one point of a curve by the published formula, coordinate by coordinate; *along* from 0 to 1."""
    found = []
    for axis in range(2):
        value = spots[:, axis]
        length = [math.dist(one, other) for one, other in itertools.pairwise(spots)]
        m = [(value[k + 1] - value[k]) / length[k] for k in range(len(length))]

        def t(k: int, m: list[float] = m) -> float:
            before, beyond = abs(m[k - 1] - m[k - 2]), abs(m[k + 1] - m[k])
            if before + beyond == 0:
                return (m[k - 1] + m[k]) / 2
            return (m[k - 1] * beyond + m[k] * before) / (before + beyond)

        d = length[side]
        a = (t(side + 1) + t(side) - 2 * m[side]) / d**2
        b = (3 * m[side] - 2 * t(side) - t(side + 1)) / d
        s = along * d
        found.append(a * s**3 + b * s**2 + t(side) * s + value[side])
    return np.array(found)


def test_a_curve_goes_through_gdals_points_and_along_the_published_cubics(tmp_path: Path) -> None:
    path = Dgn().curve(at(*STEERED), level=4).save(tmp_path / "a.dgn")
    ((kind, level, _text, seen),) = gdal(path)
    assert (kind, level) == (11, 4)
    (stroke,) = own(path)
    line = shapely.LineString(stroke.xy)
    assert stroke.curved and not stroke.closed
    assert shapely.distance(line, shapely.points(shapely.get_coordinates(seen))).max() <= 0.005
    assert np.abs(stroke.xy[[0, -1]] - at((0, 0), (170, 5))).max() < 1e-6
    spots = np.array(at(*STEERED))
    published = [isff(spots, side, along) for side in range(2, 6) for along in np.linspace(0, 1, 41)]
    assert shapely.distance(line, shapely.points(np.array(published))).max() <= 0.005


def test_a_curve_of_points_in_line_is_that_line(tmp_path: Path) -> None:
    points = at(*((10 * step, 5 * step) for step in range(8)))
    (stroke,) = own(Dgn().curve(points).save(tmp_path / "a.dgn"))
    ends = shapely.LineString(stroke.xy[[0, -1]])
    assert shapely.distance(ends, shapely.points(stroke.xy)).max() < 1e-6 and ends.length == pytest.approx(
        33.541, abs=1e-2
    )


@pytest.mark.parametrize("order", [2, 3, 4, 6])
def test_a_spline_of_as_many_poles_as_its_order_is_a_bezier(order: int, tmp_path: Path) -> None:
    poles = at(*[(0, 0), (40, 90), (130, 70), (150, -40), (230, 10), (300, 60)][:order])
    (stroke,) = own(Dgn().spline(poles, order).save(tmp_path / "a.dgn"))
    share = np.linspace(0, 1, 301)[:, None]
    curve = sum(
        math.comb(order - 1, k) * share**k * (1 - share) ** (order - 1 - k) * np.array(pole)
        for k, pole in enumerate(poles)
    )
    assert shapely.distance(shapely.LineString(stroke.xy), shapely.points(curve)).max() <= 0.005
    assert np.abs(stroke.xy[[0, -1]] - [poles[0], poles[-1]]).max() < 1e-6


def test_weights_make_a_quarter_circle_and_inner_knots_a_corner(tmp_path: Path) -> None:
    poles = at((100, 0), (100, 100), (0, 100))
    (quarter,) = own(Dgn().spline(poles, 3, weights=(1, HALF, 1)).save(tmp_path / "a.dgn"))
    assert np.abs(np.hypot(*(quarter.xy - [EAST, NORTH]).T) - 100).max() <= 0.005
    poles = at((100, 0), (100, 100), (0, 100), (-100, 100), (-100, 0))
    path = Dgn().spline(poles, 3, knots=(0.5, 0.5), weights=(1, HALF, 1, HALF, 1)).save(tmp_path / "b.dgn")
    (half,) = own(path)
    assert np.abs(np.hypot(*(half.xy - [EAST, NORTH]).T) - 100).max() <= 0.005
    assert shapely.LineString(half.xy).length == pytest.approx(math.pi * 100, rel=1e-3)
    assert [kind for kind, *_rest in gdal(path) if kind == 21] == [21]
    pole_line = next(shape for kind, _level, _text, shape in gdal(path) if kind == 21)
    assert np.abs(shapely.get_coordinates(pole_line) - poles).max() < 1e-9


@pytest.mark.django_db
def test_a_closed_spline_is_an_area_and_one_in_a_chain_a_side(tmp_path: Path) -> None:
    closed = Dgn().spline(at((0, 0), (120, 0), (120, 120), (0, 120)), 3, closed=True)
    intake = read(closed.save(tmp_path / "a.dgn"))
    assert intake.shapes[0].area == pytest.approx(120**2 * 5 / 6, rel=1e-4)
    assert "OK_CURVE_LINEARISED" in [notice.code for notice in intake.notices]
    chain = Dgn().chain(2).lines(at((100, 0), (0, 0), (0, 100), (100, 100)), part=True)
    chain.spline(at((100, 100), (200, 50), (100, 0)), 3, part=True)
    (area,) = read(chain.save(tmp_path / "b.dgn")).shapes
    assert area.area == pytest.approx(10_000 + 100 * 100 / 3, rel=1e-4)  # two thirds of the triangle 100 × 100 / 2
    loop = [(50 * math.cos(turn * math.pi / 12), 50 * math.sin(turn * math.pi / 12)) for turn in range(-2, 27)]
    (circle,) = read(Dgn().curve(at(*loop)).save(tmp_path / "c.dgn")).shapes
    assert circle.area == pytest.approx(math.pi * 2_500, rel=1e-3)


def torn(drawing: Dgn, kind: int) -> Dgn:
    """Take the elements of one kind out of a drawing."""
    drawing._records = [record for record in drawing._records if record[1] != kind]
    return drawing


POLES = at((0, 0), (50, 90), (120, 40), (160, 0))
UNCLEAR: dict[str, Callable[[], Dgn]] = {
    "too few points": lambda: Dgn().curve(POLES),
    "no poles": lambda: torn(Dgn().spline(POLES, 3), 21),
    "no knots": lambda: torn(Dgn().spline(POLES, 3, knots=(0.3,)), 26),
    "no weights": lambda: torn(Dgn().spline(POLES, 3, weights=(1, 1, 1, 1)), 28),
    "knots too many": lambda: Dgn().spline(POLES, 3, knots=(0.2, 0.4, 0.6)),
    "knots that turn back": lambda: Dgn().spline([*POLES, *at((9, 9))], 3, knots=(0.7, 0.2)),
    "a weight below nothing": lambda: Dgn().spline(POLES, 3, weights=(1, -1, 1, 1)),
    "more order than poles": lambda: Dgn().spline(POLES, 9),
    "closed with knots of its own": lambda: Dgn().spline(POLES, 3, knots=(0.2, 0.4, 0.6), closed=True),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", UNCLEAR)
def test_a_curve_that_is_not_clear_is_refused_by_name_with_its_place(name: str, tmp_path: Path) -> None:
    path = UNCLEAR[name]().shape(at(*SQUARE), level=7).save(tmp_path / "a.dgn")
    error = refused("DGN_CURVE", lambda: read(path, cad=CadOptions(layers=("1",), units="m")))
    assert "1" in error.message and error.todo and (name == "no poles" or error.where)
    assert len(read(path, cad=CadOptions(layers=("7",))).shapes) == 1, "a level nobody chose is not read"


@pytest.mark.django_db
def test_what_is_no_line_is_named_and_the_pattern_of_a_shared_cell_is_not_drawn(tmp_path: Path) -> None:
    drawing = Dgn().other(34).shape(at((500, 500), (600, 500), (600, 600)))
    drawing._records[-1] = bytes([drawing._records[-1][0] | 0x80]) + drawing._records[-1][1:]  # belongs to the cell
    path = drawing.other(35).other(22).other(23).other(87).shape(at(*SQUARE)).save(tmp_path / "a.dgn")
    intake = read(path)
    assert len(intake.shapes) == 1 and intake.shapes[0].area == pytest.approx(10_000)
    assert intake.cad is not None
    assert intake.cad.dropped == {"SHARED CELL": 1, "POINT STRING": 1, "CONE": 1, "RASTER": 1}
