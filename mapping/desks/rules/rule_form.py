"""With which fields is a rule written? Made from the table of what its question takes; nothing else is ever read.

What the form does not show (a setting of another question) is carried along unchanged. It saves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from mapping.desks.rules.choices import Choices
from mapping.desks.rules.fields import (
    DecidersField,
    FigureField,
    LinesField,
    NumberField,
    TableField,
)
from mapping.fields import DateField
from planning.checks.content import Content
from planning.checks.models import Severity
from planning.checks.questions import KINDS, Entry, Form, Shape, form_of
from planning.checks.rule_faults import Fault

PARAMETER, SETTING = "p_", "s_"
_TABLES = (Shape.NUMBERS, Shape.PARAMETERS, Shape.DECIDERS)
TEXTS = ("title_vi", "title_en", "text_vi", "text_en", "next_step_vi", "next_step_en")


def _long(label: Any, language: str, *, required: bool = True, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "lang": language})
    return forms.CharField(label=label, required=required, widget=widget, max_length=1_000)


class RuleForm(forms.Form):
    """Take one rule. Build it with the content it starts from and the choices of its question and layer."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=60,
        help_text=_("Short name for reports and files; it never changes afterwards."),
    )
    question = forms.ChoiceField(label=_("Question"))
    layer_code = forms.ChoiceField(label=_("Layer"), required=False)
    severity = forms.ChoiceField(label=_("When it fires"), choices=Severity.choices, widget=forms.RadioSelect)
    classes = forms.MultipleChoiceField(
        label=_("Classes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only features of these classes are asked; none ticked = all."),
    )
    more_classes = LinesField(label=_("Other classes"), help_text=_("Codes the layer does not hold yet, one a line."))
    distance_m = NumberField(label=_("Distance for all classes, m"), required=False)
    valid_from = DateField(label=_("Valid from"))
    valid_to = DateField(label=_("Valid to"), required=False, help_text=_("The last day it is asked."))
    instrument = forms.ChoiceField(label=_("Legal text"))
    article = forms.CharField(label=_("Article"), max_length=120, required=False)
    verified = forms.BooleanField(label=_("Compared with the printed text"), required=False)
    body_code = forms.ChoiceField(label=_("Body to ask when it fires"), required=False)
    order = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=32_767, help_text=_("Smaller numbers stand first.")
    )
    title_vi = forms.CharField(label=_("Title in Vietnamese"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    text_vi = _long(_("Text in Vietnamese"), "vi")
    text_en = _long(_("Text in English"), "en")
    next_step_vi = _long(_("What to do, in Vietnamese"), "vi", required=False, rows=2)
    next_step_en = _long(_("What to do, in English"), "en", required=False, rows=2)

    def __init__(self, data: Any, *, start: Mapping[str, Any], choices: Choices, is_new: bool) -> None:
        self.start, self.choices, self.is_new = start, choices, is_new
        self.shape: Form | None = form_of(choices.question)
        super().__init__(data, initial=self._initial())
        if not is_new:
            del self.fields["code"]
        self._choose()
        self._shape_fields()

    def without_errors(self) -> RuleForm:
        """Show what was sent without judging it: the question or the layer was just changed."""
        self._errors = ErrorDict()
        return self

    def content(self) -> Content:
        """Return the rule that was sent (call it on a valid form), with what the form does not show carried along."""
        given = self.cleaned_data
        content: Content = {name: given.get(name) for name in (*TEXTS, "question", "severity", "article", "body_code")}
        content.update(
            code=given["code"] if self.is_new else self.start["code"],
            order=given["order"],
            layer_code=given.get("layer_code") or "",
            classes=self._classes(given),
            distance_m=given.get("distance_m"),
            distance_by_class=given.get("distance_by_class") or {},
            settings=self._settings(given),
            valid_from=_iso(given["valid_from"]),
            valid_to=_iso(given.get("valid_to")),
            instrument=given["instrument"],
            verified=bool(given.get("verified")),
        )
        return content

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """Put what the rules' room found wrong beside its field."""
        for fault in faults:
            names = (fault.field, PARAMETER + fault.field, SETTING + fault.field)
            self.add_error(next((name for name in names if name in self.fields), None), fault.message)

    @property
    def parameter_fields(self) -> list[forms.BoundField]:
        """Return the figures of the question, and its tables by class."""
        own = [name for name in self.fields if name.startswith(PARAMETER)]
        return [self[name] for name in (*own, "distance_m", "distance_by_class") if name in self.fields]

    @property
    def setting_fields(self) -> list[forms.BoundField]:
        """Return the settings of the question."""
        return [self[name] for name in self.fields if name.startswith(SETTING)]

    def _initial(self) -> dict[str, Any]:
        known = {value for value, _title in self.choices.classes}
        start = dict(self.start)
        classes = start.get("classes") or []
        settings = start.get("settings") or {}
        return {
            **start,
            "classes": [value for value in classes if value in known],
            "more_classes": "\n".join(value for value in classes if value not in known),
            "valid_from": _day(start.get("valid_from")),
            "valid_to": _day(start.get("valid_to")),
            **{PARAMETER + name: value for name, value in (settings.get("parameters") or {}).items()},
            **{SETTING + name: value for name, value in settings.items() if name != "parameters"},
        }

    def _choose(self) -> None:
        self._options("question", self.choices.questions)
        self._options("instrument", self.choices.instruments)
        self._options("body_code", [("", _("nobody in particular")), *self.choices.bodies])
        shape = self.shape
        if shape is None or not shape.layer:
            for name in ("layer_code", "classes", "more_classes"):
                del self.fields[name]
        else:
            self.fields["layer_code"].required = True
            self._options("layer_code", self.choices.layers)
            self._options("classes", self.choices.classes)
            if not self.choices.classes:
                del self.fields["classes"]
        if self.start.get("distance_m") is None:
            del self.fields["distance_m"]

    def _shape_fields(self) -> None:
        shape = self.shape
        if shape is None:
            return
        for entry in shape.parameters:
            options = self.choices.figures(entry.unit, self.initial.get(PARAMETER + entry.name))
            self.fields[PARAMETER + entry.name] = FigureField(
                options, str(entry.unit), label=_sentence(entry.title), help_text=entry.help
            )
        if shape.distances:
            self.fields["distance_by_class"] = TableField(
                self.choices.figures("m", *(self.start.get("distance_by_class") or {}).values()),
                self.choices.classes,
                "m",
                label=_("Distance by class"),
                help_text=_("A class of its own distance; other classes take the distance above."),
            )
        for entry in (KINDS, *shape.settings):
            self.fields[SETTING + entry.name] = self._setting(entry)

    def _setting(self, entry: Entry) -> forms.Field:
        """Make the field of one setting by its shape."""
        kept = self.initial.get(SETTING + entry.name)
        words: dict[str, Any] = {"label": _sentence(entry.title), "help_text": entry.help}
        if entry.shape in _TABLES:
            return self._table(entry, kept, words)
        match entry.shape:
            case Shape.FLAG:
                field: forms.Field = forms.BooleanField(required=False, **words)
            case Shape.NUMBER:
                field = NumberField(required=entry.required, **words)
            case Shape.TEXT:
                field = forms.ChoiceField(required=entry.required, choices=[("", "–"), *entry.choices], **words)
            case Shape.CODES:
                options = self.choices.codes(entry.name, kept)
                ticks = forms.CheckboxSelectMultiple()
                field = forms.MultipleChoiceField(required=entry.required, choices=options, widget=ticks, **words)
            case _:
                columns = forms.TextInput(attrs={"list": "layer-columns", "autocomplete": "off"})
                field = forms.CharField(required=entry.required, max_length=60, widget=columns, **words)
        return field

    def _table(self, entry: Entry, kept: Any, words: dict[str, Any]) -> forms.Field:
        if entry.shape == Shape.NUMBERS:
            return TableField([], self.choices.classes, "m", figures=False, **words)
        if entry.shape == Shape.PARAMETERS:
            return TableField(self.choices.figures("m", *(kept or {}).values()), self.choices.classes, "m", **words)
        codes = [item.get("from", "") for item in kept or []]
        bodies = self.choices.bodies_with(item.get("body", "") for item in kept or [])
        return DecidersField(self.choices.figures("ha", *codes), bodies, **words)

    def _classes(self, given: Mapping[str, Any]) -> list[str]:
        if self.shape is None or not self.shape.classes:
            return []
        return list(dict.fromkeys([*given.get("classes", ()), *given.get("more_classes", ())]))

    def _settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings: shown ones as sent, an emptied one as it was kept when that was empty too."""
        same = self.start.get("question") == self.choices.question
        kept: dict[str, Any] = dict(self.start.get("settings") or {}) if same else {}
        parameters = dict(kept.pop("parameters", None) or {})
        had_table = bool(same and "parameters" in (self.start.get("settings") or {}))
        for name in self.fields:
            if name.startswith(PARAMETER):
                _put(parameters, name.removeprefix(PARAMETER), given.get(name))
            elif name.startswith(SETTING):
                _put(kept, name.removeprefix(SETTING), given.get(name))
        if parameters or had_table:
            kept["parameters"] = parameters
        return kept

    def _options(self, name: str, options: Iterable[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            kept = self.start.get(name)
            options = list(options)
            extra = (
                [kept] if isinstance(kept, str) and kept and kept not in {value for value, _title in options} else []
            )
            field.choices = [*options, *((value, value) for value in extra)]


def _put(table: dict[str, Any], name: str, value: Any) -> None:
    """Write a value; an emptied one leaves, unless it was written down empty before."""
    if value not in (None, "", [], {}, False):
        table[name] = value
    elif table.get(name) not in (None, "", [], {}, False):
        table.pop(name, None)


def _sentence(title: Any) -> str:
    text = str(title)
    return text[:1].upper() + text[1:]


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value
