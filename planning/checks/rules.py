"""Which questions are in force on a day, with which figures? Rules compiled with the parameters of that day.

It deliberately answers nothing: `planning.checks.engine` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from layers.models import Body
from planning.checks.models import Parameter, Rule
from planning.checks.types import NO_WORDS, Words


@dataclass(frozen=True)
class Figure:
    """Hold one parameter of a day; *citation*: where its value is printed."""

    value: float
    verified: bool
    citation: str


@dataclass(frozen=True)
class Decider:
    """Name who decides from an area taken upwards, hectares."""

    from_ha: float
    name: Words


@dataclass(frozen=True)
class CompiledRule:
    """Hold one rule with its thresholds resolved for one day.

    *values*: parameters by the name the rule gives them. *distances*: metres by class; *downstream* the same behind a
    point with a flow, *by_trade* by the trade class a planner declares. *deciders* in growing order. *unresolved*:
    parameter codes without a value that day; such a rule is *not checked*, never clear.
    """

    code: str
    order: int
    question: str
    severity: str
    layer_code: str
    classes: frozenset[str]
    distance_m: float | None
    distances: Mapping[str, float]
    values: Mapping[str, float]
    settings: Mapping[str, Any]
    title: Words
    text: Words
    next_step: Words
    citation: str
    verified: bool
    body_code: str = ""
    body: Words = NO_WORDS
    unresolved: tuple[str, ...] = ()
    kinds: frozenset[str] = field(default_factory=frozenset)
    downstream: Mapping[str, float] = field(default_factory=dict)
    by_trade: Mapping[str, float] = field(default_factory=dict)
    deciders: tuple[Decider, ...] = ()

    def asks_about(self, kind: str) -> bool:
        """Tell whether the rule concerns proposals of this kind."""
        return not self.kinds or kind in self.kinds

    def takes(self, class_code: str) -> bool:
        """Tell whether the rule concerns features of this class."""
        return not self.classes or class_code in self.classes

    @property
    def merged(self) -> bool:
        """Tell whether all features of the rule make one finding (parcels, dwellings)."""
        return bool(self.settings.get("merge"))

    def reach_m(self) -> float:
        """Return the largest distance the rule can ask for, half of the largest corridor width included."""
        widest = max([self.distance_m or 0.0, *self.distances.values(), *self.by_trade.values()])
        return widest + float(self.settings.get("max_half_width_m", 0))


def parameters_on(day: date) -> dict[str, Figure]:
    """Return the parameters in force on *day* by code."""
    rows = Parameter.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    columns = ("code", "value", "verified", "instrument__number", "article")
    return {
        code: Figure(float(value), verified, citation_of([number or "", article]))
        for code, value, verified, number, article in rows.order_by("code", "valid_from").values_list(*columns)
    }


def compile_rules(rule_set_id: int, day: date) -> tuple[CompiledRule, ...]:
    """Return the rules of a rule set in force on *day*, in their order, with the figures of that day."""
    parameters = parameters_on(day)
    bodies = {
        body.code: Words(body.name, body.name_en or body.name)
        for body in Body.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    }
    rules = (
        Rule.objects.filter(rule_set_id=rule_set_id, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .select_related("instrument")
        .order_by("order", "code")
    )
    return tuple(_compiled(rule, day, parameters, bodies) for rule in rules)


def _compiled(rule: Rule, day: date, parameters: Mapping[str, Figure], bodies: Mapping[str, Words]) -> CompiledRule:
    used: list[Figure] = []
    missing: list[str] = []

    def figure(value: Any) -> float | None:
        """Read a literal number, or the parameter a text names."""
        if not isinstance(value, str):
            return float(value)
        if value not in parameters:
            missing.append(value)
            return None
        used.append(parameters[value])
        return parameters[value].value

    named = dict(rule.settings.get("parameters", {}))
    values = {name: number for name, code in named.items() if (number := figure(code)) is not None}
    distances = {
        name: number for name, value in rule.distance_by_class.items() if (number := figure(value)) is not None
    }

    def figures(name: str) -> dict[str, float]:
        table = rule.settings.get(name, {})
        return {key: number for key, value in table.items() if (number := figure(value)) is not None}

    downstream, by_trade = figures("downstream_by_class"), figures("distance_by_trade")
    distance = values.get("distance", None if rule.distance_m is None else float(rule.distance_m))
    return CompiledRule(
        code=rule.code,
        order=rule.order,
        question=rule.question,
        severity=rule.severity,
        layer_code=rule.layer_code,
        classes=frozenset(rule.classes),
        distance_m=distance,
        distances=distances,
        values=values,
        settings=rule.settings,
        title=Words(rule.title_vi, rule.title_en),
        text=Words(rule.text_vi, rule.text_en),
        next_step=Words(rule.next_step_vi, rule.next_step_en),
        citation=_citation(rule, day, used),
        verified=_verified(rule, day, used),
        body_code=rule.body_code,
        body=bodies.get(rule.body_code, NO_WORDS),
        unresolved=tuple(missing),
        kinds=frozenset(rule.settings.get("kinds", ())),
        downstream=downstream,
        by_trade=by_trade,
        deciders=_deciders(rule, parameters, bodies),
    )


def _precedes_text(rule: Rule, day: date, used: list[Figure]) -> bool:
    """Tell whether the rule was in force before the text it cites today, on the authority of its figures' text."""
    since = rule.instrument.in_force_from
    return bool(used) and since is not None and since > day


def _citation(rule: Rule, day: date, used: list[Figure]) -> str:
    if _precedes_text(rule, day, used):
        return "; ".join(sorted({figure.citation for figure in used if figure.citation}))
    return citation_of([rule.instrument.number, rule.article])


def _verified(rule: Rule, day: date, used: list[Figure]) -> bool:
    return all(figure.verified for figure in used) and (rule.verified or _precedes_text(rule, day, used))


def _deciders(rule: Rule, parameters: Mapping[str, Figure], bodies: Mapping[str, Words]) -> tuple[Decider, ...]:
    """Return who decides that day: a tier whose parameter has no value was abolished (or does not exist yet)."""
    found = []
    for tier in rule.settings.get("deciders", ()):
        threshold = tier.get("from")
        if threshold is None or threshold in parameters:
            from_ha = parameters[threshold].value if threshold is not None else 0.0
            found.append(Decider(from_ha, bodies.get(tier["body"], Words(tier["body"], tier["body"]))))
    return tuple(sorted(found, key=lambda decider: decider.from_ha))


def citation_of(pieces: Iterable[str]) -> str:
    """Join instrument and article the way papers cite: ``32/2024/NĐ-CP, Điều 2``."""
    return ", ".join(piece for piece in pieces if piece)
