"""Which points stand for this B-spline? Cut span by span where it is defined, for both kinds of drawing.

ezdxf knows the mathematics; how a file writes a spline down is the business of `dxf_entities` and `dgn_curves`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.geomchild.refusal import Refusal
from layers.intake.cad.strokes import Pen, Points

_MOST_POLES = 2_000


def spline(tool: Any, pen: Pen) -> Points:
    """Return points of an ``ezdxf.math.BSpline``; of a periodic one only where it is defined.

    ezdxf's own flattening goes on beyond. Raises Refusal TOO_MANY_VERTICES or COORD_NOT_FINITE.
    """
    if tool.count > _MOST_POLES:
        raise Refusal("TOO_MANY_VERTICES", params={"count": tool.count, "limit": _MOST_POLES})
    knots = np.array(tool.knots(), dtype=float)
    if not np.isfinite(knots).all():
        raise Refusal("COORD_NOT_FINITE")

    def at(params: Points) -> Points:
        return np.array([(point.x, point.y) for point in tool.points(params)], dtype=float)

    return pen.curve(at, np.unique(knots[tool.degree : tool.count + 1]))
