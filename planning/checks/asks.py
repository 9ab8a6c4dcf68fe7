"""What is asked of the database about a zone? The ``asks`` of ``check_facts``, gathered from the rules of a basis.

It asks nothing itself (`planning.checks.facts`) and knows no answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon

from layers.crs import storage_srid
from layers.vetting import LIVE, STORED, inset
from planning.checks.distances import LOOK_AROUND_M, bite_m, look_m, part_distance, zone_distance
from planning.checks.looked import Looked, looked_at
from planning.checks.models import Question
from planning.checks.rules import CompiledRule
from planning.checks.types import Basis, Subject

GREEN = "green"
LAND_LAYER = "land_parcel"
_OVERLAID = frozenset({Question.OVERLAP.value, Question.SHARE.value, Question.COUNT_INSIDE.value})


@dataclass(frozen=True)
class Asked:
    """Hold what is asked about a zone: the zone and its green parts as WKB, and the ``asks`` of ``check_facts``.

    *within* is asked of all, *surroundings* only of editions; *written* is their JSON where it is known beforehand.
    *look*: answers what was not looked at. It may have to wait for the child that widens the zone, and is asked when
    what lies around is on its way. *late*: the rules (by code) about what lies around.
    """

    zone: bytes
    within: dict[str, Any]
    surroundings: dict[str, Any]
    written: str | None
    green: bytes | None
    width: float | None
    look: Callable[[], Looked]
    late: frozenset[str]

    @cached_property
    def looked(self) -> Looked:
        """Return what was not looked at. Raises InputRefused (GEOM_TOO_COMPLEX) as `looked_at` does."""
        return self.look()

    def all(self) -> list[Any]:
        """Return the parameters of the whole question."""
        return self._parameters({**self.within, **self.surroundings})

    def inside(self) -> list[Any]:
        """Return the parameters of the question without what `around` asks; that is to be asked first."""
        return self._parameters(self.within)

    def around(self) -> list[Any]:
        """Return the parameters of the other part."""
        return [self.zone, storage_srid(), self.written or json.dumps(self.surroundings), False]

    def _parameters(self, asks: dict[str, Any]) -> list[Any]:
        asks = {**asks, "coverage": list(self.looked.beyond), "looked": list(self.looked.around)}
        return [self.zone, storage_srid(), json.dumps(asks), self.green, storage_srid(), self.width]


@dataclass(frozen=True)
class _Standing:
    """Hold what some rules ask whatever is drawn: by the name of what is asked, editions or one ask for each rule.

    *around*: what ``check_around`` takes, once as it is and once as JSON. *of_parts*: rules that measure from planned
    parts, with their edition. *width*: of the green strip that parts are asked for. *late*: see `Asked`.
    """

    overlap: list[int]
    detailed: list[int]
    scope: str
    around: dict[str, Any]
    around_json: str
    of_parts: tuple[tuple[CompiledRule, int], ...]
    width: float | None
    late: frozenset[str]


def asked_about(
    subject: Subject, zone: GEOSGeometry, rules: Iterable[CompiledRule], against: Basis, *, verified: bool
) -> Asked:
    """Return what the *rules* need to know about *zone* (on the grid)."""
    rules = tuple(rules)
    key = ("asked", subject.declared.trade_class, tuple(rule.code for rule in rules))
    standing = against.once(key, partial(_standing, subject, rules, against))
    measured_from: dict[str, GEOSGeometry] = {}
    parts: list[dict[str, Any]] = []
    for rule, edition in standing.of_parts:
        geom = _measured_from(rule, subject)
        if geom is not None:
            measured_from[rule.code] = geom
            parts.append(_part_setback(rule, edition, subject, geom))
    width = standing.width if subject.parts else None
    within = {
        "day": against.date.isoformat(),
        "unit": subject.unit_id,
        "entry": subject.plan_entry_id,
        "clusters": list(subject.ignore_cluster_ids),
        "proposals": list(subject.ignore_proposal_codes),
        "scope": standing.scope,
        "overlap": standing.overlap,
        "reach": LOOK_AROUND_M,
        "detailed": standing.detailed,
        "inner": None if width is None else _inner(zone, width, verified=verified),
    }
    green = _green(subject) if width is not None else None
    return Asked(
        zone=bytes(zone.wkb),
        within=within,
        surroundings={**standing.around, "parts": parts},
        written=None if parts else standing.around_json,
        green=None if green is None else bytes(green.wkb),
        width=width,
        look=partial(looked_at, subject, zone, rules, against, measured_from, verified=verified, always=LAND_LAYER),
        late=standing.late.union(measured_from),
    )


def _standing(subject: Subject, rules: tuple[CompiledRule, ...], against: Basis) -> _Standing:
    """Gather what *rules* ask of a subject of which nothing but its trade class is known."""
    overlap: set[int] = set()
    nearest: set[int] = set()
    setback: list[dict[str, Any]] = []
    flow: list[dict[str, Any]] = []
    of_parts: list[tuple[CompiledRule, int]] = []
    detailed: set[int] = set()
    late: set[str] = set()
    scope = "unit"
    width: float | None = None
    for rule in rules:
        edition = against.editions.get(rule.layer_code)
        if rule.question in _OVERLAID and edition:
            overlap.add(edition.id)
            if {"min_feature_ha", "min_feature_urban_ha"} & rule.values.keys():
                detailed.add(edition.id)
            if not rule.merged and rule.question == Question.OVERLAP:
                nearest.add(edition.id)
                late.add(rule.code)
        elif rule.question == Question.SETBACK and edition:
            (flow if rule.settings.get("flow_attribute") else setback).append(_setback(rule, edition.id, subject))
            late.add(rule.code)
        elif rule.question == Question.PART_SETBACK and edition:
            of_parts.append((rule, edition.id))
        elif rule.question == Question.OCCUPANCY:
            scope = str(rule.settings.get("scope", scope))
        elif rule.question == Question.GREEN_BUFFER:
            width = rule.values.get("width")
    if LAND_LAYER in against.editions:
        overlap.add(against.editions[LAND_LAYER].id)
    around = {"setback": setback, "flow": flow, "parts": [], "nearest": sorted(nearest), "reach": LOOK_AROUND_M}
    return _Standing(
        overlap=sorted(overlap),
        detailed=sorted(detailed),
        scope=scope,
        around=around,
        around_json=json.dumps(around),
        of_parts=tuple(of_parts),
        width=width,
        late=frozenset(late),
    )


def _setback(rule: CompiledRule, edition: int, subject: Subject) -> dict[str, Any]:
    settings = rule.settings
    return {
        "rule": rule.code,
        "edition": edition,
        "classes": sorted(rule.classes) or None,
        "class_attribute": settings.get("class_attribute"),
        "distances": dict(rule.distances),
        "default": zone_distance(rule, subject),
        "half_width_attribute": settings.get("half_width_attribute"),
        "half_widths": settings.get("half_widths", {}),
        "bite": bite_m(rule, subject),
        "reach": look_m(rule, subject),
        "flow_attribute": settings.get("flow_attribute"),
        "downstream": dict(rule.downstream),
        "default_downstream": rule.values.get("downstream"),
    }


def _measured_from(rule: CompiledRule, subject: Subject) -> GEOSGeometry | None:
    """Return the planned parts of the rule's uses; None while there is nothing to ask."""
    if part_distance(rule, subject) is None:
        return None
    return _gathered(subject, frozenset(rule.settings.get("uses", ())))


def _part_setback(rule: CompiledRule, edition: int, subject: Subject, geom: GEOSGeometry) -> dict[str, Any]:
    """Ask from planned parts instead of the zone."""
    ask = {**_setback(rule, edition, subject), "distances": {}, "default": part_distance(rule, subject)}
    return {"geom": bytes(geom.wkb).hex(), "setback": [ask]}


def _inner(zone: GEOSGeometry, width: float, *, verified: bool) -> str | None:
    """Return the zone drawn in by the green strip's width as WKB in hex; by the child, because it can be stopped."""
    inner = inset(zone, width, timeout=STORED.timeout if verified else LIVE.timeout)
    return None if inner is None else bytes(inner.wkb).hex()


def _green(subject: Subject) -> GEOSGeometry | None:
    return _gathered(subject, frozenset({GREEN}))


def _gathered(subject: Subject, uses: frozenset[str]) -> GEOSGeometry | None:
    """Return the parts of some uses as one collection, side by side; SQL puts them together, with every test."""
    polygons = [part.geom for part in subject.parts if part.use in uses and isinstance(part.geom, Polygon)]
    return MultiPolygon(*polygons, srid=storage_srid()) if polygons else None
