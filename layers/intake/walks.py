"""Is this GPS walk a boundary? Tracks and routes that come back to where they began become areas, with a remark each.

A receiver is good to some metres, so a walk counts as closed when its ends lie within ten; what GPS cannot tell (which
corner is which) is not asked here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from layers.intake.refusals import refusal
from layers.intake.shapes import said
from layers.numbers import number_format
from layers.said import gettext as _
from layers.vetting import Notice

GAP_M = 10.0


def areas_of(shapes: Any) -> tuple[Any, list[Notice]]:
    """Turn walked lines (WGS 84) into areas; other shapes stay. A walk interrupted for less than the gap is one walk.

    Raises TRACK_NOT_CLOSED (feature, gap) when an end lies further off, GEOM_DEGENERATE for fewer than three places.
    """
    made = shapes.copy()
    notices = []
    for index, shape in enumerate(shapes):
        if shape is None or shapely.is_empty(shape) or int(shapely.get_type_id(shape)) not in {1, 2, 5}:
            continue
        number = index + 1
        parts = [shapely.get_coordinates(part) for part in shapely.get_parts(shape) if not shapely.is_empty(part)]
        gaps = [_metres(before[-1], after[0]) for before, after in zip(parts, [*parts[1:], parts[0]], strict=True)]
        if max(gaps) > GAP_M:
            raise refusal(
                "TRACK_NOT_CLOSED",
                where=_("feature %(number)s") % {"number": number},
                gap=number_format(max(gaps), 1),
                limit=number_format(GAP_M, 0),
            )
        walked = np.vstack(parts)
        if not np.isfinite(walked).all():
            continue  # `check_vertices` names the point
        if len(np.unique(walked, axis=0)) < 3:
            raise refusal("GEOM_DEGENERATE", where=_("feature %(number)s") % {"number": number})
        made[index] = shapely.polygons(np.vstack([walked, walked[:1]]))
        notices.append(said("TRACK_TO_POLYGON", {"feature": number, "gap": number_format(max(gaps), 1)}, confirm=True))
    return made, notices


def _metres(first: Any, second: Any) -> float:
    from pyproj import Geod

    _azimuth, _back, length = Geod(ellps="WGS84").inv(*first, *second)
    return float(length)
