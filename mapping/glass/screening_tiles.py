"""How does a browser get the cells of a screening? As tiles, at small scale as larger cells that stand for many.

The screening's number and how often cells were answered exactly since are in the address, so a tile may be kept. It
names no rule: what lies in a cell is told by the desk, to whom it may be told.
"""

from __future__ import annotations

import math

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound
from django.views.decorators.http import require_safe

from layers.errors import NotFound
from layers.models import BatchState
from mapping.glass.tiles import CONTENT_TYPE, PRIVATE
from planning.checks.screening.classes import LEVELS
from planning.proposals.models import CellShape, Screening
from planning.proposals.screening.visibility import screening_for

MIN_ZOOM, MAX_ZOOM = 4, 15
# A cell is at least so wide on the screen; the map shows a tile 512 pixels wide.
LEAST_PIXELS = 8
_PIXEL_Z0_M = 156_543.034 / 2
KEPT = "private, max-age=31536000, immutable"


@require_safe
def screening_tile(request: HttpRequest, *, screening: int, round: int, z: int, x: int, y: int) -> HttpResponse:
    """Answer one tile; 400 outside the tile scheme, 404 for a screening that is not there or not to be seen."""
    if not MIN_ZOOM <= z <= MAX_ZOOM or x >= 2**z or y >= 2**z or screening > 2**62:
        return HttpResponseBadRequest(content_type="text/plain")
    try:
        found = screening_for(request.user, screening)
    except NotFound:
        return HttpResponseNotFound(content_type="text/plain")
    answer = HttpResponse(render_screening_tile(found, z, x, y), content_type=CONTENT_TYPE)
    finished = found.batch is not None and found.batch.state == BatchState.DONE and round == found.exact_round
    answer["Cache-Control"] = KEPT if finished else PRIVATE
    return answer


def render_screening_tile(screening: Screening, z: int, x: int, y: int) -> bytes:
    """Return the tile's bytes."""
    level = level_at(screening, z)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT glass_screening_tile(%s, %s, %s::double precision, %s, %s, %s, %s)",
            [screening.pk, screening.shape, side_of(screening) * 2**level, level, z, x, y],
        )
        return bytes(cursor.fetchone()[0])


def side_of(screening: Screening) -> float:
    """Return the length of a side of the cells in metres."""
    area = screening.cell_ha * 10_000
    return math.sqrt(area) if screening.shape == CellShape.SQUARE else math.sqrt(2 * area / (3 * math.sqrt(3)))


def level_at(screening: Screening, z: int) -> int:
    """Return how many times cells are gathered by four so that they can be told apart at a zoom."""
    wanted = LEAST_PIXELS * _PIXEL_Z0_M / 2**z
    return min(LEVELS, max(0, math.ceil(math.log2(wanted / math.sqrt(screening.cell_ha * 10_000)))))
