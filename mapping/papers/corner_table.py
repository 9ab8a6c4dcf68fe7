"""How is a boundary written as numbered corners? The legal form of a boundary: point, X northing, Y easting, side.

It does not read tables back: `layers.intake.corners` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from django.contrib.gis.geos import LinearRing, MultiPolygon, Polygon
from django.utils.translation import gettext as _

AREA_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Corner:
    """One row: *number* runs on over all blocks, ``x_m`` is the northing, ``y_m`` the easting, metres on the 1 mm grid.

    ``side_m`` is the distance to the next corner; the closing row repeats the first corner of its block and has none.
    """

    number: int
    x_m: float
    y_m: float
    side_m: float | None


@dataclass(frozen=True)
class Block:
    """The corners of one ring, with its closing row; ``area_m2`` is the area the ring encloses."""

    title: str
    is_hole: bool
    area_m2: float
    corners: tuple[Corner, ...]


def corner_blocks(geom: Polygon | MultiPolygon) -> tuple[Block, ...]:
    """Number the corners of a boundary in the storage CRS, ring by ring.

    Every ring runs clockwise on the map and begins at its north-western corner, as surveyors print it (Circular
    25/2014/TT-BTNMT and practice). Several areas are blocks A, B, C from north-west to south-east; holes follow theirs.
    """
    polygons = [part for part in geom if isinstance(part, Polygon)] if isinstance(geom, MultiPolygon) else [geom]
    polygons.sort(key=lambda polygon: _north_west_key(*_north_west(polygon.exterior_ring)))
    blocks: list[Block] = []
    number = 1
    for index, polygon in enumerate(polygons):
        letter = AREA_LETTERS[index] if index < len(AREA_LETTERS) else str(index + 1)
        holes = sorted(polygon[1:], key=lambda ring: _north_west_key(*_north_west(ring)))
        for order, ring in enumerate([polygon.exterior_ring, *holes]):
            title = _block_title(letter, order, alone=len(polygons) == 1)
            block = _block(ring, number, title, is_hole=order > 0)
            number += len(block.corners) - 1
            blocks.append(block)
    return tuple(blocks)


def corner_count(blocks: tuple[Block, ...]) -> int:
    """Count the corners of all blocks without their closing rows."""
    return sum(len(block.corners) - 1 for block in blocks)


def _block_title(letter: str, order: int, *, alone: bool) -> str:
    if order:
        return (
            _("Area left out %(number)s") % {"number": order}
            if alone
            else _("Area %(letter)s, left out %(number)s") % {"letter": letter, "number": order}
        )
    return _("Boundary") if alone else _("Area %(letter)s") % {"letter": letter}


def _north_west(ring: LinearRing) -> tuple[float, float]:
    """Return the corner that lies furthest to the north-west: largest northing minus easting."""
    return max(((x, y) for x, y, *_z in ring.coords), key=lambda place: (place[1] - place[0], place[1]))


def _north_west_key(east: float, north: float) -> tuple[float, float]:
    return (east - north, -north)


def _block(ring: LinearRing, first: int, title: str, *, is_hole: bool) -> Block:
    places = [(x, y) for x, y, *_z in ring.coords][:-1]
    if _signed_area(places) > 0:  # counter-clockwise in easting, northing
        places.reverse()
    start = places.index(_north_west(ring))
    places = places[start:] + places[:start]
    corners = []
    for offset, (east, north) in enumerate(places):
        next_east, next_north = places[(offset + 1) % len(places)]
        corners.append(Corner(first + offset, north, east, hypot(next_east - east, next_north - north)))
    corners.append(Corner(first, places[0][1], places[0][0], None))
    return Block(title, is_hole, float(Polygon(ring).area), tuple(corners))


def _signed_area(places: list[tuple[float, float]]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(places, places[1:] + places[:1], strict=True))
