"""May these rules be published? What is wrong with a rule is told in a sentence; nothing is mended here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from planning.checks.engine import ANSWERS
from planning.checks.models import Question
from planning.checks.verdict import FIRES

TEXTS = ("title_vi", "title_en", "text_vi", "text_en")
NEEDS_LAYER = frozenset(
    {Question.OVERLAP.value, Question.SETBACK.value, Question.SHARE.value, Question.COUNT_INSIDE.value}
)
# Parameters without which a question has nothing to judge by.
NEEDS_VALUES: dict[str, frozenset[str]] = {
    Question.SIZE.value: frozenset({"min", "max"}),
    Question.SHARE.value: frozenset({"limit"}),
    Question.OCCUPANCY.value: frozenset({"min_share"}),
    Question.GREEN_BUFFER.value: frozenset({"width"}),
}


def rule_problems(rule: Mapping[str, Any], parameters: Collection[str]) -> list[str]:
    """Return what forbids publishing *rule* (fields of the model by name); *parameters*: codes that exist."""
    code = str(rule.get("code") or "?")
    named = dict(rule.get("settings", {}).get("parameters", {}))
    distances = rule.get("distance_by_class", {})
    problems = [f"{name} is empty" for name in TEXTS if not str(rule.get(name) or "").strip()]
    if rule.get("severity") not in FIRES:
        problems.append(f"severity {rule.get('severity')!r} has no place in the verdict cascade")
    question = str(rule.get("question"))
    if question not in ANSWERS:
        problems.append(f"question {question!r} has no answering function")
    if question in NEEDS_LAYER and not rule.get("layer_code"):
        problems.append("the question needs a layer")
    if missing := NEEDS_VALUES.get(question, frozenset()) - named.keys():
        problems.append(f"parameters {', '.join(sorted(missing))} are not named")
    if question == Question.SETBACK.value and not (distances or "distance" in named or rule.get("distance_m")):
        problems.append("a distance is missing")
    if question == Question.LAND_USE_RATIO.value and not ({"min", "max"} & named.keys()):
        problems.append("neither min nor max is named")
    wanted = [value for value in (*named.values(), *distances.values()) if isinstance(value, str)]
    problems += [f"parameter {value!r} does not exist" for value in wanted if value not in parameters]
    return [f"{code}: {problem}" for problem in problems]


def catalogue_problems(rules: Iterable[Mapping[str, Any]], parameters: Collection[str]) -> list[str]:
    """Return every problem of a whole rule set; a code that appears twice is one of them."""
    problems: list[str] = []
    seen: set[str] = set()
    for rule in rules:
        code = str(rule.get("code"))
        if code in seen:
            problems.append(f"{code}: the code appears twice")
        seen.add(code)
        problems += rule_problems(rule, parameters)
    return problems
