"""How is the bench province put together, and how does a bench get into it? Registers of the demo, generated layers.

Building takes some minutes for a million parcels; the next run finds the database and only brings migrations, rules and
layers that are new.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from layers.crs import storage_srid
from tests.bench.province import database
from tests.bench.province.load import (
    CURRENT,
    add_editions,
    bare_tables,
    in_two,
    layer_lines,
    mark_apart,
    parcel_lines,
    promote,
    repeat,
    write,
)
from tests.bench.province.parcels import CELL_M, nearest_cells
from tests.bench.province.sheets import LOOKED_BEYOND_M, sheet_of

FULL = 1_000_000
QUICK = 100_000
BASE = f"{database.PREFIX}_base"
PARCELS = "land_parcel"
LEFT_OUT = {
    "province_outline",
    "basemap_province",
    "basemap_districts",
    "basemap_communes",
    "islands",
    "sea_names",
    "neighbours",
}


@dataclass(frozen=True)
class Province:
    """Name one bench database: how many parcels it holds and the land its layers cover (storage CRS)."""

    name: str
    parcels: int
    land: GEOSGeometry

    def environment(self) -> dict[str, str]:
        """Return what a process needs in its environment to serve this province."""
        return {"DATABASE_URL": database.app_url(self.name), "MIGRATE_DATABASE_URL": database.owner_url(self.name)}

    def dsn(self) -> str:
        """Return the address for the driver, application role."""
        return database.app_url(self.name).replace("postgis://", "postgresql://", 1)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Let this process, and those it starts, use this province as its database."""
        with _database(self.name, database.app_url(self.name)):
            yield


@contextmanager
def _database(name: str, url: str) -> Iterator[None]:
    from project.environment import database_from_url

    before = {key: connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD")}
    addresses = {key: os.environ[key] for key in ("DATABASE_URL", "MIGRATE_DATABASE_URL")}
    target = database_from_url(url)
    connection.close()
    connection.settings_dict.update({key: target[key] for key in before})
    os.environ.update(DATABASE_URL=url, MIGRATE_DATABASE_URL=database.owner_url(name))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
        os.environ.update(addresses)


def full_size() -> int:
    """Return how many parcels the largest province of this run has: a tenth with ``script/bench --quick``."""
    return QUICK if os.environ.get("DATNGHE_BENCH_QUICK") else FULL


def bench_province(parcels: int | None = None) -> Province:
    """Return the province with *parcels* land parcels (10,000, 100,000 or 1,000,000; `full_size` when absent).

    A smaller one is a piece of the largest: the same parcels, rivers and houses around the same zone.

    Builds it when there is none or its generator has changed; adds layers the catalogue has learnt since.
    """
    parcels = full_size() if parcels is None else parcels
    stamp = database.generator_stamp()
    name = f"{database.PREFIX}_{parcels}"
    if not database.exists(name) or database.stamp_of(name) != stamp:
        _make(name, parcels, stamp)
    else:
        _refresh(name)
    with _database(name, database.owner_url(name)):
        land = _land(parcels)
        _add_layers(name, land, parcels)
        mark_apart(database.owner_dsn(name))
    return Province(name, parcels, GEOSGeometry(memoryview(shapely.to_wkb(land)), srid=storage_srid()))


def _make(name: str, parcels: int, stamp: str) -> None:
    begun = time.perf_counter()
    if not database.exists(BASE) or not database.furnished(BASE):
        database.create(BASE)
        database.migrate(BASE)
        with _database(BASE, database.owner_url(BASE)):
            _furnish()
    _refresh(BASE)
    database.create(name, BASE)
    with _database(name, database.owner_url(name)):
        land = _land(parcels)
        dsn = database.owner_dsn(name)
        with bare_tables(dsn):
            _add_layers(name, land, parcels)
    database.set_stamp(name, stamp)
    print(f"  (bench province of {parcels:,} parcels made in {time.perf_counter() - begun:.0f} s)", flush=True)


def _refresh(name: str) -> None:
    """Bring a kept database to the tables, functions, rules and layers of the code."""
    from planning.checks.services import load_catalogue
    from project.demo.publish import load_layers

    database.migrate(name)
    with _database(name, database.owner_url(name)):
        load_layers()
        load_catalogue()


def _furnish() -> None:
    """Load what the demo has besides layers and proposals."""
    from planning.checks.services import load_catalogue
    from planning.proposals.services import load_procedure_catalogue
    from planning.registers.services import load_register_catalogue
    from project.demo import ground
    from project.demo.books import load_clusters, load_plan_lists
    from project.demo.moment import at_moment
    from project.demo.people import load_people
    from project.demo.publish import load_layers

    with at_moment(2026, 1, 5, 8):
        ground.load_instruments()
        places = ground.load_units(ground.generated_boundaries())
        ground.load_bodies(places.province)
        ground.load_holidays()
        load_catalogue()
        load_procedure_catalogue()
        load_register_catalogue()
        load_people(places)
        load_layers()
        load_clusters(places, load_plan_lists(places))


def _land(parcels: int) -> Any:
    """Return the land that *parcels* parcels tile for certain, as one polygon with the province's own rough border."""
    from layers.models import AdminUnit

    border = shapely.from_wkb(bytes(AdminUnit.objects.get(level="province", valid_to=None).geom.wkb))
    cells = nearest_cells(parcels, border)
    middle = border.centroid
    reach = float(shapely.hausdorff_distance(middle, shapely.multipoints((cells[[0, -1]] + 0.5) * CELL_M)))
    far = max(reach, float(((((cells + 0.5) * CELL_M) - [middle.x, middle.y]) ** 2).sum(axis=1).max() ** 0.5))
    inner = shapely.intersection(shapely.buffer(middle, far), border)
    land = shapely.set_precision(shapely.buffer(inner, -2.5 * CELL_M), 0.001)
    return max(shapely.get_parts(land), key=lambda part: float(part.area))


def _add_layers(name: str, land: Any, parcels: int) -> None:
    """Load every layer of the catalogue that has no generated edition here yet."""
    from layers.models import Layer
    from planning.checks.models import Rule

    missing = [
        layer
        for layer in Layer.objects.exclude(editions__source="tests.bench.province").order_by("code")
        if layer.code not in LEFT_OUT
    ]
    named: dict[str, set[str]] = {}
    for rule in Rule.objects.exclude(layer_code=""):
        named.setdefault(rule.layer_code, set()).update(rule.classes)
    dsn, srid = database.owner_dsn(name), storage_srid()
    looked_at = {code: shapely.buffer(land, beyond) for code, beyond in LOOKED_BEYOND_M.items()}

    def one(layer: Layer) -> None:
        coverage = shapely.multipolygons([looked_at.get(layer.code, land)])
        editions = add_editions(dsn, layer.pk, shapely.to_wkb(coverage, byte_order=1), srid, layer.code)
        if layer.code == PARCELS:
            border = shapely.from_wkb(bytes(province.geom.wkb))
            chunks = parcel_lines(nearest_cells(parcels, border))
        else:
            rows = sheet_of(layer.code, layer.geometry_kind, tuple(sorted(named.get(layer.code, ()))), whole)
            rows = rows if parcels == FULL else rows.meeting(land)
            chunks = layer_lines(layer.code, rows.geoms, rows.classes, rows.attributes)
        current = editions[CURRENT - 1]
        count = write(dsn, current, chunks, srid)
        repeat(dsn, current, [edition for edition in editions if edition != current], count)
        promote(dsn, editions)

    if missing:
        from layers.models import AdminUnit

        whole = land if parcels == FULL else _land(FULL)
        province = AdminUnit.objects.get(level="province", valid_to=None)
        in_two(one, sorted(missing, key=lambda layer: layer.code != PARCELS))


def statistics(province: Province) -> dict[str, int]:
    """Return how many features, parts and editions the province holds, and its size in MB."""
    with closing(psycopg2.connect(province.dsn())) as opened, opened.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT sum(feature_count) FROM layers_edition WHERE status = 'current'),"
            " (SELECT count(*) FROM layers_edition), pg_database_size(current_database()) / 1000000"
        )
        features, editions, size = cursor.fetchone() or (0, 0, 0)
    return {"features": int(features), "editions": int(editions), "megabytes": int(size), "current": CURRENT}
