"""Rows 24, 70 and 83–89: drawings: arcs, gaps, lines that make a ring, blocks, bombs, paper space."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ezdxf.document import Drawing
from ezdxf.layouts import Modelspace

from layers.intake.cad.options import CadOptions
from layers.intake.read import read_vector_file, to_zone
from tests.cast import Land
from tests.layers import files
from tests.layers.cad.drawings import LAYER, SQUARE, at, bomb, boundary, dxf, lines
from tests.layers.catalogue.harness import Answer, Case, Make
from tests.layers.catalogue.memory import little_memory

Draw = Callable[[Modelspace, Drawing], object]
EAST, NORTH = at((0.0, 0.0))[0]
HALF = 50.0


def drawn(draw: Draw, version: str = "R2010") -> Make:
    """Write a DXF."""
    return lambda folder: dxf(folder, draw, version=version)


def square(model: Modelspace, *_rest: object) -> None:
    """Draw a square of one hectare."""
    boundary(model, at(*SQUARE))


def open_by(gap: float) -> Draw:
    """Draw a square whose last side ends *gap* metres before its beginning."""
    return lambda model, _doc: model.add_lwpolyline(at(*SQUARE, (0.0, gap)), dxfattribs={"layer": LAYER})


def bulged(model: Modelspace, _doc: Drawing) -> None:
    """Draw a square whose east side bulges by a half circle."""
    corners = [(x, y, 1.0 if (x, y) == SQUARE[1] else 0.0) for x, y in SQUARE]
    placed = [(EAST + x, NORTH + y, bulge) for x, y, bulge in corners]
    model.add_lwpolyline(placed, format="xyb", close=True, dxfattribs={"layer": LAYER})


def line_and_arc(model: Modelspace, _doc: Drawing) -> None:
    """Draw three sides as lines and the fourth as an arc."""
    lines(model, at((100, 100), (0, 100), (0, 0), (100, 0)))
    model.add_arc((EAST + 100, NORTH + HALF), HALF, -90, 90, dxfattribs={"layer": LAYER})


def in_block(model: Modelspace, document: Drawing) -> None:
    """Draw the square in a block and insert it turned and twice as large."""
    document.blocks.new("KHU").add_lwpolyline(SQUARE, close=True, dxfattribs={"layer": LAYER})
    turned = {"xscale": 2, "yscale": 2, "rotation": 90, "layer": LAYER}
    model.add_blockref("KHU", (EAST + 200, NORTH), dxfattribs=turned)


def cycle(model: Modelspace, document: Drawing) -> None:
    """Draw a block that contains itself by way of another."""
    one, other = document.blocks.new("A"), document.blocks.new("B")
    one.add_blockref("B", (0, 0))
    other.add_blockref("A", (1, 1))
    model.add_blockref("A", (EAST, NORTH))


def deep(model: Modelspace, document: Drawing) -> None:
    """Draw nine blocks, one in the other."""
    document.blocks.new("B0").add_line((0, 0), (1, 1))
    for level in range(1, 11):
        document.blocks.new(f"B{level}").add_blockref(f"B{level - 1}", (0, 0))
    model.add_blockref("B10", (EAST, NORTH))


def with_paper(model: Modelspace, document: Drawing) -> None:
    """Draw the square, and a frame of the sheet in paper space."""
    square(model)
    document.layout("Layout1").add_lwpolyline([(0, 0), (420, 0), (420, 297), (0, 297)], close=True)


def frozen(model: Modelspace, document: Drawing) -> None:
    """Draw the square on a layer that is shown and another one on a frozen layer."""
    square(model)
    document.layers.add("AN").freeze()
    boundary(model, at(*((x * 3, y * 3) for x, y in SQUARE)), dxfattribs={"layer": "AN"})


OWN = {"cad": CadOptions(layers=(LAYER,))}
ARC = math.pi * HALF**2 / 2


def ask_place(row: int, name: str, draw: Draw, codes: tuple[str, ...], **more: Any) -> Case:
    """Shorten a drawing: it names no coordinate system, so the question of the place always comes first."""
    return Case(row, name, drawn(draw), "ask", codes, **more)


CASES = [
    ask_place(24, "DXF says nothing of its system", square, ("CRS_MISSING",)),
    Case(85, "gap of 3 m", drawn(open_by(3.0)), "reject", ("LINE_NOT_CLOSED",), says=r"3,00"),
    Case(86, "three sides only", drawn(lambda model, _doc: lines(model, at((100, 100), (0, 100), (0, 0), (100, 0)))),
         "reject", ("LINE_NOT_CLOSED",), says="100"),
    Case(88, "ten blocks in ten levels", drawn(lambda model, document: bomb(document, model)), "reject",
         ("DXF_TOO_COMPLEX",), seconds=15),
    Case(88, "block that contains itself", drawn(cycle), "reject", ("DXF_TOO_COMPLEX",), says="A|B", seconds=15),
    Case(88, "ten levels", drawn(deep), "reject", ("DXF_TOO_COMPLEX",), says="8", seconds=15),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_drawings_that_are_refused_or_asked_about(case: Case, judged: Callable[[Case], Answer]) -> None:
    started = time.monotonic()
    with little_memory():
        judged(case)
    assert time.monotonic() - started < case.seconds


# row, name, what is drawn, notice, m² and how far they may be off
READ = [
    (70, "closed polyline", square, "LINE_CLOSED_TO_POLYGON", 10_000.0, 0.01),
    (83, "bulge of a half circle", bulged, "OK_CURVE_LINEARISED", 10_000 + ARC, 1e-3 * ARC),
    (83, "circle", lambda model, _doc: model.add_circle((EAST, NORTH), HALF, dxfattribs={"layer": LAYER}),
     "OK_CURVE_LINEARISED", 2 * ARC, 2e-3 * ARC),
    (84, "gap of 5 mm", open_by(0.005), "RING_CLOSED", 10_000.0, 1.0),
    (86, "lines and an arc", line_and_arc, "LINES_TO_POLYGON", 10_000 + ARC, 1e-3 * ARC),
    (86, "four lines", lambda model, _doc: lines(model, at(*SQUARE, SQUARE[0])), "LINES_TO_POLYGON", 10_000.0, 0.01),
    (87, "block turned and enlarged", in_block, "LINE_CLOSED_TO_POLYGON", 40_000.0, 0.01),
    (89, "frame of the sheet in paper space", with_paper, "CAD_PAPER_SPACE", 10_000.0, 0.01),
    (89, "second boundary on a frozen layer", frozen, "LINE_CLOSED_TO_POLYGON", 10_000.0, 0.01),
]  # fmt: skip


@pytest.mark.parametrize(
    ("draw", "code", "area_m2", "off"),
    [pytest.param(*rest, id=f"r{row:03d} {name}") for row, name, *rest in READ],
)
def test_drawings_become_areas_and_say_how(
    draw: Draw, code: str, area_m2: float, off: float, tmp_path: Path, land: Land
) -> None:
    path = dxf(tmp_path, draw)
    intake = read_vector_file(path, path.name, declared_unit=land.east, cad=CadOptions(layers=(LAYER,)))
    assert intake.question == "CRS_MISSING" and intake.must_confirm
    right = next(one for one in intake.candidates if one.srid == 9218 and not one.swapped)
    notice = next((item for item in intake.notices if item.code == code), None)
    assert notice is not None and notice.message and code not in notice.message, [n.code for n in intake.notices]
    assert to_zone(intake, right).area_m2 == pytest.approx(area_m2, abs=max(off, 0.05))


@pytest.mark.parametrize("case", [pytest.param(frozen, id="r089 a hidden layer is shown for choice, unticked")])
def test_hidden_layers_are_for_choice(case: Draw, tmp_path: Path, land: Land) -> None:
    path = dxf(tmp_path, case)
    intake = read_vector_file(path, path.name, declared_unit=land.east, cad=CadOptions(layers=(LAYER,)))
    assert intake.cad is not None
    assert {layer.name: layer.visible for layer in intake.cad.layers if layer.lines} == {LAYER: True, "AN": False}
    assert files.HERE == (EAST, NORTH)
