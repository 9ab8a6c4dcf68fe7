"""How do the plan and the location sketch look on paper? One sheet true to scale, and the corner table.

They show the layers of the version's kept check report, not today's: the same version gives the same drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from layers.crs import from_zone, storage_srid, to_zone
from mapping import formats
from mapping.papers import map_sheet
from mapping.papers.corner_table import Block
from mapping.papers.map_context import Around, Border, borders_in, features_in
from mapping.papers.map_legend import LegendLine, context_legend
from mapping.papers.map_sheet import Sheet, sheet_svg
from mapping.papers.map_window import Window
from mapping.papers.pdf import write_pdf
from mapping.papers.qr import qr_svg
from mapping.papers.survey.facts import Facts
from mapping.papers.survey.frame import EDGE_OF_PAGE_MM, Frame, plan_frame, sketch_frame
from mapping.papers.survey.placed import Placed

# Heights on the panel, millimetres, for what is not the corner table.
TITLE_MM, FACTS_MM, SIGN_MM, QR_MM, LEGEND_LINE_MM, ROW_MM, TABLE_HEAD_MM = 27.0, 52.0, 27.0, 30.0, 4.6, 3.3, 9.0
# On the pages of the table.
PAGE_ROW_MM, PAGE_HEAD_MM, COLUMN_MM = 4.35, 26.0, 66.0


@dataclass(frozen=True)
class Drawn:
    """A finished drawing: the PDF, its *scale*, *paper* and how many *pages* it must have."""

    pdf: bytes
    scale: int
    paper: str
    pages: int


def plan(place: Placed, facts: Facts, paper: str) -> Drawn:
    """Draw the boundary plan with numbered corners. Raises InputRefused (PLAN_TOO_LARGE)."""
    frame = plan_frame(place.geom, paper)
    return _draw(place, facts, frame, title="BẢN VẼ RANH GIỚI KHU ĐẤT", with_corners=True)


def sketch(place: Placed, facts: Facts) -> Drawn:
    """Draw the location sketch at 1:10.000 or 1:25.000. Raises InputRefused (PLAN_TOO_LARGE)."""
    return _draw(place, facts, sketch_frame(place.geom), title="SƠ ĐỒ VỊ TRÍ KHU ĐẤT", with_corners=False)


def _draw(place: Placed, facts: Facts, frame: Frame, *, title: str, with_corners: bool) -> Drawn:
    window = frame.window
    around, borders = surroundings(window, place.srid, facts)
    parts = [part.geom for part in place.parts]
    drawings: dict[str, str | bytes] = {"qr": qr_svg(facts.address), "zone": map_sheet.zone_swatch_svg()}
    corners = [mark for block in place.blocks for mark in _marks(block)] if with_corners else []
    drawings["map"] = sheet_svg(Sheet(window, place.geom, (), parts, around, borders, corners))
    legend = [LegendLine("zone", "Ranh giới khu đất")]
    if with_corners:
        drawings["corner"] = _corner_swatch()
        legend.append(LegendLine("corner", "Điểm góc và số hiệu"))
    legend += context_legend(around, borders, parts, drawings)
    if not facts.decided:
        drawings["watermark"] = _watermark(*frame.size_mm)
    on_sheet, pages = _tables(place.blocks, frame, len(legend)) if with_corners else ([], [])
    width, height = frame.size_mm
    context = {
        "facts": facts,
        "title": title,
        "legend": legend,
        "scale": formats.number(window.scale),
        "grid_m": window.grid_step_m(),
        "paper": frame.paper,
        "width_mm": width,
        "height_mm": height,
        "panel_mm": frame.panel_mm,
        "inner_mm": height - 2 * EDGE_OF_PAGE_MM,
        "map_width_mm": window.width_mm + map_sheet.GUTTER_MM + map_sheet.EDGE_MM,
        "map_height_mm": window.height_mm + map_sheet.GUTTER_MM + map_sheet.EDGE_MM,
        "on_sheet": on_sheet,
        "pages": pages,
        "with_corners": with_corners,
        "created": timezone.localtime(facts.version.at).isoformat(timespec="seconds"),
        "schematic": any(feature.theme for feature in around) or bool(borders),
    }
    text = render_to_string("papers/plan.html", context)
    identifier = bytes.fromhex(facts.version.geom_hash[:32])
    return Drawn(write_pdf(text, drawings, "plan", identifier), window.scale, frame.paper, 1 + len(pages))


def surroundings(window: Window, srid: int, facts: Facts) -> tuple[list[Around], list[Border]]:
    """Return what the window shows of the layers of the kept report and of the communes of its day, in the zone."""
    asked = window
    if srid != storage_srid():
        west, south, east, north = from_zone(window.box(srid), srid).extent
        scale = window.scale
        asked = Window(scale, (east - west) * 1_000 / scale, (north - south) * 1_000 / scale, west, south)
    around = features_in(asked, facts.editions)
    borders = borders_in(asked, facts.day)
    if srid == storage_srid():
        return around, borders
    return (
        [replace(feature, geom=to_zone(feature.geom, srid)) for feature in around],
        [replace(border, geom=to_zone(border.geom, srid)) for border in borders],
    )


def _marks(block: Block) -> list[tuple[int, float, float, float, float]]:
    """Return number, place and the direction away from the boundary of each corner of a block."""
    corners = block.corners[:-1]
    marks = []
    for index, corner in enumerate(corners):
        east = north = 0.0
        for other in (corners[index - 1], corners[(index + 1) % len(corners)]):
            far = hypot(corner.y_m - other.y_m, corner.x_m - other.x_m) or 1.0
            east += (corner.y_m - other.y_m) / far
            north += (corner.x_m - other.x_m) / far
        length = hypot(east, north)
        if length < 0.05:  # a corner on a straight side: beside it, at a right angle
            following = corners[(index + 1) % len(corners)]
            east, north = following.x_m - corner.x_m, corner.y_m - following.y_m
            length = hypot(east, north) or 1.0
        marks.append((corner.number, corner.y_m, corner.x_m, east / length, north / length))
    return marks


def _tables(blocks: Sequence[Block], frame: Frame, legend: int) -> tuple[list[Any], list[list[list[Any]]]]:
    """Return the rows of the corner table on the sheet when they have room there, else pages of columns of rows."""
    rows = table_rows(blocks)
    width, height = frame.size_mm
    legend_mm = (legend + 1) // 2 * LEGEND_LINE_MM
    room = height - 2 * EDGE_OF_PAGE_MM - TITLE_MM - FACTS_MM - SIGN_MM - QR_MM - legend_mm - TABLE_HEAD_MM
    if len(rows) * ROW_MM <= room:
        return rows, []
    most = int((height - 2 * EDGE_OF_PAGE_MM - PAGE_HEAD_MM) / PAGE_ROW_MM)
    across = max(1, int((width - 30) / COLUMN_MM))
    columns = [rows[start : start + most] for start in range(0, len(rows), most)]
    return [], [columns[start : start + across] for start in range(0, len(columns), across)]


def table_rows(blocks: Sequence[Block]) -> list[dict[str, str]]:
    """Return the rows of the corner table as texts; with several blocks a row with the title begins each."""
    rows = []
    for block in blocks:
        if len(blocks) > 1:
            rows.append({"title": block.title})
        rows += [
            {
                "number": str(corner.number),
                "x": formats.number(corner.x_m, 3),
                "y": formats.number(corner.y_m, 3),
                "side": "" if corner.side_m is None else formats.number(corner.side_m, 2),
            }
            for corner in block.corners
        ]
    return rows


def _corner_swatch() -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="8mm" height="5mm" viewBox="0 0 8 5">'
        '<circle cx="2.4" cy="2.5" r="0.55" fill="#ffffff" stroke="#3c1414" stroke-width="0.25"/>'
        f'<text x="4" y="3.3" font-size="2.1" font-weight="600" font-family="{map_sheet.FONTS}" fill="#3c1414">'
        "12</text>"
        "</svg>"
    )


def _watermark(width: int, height: int) -> str:
    size = width * 0.15
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">'
        f'<text transform="translate({width * 0.37:.1f} {height * 0.62:.1f}) rotate(-32)" font-size="{size:.1f}"'
        f' font-weight="700" text-anchor="middle" font-family="{map_sheet.FONTS}" letter-spacing="4" fill="#a8123a"'
        ' fill-opacity="0.16">DỰ THẢO</text></svg>'
    )
