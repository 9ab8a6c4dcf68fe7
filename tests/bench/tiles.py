"""How much slower than their own SQL are tiles over HTTP, and what does vetting cost?

The bare side calls the same SQL function with the same tile on a warm connection, in turns with the HTTP side. Tiles
are asked for without ETag, so that every request makes the tile anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from layers.crs import point_to_wgs84
from layers.models import Edition
from layers.vetting import vet, warm
from mapping.glass.tiles import render_tile
from tests.bench.figure import Figure, interleaved
from tests.bench.server import Visitor, served
from tests.bench.zones import zones

# Layer, zoom and goal. A guard against falling back, where the SQL is worth the way; a tile of 1 KiB is all way.
BUSY_LAYERS: tuple[tuple[str, int, float | None], ...] = (
    ("land_parcel", 14, 3.0),
    ("basemap_communes", 11, None),
    ("basemap_roads", 11, None),
)


def figures() -> Iterable[Figure]:
    """Yield the figures of tiles and of vetting."""
    with served() as port:
        visitor = Visitor(port)
        visitor.get("/api/map/")
        for code, zoom, goal in BUSY_LAYERS:
            yield from _tile_figures(visitor, code, zoom, goal)
    yield from _vetting_figures()


def _tile_figures(visitor: Visitor, code: str, zoom: int, goal: float | None) -> Iterable[Figure]:
    edition = Edition.objects.select_related("layer").get(layer__code=code, status="current")
    addresses = fullest_tiles(edition, zoom)
    sides = {
        "http": [partial(visitor.get, f"/tiles/{code}/{edition.pk}/{zoom}/{x}/{y}.mvt") for x, y in addresses],
        "bare": [partial(_bare, edition.pk, code, zoom, x, y) for x, y in addresses],
    }
    times = interleaved(sides, rounds=5)
    name = f"tile {code} z{zoom} over HTTP"
    yield Figure(f"{name}, p50", times["http"].p50, times["bare"].p50, "glass_tile bare, p50", goal)
    yield Figure(f"{name}, p95", times["http"].p95, times["bare"].p95, "glass_tile bare, p95", None)
    largest = max(len(render_tile(edition, zoom, x, y)) for x, y in addresses)
    yield Figure(f"largest tile of {code} z{zoom}", largest / 1024, None, "limit 500 KiB", 500.0, "KiB")


def _bare(edition: int, code: str, z: int, x: int, y: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT glass_tile(%s, %s, %s, %s, %s)", [edition, z, x, y, code])
        return bytes(cursor.fetchone()[0])


def fullest_tiles(edition: Edition, zoom: int, count: int = 20) -> list[tuple[int, int]]:
    """Return the tiles of a zoom that hold most features, as (x, y)."""
    counts: dict[tuple[int, int], int] = {}
    for geom in edition.features.values_list("geom", flat=True)[:5_000]:
        west, south, east, north = geom.extent
        lon, lat = point_to_wgs84((west + east) / 2, (south + north) / 2)
        x = int((lon + 180) / 360 * 2**zoom)
        y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom)
        counts[x, y] = counts.get((x, y), 0) + 1
    return sorted(counts, key=lambda at: -counts[at])[:count]


def _vetting_figures() -> Iterable[Figure]:
    warm()
    for corners in (30, 2_000):
        asked = zones(20, corners)
        times = interleaved(
            {"child": [partial(vet, zone) for zone in asked], "bare": [partial(_valid, zone) for zone in asked]},
            rounds=5,
        )
        name = f"vetting {corners} corners in the child, p50"
        yield Figure(name, times["child"].p50, times["bare"].p50, "shapely.is_valid in the process", None)


def _valid(zone: GEOSGeometry) -> bool:
    return bool(shapely.is_valid(shapely.from_wkb(bytes(zone.wkb))))
