"""Which land-use parts has a measured boundary? The approved cuts, drawn out to the new boundary, cut it again.

It never guesses: when the pieces do not answer the approved ones, there are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot

from django.contrib.gis.geos import GEOSGeometry, LineString, MultiLineString, Point

from layers.errors import InputRefused
from planning.checks.cutting import cut_into_parts
from planning.checks.types import Part
from planning.proposals.measured import REACH_M
from planning.proposals.models import ZoneVersion

# A cut that ends on the approved boundary was drawn to it; millimetres apart because both are on the grid.
ON_BOUNDARY_M = 0.01


def measured_parts(approved: ZoneVersion, geom: GEOSGeometry) -> tuple[Part, ...]:
    """Return the parts of *geom*, the measured boundary of *approved*; empty when they would not be the approved ones.

    A cut that ends on the approved boundary is drawn on for 5 m, because the staked-out boundary lies some centimetres
    beside it. As many pieces with the same uses must come out.
    """
    before = sorted(approved.parts.values_list("use", flat=True))
    if not before:
        return ()
    cuts = MultiLineString(*_lengthened(approved), srid=geom.srid) if approved.cuts is not None else None
    try:
        parts = tuple(cut_into_parts(geom, cuts, approved.uses))
    except InputRefused:
        return ()
    return parts if sorted(part.use for part in parts) == before else ()


def _lengthened(approved: ZoneVersion) -> Iterator[LineString]:
    outline = approved.geom.boundary
    for line in approved.cuts or ():
        places = [(x, y) for x, y, *_z in line.coords]
        if outline.distance(Point(places[-1], srid=outline.srid)) <= ON_BOUNDARY_M:
            places.append(_beyond(places[-2], places[-1]))
        if outline.distance(Point(places[0], srid=outline.srid)) <= ON_BOUNDARY_M:
            places.insert(0, _beyond(places[1], places[0]))
        yield LineString(places, srid=outline.srid)


def _beyond(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Return the place `REACH_M` beyond *end* on the way from *start*."""
    east, north = end[0] - start[0], end[1] - start[1]
    share = REACH_M / (hypot(east, north) or REACH_M)
    return (end[0] + east * share, end[1] + north * share)
