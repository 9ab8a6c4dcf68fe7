"""What did an answer of the check rest on besides editions? Rows of the books, units and thresholds, as short evidence.

Kept with a run, it tells years later whether the books changed or the engine did; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Func, TextField

from layers.models import AdminUnit
from planning.checks.facts import Facts
from planning.checks.rules import CompiledRule


def sources_of(facts: Facts) -> dict[str, Any]:
    """Return what the books said about a zone, ready for JSON: no geometry, no measure of the engine.

    ``register``: kind, key and geometry hash of every boundary within reach; ``units``: id and name; ``plan``,
    ``occupancy``: entry and figures as the check read them; ``expanded``: hashes of the boundaries being expanded.
    """
    units = [row for row in (facts.unit, *facts.communes) if row is not None]
    return {
        "register": sorted([row.ref or "", row.source or "", row.hash or ""] for row in facts.register),
        "units": {str(row.feature): row.name or "" for row in units},
        "plan": facts.plan,
        "occupancy": facts.occupancy,
        "expanded": facts.expanded.get("boundaries") or [],
    }


def unit_hashes(numbers: Iterable[str]) -> dict[str, str]:
    """Return a hash of the area of each unit by its row number as text; asked when a run is kept, not while drawing."""
    key = Func(F("geom"), template="md5(ST_AsBinary(%(expressions)s))", output_field=TextField())
    found = AdminUnit.objects.filter(pk__in=[int(number) for number in numbers]).annotate(key=key)
    return {str(pk): str(key) for pk, key in found.order_by("pk").values_list("pk", "key")}


def figures_of(rules: Iterable[CompiledRule]) -> dict[str, dict[str, Any]]:
    """Return the thresholds each rule judged by, by rule code; rules without one are left out."""
    figures: dict[str, dict[str, Any]] = {}
    for rule in rules:
        own: dict[str, Any] = dict(rule.values)
        if rule.distance_m is not None:
            own["distance"] = rule.distance_m
        for name, table in (
            ("by_class", rule.distances),
            ("downstream", rule.downstream),
            ("by_trade", rule.by_trade),
        ):
            if table:
                own[name] = dict(table)
        if rule.unresolved:
            own["unresolved"] = list(rule.unresolved)
        if own:
            figures[rule.code] = own
    return figures
