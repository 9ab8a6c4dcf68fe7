"""Which distance does a rule ask for of this subject? By declared trade class, or by the declared wastewater plant.

It measures nothing; a distance that depends on the feature is chosen where the feature is met, in SQL.
"""

from __future__ import annotations

from planning.checks.models import Question
from planning.checks.rules import CompiledRule
from planning.checks.types import Subject

LOOK_AROUND_M = 1_000.0
_DISTANT = frozenset({Question.SETBACK.value, Question.PART_SETBACK.value})


def zone_distance(rule: CompiledRule, subject: Subject) -> float | None:
    """Return the distance, m, for classes without one of their own: of the declared trade class, else the general."""
    return rule.by_trade.get(subject.declared.trade_class, rule.distance_m)


def part_distance(rule: CompiledRule, subject: Subject) -> float | None:
    """Return the distance, m, that the declared plant needs; None while it is undeclared or the table has no figure.

    ``distance_by_class`` is the printed table: ``<technology>_<column>``, the columns being bands of capacity.
    """
    band = capacity_band(rule, subject.declared.wastewater_m3_day)
    technology = subject.declared.wastewater_technology
    return None if band is None or not technology else rule.distances.get(f"{technology}_{band}")


def bite_m(rule: CompiledRule, subject: Subject) -> float:
    """Return the largest distance, m, the rule can ask for of this subject, the largest half width included."""
    if rule.question == Question.PART_SETBACK:
        return part_distance(rule, subject) or 0.0
    return widest_m(rule, zone_distance(rule, subject))


def widest_m(rule: CompiledRule, general_m: float | None) -> float:
    """Return the largest distance, m, of the classes that the rule takes, on either side of a flow.

    *general_m* holds for classes without a distance of their own. What a column of the feature grades may be any class.
    """
    asked = [0.0]
    for table, general in ((rule.distances, general_m), (rule.downstream, rule.values.get("downstream"))):
        limited = bool(rule.classes) and not rule.settings.get("class_attribute")
        asked += [metres for code, metres in table.items() if not limited or code in rule.classes]
        if general is not None and not (limited and rule.classes <= table.keys()):
            asked.append(general)
    return max(asked) + float(rule.settings.get("max_half_width_m", 0))


def looked_for_m(rule: CompiledRule, subject: Subject) -> float:
    """Return how far, m, around what it asks about the rule has to know: 0 for what must lie in the zone itself."""
    return bite_m(rule, subject) if rule.question in _DISTANT else 0.0


def look_m(rule: CompiledRule, subject: Subject) -> float:
    """Return how far, m, the rule's layer is searched; beyond it nothing is known to be near."""
    if rule.question not in _DISTANT:
        return LOOK_AROUND_M
    return bite_m(rule, subject) + float(rule.settings.get("look_m", LOOK_AROUND_M))


def capacity_band(rule: CompiledRule, capacity: float | None) -> int | None:
    """Return the column of the table, 1–4: below the first limit, then up to each limit, the last above all."""
    if capacity is None:
        return None
    if capacity < rule.values["band_1"]:
        return 1
    return 2 if capacity <= rule.values["band_2"] else 3 if capacity <= rule.values["band_3"] else 4
