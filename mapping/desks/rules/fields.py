"""How do figures and tables by class enter a form? A parameter or a typed number; rows of class and figure.

They read text and refuse what is no number; whether a figure makes sense is judged by `planning.checks.rule_faults`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

BLANK_ROWS = 3
MOST_ROWS = 200
_NUMBER = re.compile(r"-?\d{1,12}([.,]\d{1,8})?")
Options = Sequence[tuple[str, Any]]


def read_number(text: str) -> int | float:
    """Read ``12,5`` and ``12.5``; whole numbers stay whole. Raises ValidationError for anything else."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise ValidationError(_("Write a number, such as 12,5."), code="invalid")
    value = float(text.replace(",", "."))
    if not math.isfinite(value):
        raise ValidationError(_("Write a number, such as 12,5."), code="invalid")
    return int(value) if value.is_integer() else value


def written(value: Any) -> str:
    """Write a number the way it is typed here: decimal comma in Vietnamese, no grouping."""
    if value is None or isinstance(value, str):
        return value or ""
    text = f"{float(value):.8f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if (get_language() or "vi").startswith("vi") else text


class NumberField(forms.CharField):
    """Read a plain number with comma or point."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 22)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a kept number the way it is typed."""
        return written(value)

    def clean(self, value: Any) -> Any:
        """Return the number, or None."""
        text = super().clean(value)
        return read_number(text) if text else None


class FigureInput(forms.Widget):
    """Choose a parameter, or type the figure beside it."""

    template_name = "rules/figure_input.html"
    use_fieldset = True

    def __init__(self, options: Options, unit: str) -> None:
        super().__init__()
        self.options, self.unit = options, unit

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        """Give the template the options and both values."""
        context = super().get_context(name, value, dict(attrs or {}))
        parameter, figure = value if isinstance(value, tuple) else split_figure(value)
        context["widget"].update(options=self.options, parameter=parameter, figure=figure, unit=self.unit)
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> tuple[str, str]:
        """Read both controls as text."""
        return (str(data.get(name) or ""), str(data.get(f"{name}-figure") or ""))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Tell whether neither control was sent."""
        return name not in data and f"{name}-figure" not in data


class FigureField(forms.Field):
    """Take the code of a parameter, a typed number, or nothing."""

    def __init__(self, options: Options, unit: str, **kwargs: Any) -> None:
        self.codes = {code for code, _title in options}
        super().__init__(widget=FigureInput(options, unit), required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return a code, a number or None. Raises ValidationError when both are given, or an unknown code."""
        return joined_figure(value, self.codes)


def split_figure(value: Any) -> tuple[str, str]:
    """Return (parameter, typed figure) of a kept value."""
    return (value, "") if isinstance(value, str) else ("", written(value))


def joined_figure(value: tuple[str, str] | None, codes: Iterable[str]) -> Any:
    """Return the parameter or the number that two controls name together."""
    parameter, figure = value or ("", "")
    if parameter and figure.strip():
        raise ValidationError(_("Choose a parameter or type a figure, not both."), code="both")
    if parameter:
        if parameter not in codes:
            raise ValidationError(_("Choose one of the parameters."), code="unknown")
        return parameter
    return read_number(figure) if figure.strip() else None


class TableInput(forms.Widget):
    """Write rows of a class with a figure; some blank rows are always there, more come with the next drawing."""

    template_name = "rules/table_input.html"
    use_fieldset = True

    def __init__(self, options: Options, classes: Options, unit: str, *, figures: bool = True, key: str = "") -> None:
        super().__init__()
        self.options, self.classes, self.unit, self.figures, self.key = options, classes, unit, figures, key

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        """Give the template the rows, filled ones first."""
        context = super().get_context(name, value, dict(attrs or {}))
        rows = value if isinstance(value, list) else [(key, *split_figure(item)) for key, item in (value or {}).items()]
        context["widget"].update(
            rows=[*rows, *[("", "", "")] * BLANK_ROWS],
            options=self.options,
            classes=self.classes,
            unit=self.unit,
            figures=self.figures,
            key=self.key,
        )
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[tuple[str, str, str]]:
        """Read the rows as text, blank ones left out."""
        rows = []
        for number in range(MOST_ROWS + BLANK_ROWS):
            if f"{name}-{number}-class" not in data:
                break
            row = tuple(str(data.get(f"{name}-{number}-{part}") or "") for part in ("class", "parameter", "figure"))
            if any(part.strip() for part in row):
                rows.append((row[0], row[1], row[2]))
        return rows

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Tell whether no row was sent."""
        return f"{name}-0-class" not in data


class TableField(forms.Field):
    """Take a table class → parameter or number."""

    def __init__(
        self, options: Options, classes: Options, unit: str, *, figures: bool = True, key: str = "", **kwargs: Any
    ) -> None:
        self.codes = {code for code, _title in options}
        widget = TableInput(options, classes, unit, figures=figures, key=key)
        super().__init__(widget=widget, required=False, **kwargs)

    def clean(self, value: Any) -> dict[str, Any]:
        """Return the table. Raises ValidationError naming the row for a class twice or a row half written."""
        table: dict[str, Any] = {}
        problems: list[ValidationError] = []
        for key, parameter, figure in value or []:
            name = key.strip()
            try:
                found = joined_figure((parameter, figure), self.codes)
            except ValidationError as problem:
                problems += [ValidationError(f"{name or '–'}: {text}") for text in problem.messages]
                continue
            if not name or found is None:
                problems.append(
                    ValidationError(_("%(row)s: write both, class and figure."), params={"row": name or figure or "–"})
                )
            elif name in table:
                problems.append(ValidationError(_("%(row)s stands there twice."), params={"row": name}))
            else:
                table[name] = found
        if problems:
            raise ValidationError(problems)
        return table


class DecidersInput(TableInput):
    """Write who decides, in growing order of the area taken."""

    template_name = "rules/deciders_input.html"

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        """Give the template the rows; kept ones are tables of body and parameter."""
        if value and isinstance(value[0], dict):
            value = [(str(item.get("body", "")), str(item.get("from", "")), "") for item in value]
        return super().get_context(name, value or [], attrs)


class DecidersField(TableField):
    """Take the bodies that decide, each from the hectares of a parameter."""

    def __init__(self, options: Options, bodies: Options, **kwargs: Any) -> None:
        super().__init__(options, bodies, "ha", **kwargs)
        self.widget = DecidersInput(options, bodies, "ha")
        self.bodies = {code for code, _title in bodies}

    def clean(self, value: Any) -> Any:
        """Return the list. Raises ValidationError for an unknown body or parameter."""
        found: list[dict[str, str]] = []
        for body, parameter, _figure in value or []:
            if body not in self.bodies or (parameter and parameter not in self.codes):
                raise ValidationError(_("Choose a body, and from which parameter on it decides."), code="unknown")
            found.append({"body": body, **({"from": parameter} if parameter else {})})
        return found


class LinesField(forms.CharField):
    """Read codes one a line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        kwargs.setdefault("max_length", 4_000)
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the codes, each once."""
        text = super().clean(value)
        return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
