"""Where on the map, and on which feature, was something mended in a drawing? Its repairs as notices of each feature.

For the parent, once a person (or a verdict) says which coordinate system is meant; it mends nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from layers.intake.cad.messages import drawn
from layers.intake.cad.options import CadFacts
from layers.intake.shapes import said
from layers.vetting import Notice

if TYPE_CHECKING:
    from layers.intake.candidates import CrsCandidate

# What changes an area or makes one; the rest is said once for the whole drawing.
MENDING = frozenset({"RING_CLOSED", "LINES_TO_POLYGON", "RINGS_TO_HOLES"})


def notices_by_feature(cad: CadFacts | None, candidate: CrsCandidate) -> dict[int, tuple[Notice, ...]]:
    """Return what was mended on each feature (number from 1), with its place in the storage CRS."""
    mended = [repair for repair in cad.repairs if repair.code in MENDING and repair.feature] if cad is not None else []
    if not mended:
        return {}
    moved = candidate.to_storage(np.array([repair.xy for repair in mended], dtype=float))
    found: dict[int, tuple[Notice, ...]] = {}
    for repair, (x, y) in zip(mended, moved, strict=True):
        params = {"count": 1, **repair.params, "drawing_at": repair.xy}
        params |= {"before_m2": repair.before_m2, "after_m2": repair.after_m2}
        notice = said(*drawn(repair.code, {key: value for key, value in params.items() if value is not None}))
        placed = replace(notice, at=(float(x), float(y)))
        found[repair.feature] = (*found.get(repair.feature, ()), placed)
    return found
