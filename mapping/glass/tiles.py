"""How does a browser get a tile? Checked address, visible layer, one SQL function, an answer that may be kept for ever.

The edition's number is in the address, so a new edition is a new address; nothing here is ever invalidated.
"""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound, HttpResponseNotModified
from django.views.decorators.http import require_safe

from layers.models import Edition, EditionStatus
from mapping.glass.tile_tables import MAX_DATA_ZOOM
from mapping.glass.visibility import may_see_edition

MAX_ZOOM = 20
MAX_FEATURES = 10_000
MAX_BYTES = 500 * 1024
CONTENT_TYPE = "application/vnd.mapbox-vector-tile"
FOR_EVER = "public, max-age=31536000, immutable"
PRIVATE = "private, no-store"


@require_safe
def tile(request: HttpRequest, *, layer: str, edition: int, z: int, x: int, y: int) -> HttpResponse:
    """Answer one vector tile of an edition.

    400 for an address outside the tile scheme (no query is made), 404 for an edition that does not exist, is not this
    layer's, or is not to be seen by this person.
    """
    if z > MAX_ZOOM or x >= 2**z or y >= 2**z or edition > 2**62:
        return HttpResponseBadRequest(content_type="text/plain")
    # Without its coverage and report: reading a province's outline would cost more than the tile.
    known = Edition.objects.select_related("layer").defer("coverage", "report")
    found = known.filter(pk=edition, layer__code=layer).first()
    if found is None or not may_see_edition(request.user, found):
        return HttpResponseNotFound(content_type="text/plain")
    shared = found.layer.is_public and found.status != EditionStatus.STAGED
    etag = f'"{edition}-{z}-{x}-{y}-{int(found.tiles_built)}"'
    if shared and request.headers.get("If-None-Match") == etag:
        answer: HttpResponse = HttpResponseNotModified()
    elif z > MAX_DATA_ZOOM:
        answer = HttpResponse(b"", content_type=CONTENT_TYPE)
    else:
        answer = HttpResponse(render_tile(found, z, x, y), content_type=CONTENT_TYPE)
    # Rows that are still to be rebuilt must not be remembered for a year.
    answer["Cache-Control"] = (FOR_EVER if found.tiles_built else "no-cache") if shared else PRIVATE
    if shared:
        answer["ETag"] = etag
    return answer


def render_tile(edition: Edition, z: int, x: int, y: int) -> bytes:
    """Return the tile's bytes, at most 10,000 features and about 500 KiB: the largest features stay."""
    limit = MAX_FEATURES
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT glass_tile(%s, %s, %s, %s, %s, %s)", [edition.pk, z, x, y, edition.layer.code, limit]
            )
            data = bytes(cursor.fetchone()[0])
        if len(data) <= MAX_BYTES or limit <= 10:
            return data
        limit = int(min(limit, 10_000) * 0.8 * MAX_BYTES / len(data)) or 10
