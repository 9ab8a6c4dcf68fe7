"""How near is the live check over HTTP to its bare SQL, how does it grow, and how does it stand beside geopandas?

All on the bench province. The bare side calls the same ``check_facts`` with the same arguments on a warm connection,
rotated request by request with the HTTP side, which is the whole way: JSON gate, vetting child, facts, judging,
GeoJSON, Granian as ``script/serve`` starts it.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import psycopg2
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.utils import timezone

from layers.crs import to_wgs84
from planning.checks.basis import basis_on
from planning.checks.engine import check_report
from planning.checks.facts import question, rules_for
from planning.checks.types import Basis, Level, Subject
from tests.bench import peers
from tests.bench.figure import Figure, Timing, interleaved
from tests.bench.province import Province, bench_province, full_size, statistics
from tests.bench.server import Visitor, served
from tests.bench.zones import zones

# The limit of the live check is per minute and account, so several people ask in turn.
PEOPLE = ("hbia.planner", "ytham.planner", "lan.appraiser", "hung.leader")
GOALS = {"p50": 1.5, "p95": 2.0}
SHARES = {"p50": 0.5, "p95": 0.95}
SLOPE = 0.03
MANY_CORNERS = 6.0
BESIDE_GEOPANDAS = 1 / 20
AREAS_DIFFER = 1e-12
SMALLEST = 10_000
# Zones of the growth lie so far inside the smallest province that all see the same neighbours.
MARGIN_M = -2_600.0


def figures() -> Iterable[Figure]:
    """Yield the figures of the check."""
    province = bench_province()
    for name, number in statistics(province).items():
        yield Figure(f"the province: {name}", float(number), None, "", None, "")
    with province.entered():
        basis = basis_on(timezone.localdate())
        yield Figure("rules asked", float(len(basis.rules)), None, f"{len(basis.editions)} layers", None, "")
        asked = zones(60, 30, within=province.land)
        with served() as port:
            yield from _beside_bare(port, asked, basis)
        yield from _corners(province, basis)
        yield from _beside_geopandas(asked[:30], basis)
    yield from _growth(province)


def _beside_bare(port: int, asked: list[GEOSGeometry], basis: Basis) -> Iterable[Figure]:
    sides: dict[str, list[Callable[[], object]]] = {
        "live over HTTP": _over_http(port, asked),
        "live bare": [_bare(zone, basis) for zone in asked],
        "live in the process": [partial(check_report, Subject(zone), basis) for zone in asked],
        "verified in the process": [partial(check_report, Subject(zone), basis, level=Level.STORED) for zone in asked],
        "verified bare": [_bare(zone, basis, verified=True) for zone in asked],
    }
    times = interleaved(sides, rounds=5)
    for name, goal in GOALS.items():
        yield _figure("live check over HTTP, 30 corners", times["live over HTTP"], times["live bare"], name, goal)
    for name, goal in GOALS.items():
        yield _figure(
            "verified check, 30 corners", times["verified in the process"], times["verified bare"], name, goal
        )
    yield _figure("live check in the process", times["live in the process"], times["live bare"], "p50", None)
    yield Figure("verified SQL beside live SQL, p50", times["verified bare"].p50, times["live bare"].p50, "live bare")


def _corners(province: Province, basis: Basis) -> Iterable[Figure]:
    few, many = (zones(25, corners, seed=7, within=province.land) for corners in (30, 2_000))
    times = interleaved(
        {
            "30": [partial(check_report, Subject(zone), basis) for zone in few],
            "2000": [partial(check_report, Subject(zone), basis) for zone in many],
        },
        rounds=3,
    )
    yield Figure("check of 2,000 corners, p50", times["2000"].p50, times["30"].p50, "30 corners", MANY_CORNERS)


def _beside_geopandas(asked: list[GEOSGeometry], basis: Basis) -> Iterable[Figure]:
    overlaid = json.loads(_arguments(asked[0], basis)[1][2])["overlap"]
    found = [peers.hits(zone, overlaid) for zone in asked]
    times = interleaved(
        {
            "check": [partial(peers.overlap, zone, overlaid) for zone in asked],
            "by layer": [partial(peers.overlay_layers, one) for one in found],
            "at once": [partial(peers.overlay_at_once, one) for one in found],
        },
        rounds=3,
    )
    hits = sorted(len(one.keys) for one in found)[len(found) // 2]
    name = f"overlap of {len(overlaid)} layers, {hits} hits, p50"
    yield Figure(name, times["check"].p50, times["by layer"].p50, "geopandas.overlay, by layer", BESIDE_GEOPANDAS)
    yield Figure(name, times["check"].p50, times["at once"].p50, "geopandas.overlay, all at once")
    differ = max(peers.largest_difference(one, overlaid) for one in found)
    yield Figure("areas beside shapely's, relative", differ, None, "largest of all layers", AREAS_DIFFER, "")


def _growth(largest: Province) -> Iterable[Figure]:
    """Ask the same questions of three provinces that are the same around the zones."""
    sizes = [SMALLEST, 100_000, full_size()]
    provinces = [bench_province(size) for size in sorted(set(sizes))]
    asked = zones(30, 30, seed=11, within=provinces[0].land.buffer(MARGIN_M))
    with contextlib.ExitStack() as stack:
        http: dict[str, list[Callable[[], object]]] = {}
        bare: dict[str, list[Callable[[], object]]] = {}
        for province in provinces:
            with province.entered():
                basis = basis_on(timezone.localdate())
                arguments = [_arguments(zone, basis) for zone in asked]
                port = stack.enter_context(served(workers=1))
                http[f"{province.parcels:,}"] = _over_http(port, asked)
            bare[f"{province.parcels:,}"] = list(_elsewhere(stack, province, arguments))
        for name, sides in (("live check over HTTP", http), ("bare SQL", bare)):
            times = interleaved(sides, rounds=5, warm_up=2)
            for size, timing in times.items():
                yield Figure(f"{name}, {size} parcels, p50", timing.p50)
            slope = _slope([(province.parcels, times[f"{province.parcels:,}"].p50) for province in provinces])
            goal = SLOPE if sides is http else None
            yield Figure(f"growth of the {name}", slope, None, "log-log slope over parcels", goal, "")


def _slope(points: list[tuple[int, float]]) -> float:
    """Return the least-squares slope of log time over log size."""
    xs, ys = [math.log(size) for size, _time in points], [math.log(time) for _size, time in points]
    x, y = math.fsum(xs) / len(xs), math.fsum(ys) / len(ys)
    return math.fsum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / math.fsum((a - x) ** 2 for a in xs)


def _figure(name: str, value: Timing, baseline: Timing, percentile: str, goal: float | None) -> Figure:
    share = SHARES[percentile]
    name = f"{name}, {percentile}"
    return Figure(name, value.percentile(share), baseline.percentile(share), f"check_facts bare, {percentile}", goal)


def _over_http(port: int, asked: list[GEOSGeometry]) -> list[Callable[[], object]]:
    visitors = [Visitor(port) for _person in PEOPLE]
    for visitor, person in zip(visitors, PEOPLE, strict=True):
        visitor.sign_in(person)
    return [_ask(visitors[place % len(visitors)], zone) for place, zone in enumerate(asked)]


def _ask(visitor: Visitor, zone: GEOSGeometry) -> Callable[[], object]:
    body: dict[str, Any] = {"zone": json.loads(to_wgs84(zone).geojson), "kind": "new_cluster"}
    return visitor.question("/api/check/", body)


def _arguments(zone: GEOSGeometry, basis: Basis, *, verified: bool = False) -> tuple[str, list[Any]]:
    subject = Subject(zone)
    return question(subject, zone, rules_for(subject, basis), basis, verified=verified)


def _bare(zone: GEOSGeometry, basis: Basis, *, verified: bool = False) -> Callable[[], object]:
    sql, parameters = _arguments(zone, basis, verified=verified)

    def run() -> object:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    return run


def _elsewhere(
    stack: contextlib.ExitStack, province: Province, arguments: list[tuple[str, list[Any]]]
) -> Iterator[Callable[[], object]]:
    """Yield the bare calls on a connection to *province* of its own."""
    opened = stack.enter_context(contextlib.closing(psycopg2.connect(province.dsn())))
    opened.autocommit = True

    def run(sql: str, parameters: list[Any]) -> object:
        with opened.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    for sql, parameters in arguments:
        yield partial(run, sql, parameters)
