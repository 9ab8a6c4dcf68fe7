"""How is a demo site cut into land-use parts that meet the ratios? A green strip, a road cross, a hub.

It draws like a person would: lines that cut the zone, and a use for each piece. Nothing here checks the ratios.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import LineString, MultiLineString
from shapely.geometry import LineString as Line
from shapely.geometry import Point

from layers.crs import storage_srid
from project.demo.frame import on_grid

STRIP_SHARE = 0.0268  # of the side of a square of the site's area; about 10.6 % of the site is green
HALF_ROAD_SHARE = 0.0295  # about 10.6 % of the site is road
PAST_THE_EDGE_M = 2.0


def lay_out(site: Any, bearing: float = 0.0) -> tuple[MultiLineString, list[dict[str, Any]]]:
    """Return the cutting lines and the uses (``{"at": [E, N], "use": code}``) of a roughly rectangular *site*."""
    side = float(np.sqrt(site.area))
    half_road = HALF_ROAD_SHARE * side
    core = shapely.buffer(site, -STRIP_SHARE * side, join_style="mitre")
    middle = np.array(core.centroid.coords[0])
    turn = np.radians(bearing)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    reach = float(np.hypot(*np.subtract(core.bounds[2:], core.bounds[:2])))
    local = (shapely.get_coordinates(core) - middle) @ np.column_stack([along, across])
    west, south = local.min(axis=0)
    knives = [
        _knife(middle + across * half_road, along, reach),
        _knife(middle - across * half_road, along, reach),
        _knife(middle + along * half_road, across, reach),
        _knife(middle - along * half_road, across, reach),
    ]
    corner = middle + along * west * 0.55
    corner_knife = Line([corner - across * (half_road - 1.0), corner + across * (south - 40.0)])
    edge = shapely.buffer(core, PAST_THE_EDGE_M, join_style="mitre")
    lines = [Line(core.exterior.coords), *(shapely.intersection(knife, edge) for knife in [*knives, corner_knife])]
    lines = [on_grid(line) for line in lines]
    cuts = MultiLineString(
        *[LineString(*line.coords, srid=storage_srid()) for line in lines if line.geom_type == "LineString"],
        srid=storage_srid(),
    )
    frame = np.column_stack([along, across])
    uses = [
        _use(piece, core, (np.array(_point(piece)) - middle) @ frame, half_road, west * 0.55)
        for piece in _pieces(site, lines)
    ]
    return cuts, uses


def _knife(through: Any, direction: Any, reach: float) -> Line:
    return Line([through - direction * reach, through + direction * reach])


def _pieces(site: Any, lines: list[Any]) -> list[Any]:
    noded = shapely.unary_union([site.boundary, *lines])
    faces = shapely.get_parts(shapely.polygonize([noded]))
    return [face for face in faces if face.area > 1.0 and site.covers(face.representative_point())]


def _point(piece: Any) -> tuple[float, float]:
    point = piece.representative_point()
    return round(point.x, 3), round(point.y, 3)


def _use(piece: Any, core: Any, local: Any, half_road: float, hub_west: float) -> dict[str, Any]:
    """Give a piece its use by where it lies from the middle, *local* metres along and across the site."""
    east_west, north_south = local
    point = _point(piece)
    if not core.contains(Point(point)):
        use = "green"
    elif abs(east_west) < half_road or abs(north_south) < half_road:
        use = "road"
    elif east_west < hub_west and north_south < 0:
        use = "technical"
    elif east_west > 0 and north_south < 0 and piece.area < 30_000:
        use = "service"
    else:
        use = "factory"
    return {"at": list(point), "use": use}
