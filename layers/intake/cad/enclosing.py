"""Which layers of a drawing can hold a boundary? Those with something closed, or whose lines meet within the tolerance.

It chooses for nobody: the page ticks these beforehand and says of the others why not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.errors

from layers.geomchild.refusal import Refusal
from layers.intake.cad.rings import outlines
from layers.intake.cad.strokes import CHORD_M, Budget, Points, Stroke

if TYPE_CHECKING:
    from layers.intake.cad.drawing import Source

LINES_TRIED = 2_000
"""More open lines than a boundary ever has are a relief or a street plan: they are not tried."""


def enclosing(
    source: Source, layers: Iterable[str], *, factor: float, close_m: float, vertices: int
) -> dict[str, bool | None]:
    """Tell of each layer (raw name) whether it alone makes a ring; None where that was not tried.

    *factor*: metres of one drawing unit. Where no shown layer does alone, those that do together are told.
    """
    found: dict[str, bool | None] = {}
    tried: list[str] = []
    for raw in layers:
        counts = source.layers[raw].counts
        closed, many = bool(counts["closed"] or counts["hatch"]), counts["open"] > LINES_TRIED
        found[raw] = True if closed else None
        if not closed and not many:
            tried.append(raw)
    lines: dict[str, list[Stroke]] = {raw: [] for raw in tried}
    try:
        for stroke in source.strokes(frozenset(tried), CHORD_M / factor, Budget(vertices)):
            lines[stroke.layer].append(Stroke(stroke.xy * factor, stroke.closed, stroke.layer, stroke.number))
        for raw in tried:
            found[raw] = bool(outlines(lines[raw], close_m))
        shown = [raw for raw in tried if source.layers[raw].visible]
        if len(shown) > 1 and not any(found[raw] for raw in found if source.layers[raw].visible):
            _together(found, [stroke for raw in shown for stroke in lines[raw]], close_m)
    except (Refusal, shapely.errors.GEOSException):  # reading the layer will say what is wrong with it
        return {raw: found[raw] for raw in found}
    return found


def _together(found: dict[str, bool | None], lines: Sequence[Stroke], close_m: float) -> None:
    """Mark the layers whose lines lie on a ring that several layers make together."""
    if len(lines) > LINES_TRIED:
        return
    rings = outlines(lines, close_m)
    if not rings:
        return
    border = shapely.multilinestrings([shapely.LineString(ring) for ring in rings])
    shapely.prepare(border)
    for stroke in lines:
        if shapely.dwithin(border, shapely.points(_middles(stroke.xy)), close_m).any():
            found[stroke.layer] = True


def _middles(xy: Points) -> Points:
    middles: Points = (np.asarray(xy[:-1]) + np.asarray(xy[1:])) / 2
    return middles
