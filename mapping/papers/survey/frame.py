"""On which paper, at which scale is a boundary drawn? The largest legal scale at which it fits; else it is refused.

It draws nothing. Papers lie landscape: the map at the left, title, legend and signatures at the right.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _

from layers.errors import InputRefused
from mapping import formats
from mapping.papers.map_sheet import EDGE_MM, GUTTER_MM
from mapping.papers.map_window import Window, fits, window_at
from mapping.papers.survey.choice import AUTO, PAPERS

# Scales of boundary plans and of location sketches (docs/decisions/0026).
PLAN_SCALES = (500, 1_000, 2_000, 5_000, 10_000)
SKETCH_SCALES = (10_000, 25_000)
# When the paper is free, the smallest that allows one of these; cluster plans are read at 1/2.000.
WANTED = (2_000, 5_000, 10_000)
SKETCH_FILL = 0.6
LEFT_MM, EDGE_OF_PAGE_MM, GAP_MM = 20.0, 8.0, 4.0
PANEL_MM = {"A4": 78.0, "A3": 92.0, "A2": 104.0, "A1": 124.0}


@dataclass(frozen=True)
class Frame:
    """A sheet of *paper* with its map window; *panel_mm* is the width of the column beside the map."""

    paper: str
    window: Window

    @property
    def size_mm(self) -> tuple[int, int]:
        """Return width and height of the sheet."""
        return PAPERS[self.paper]

    @property
    def panel_mm(self) -> float:
        """Return the width of the column with title, legend and signatures."""
        return PANEL_MM[self.paper]


def plan_frame(geom: GEOSGeometry, paper: str) -> Frame:
    """Return the sheet for a boundary plan on *paper*; ``auto`` takes the smallest paper that allows 1/2.000.

    Raises InputRefused (PLAN_TOO_LARGE) when the boundary does not fit at 1/10.000.
    """
    if paper == AUTO:
        for limit in WANTED:
            for size in PAPERS:
                scale = _scale(geom, size, [scale for scale in PLAN_SCALES if scale <= limit])
                if scale:
                    return _frame(geom, size, scale)
        raise _too_large("A1", PLAN_SCALES[-1])
    scale = _scale(geom, paper, PLAN_SCALES)
    if not scale:
        raise _too_large(paper, PLAN_SCALES[-1])
    return _frame(geom, paper, scale)


def sketch_frame(geom: GEOSGeometry) -> Frame:
    """Return the A4 sheet of a location sketch, with room around the boundary. Raises InputRefused (PLAN_TOO_LARGE)."""
    scale = _scale(geom, "A4", SKETCH_SCALES, fill=SKETCH_FILL) or _scale(geom, "A4", SKETCH_SCALES)
    if not scale:
        raise _too_large("A4", SKETCH_SCALES[-1])
    return _frame(geom, "A4", scale)


def _map_mm(paper: str) -> tuple[float, float]:
    width, height = PAPERS[paper]
    beside = LEFT_MM + EDGE_OF_PAGE_MM + PANEL_MM[paper] + GAP_MM + GUTTER_MM + EDGE_MM
    return round(width - beside, 1), round(height - 2 * EDGE_OF_PAGE_MM - GUTTER_MM - EDGE_MM, 1)


def _scale(geom: GEOSGeometry, paper: str, scales: tuple[int, ...] | list[int], fill: float = 0.9) -> int:
    width, height = _map_mm(paper)
    return next((scale for scale in scales if fits(geom, width, height, scale, fill=fill)), 0)


def _frame(geom: GEOSGeometry, paper: str, scale: int) -> Frame:
    return Frame(paper, window_at(geom, *_map_mm(paper), scale))


def _too_large(paper: str, scale: int) -> InputRefused:
    return InputRefused(
        _("The boundary does not fit on %(paper)s at 1:%(scale)s.") % {"paper": paper, "scale": formats.number(scale)},
        code="PLAN_TOO_LARGE",
        where=paper,
        todo=_("Choose a larger paper, or leave this drawing out: the other files hold the whole boundary."),
    )
