"""Which part of the land does a map sheet show, and at which scale? A round scale at which the boundary fits its frame.

It draws nothing: `mapping.papers.map_sheet` does.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry, Polygon

# The scales of plan maps (docs/decisions/0018); the last two only for boundaries beyond any limit.
SCALES = (500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000)
# The boundary takes at most this share of the frame, so that its surroundings are seen.
FILL = 0.86
GRID_MM = 40


@dataclass(frozen=True)
class Window:
    """The land behind a frame of *width_mm* × *height_mm* at 1:*scale*; *west* … *north* in the storage CRS, metres."""

    scale: int
    width_mm: float
    height_mm: float
    west: float
    south: float

    @property
    def east(self) -> float:
        """Return the easting of the right edge, metres."""
        return self.west + self.width_mm * self.scale / 1_000

    @property
    def north(self) -> float:
        """Return the northing of the upper edge, metres."""
        return self.south + self.height_mm * self.scale / 1_000

    def place(self, east: float, north: float) -> tuple[float, float]:
        """Return the millimetres from the frame's upper left corner, rightwards and downwards."""
        return (east - self.west) * 1_000 / self.scale, (self.north - north) * 1_000 / self.scale

    def box(self, srid: int | None) -> Polygon:
        """Return the window as a polygon in the storage CRS."""
        polygon = Polygon.from_bbox((self.west, self.south, self.east, self.north))
        polygon.srid = srid
        return polygon

    def grid_step_m(self) -> int:
        """Return the round distance of the coordinate grid, 30 to 80 mm apart on the paper."""
        size = 10
        while size * 10 * 1_000 / self.scale <= GRID_MM:
            size *= 10
        return next(size * times for times in (1, 2, 5, 10) if size * times * 1_000 / self.scale >= GRID_MM * 0.75)


def window_around(zone: GEOSGeometry, width_mm: float, height_mm: float) -> Window:
    """Return the window with *zone* in its middle at the largest scale of the list at which it fits."""
    scale = next((scale for scale in SCALES if fits(zone, width_mm, height_mm, scale)), SCALES[-1])
    return window_at(zone, width_mm, height_mm, scale)


def fits(zone: GEOSGeometry, width_mm: float, height_mm: float, scale: int, *, fill: float = FILL) -> bool:
    """Tell whether *zone* takes at most the share *fill* of a frame at 1:*scale*."""
    west, south, east, north = zone.extent
    return bool(
        (east - west) * 1_000 / scale <= width_mm * fill and (north - south) * 1_000 / scale <= height_mm * fill
    )


def window_at(zone: GEOSGeometry, width_mm: float, height_mm: float, scale: int) -> Window:
    """Return the window at 1:*scale* with *zone* in its middle."""
    west, south, east, north = zone.extent
    half_width, half_height = width_mm * scale / 2_000, height_mm * scale / 2_000
    return Window(scale, width_mm, height_mm, (west + east) / 2 - half_width, (south + north) / 2 - half_height)


def multiples(low: float, high: float, step: int) -> list[int]:
    """Return the multiples of *step* between *low* and *high*, metres."""
    first = int(-(-low // step)) * step
    return list(range(first, int(high) + 1, step))
