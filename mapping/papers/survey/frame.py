"""On which paper, at which scale is a boundary drawn? The largest legal scale at which it fits; else it is refused.

It draws nothing. The map is at the left, title, legend and signatures at the right; a paper lies landscape, and stands
upright where a long boundary from north to south is larger that way.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    upright: bool = False

    @property
    def size_mm(self) -> tuple[int, int]:
        """Return width and height of the sheet."""
        return _size(self.paper, upright=self.upright)

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
                frame = _largest(geom, size, [scale for scale in PLAN_SCALES if scale <= limit])
                if frame is not None:
                    return frame
        raise _too_large("A1", PLAN_SCALES[-1])
    frame = _largest(geom, paper, PLAN_SCALES)
    if frame is None:
        raise _too_large(paper, PLAN_SCALES[-1])
    return frame


def sketch_frame(geom: GEOSGeometry) -> Frame:
    """Return the A4 sheet of a location sketch, with room around the boundary. Raises InputRefused (PLAN_TOO_LARGE)."""
    frame = _largest(geom, "A4", SKETCH_SCALES, fill=SKETCH_FILL) or _largest(geom, "A4", SKETCH_SCALES)
    if frame is None:
        raise _too_large("A4", SKETCH_SCALES[-1])
    return frame


def _size(paper: str, *, upright: bool) -> tuple[int, int]:
    width, height = PAPERS[paper]
    return (height, width) if upright else (width, height)


def _map_mm(paper: str, *, upright: bool) -> tuple[float, float]:
    width, height = _size(paper, upright=upright)
    beside = LEFT_MM + EDGE_OF_PAGE_MM + PANEL_MM[paper] + GAP_MM + GUTTER_MM + EDGE_MM
    return round(width - beside, 1), round(height - 2 * EDGE_OF_PAGE_MM - GUTTER_MM - EDGE_MM, 1)


def _largest(geom: GEOSGeometry, paper: str, scales: Sequence[int], fill: float = 0.9) -> Frame | None:
    """Return the sheet with the first of *scales* at which the boundary fits; upright only where that is larger."""
    for scale in scales:
        for upright in (False, True):
            room = _map_mm(paper, upright=upright)
            if fits(geom, *room, scale, fill=fill):
                return Frame(paper, window_at(geom, *room, scale), upright)
    return None


def _too_large(paper: str, scale: int) -> InputRefused:
    return InputRefused(
        _("The boundary does not fit on %(paper)s at 1:%(scale)s.") % {"paper": paper, "scale": formats.number(scale)},
        code="PLAN_TOO_LARGE",
        where=paper,
        todo=_("Choose a larger paper, or leave this drawing out: the other files hold the whole boundary."),
    )
