"""How does a rule read? Its content as labelled lines in the page's language, alone or beside what it said before.

It decides nothing about a rule; figures of parameters are those of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from layers.models import Body, Layer
from mapping import formats
from mapping.desks.rules.figures import Figure, figures_on, shown_value
from planning.checks.content import FIELDS, Change, Content
from planning.checks.models import Question, Severity
from planning.checks.questions import KINDS, Entry, Shape, form_of
from planning.proposals.models import LandUse, ProposalKind

_WORDS: dict[str, dict[str, Any]] = {
    "kinds": dict(ProposalKind.choices),
    "uses": dict(LandUse.choices),
    "of": dict(LandUse.choices),
}


@dataclass(frozen=True)
class Line:
    """One labelled line of a rule; *before* is set where two states are compared."""

    name: str
    label: str
    text: str
    before: str = ""

    @property
    def lang(self) -> str:
        """Return the language the line is written in when that is its point; else nothing."""
        return self.name[-2:] if self.name.endswith(("_vi", "_en")) else ""


@dataclass
class Reader:
    """Write contents with the names of today; build one for a page."""

    figures: Mapping[str, Figure] = field(default_factory=figures_on)
    layers: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        english = (translation.get_language() or "vi").startswith("en")
        self.layers = {layer.code: layer.name_en if english else layer.name_vi for layer in Layer.objects.all()}
        self.bodies = {
            body.code: (body.name_en or body.name) if english else body.name
            for body in Body.objects.order_by("valid_from")
        }

    def lines(self, content: Content, names: Iterable[str] = FIELDS) -> list[Line]:
        """Return the lines of a rule that say something."""
        found = [line for name in names for line in self._of(name, content)]
        return [line for line in found if line.text]

    def difference(self, change: Change) -> list[Line]:
        """Return the lines in which two states of a rule differ, with both texts; of a new one, all its lines."""
        if change.before is None or change.after is None:
            content = change.after if change.after is not None else change.before
            return self.lines(content or {})
        was = {line.label: line for name in change.fields for line in self._of(name, change.before)}
        now = {line.label: line for name in change.fields for line in self._of(name, change.after)}
        return [
            Line(
                (now.get(label) or was[label]).name,
                label,
                now[label].text if label in now else "",
                was[label].text if label in was else "",
            )
            for label in dict.fromkeys([*now, *was])
            if (now[label].text if label in now else "") != (was[label].text if label in was else "")
        ]

    def distance(self, content: Content) -> str:
        """Return the distances a rule asks for, shortest first, in a few words."""
        named = (content["settings"].get("parameters") or {}).get("distance")
        metres = [
            self._metres(value) for value in [named, content["distance_m"], *content["distance_by_class"].values()]
        ]
        known = sorted({value for value in metres if value is not None})
        if not known:
            return ""
        low, high = formats.number(known[0], 2, trim=True), formats.number(known[-1], 2, trim=True)
        return f"{low}\u00a0m" if low == high else f"{low}–{high}\u00a0m"

    def figure(self, value: Any, unit: str) -> str:
        """Write a literal figure, or a parameter with its value of today."""
        if not isinstance(value, str):
            return shown_value(float(value), unit)
        known = self.figures.get(value)
        return f"{known.title} ({known.shown})" if known is not None else value

    def _of(self, name: str, content: Content) -> list[Line]:
        value = content.get(name)
        if name == "settings":
            return self._settings(content)
        label = str(_labels()[name])
        if name == "distance_by_class":
            return [Line(name, f"{label}: {key}", self.figure(item, "m")) for key, item in (value or {}).items()]
        return [Line(name, label, self._text(name, value))]

    def _text(self, name: str, value: Any) -> str:
        match name:
            case "question" | "severity":
                text = str(dict(Question.choices if name == "question" else Severity.choices).get(str(value), value))
            case "layer_code":
                text = self.layers.get(str(value), str(value or ""))
            case "body_code":
                text = self.bodies.get(str(value), str(value or ""))
            case "classes":
                text = ", ".join(value or ())
            case "valid_from" | "valid_to":
                text = formats.date(date.fromisoformat(value)) if value else ""
            case "verified":
                text = _("yes") if value else _("no")
            case "distance_m":
                text = "" if value is None else self.figure(value, "m")
            case _:
                text = str(value if value is not None else "")
        return text

    def _settings(self, content: Content) -> list[Line]:
        shape = form_of(str(content.get("question")))
        settings = content.get("settings") or {}
        figures = {entry.name: entry for entry in shape.parameters} if shape is not None else {}
        entries = {entry.name: entry for entry in (KINDS, *(shape.settings if shape is not None else ()))}
        lines = []
        for name, value in (settings.get("parameters") or {}).items():
            entry = figures.get(name)
            label = _sentence(entry.title) if entry is not None else name
            lines.append(Line("settings", label, self.figure(value, entry.unit if entry is not None else "")))
        for name, value in settings.items():
            if name != "parameters":
                lines += self._setting(name, entries.get(name), value)
        return lines

    def _setting(self, name: str, entry: Entry | None, value: Any) -> list[Line]:
        label = _sentence(entry.title) if entry is not None else name
        shape = entry.shape if entry is not None else None
        if shape == Shape.FLAG:
            return [Line("settings", label, _("yes") if value else "")]
        if shape in (Shape.NUMBERS, Shape.PARAMETERS) and isinstance(value, dict):
            return [Line("settings", f"{label}: {key}", self.figure(item, "m")) for key, item in value.items()]
        if shape == Shape.DECIDERS and isinstance(value, list):
            return [Line("settings", label, "; ".join(self._decider(item) for item in value))]
        if isinstance(value, list):
            words = _WORDS.get(name, {})
            return [Line("settings", label, ", ".join(str(words.get(item, item)) for item in value))]
        if shape == Shape.TEXT and entry is not None:
            return [Line("settings", label, str(dict(entry.choices).get(str(value), value)))]
        return [Line("settings", label, formats.number(value, 2, trim=True) if shape == Shape.NUMBER else str(value))]

    def _decider(self, item: Mapping[str, Any]) -> str:
        body = self.bodies.get(str(item.get("body")), str(item.get("body")))
        if not item.get("from"):
            return body
        return _("%(body)s from %(figure)s") % {"body": body, "figure": self.figure(item["from"], "ha")}

    def _metres(self, value: Any) -> float | None:
        if isinstance(value, str):
            known = self.figures.get(value)
            return float(known.current.value) if known is not None and known.current is not None else None
        return None if value is None else float(value)


def _labels() -> dict[str, str]:
    return {
        "code": _("Code"),
        "order": _("Place in the list"),
        "question": _("Question"),
        "severity": _("When it fires"),
        "layer_code": _("Layer"),
        "classes": _("Classes"),
        "distance_m": _("Distance for all classes"),
        "distance_by_class": _("Distance by class"),
        "valid_from": _("Valid from"),
        "valid_to": _("Valid to"),
        "verified": _("Compared with the printed text"),
        "body_code": _("Body to ask when it fires"),
        "instrument": _("Legal text"),
        "article": _("Article"),
        "title_vi": _("Title in Vietnamese"),
        "title_en": _("Title in English"),
        "text_vi": _("Text in Vietnamese"),
        "text_en": _("Text in English"),
        "next_step_vi": _("What to do, in Vietnamese"),
        "next_step_en": _("What to do, in English"),
    }


def _sentence(title: Any) -> str:
    text = str(title)
    return text[:1].upper() + text[1:]


def title_of(content: Content) -> str:
    """Return a rule's title in the page's language."""
    english = (translation.get_language() or "vi").startswith("en")
    return str(content["title_en"] if english else content["title_vi"])
