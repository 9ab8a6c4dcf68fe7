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
# What check_around reads: nothing but editions, so it may be asked a moment earlier or later than the rest.
_ASKED_AROUND = ("setback", "flow", "parts", "nearest")


@dataclass(frozen=True)
class Asked:
    """Hold what is asked about a zone: the zone and its green parts as WKB, and the ``asks`` of ``check_facts``.

    *look*: answers what was not looked at. It may have to wait for the child that widens the zone, and is asked when
    what lies around is on its way. *late*: the rules (by code) about what lies around.
    """

    zone: bytes
    asks: dict[str, Any]
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
        return self._parameters(self.asks)

    def inside(self) -> list[Any]:
        """Return the parameters of the question without what `around` asks; that is to be asked first."""
        return self._parameters({name: asks for name, asks in self.asks.items() if name not in _ASKED_AROUND})

    def around(self) -> list[Any]:
        """Return the parameters of the other part."""
        asks = {name: self.asks[name] for name in (*_ASKED_AROUND, "reach")}
        return [self.zone, storage_srid(), json.dumps(asks), False]

    def _parameters(self, asks: dict[str, Any]) -> list[Any]:
        asks = {**asks, "coverage": list(self.looked.beyond), "looked": list(self.looked.around)}
        return [self.zone, storage_srid(), json.dumps(asks), self.green, storage_srid(), self.width]


def asked_about(
    subject: Subject, zone: GEOSGeometry, rules: Iterable[CompiledRule], against: Basis, *, verified: bool
) -> Asked:
    """Return what the *rules* need to know about *zone* (on the grid)."""
    overlap: set[int] = set()
    nearest: set[int] = set()
    setback: list[dict[str, Any]] = []
    flow: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    measured_from: dict[str, GEOSGeometry] = {}
    detailed: set[int] = set()
    late: set[str] = set()
    scope = "unit"
    width: float | None = None
    rules = tuple(rules)
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
            key = (rule.code, "ask", subject.declared.trade_class)
            ask = against.once(key, partial(_setback, rule, edition.id, subject))
            (flow if rule.settings.get("flow_attribute") else setback).append(ask)
            late.add(rule.code)
        elif rule.question == Question.PART_SETBACK and edition:
            geom = _measured_from(rule, subject)
            if geom is not None:
                measured_from[rule.code] = geom
                parts.append(_part_setback(rule, edition.id, subject, geom))
                late.add(rule.code)
        elif rule.question == Question.OCCUPANCY:
            scope = str(rule.settings.get("scope", scope))
        elif rule.question == Question.GREEN_BUFFER and subject.parts:
            width = rule.values.get("width")
    if LAND_LAYER in against.editions:
        overlap.add(against.editions[LAND_LAYER].id)
    asks = {
        "day": against.date.isoformat(),
        "unit": subject.unit_id,
        "entry": subject.plan_entry_id,
        "clusters": list(subject.ignore_cluster_ids),
        "proposals": list(subject.ignore_proposal_codes),
        "scope": scope,
        "overlap": sorted(overlap),
        "nearest": sorted(nearest),
        "reach": LOOK_AROUND_M,
        "setback": setback,
        "flow": flow,
        "parts": parts,
        "detailed": sorted(detailed),
        "inner": None if width is None else _inner(zone, width, verified=verified),
    }
    green = _green(subject) if width is not None else None
    look = partial(looked_at, subject, zone, rules, against, measured_from, verified=verified, always=LAND_LAYER)
    return Asked(bytes(zone.wkb), asks, None if green is None else bytes(green.wkb), width, look, frozenset(late))


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
