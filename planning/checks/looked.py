"""How far did the publishers look around a zone, and which question had to know more? Asked before the database is.

A question about a distance looks at the zone widened by it: what lies just beyond the coverage may be too near. It
measures nothing itself; what was not looked at is measured by ``check_looked``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from layers.vetting import LIVE, STORED, outset
from planning.checks.coverage import Coverage
from planning.checks.distances import look_m, looked_for_m
from planning.checks.models import Question
from planning.checks.rules import CompiledRule
from planning.checks.types import Basis, Subject


@dataclass(frozen=True)
class Looked:
    """Hold what was not looked at.

    *beyond*: editions (one for each coverage) whose coverage the zone itself leaves. *around*: what ``check_looked``
    has to measure. *short*: rules that look farther than was looked at, so that "nothing near" holds only so far.
    """

    beyond: tuple[int, ...] = ()
    around: tuple[dict[str, Any], ...] = ()
    short: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Sheet:
    """Hold what is asked of one coverage: an edition with it, how far is looked at most, and the rules that look."""

    key: str
    edition: int
    reach_m: float
    rules: tuple[CompiledRule, ...]


def looked_at(
    subject: Subject,
    zone: GEOSGeometry,
    rules: Iterable[CompiledRule],
    against: Basis,
    parts: dict[str, GEOSGeometry],
    *,
    verified: bool,
    always: str,
) -> Looked:
    """Return what *rules* look at in and around *zone* that was not looked at.

    *parts*: by rule what it measures from instead of the zone. *always*: a layer that is read whatever the rules are.
    Raises InputRefused (GEOM_TOO_COMPLEX) when the zone takes too long to be widened.
    """
    asked = tuple(rules)
    key = ("looked", subject.declared, tuple(rule.code for rule in asked))
    beyond: list[int] = []
    short: set[str] = set()
    wanted: dict[tuple[str, float, bytes], tuple[_Sheet, GEOSGeometry, list[str]]] = {}
    for sheet in against.once(key, partial(_sheets, subject, asked, against, always)):
        coverage = against.coverages[sheet.key]
        if coverage.covers_around(zone, sheet.reach_m):  # nearly always, and one question to a prepared area
            continue
        if not coverage.covers(zone):
            beyond.append(sheet.edition)
        for rule in sheet.rules:
            start = parts.get(rule.code, zone)
            if not _covers(coverage, start, look_m(rule, subject)):
                short.add(rule.code)
            within = looked_for_m(rule, subject)
            measured = within and (rule.question != Question.PART_SETBACK or rule.code in parts)
            if measured and not _covers(coverage, start, within):
                found = wanted.setdefault((sheet.key, within, bytes(start.wkb)), (sheet, start, []))
                found[2].append(rule.code)
    timeout = STORED.timeout if verified else LIVE.timeout
    around = tuple(
        {
            "rules": codes,
            "edition": sheet.edition,
            "geom": bytes(outset(start, within, timeout=timeout).wkb).hex(),
        }
        for (_key, within, _start), (sheet, start, codes) in wanted.items()
    )
    return Looked(tuple(sorted(beyond)), around, frozenset(short))


def _covers(coverage: Coverage, start: GEOSGeometry, within_m: float) -> bool:
    """Ask piece by piece: planned parts lie side by side and are no valid area together."""
    pieces = list(start) if isinstance(start, MultiPolygon) else [start]
    return all(coverage.covers_around(piece, within_m) for piece in pieces)


def _sheets(subject: Subject, rules: tuple[CompiledRule, ...], against: Basis, always: str) -> tuple[_Sheet, ...]:
    """Gather the rules by the coverage of their layer, in the order of the layers' codes."""
    by_layer: dict[str, list[CompiledRule]] = defaultdict(list)
    by_layer[always] = []
    for rule in rules:
        if rule.layer_code:
            by_layer[rule.layer_code].append(rule)
    editions: dict[str, int] = {}
    gathered: dict[str, list[CompiledRule]] = defaultdict(list)
    for code in sorted(by_layer.keys() & against.editions.keys()):
        edition = against.editions[code]
        editions[edition.coverage_key] = edition.id
        gathered[edition.coverage_key] += by_layer[code]
    return tuple(
        _Sheet(key, number, max((look_m(rule, subject) for rule in gathered[key]), default=0.0), tuple(gathered[key]))
        for key, number in editions.items()
    )
