"""Where do the corners of a version lie in the chosen zone? The stored boundary, moved once and rounded to 1 mm there.

Corner numbers are those of the province's zone: a corner has the same number in every package of its version.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, LinearRing, MultiPolygon, Polygon
from django.utils.translation import gettext as _

from layers.crs import as_multi, storage_srid, to_zone
from layers.errors import NotComputable
from mapping.papers.corner_table import Block, Corner, corner_blocks
from mapping.papers.survey_files import rounded
from planning.proposals.models import ZoneVersion


@dataclass(frozen=True)
class PlacedPart:
    """One land-use part: *area_m2* is the stored area, *geom* lies in the chosen zone."""

    number: int
    use: str
    label: str
    area_m2: float
    geom: GEOSGeometry

    @property
    def rings(self) -> list[list[tuple[float, float]]]:
        """Return outer ring and holes as closed lists of easting and northing."""
        rings = self.geom if isinstance(self.geom, Polygon) else ()
        return [[(x, y) for x, y, *_z in ring.coords] for ring in rings]


@dataclass(frozen=True)
class Placed:
    """A version in the zone *srid*: boundary, parts and corner blocks, metres on a 1 mm grid."""

    srid: int
    geom: MultiPolygon
    parts: tuple[PlacedPart, ...]
    blocks: tuple[Block, ...]

    @property
    def corners(self) -> list[tuple[Block, Corner]]:
        """Return every corner once, with its block."""
        return [(block, corner) for block in self.blocks for corner in block.corners[:-1]]


def placed(version: ZoneVersion, srid: int) -> Placed:
    """Move a version into the zone *srid*.

    Raises NotComputable (ZONE_ROUNDING) when rounding to 1 mm in that zone would make a boundary cross itself.
    """
    parts = tuple(
        PlacedPart(part.number, part.use, str(part.get_use_display()), part.area_m2, moved(part.geom, srid))
        for part in version.parts.order_by("number")
    )
    blocks = corner_blocks(version.geom)
    if srid != storage_srid():
        blocks = tuple(_moved_block(block, srid) for block in blocks)
    return Placed(srid, as_multi(moved(version.geom, srid)), parts, blocks)


def moved(geom: GEOSGeometry, srid: int) -> GEOSGeometry:
    """Return a stored geometry in the zone *srid*, rounded to 1 mm; in the province's zone it is what is stored."""
    if srid == storage_srid():
        return geom.clone()
    result = rounded(to_zone(geom, srid))
    if not result.valid:
        raise NotComputable(
            _("In this zone the boundary would touch itself after rounding to a millimetre."),
            code="ZONE_ROUNDING",
            where=f"EPSG:{srid}",
            todo=_("Choose the province's own zone: there the boundary is exactly the stored one."),
        )
    return result


def _moved_block(block: Block, srid: int) -> Block:
    """Move the corners of a block; sides and enclosed area are those of the moved, rounded corners."""
    ring = LinearRing([(corner.y_m, corner.x_m) for corner in block.corners], srid=storage_srid())
    outline: Any = rounded(to_zone(ring, srid))
    places = [(x, y) for x, y, *_z in outline.coords]
    corners = [
        replace(
            corner,
            x_m=north,
            y_m=east,
            side_m=None if corner.side_m is None else hypot(places[index + 1][0] - east, places[index + 1][1] - north),
        )
        for index, (corner, (east, north)) in enumerate(zip(block.corners, places, strict=True))
    ]
    return replace(block, corners=tuple(corners), area_m2=float(Polygon(places).area))
