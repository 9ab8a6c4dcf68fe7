"""How does a boundary become land-use parts? Lines cut it, a point in each piece gives the use; pieces tile the zone.

It deliberately does not move any line to the 1 mm grid: that would tear the pieces off the boundary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, LineString, MultiLineString, Point, Polygon

from layers import vetting
from planning.checks.types import Part

UNASSIGNED = "unassigned"


def cut_into_parts(
    zone: GEOSGeometry, cuts: GEOSGeometry | Iterable[GEOSGeometry] | None, use_points: Sequence[Mapping[str, Any]] = ()
) -> list[Part]:
    """Cut *zone* by *cuts* and give each piece the use of the last point of *use_points* that lies in it.

    *zone*: vetted polygon or multipolygon, storage CRS. *cuts*: a (multi)line or several, storage CRS. *use_points*:
    ``{"at": [easting, northing], "use": code}``. A piece without a point is ``unassigned``. The pieces tile the zone,
    north-west first. Raises InputRefused when the lines cannot be cut with in the time allowed.
    """
    lines = _lines(cuts)
    pieces = vetting.split_by_lines(zone, lines) if lines else _polygons(zone)
    points = [(Point(item["at"][0], item["at"][1], srid=zone.srid), str(item["use"])) for item in use_points]
    return [Part(_use_of(piece, points), piece, float(piece.area)) for piece in pieces]


def _use_of(piece: Polygon, points: Sequence[tuple[Point, str]]) -> str:
    use = UNASSIGNED
    if points:
        prepared = piece.prepared
        for at, code in points:
            if prepared.covers(at):
                use = code
    return use


def _polygons(zone: GEOSGeometry) -> list[Polygon]:
    members = [zone] if isinstance(zone, Polygon) else list(zone)  # type: ignore[call-overload]  # a collection is iterable
    return [polygon for polygon in members if isinstance(polygon, Polygon)]


def _lines(cuts: GEOSGeometry | Iterable[GEOSGeometry] | None) -> list[LineString]:
    if cuts is None:
        return []
    members = [cuts] if isinstance(cuts, GEOSGeometry) else list(cuts)
    lines: list[LineString] = []
    for member in members:
        if isinstance(member, LineString):
            lines.append(member)
        elif isinstance(member, MultiLineString):
            lines += [line for line in member if isinstance(line, LineString)]
    return [line for line in lines if not line.empty]
