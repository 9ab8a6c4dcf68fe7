"""How much slower than its own SQL is the live check over HTTP, and how does it grow with the corners of a zone?

The bare side calls the same ``check_facts`` with the same arguments on a warm connection, rotated request by request
with the HTTP side. The HTTP side is the whole way: JSON gate, vetting child, facts, judging, GeoJSON, Granian.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.utils import timezone

from layers.crs import to_wgs84
from planning.checks.basis import basis_on
from planning.checks.engine import check_report
from planning.checks.facts import question, rules_for
from planning.checks.types import Basis, Level, Subject
from tests.bench.figure import Figure, Timing, interleaved
from tests.bench.server import Visitor, served
from tests.bench.zones import zones

# The limit of the live check is per minute and account, so several people ask in turn.
PEOPLE = ("hbia.planner", "ytham.planner", "lan.appraiser", "hung.leader")
# Guards against falling back; 1.5 and 2 are where it should get to (writing the answer as JSON is the larger part).
HTTP_GOAL = {"p50": 3.0, "p95": 4.0}


def figures() -> Iterable[Figure]:
    """Yield the figures of the check."""
    basis = basis_on(timezone.localdate())
    with served() as port:
        visitors = [Visitor(port) for _person in PEOPLE]
        for visitor, person in zip(visitors, PEOPLE, strict=True):
            visitor.sign_in(person)
        yield from _http(visitors, basis)
    yield from _growth(basis)


def _http(visitors: list[Visitor], basis: Basis) -> Iterable[Figure]:
    asked = zones(60, 30)
    http = [_ask(visitors[place % len(visitors)], zone) for place, zone in enumerate(asked)]
    sides = {
        "http": http,
        "bare": [_bare(zone, basis, verified=False) for zone in asked],
        "engine": [partial(check_report, Subject(zone), basis) for zone in asked],
        "stored": [partial(check_report, Subject(zone), basis, level=Level.STORED) for zone in asked],
        "bare stored": [_bare(zone, basis, verified=True) for zone in asked],
    }
    times = interleaved(sides, rounds=4)
    for name, goal in HTTP_GOAL.items():
        yield _figure(f"live check over HTTP, 30 corners, {name}", times["http"], times["bare"], name, goal)
    yield _figure("live check in the process, p50", times["engine"], times["bare"], "p50", None)
    yield _figure("verified check in the process, p50", times["stored"], times["bare stored"], "p50", None)
    yield Figure(
        "verified SQL beside live SQL, p50", times["bare stored"].p50, times["bare"].p50, "check_facts, live", None
    )


def _growth(basis: Basis) -> Iterable[Figure]:
    few, many = zones(25, 30, seed=7), zones(25, 2_000, seed=7)
    times = interleaved(
        {
            "30": [partial(check_report, Subject(zone), basis) for zone in few],
            "2000": [partial(check_report, Subject(zone), basis) for zone in many],
        },
        rounds=2,
    )
    yield Figure("check of 2,000 corners, p50", times["2000"].p50, times["30"].p50, "30 corners", 6.0)


def _figure(name: str, value: Timing, baseline: Timing, percentile: str, goal: float | None) -> Figure:
    share = {"p50": 0.5, "p95": 0.95}[percentile]
    return Figure(name, value.percentile(share), baseline.percentile(share), f"check_facts bare, {percentile}", goal)


def _ask(visitor: Visitor, zone: GEOSGeometry) -> Callable[[], object]:
    body: dict[str, Any] = {"zone": json.loads(to_wgs84(zone).geojson), "kind": "new_cluster"}
    return partial(visitor.post_json, "/api/check/", body)


def _bare(zone: GEOSGeometry, basis: Basis, *, verified: bool) -> Callable[[], object]:
    subject = Subject(zone)
    sql, parameters = question(subject, zone, rules_for(subject, basis), basis)
    parameters[-1] = verified

    def run() -> object:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    return run
