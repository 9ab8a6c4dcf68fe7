"""What is wrong with a rule that somebody is writing? Sentences for the person, each at its field.

It says the same as `planning.checks.guards`, which speaks to who starts the house, and asks it last; it mends nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from layers.models.layer import GeometryKind
from planning.checks.engine import ANSWERS
from planning.checks.guards import rule_problems
from planning.checks.models import Question
from planning.checks.placeholders import unknown_in
from planning.checks.questions import Shape, form_of, kinds_judged, questions_for
from planning.checks.verdict import FIRES

TEXT_FIELDS = ("text_vi", "text_en", "next_step_vi", "next_step_en")
TEXT_LENGTH = 1_000
CLASS_LENGTH = 60
MOST_CLASSES = 200
FARTHEST_M = 20_000.0
LARGEST_FIGURE = 1_000_000_000.0
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,59}")


@dataclass(frozen=True)
class Fault:
    """Say what is wrong with one field; *field* is a name of the content, a setting's name, or empty for the whole."""

    field: str
    message: str


def rule_faults(rule: Mapping[str, Any], parameters: Collection[str], layers: Mapping[str, str]) -> list[Fault]:
    """Return everything that keeps *rule* (content by field) from a rule set.

    *parameters*: codes that exist; *layers*: kind of geometry by code of the layers that exist.
    """
    faults = [
        *_identity(rule),
        *_layer(rule, layers),
        *_texts(rule),
        *_days(rule),
        *_classes(rule),
        *_distances(rule, parameters),
        *_settings(rule, parameters),
    ]
    if not faults:
        faults = [Fault("", problem.split(": ", 1)[-1]) for problem in rule_problems(rule, parameters, layers)]
    return faults


def _identity(rule: Mapping[str, Any]) -> Iterator[Fault]:
    if not _CODE.fullmatch(str(rule["code"])):
        yield Fault("code", _("Write a short code: small letters without marks, digits, “_” or “-”."))
    if not isinstance(rule["order"], int) or not 0 <= rule["order"] <= 32_767:
        yield Fault("order", _("Write a whole number from 0 to 32,767."))
    if rule["severity"] not in FIRES:
        yield Fault("severity", _("Choose what it means when the rule fires."))
    form = form_of(str(rule["question"]))
    if form is None or rule["question"] not in ANSWERS:
        yield Fault("question", _("Choose a question that the check can answer."))
    elif form.layer and not rule["layer_code"]:
        yield Fault("layer_code", _("Choose the layer that is asked."))
    elif not form.layer and rule["layer_code"]:
        yield Fault("layer_code", _("This question asks no layer."))


def _layer(rule: Mapping[str, Any], layers: Mapping[str, str]) -> Iterator[Fault]:
    kind = layers.get(str(rule["layer_code"] or ""))
    question, settings = str(rule["question"]), _table(rule["settings"])
    if kind is None or kind in kinds_judged(question, settings):
        return
    held = {"kind": GeometryKind(kind).label}
    if settings.get("flow_attribute"):
        yield Fault(
            "flow_attribute",
            _("The layer holds %(kind)s, and up and down a flow can only be told from points. Leave the column empty.")
            % held,
        )
        return
    yield Fault(
        "question",
        _(
            "The layer holds %(kind)s, and this question measures areas only: it would say “clear” for ever."
            " Questions that suit: %(questions)s."
        )
        % {**held, "questions": "; ".join(str(found.label) for found in questions_for(kind))},
    )


def _texts(rule: Mapping[str, Any]) -> Iterator[Fault]:
    for name in ("title_vi", "title_en", "text_vi", "text_en"):
        if not str(rule[name]).strip():
            yield Fault(name, _("Write this text; findings are read in both languages."))
    for name in TEXT_FIELDS:
        text = str(rule[name])
        if len(text) > TEXT_LENGTH:
            yield Fault(name, _("Write at most %(most)s characters.") % {"most": TEXT_LENGTH})
        elif strangers := unknown_in(str(rule["question"]), text):
            yield Fault(
                name,
                _("The question does not fill %(names)s.") % {"names": ", ".join(name for name in strangers)[:200]},
            )
    for name in ("next_step_vi", "next_step_en"):
        other = "next_step_en" if name == "next_step_vi" else "next_step_vi"
        if not str(rule[name]).strip() and str(rule[other]).strip():
            yield Fault(name, _("Write this text too; the other language has one."))


def _days(rule: Mapping[str, Any]) -> Iterator[Fault]:
    days = {name: _day(rule[name]) for name in ("valid_from", "valid_to")}
    if days["valid_from"] is None:
        yield Fault("valid_from", _("Write the day from which the rule is asked."))
    elif days["valid_to"] is not None and days["valid_to"] < days["valid_from"]:
        yield Fault("valid_to", _("The last day is before the first one."))


def _classes(rule: Mapping[str, Any]) -> Iterator[Fault]:
    form = form_of(str(rule["question"]))
    classes = rule["classes"]
    if not isinstance(classes, list) or not all(_is_class(item) for item in classes) or len(classes) > MOST_CLASSES:
        yield Fault("classes", _("Write class codes of at most 60 characters, at most 200 of them."))
    elif classes and form is not None and not form.classes:
        yield Fault("classes", _("This question takes no classes."))


def _distances(rule: Mapping[str, Any], parameters: Collection[str]) -> Iterator[Fault]:
    form = form_of(str(rule["question"]))
    distances = rule["distance_by_class"]
    own = rule["distance_m"]
    if own is not None and not _metres(own):
        yield Fault("distance_m", _("Write metres from 0 to 20,000."))
    yield from _figures("distance_by_class", distances, parameters)
    if form is None:
        return
    if not form.distances and (own is not None or distances):
        yield Fault("distance_by_class", _("This question takes no distance."))
    others = ("distance_by_trade", "downstream_by_class")
    named = {**_table(rule["settings"].get("parameters")), **{name: rule["settings"].get(name) for name in others}}
    known = own is not None or distances or any(named.get(name) for name in ("distance", *others))
    if form.distances and not known:
        yield Fault("distance_by_class", _("Give a distance: for all classes, or for some."))


def _settings(rule: Mapping[str, Any], parameters: Collection[str]) -> Iterator[Fault]:
    settings, form = rule["settings"], form_of(str(rule["question"]))
    if form is None:
        return
    named = _table(settings.get("parameters"))
    for entry in form.parameters:
        if entry.required and named.get(entry.name) in (None, ""):
            yield Fault(entry.name, _("This question cannot be judged without this figure."))
    if form.one_of and not any(name in named for name in form.one_of):
        yield Fault(sorted(form.one_of)[0], _("Give at least one of the limits."))
    if form.question == Question.DECLARED and not settings.get("must") and named.get("max") in (None, ""):
        yield Fault("max", _("Give the largest value, or tick that it must be declared as yes."))
    for name, value in named.items():
        yield from _figure(name, value, parameters)
    for entry in form.settings:
        value = settings.get(entry.name)
        if entry.required and value in (None, "", [], {}):
            yield Fault(entry.name, _("This question cannot be asked without this setting."))
        elif value is None:
            continue
        elif entry.shape in (Shape.NUMBERS, Shape.PARAMETERS):
            yield from _figures(entry.name, value, parameters)
        elif entry.shape == Shape.NUMBER and not _metres(value):
            yield Fault(entry.name, _("Write metres from 0 to 20,000."))


def _figures(field: str, table: Any, parameters: Collection[str]) -> Iterator[Fault]:
    """Judge a table class → metres or parameter."""
    if not isinstance(table, Mapping) or not all(_is_class(item) for item in table) or len(table) > MOST_CLASSES:
        yield Fault(field, _("Write class codes of at most 60 characters, at most 200 of them."))
        return
    for name, value in table.items():
        if isinstance(value, str):
            yield from _figure(field, value, parameters)
        elif not _metres(value):
            yield Fault(field, _("%(class)s: write metres from 0 to 20,000.") % {"class": name})


def _figure(field: str, value: Any, parameters: Collection[str]) -> Iterator[Fault]:
    if isinstance(value, str):
        if value not in parameters:
            yield Fault(field, _("There is no parameter “%(code)s”.") % {"code": value[:60]})
    elif not _finite(value) or not 0 <= float(value) <= LARGEST_FIGURE:
        yield Fault(field, _("Write a figure that is not negative."))


def _is_class(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != "" and len(value) <= CLASS_LENGTH and value.isprintable()


def _metres(value: Any) -> bool:
    return _finite(value) and 0 <= float(value) <= FARTHEST_M


def _finite(value: Any) -> bool:
    try:
        return not isinstance(value, bool | str) and math.isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return False


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else (value or None)
