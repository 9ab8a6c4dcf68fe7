"""How far did the publishers look around a zone, and which question had to know more? Asked before the database is.

A question about a distance looks at the zone widened by it: what lies just beyond the coverage may be too near. It
measures nothing itself; what was not looked at is measured by ``check_looked``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from layers.vetting import LIVE, STORED, outset
from planning.checks.coverage import Coverage, box_of
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
    """Hold what is asked of one coverage: an edition with it, and how far its rules look.

    *steps*: all those distances, the farthest first. *rules*: each with how far it looks and how far it has to know.
    """

    key: str
    edition: int
    steps: tuple[float, ...]
    rules: tuple[tuple[CompiledRule, float, float], ...]


@dataclass(frozen=True)
class _Start:
    """Hold the zone or the parts that are measured from, and the rules by edition and distance that is asked for."""

    geom: GEOSGeometry
    asked: dict[tuple[int, float], list[str]] = field(default_factory=dict)

    def asks(self, timeout: float) -> list[dict[str, Any]]:
        """Return what ``check_looked`` is asked; all widened areas come from the child at once."""
        distances = sorted({within for _edition, within in self.asked})
        ground = dict(zip(distances, outset(self.geom, distances, timeout=timeout), strict=True))
        return [
            {"rules": rules, "edition": edition, "geom": bytes(ground[within].wkb).hex()}
            for (edition, within), rules in self.asked.items()
        ]


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
    wanted: dict[bytes, _Start] = {}
    extent = box_of(zone)
    for sheet in against.once(key, partial(_sheets, subject, asked, against, always)):
        coverage = against.coverages[sheet.key]
        if coverage.covers_box(extent, sheet.steps[0]):  # nearly always
            continue
        covered = _covered_m(coverage, zone, sheet.steps)
        if covered < 0:
            beyond.append(sheet.edition)
        for rule, look, within in sheet.rules:
            start, known = zone, covered
            if rule.code in parts:
                start = parts[rule.code]
                known = _covered_m(coverage, start, sheet.steps)
            if known < look:
                short.add(rule.code)
            if within > max(known, 0.0) and (rule.question != Question.PART_SETBACK or rule.code in parts):
                place = wanted.setdefault(bytes(start.wkb), _Start(start))
                place.asked.setdefault((sheet.edition, within), []).append(rule.code)
    timeout = STORED.timeout if verified else LIVE.timeout
    around = tuple(ask for place in wanted.values() for ask in place.asks(timeout))
    return Looked(tuple(sorted(beyond)), around, frozenset(short))


def _covered_m(coverage: Coverage, start: GEOSGeometry, steps: tuple[float, ...]) -> float:
    """Return the first of *steps*, the last of which is 0, as far as which all is covered; -1 when *start* is not.

    Pieces are asked one by one: planned parts lie side by side and are no valid area together.
    """
    pieces = list(start) if isinstance(start, MultiPolygon) else [start]
    covered = (step for step in steps if all(coverage.covers_around(piece, step) for piece in pieces))
    return next(covered, -1.0)


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
    sheets = []
    for key, number in editions.items():
        looks = tuple((rule, look_m(rule, subject), looked_for_m(rule, subject)) for rule in gathered[key])
        steps = {0.0, *(metres for _rule, *both in looks for metres in both)}
        sheets.append(_Sheet(key, number, tuple(sorted(steps, reverse=True)), looks))
    return tuple(sheets)
