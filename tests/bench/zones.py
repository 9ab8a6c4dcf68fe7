"""About which zones do benches ask? Seeded shapes of 10–75 ha where the demo has parcels, of any number of corners."""

from __future__ import annotations

import math
import random
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db import connection

from layers.crs import storage_srid
from layers.grid import on_grid


def zones(count: int, vertices: int, *, seed: int = 42, within: GEOSGeometry | None = None) -> list[GEOSGeometry]:
    """Return *count* star-shaped zones of 10–75 ha with *vertices* corners, centred in the parcel layer's coverage."""
    chance = random.Random(seed)
    area = within or parcels_covered()
    found: list[GEOSGeometry] = []
    west, south, east, north = area.extent
    prepared = area.prepared
    while len(found) < count:
        centre = (chance.uniform(west, east), chance.uniform(south, north))
        shape = _star(centre, chance.uniform(10, 75) * 10_000, vertices, chance)
        if shape.valid and prepared.intersects(shape.centroid):
            found.append(on_grid(MultiPolygon(shape, srid=storage_srid())))
    return found


def parcels_covered() -> Any:
    """Return where the parcel layer's publisher looked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsBinary(e.coverage) FROM layers_edition e JOIN layers_layer l ON l.id = e.layer_id"
            " WHERE l.code = 'land_parcel' AND e.status = 'current'"
        )
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("the demo is not loaded: there is no parcel layer")
    return GEOSGeometry(memoryview(bytes(row[0])), srid=storage_srid())


def _star(centre: tuple[float, float], area_m2: float, vertices: int, chance: random.Random) -> Polygon:
    rough = [1 + 0.25 * math.sin(3 * step + chance.uniform(0, 6)) * chance.uniform(0.2, 1) for step in (1, 2)]
    radii = [
        1 + 0.15 * math.sin(2 * math.pi * place / vertices * 3 + rough[0]) + chance.uniform(-0.02, 0.02)
        for place in range(vertices)
    ]
    points = [
        (
            radius * math.cos(2 * math.pi * place / vertices),
            radius * math.sin(2 * math.pi * place / vertices) * rough[1],
        )
        for place, radius in enumerate(radii)
    ]
    scale = math.sqrt(area_m2 / abs(Polygon([*points, points[0]]).area))
    ring = [(centre[0] + scale * x, centre[1] + scale * y) for x, y in points]
    return Polygon([*ring, ring[0]], srid=storage_srid())
