"""How is a rule about what the planner intends answered? Distance from a planned part, and declared figures.

What is not drawn or not declared is *not checked* and the sentence says what to draw or declare; it is never guessed.
"""

from __future__ import annotations

from typing import Any

from planning.checks.case import Case, clear, fired, not_checked
from planning.checks.distances import part_distance
from planning.checks.rules import CompiledRule
from planning.checks.spatial_answers import answer_setback
from planning.checks.types import Finding
from planning.checks.wording import sentence, sentences


def answer_part_setback(case: Case, rule: CompiledRule) -> list[Finding]:
    """Judge how close the planned parts of the rule's uses come; the distance follows from what is declared."""
    declared = case.subject.declared
    uses = frozenset(rule.settings.get("uses", ()))
    if case.edition(rule) is not None:
        if not any(part.use in uses for part in case.subject.parts):
            text = sentence("not_checked_plant_part")
            return [not_checked(case, rule, text, next_step=sentence("next_not_checked_plant_part"))]
        if declared.wastewater_m3_day is None or not declared.wastewater_technology:
            text = sentence("not_checked_plant")
            return [not_checked(case, rule, text, next_step=sentence("next_not_declared"))]
        if part_distance(rule, case.subject) is None:
            return [not_checked(case, rule, sentence("not_checked_plant_table"))]
    return answer_setback(case, rule)


def answer_declared(case: Case, rule: CompiledRule) -> list[Finding]:
    """Judge a declared figure; between the two limits of a density the number of floors decides."""
    figure = str(rule.settings["figure"])
    value = getattr(case.subject.declared, figure)
    if value is None:
        return [_undeclared(case, rule, figure)]
    if rule.settings.get("must"):
        return [clear(case, rule) if value else fired(case, rule, {})]
    floors, tall = case.subject.declared.floors, rule.values.get("tall_floors")
    high, high_tall = rule.values["max"], rule.values.get("max_tall", rule.values["max"])
    is_tall = floors is not None and tall is not None and floors > tall
    facts = {"value_share": value, "max_share": high_tall if is_tall else high, "floors": floors}
    if floors is None and high_tall < value <= high:
        return [_undeclared(case, rule, "floors", facts=facts)]
    if value <= facts["max_share"] + 1e-9:
        return [clear(case, rule, sentence("declared_ok", **facts), facts=facts)]
    return [fired(case, rule, facts)]


def _undeclared(case: Case, rule: CompiledRule, figure: str, **more: Any) -> Finding:
    text = sentence("not_declared", figure=sentences()[f"figure_{figure}"])
    return not_checked(case, rule, text, next_step=sentence("next_not_declared"), **more)
