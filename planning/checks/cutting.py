"""How does a boundary become land-use parts? Lines cut it, a point in each piece gives the use; pieces tile the zone.

It deliberately does not move any line to the 1 mm grid: that would tear the pieces off the boundary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from planning.checks.types import Part

UNASSIGNED = "unassigned"


def cut_into_parts(
    zone: GEOSGeometry, cuts: GEOSGeometry | Iterable[GEOSGeometry] | None, use_points: Sequence[Mapping[str, Any]] = ()
) -> list[Part]:
    """Cut *zone* by *cuts* and give each piece the use of the last point of *use_points* that lies in it.

    *zone*: polygon or multipolygon, storage CRS, valid. *cuts*: a (multi)line or several. *use_points*:
    ``{"at": [easting, northing], "use": code}``. A piece without a point is ``unassigned``. The pieces tile the zone;
    they come back sorted west to east, then south to north.
    """
    import shapely

    shape = shapely.from_wkb(bytes(zone.wkb))
    lines = [shapely.from_wkb(bytes(line.wkb)) for line in _lines(cuts)]
    pieces = _split(shape, lines)
    points = [(shapely.Point(*item["at"]), str(item["use"])) for item in use_points]
    parts = []
    for piece in sorted(pieces, key=lambda polygon: (polygon.bounds[0], polygon.bounds[1], polygon.area)):
        use = UNASSIGNED
        for at, code in points:
            if piece.covers(at):
                use = code
        parts.append(
            Part(use, GEOSGeometry(memoryview(shapely.to_wkb(piece, byte_order=1)), srid=zone.srid), float(piece.area))
        )
    return parts


def _lines(cuts: GEOSGeometry | Iterable[GEOSGeometry] | None) -> list[GEOSGeometry]:
    if cuts is None:
        return []
    if isinstance(cuts, GEOSGeometry):
        return [] if cuts.empty else [cuts]
    return [line for line in cuts if not line.empty]


def _split(shape: Any, lines: list[Any]) -> list[Any]:
    import shapely

    whole = list(shapely.get_parts(shape))
    if not lines:
        return [shapely.normalize(polygon) for polygon in whole]
    pieces = []
    for polygon in whole:
        noded = shapely.union_all([polygon.boundary, *lines])
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        prepared = polygon
        shapely.prepare(prepared)
        pieces += [shapely.normalize(face) for face in faces if prepared.contains(face.representative_point())]
    return pieces
