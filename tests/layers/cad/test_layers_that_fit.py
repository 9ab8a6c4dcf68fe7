"""Which layers of a drawing are told to hold a boundary: those whose lines meet, alone or with another layer's?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from layers.intake import read_vector_file
from tests.layers.cad.drawings import SQUARE, at, boundary, dxf, lines
from tests.layers.files import refused

pytestmark = pytest.mark.django_db
OPEN = [*SQUARE, (0.0, 0.005)]
ROAD = [(0, 0), (500, 500), (900, 500)]
HALVES = ([(0, 0), (100, 0), (100, 100)], [(100, 100), (0, 100), (0, 0)])


def fits(tmp_path: Path, draw: Callable[[Any, Any], None]) -> dict[str, bool | None]:
    path = dxf(tmp_path, draw)
    error = refused("MULTIPLE_LAYERS", lambda: read_vector_file(path, path.name))
    return {layer["name"]: layer["fits"] for layer in error.detail["cad"]["layers"] if layer["counts"]}


def test_an_open_line_whose_ends_nearly_meet_fits_and_a_road_does_not(tmp_path: Path) -> None:
    def draw(model: Any, _document: Any) -> None:
        model.add_lwpolyline(at(*OPEN), dxfattribs={"layer": "RANH"})
        lines(model, at(*ROAD), "DUONG")

    assert fits(tmp_path, draw) == {"RANH": True, "DUONG": False}


def test_the_same_in_millimetres(tmp_path: Path) -> None:
    def draw(model: Any, _document: Any) -> None:
        model.add_lwpolyline([(x * 1000, y * 1000) for x, y in at(*OPEN)], dxfattribs={"layer": "RANH"})
        lines(model, [(x * 1000, y * 1000) for x, y in at(*ROAD)], "DUONG")

    assert fits(tmp_path, draw) == {"RANH": True, "DUONG": False}


def test_a_boundary_drawn_on_two_layers_fits_on_both(tmp_path: Path) -> None:
    def draw(model: Any, _document: Any) -> None:
        for layer, half in zip(("BAC", "NAM"), HALVES, strict=True):
            lines(model, at(*half), layer)
        lines(model, at((300, 300), (900, 500)), "DUONG")

    assert fits(tmp_path, draw) == {"BAC": True, "NAM": True, "DUONG": False}


def test_a_relief_of_thousands_of_lines_is_not_tried(tmp_path: Path) -> None:
    def draw(model: Any, _document: Any) -> None:
        boundary(model, at(*SQUARE))
        for step in range(2_001):
            lines(model, at((0, step), (50, step + 0.4)), "DONG_MUC")

    assert fits(tmp_path, draw)["DONG_MUC"] is None
