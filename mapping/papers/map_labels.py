"""Where do words and numbers stand on a map sheet? Where nothing else stands; what finds no room is left out.

Numbers of findings come first: the table's rows point at them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.utils.html import escape

from layers.models.layer import LayerTheme
from mapping.papers.cells import plain
from mapping.papers.map_context import Around, Border
from mapping.papers.map_window import Window

COLOURS = {
    "prohibited": "#a8123a",
    "condition": "#8a5200",
    "advice": "#1b5ba6",
    "contact": "#5c4a7d",
}
CORNER_INK = "#3c1414"
NAME_INK = {LayerTheme.WATER: "#2c6f90", LayerTheme.FOREST: "#3c6b2c", LayerTheme.TRAFFIC: "#7a4f16"}
MOST_NUMBERS, MOST_NAMES, LONGEST = 90, 16, 34
# Steps tried around a place, millimetres.
STEPS = ((0, 0), (0, -4.4), (0, 4.4), (6, 0), (-6, 0), (6, -4.4), (-6, -4.4), (6, 4.4), (-6, 4.4))
LETTER_MM, LINE_MM = 1.15, 2.6

Box = tuple[float, float, float, float]


class Labels:
    """Place labels in one window; the corners of the frame are kept for north arrow and scale bar."""

    def __init__(self, window: Window) -> None:
        self.window = window
        width, height = window.width_mm, window.height_mm
        self.taken: list[Box] = [(width - 17, 0, width, 20), (0, height - 14, 54, height)]

    def numbers(self, pieces: Iterable[tuple[int, str, GEOSGeometry | None]]) -> list[str]:
        """Return the numbered marks of *pieces*; pieces at the same place share one mark (``3, 7``)."""
        at: dict[tuple[int, int], list[Any]] = {}
        for number, severity, geom in pieces:
            if geom is None:
                continue
            x, y = self.window.place(*_inside(geom))
            if 1 < x < self.window.width_mm - 1 and 1 < y < self.window.height_mm - 1:
                at.setdefault((round(x / 3), round(y / 3)), [x, y, severity]).append(number)
        marks = []
        for x, y, severity, *numbers in list(at.values())[:MOST_NUMBERS]:
            shown = [str(number) for number in dict.fromkeys(numbers)]
            text = ", ".join(shown[:4]) + ("…" if len(shown) > 4 else "")
            half = max(2.0, len(text) * 0.68 + 0.9)
            place = self._free(x, y, half, 2.0)
            if place is None:
                continue
            colour = COLOURS.get(severity, "#585c61")
            leader = (
                f'<path d="M{x:.2f} {y:.2f}L{place[0]:.2f} {place[1]:.2f}" stroke="{colour}" stroke-width="0.25"/>'
                if place != (x, y)
                else ""
            )
            marks.append(
                f'{leader}<rect x="{place[0] - half:.2f}" y="{place[1] - 2:.2f}" width="{2 * half:.2f}" height="4"'
                f' rx="2" fill="#ffffff" stroke="{colour}" stroke-width="0.35"/>'
                f'<text x="{place[0]:.2f}" y="{place[1] + 0.85:.2f}" font-size="2.4" font-weight="700"'
                f' text-anchor="middle" fill="{colour}">{text}</text>'
            )
        return marks

    def corners(self, corners: Iterable[tuple[int, float, float, float, float]]) -> list[str]:
        """Return dots and numbers of boundary corners: number, easting, northing, and the direction that points away.

        A number that finds no room beside its corner is left out; its dot stays, and the corner table has it.
        """
        marks = []
        for number, east, north, away_east, away_north in corners:
            x, y = self.window.place(east, north)
            marks.append(
                f'<circle cx="{x:.2f}" cy="{y:.2f}" r="0.55" fill="#ffffff" stroke="{CORNER_INK}" stroke-width="0.25"/>'
            )
            half = len(str(number)) * 0.62 + 0.25
            for far in (2.1, 3.4, 5.0):
                middle = (x + away_east * far, y - away_north * far)
                box = (middle[0] - half, middle[1] - 1.05, middle[0] + half, middle[1] + 1.05)
                if self._inside_frame(box) and all(_apart(box, other) for other in self.taken):
                    self.taken.append(box)
                    marks.append(_corner_number(number, middle))
                    break
        return marks

    def names(self, around: Sequence[Around], borders: Sequence[Border]) -> list[str]:
        """Return the names of communes and of the larger features, each once, where there is room."""
        drawn: list[str] = []
        for border in borders:
            drawn += self._name(border.name.upper(), border.geom, "#4d5551", "600", seen=set())
        seen: set[str] = set()
        for feature in around:
            if feature.name and feature.theme in NAME_INK and len(drawn) < MOST_NAMES:
                drawn += self._name(feature.name, feature.geom, NAME_INK[LayerTheme(feature.theme)], "500", seen=seen)
        return drawn

    def _name(self, name: str, geom: GEOSGeometry, colour: str, weight: str, *, seen: set[str]) -> list[str]:
        name = plain(name)
        if name in seen or len(name) > LONGEST:
            return []
        x, y = self.window.place(*_inside(geom))
        half = len(name) * LETTER_MM / 2
        if not (half < x < self.window.width_mm - half and 3 < y < self.window.height_mm - 3):
            return []
        place = self._free(x, y, half, LINE_MM / 2)
        if place is None:
            return []
        seen.add(name)
        style = f'x="{place[0]:.2f}" y="{place[1] + 0.7:.2f}" font-size="2.1" font-weight="{weight}"'
        halo = 'fill="none" stroke="#ffffff" stroke-width="0.8" stroke-linejoin="round"'
        return [
            f'<text {style} text-anchor="middle" {halo}>{escape(name)}</text>'
            f'<text {style} text-anchor="middle" fill="{colour}">{escape(name)}</text>'
        ]

    def _free(self, x: float, y: float, half_width: float, half_height: float) -> tuple[float, float] | None:
        for step_x, step_y in STEPS:
            place = (x + step_x, y + step_y)
            box = (place[0] - half_width, place[1] - half_height, place[0] + half_width, place[1] + half_height)
            if self._inside_frame(box) and all(_apart(box, other) for other in self.taken):
                self.taken.append(box)
                return place
        return None

    def _inside_frame(self, box: Box) -> bool:
        return box[0] >= 0 and box[1] >= 0 and box[2] <= self.window.width_mm and box[3] <= self.window.height_mm


def _corner_number(number: int, middle: tuple[float, float]) -> str:
    style = f'x="{middle[0]:.2f}" y="{middle[1] + 0.75:.2f}" font-size="2.1" font-weight="600" text-anchor="middle"'
    halo = 'fill="none" stroke="#ffffff" stroke-width="0.7" stroke-linejoin="round"'
    return f'<text {style} {halo}>{number}</text><text {style} fill="{CORNER_INK}">{number}</text>'


def _apart(one: Box, other: Box) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def _inside(geom: Any) -> tuple[float, float]:
    """Return a place on *geom*: its middle where that lies in it, else a corner in the middle of the list."""
    while geom.geom_type.startswith("Multi") or geom.geom_type == "GeometryCollection":
        geom = max(geom, key=lambda part: (part.area, part.length))
    if isinstance(geom, Polygon):
        middle = geom.centroid
        if geom.prepared.contains(middle):
            return float(middle.x), float(middle.y)
        ring = geom.exterior_ring.coords
        return _row_middle(ring, (geom.extent[1] + geom.extent[3]) / 2)
    if geom.geom_type == "Point":
        return float(geom.x), float(geom.y)
    coordinates = geom.coords
    east, north = coordinates[len(coordinates) // 2][:2]
    return float(east), float(north)


def _row_middle(ring: Sequence[Sequence[float]], north: float) -> tuple[float, float]:
    """Return the middle of the widest stretch of a ring's inside along one northing."""
    cuts = sorted(
        x1 + (north - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1, *_a), (x2, y2, *_b) in pairwise(ring)
        if (y1 > north) != (y2 > north)
    )
    stretches = [(right - left, (left + right) / 2) for left, right in zip(cuts[::2], cuts[1::2], strict=False)]
    if not stretches:
        return float(ring[0][0]), float(ring[0][1])
    return max(stretches)[1], north
