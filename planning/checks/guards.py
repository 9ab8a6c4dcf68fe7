"""May these rules be published? What is wrong with a rule is told in a sentence; nothing is mended here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from planning.checks.engine import ANSWERS
from planning.checks.models import Question
from planning.checks.placeholders import unknown_in
from planning.checks.questions import Form, form_of, kinds_judged, questions_for, setting_problems
from planning.checks.verdict import FIRES

TEXTS = ("title_vi", "title_en", "text_vi", "text_en")


def rule_problems(rule: Mapping[str, Any], parameters: Collection[str], layers: Mapping[str, str]) -> list[str]:
    """Return what forbids publishing *rule* (fields of the model by name).

    *parameters*: codes that exist. *layers*: kind of geometry by code; a layer that is not there is no problem, because
    a rule may wait for its layer (*not checked* until then).
    """
    code = str(rule.get("code") or "?")
    settings = rule.get("settings", {})
    named = dict(settings.get("parameters", {}))
    distances = rule.get("distance_by_class", {})
    problems = [f"{name} is empty" for name in TEXTS if not str(rule.get(name) or "").strip()]
    if rule.get("severity") not in FIRES:
        problems.append(f"severity {rule.get('severity')!r} has no place in the verdict cascade")
    question = str(rule.get("question"))
    if question not in ANSWERS:
        problems.append(f"question {question!r} has no answering function")
    form = form_of(question)
    if form is not None:
        problems += _form_problems(form, rule, named)
    problems += setting_problems(question, settings)
    kind = layers.get(str(rule.get("layer_code") or ""))
    if kind is not None and kind not in kinds_judged(question, settings):
        fit = ", ".join(found.value for found in questions_for(kind))
        problems.append(f"question {question!r} judges no {kind} layer; ask {fit}")
    problems += _text_problems(question, rule)
    if question == Question.DECLARED and not settings.get("must") and "max" not in named:
        problems.append("neither max nor must is given")
    wanted = [value for value in (*named.values(), *distances.values(), *_tables(settings)) if isinstance(value, str)]
    problems += [f"parameter {value!r} does not exist" for value in wanted if value not in parameters]
    return [f"{code}: {problem}" for problem in problems]


def _form_problems(form: Form, rule: Mapping[str, Any], named: Mapping[str, Any]) -> list[str]:
    problems = []
    if form.layer and not rule.get("layer_code"):
        problems.append("the question needs a layer")
    if rule.get("layer_code") and not form.layer:
        problems.append("the question reads no layer")
    if missing := form.required - named.keys():
        problems.append(f"parameters {', '.join(sorted(missing))} are not named")
    if form.one_of and not form.one_of & named.keys():
        problems.append(f"neither {' nor '.join(sorted(form.one_of))} is named")
    if form.distances and not (rule.get("distance_by_class") or "distance" in named or rule.get("distance_m")):
        problems.append("a distance is missing")
    return problems


def _text_problems(question: str, rule: Mapping[str, Any]) -> list[str]:
    """Name figures that no answer fills: a report would show a dash for them."""
    problems = []
    for name in ("text_vi", "text_en", "next_step_vi", "next_step_en"):
        if strangers := unknown_in(question, str(rule.get(name) or "")):
            problems.append(f"{name} names {', '.join(strangers)}, which the question does not fill")
    for name, other in (("next_step_vi", "next_step_en"), ("next_step_en", "next_step_vi")):
        if str(rule.get(other) or "").strip() and not str(rule.get(name) or "").strip():
            problems.append(f"{name} is empty, {other} is not")
    return problems


def _tables(settings: Mapping[str, Any]) -> list[Any]:
    """Return the parameters that tables inside the settings name."""
    tables = [settings.get(name, {}).values() for name in ("downstream_by_class", "distance_by_trade")]
    tiers = [tier["from"] for tier in settings.get("deciders", ()) if "from" in tier]
    return [value for table in (*tables, tiers) for value in table]


def catalogue_problems(
    rules: Iterable[Mapping[str, Any]], parameters: Collection[str], layers: Mapping[str, str]
) -> list[str]:
    """Return every problem of a whole rule set; a code that appears twice is one of them."""
    problems: list[str] = []
    seen: set[str] = set()
    for rule in rules:
        code = str(rule.get("code"))
        if code in seen:
            problems.append(f"{code}: the code appears twice")
        seen.add(code)
        problems += rule_problems(rule, parameters, layers)
    return problems
