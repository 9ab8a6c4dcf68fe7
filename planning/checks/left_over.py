"""Which part of the zone do some pieces leave? What the report shows where a least share is not reached.

Never believed for its looks: its area must be what the pieces leave by their own areas, else nothing is concluded.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from django.db import connection

from layers.crs import storage_srid
from planning.checks.case import Case, NotComputable
from planning.checks.facts import Fact

TOLERANCE_M2 = 0.1
TOLERANCE_SHARE = 1e-6


def left_over(case: Case, rows: Iterable[Fact], missing_m2: float) -> bytes | None:
    """Return what the pieces of *rows* leave of the zone as WKB; None when nothing is left.

    *missing_m2*: the area it must have. While somebody draws it is computed here and only compared; what does not
    agree, and everything at the stored level, is asked of the database with every test. Raises NotComputable.
    """
    pieces = [bytes(row.piece) for row in rows if row.piece]
    if not case.facts.verified:
        found = _drawn(case, pieces)
        if found is not None and _agrees(case, found[1], missing_m2):
            return found[0]
    wkb, area, sound = _verified(case, pieces)
    if not sound or not _agrees(case, area, missing_m2):
        raise NotComputable
    return wkb


def _agrees(case: Case, area_m2: float, missing_m2: float) -> bool:
    return abs(area_m2 - missing_m2) <= max(TOLERANCE_M2, TOLERANCE_SHARE * case.area_m2)


def _drawn(case: Case, pieces: list[bytes]) -> tuple[bytes, float] | None:
    """Compute it in the process, where nothing is tested; None when GEOS gives up."""
    import shapely

    with contextlib.suppress(shapely.errors.GEOSException):
        zone = shapely.from_wkb(bytes(case.zone.wkb))
        rest = shapely.difference(zone, shapely.union_all(shapely.from_wkb(pieces))) if pieces else zone
        return bytes(shapely.to_wkb(rest, byte_order=1)), float(rest.area)
    return None


def _verified(case: Case, pieces: list[bytes]) -> tuple[bytes | None, float, bool]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsBinary(rest.piece), rest.area_m2, rest.sound FROM check_left_over(ST_GeomFromWKB(%s, %s),"
            " ARRAY(SELECT ST_GeomFromWKB(piece, %s) FROM unnest(%s::bytea[]) WITH ORDINALITY AS given(piece, at)"
            " ORDER BY at), true) AS rest",
            [bytes(case.zone.wkb), storage_srid(), storage_srid(), pieces],
        )
        wkb, area, sound = cursor.fetchone()
    return (None if wkb is None else bytes(wkb)), float(area or 0.0), bool(sound)
