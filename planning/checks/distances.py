"""Which distance does a rule ask for of this subject? By declared trade class, or by the declared wastewater plant.

It measures nothing; a distance that depends on the feature is chosen where the feature is met, in SQL.
"""

from __future__ import annotations

from planning.checks.models import Question
from planning.checks.rules import CompiledRule
from planning.checks.types import Subject

LOOK_AROUND_M = 1_000.0


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
    widest = max([zone_distance(rule, subject) or 0.0, *rule.distances.values()])
    return widest + float(rule.settings.get("max_half_width_m", 0))


def look_m(rule: CompiledRule, subject: Subject) -> float:
    """Return how far, m, the rule's layer is searched; beyond it nothing is known to be near."""
    if rule.question not in (Question.SETBACK.value, Question.PART_SETBACK.value):
        return LOOK_AROUND_M
    return bite_m(rule, subject) + float(rule.settings.get("look_m", LOOK_AROUND_M))


def capacity_band(rule: CompiledRule, capacity: float | None) -> int | None:
    """Return the column of the table, 1–4: below the first limit, then up to each limit, the last above all."""
    if capacity is None:
        return None
    if capacity < rule.values["band_1"]:
        return 1
    return 2 if capacity <= rule.values["band_2"] else 3 if capacity <= rule.values["band_3"] else 4
