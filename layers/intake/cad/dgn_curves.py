"""Which curve do these elements of a DGN v7 mean? The curve through points (type 11) and the B-spline (type 27).

After the published "Intergraph Standard File Formats". What a file leaves open is refused, not guessed: see `Unclear`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from ezdxf.math import BSpline

from layers.intake.cad.dgn_file import KNOTS, POLES, WEIGHTS, Element, points_of, shares_of, spline_of, spots_of
from layers.intake.cad.splines import spline
from layers.intake.cad.strokes import Pen, Points

_SILENT = 2  # points at either end of a curve that steer it and are not drawn


class Unclear(Exception):
    """Say that a curve cannot be read exactly; `dgn` refuses it with its place."""


def curve_points(element: Element, pen: Pen, *, flat: bool) -> Points:
    """Return points of a curve through points, in units of resolution; raise Unclear for too few.

    Between two points each coordinate is a cubic of the way along the chord; the slope at a point is that of the
    chords around it, each weighed by how much the two beyond turn.
    """
    spots = spots_of(element, flat=flat)
    if len(spots) < 2 * _SILENT + 2:
        raise Unclear
    sides = np.diff(spots, axis=0)
    lengths = np.linalg.norm(sides, axis=1)
    slopes = np.divide(sides, lengths[:, None], out=np.zeros_like(sides), where=lengths[:, None] > 0)
    turns = np.abs(np.diff(slopes, axis=0))
    # at point k: chord k-1 comes in, chord k goes out; turns[k-2] lies before, turns[k] beyond
    inner = np.arange(_SILENT, len(spots) - _SILENT)
    before, beyond = turns[inner - 2], turns[inner]
    both = before + beyond
    even = (slopes[inner - 1] + slopes[inner]) / 2
    weighed = slopes[inner - 1] * beyond + slopes[inner] * before
    tangents = np.divide(weighed, both, out=even, where=both > 0)[:, :2]
    corners, way = spots[inner, :2], lengths[inner[:-1]]

    def at(params: Points) -> Points:
        side = np.minimum(params.astype(int), len(way) - 1)
        share = (params - side)[:, None]
        start, end, length = corners[side], corners[side + 1], way[side][:, None]
        out, into = tangents[side] * length, tangents[side + 1] * length
        points: Points = (
            start * (1 + 2 * share) * (1 - share) ** 2
            + end * share**2 * (3 - 2 * share)
            + out * share * (1 - share) ** 2
            - into * share**2 * (1 - share)
        )
        return points

    return pen.curve(at, np.arange(len(corners), dtype=float))


def spline_points(head: Element, parts: Sequence[Element], pen: Pen, *, flat: bool) -> Points:
    """Return points of a B-spline in units of resolution; raise Unclear when its parts do not belong together.

    Also for a closed one with knots of its own: where its poles begin is nowhere written.
    """
    said = spline_of(head)
    own = {part.type: part for part in parts}
    if POLES not in own or (said.knots > 0) is not (KNOTS in own) or said.rational is not (WEIGHTS in own):
        raise Unclear
    poles = points_of(own[POLES], flat=flat)
    if len(poles) != said.poles or len(poles) < said.order or (said.closed and said.knots):
        raise Unclear
    if said.knots and said.knots != len(poles) - said.order:
        raise Unclear
    weights = shares_of(own[WEIGHTS], len(poles)) if said.rational else None
    if weights is not None and not (weights > 0).all():
        raise Unclear
    degree = said.order - 1
    if said.closed:
        knots = np.arange(len(poles) + degree + said.order, dtype=float)
        poles = np.concatenate([poles, poles[:degree]])
        weights = None if weights is None else np.concatenate([weights, weights[:degree]])
    else:
        count = len(poles) - said.order
        inner = shares_of(own[KNOTS], count) if said.knots else np.arange(1, count + 1) / (count + 1)
        knots = np.concatenate([np.zeros(said.order), inner, np.ones(said.order)])
        if (np.diff(knots) < 0).any():
            raise Unclear
    tool = BSpline(poles.tolist(), said.order, knots.tolist(), None if weights is None else weights.tolist())
    return spline(tool, pen)
