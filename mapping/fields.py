"""How do dates and files enter a form? Own widgets, because the browsers' native ones speak the browser's language.

It does not read files: gates and vetting do.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mapping import formats


class DateInput(forms.DateInput):
    """Write a date as dd/mm/yyyy in a text box that ``shell/date.js`` equips with a calendar."""

    input_type = "text"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            attrs={
                "data-date": "",
                "inputmode": "numeric",
                "autocomplete": "off",
                "placeholder": _("dd/mm/yyyy"),
                "maxlength": "10",
                **(attrs or {}),
            },
            format="%d/%m/%Y",
        )

    def format_value(self, value: Any) -> str | None:
        """Write dates our way and leave what the person typed as it is."""
        if isinstance(value, datetime.date):
            return formats.date(value)
        return None if value in (None, "") else str(value)


class DateField(forms.DateField):
    """Read dd/mm/yyyy (dashes and ISO dates too)."""

    widget = DateInput
    default_error_messages = {"invalid": _("Write the date as dd/mm/yyyy.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"])
        super().__init__(**kwargs)


class FileInput(forms.FileInput):
    """Choose a file with our own button and drop area (``shell/file.js``)."""

    template_name = "components/file_input.html"


class FileField(forms.FileField):
    """Take one uploaded file."""

    widget = FileInput
    default_error_messages = {
        "required": _("Choose a file."),
        "empty": _("The file is empty."),
        "missing": _("No file arrived. Choose it again."),
    }


class HectareField(forms.DecimalField):
    """Read an area in hectares, with comma or point as decimal mark."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_digits", 10)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Accept ``30,25`` as well as ``30.25``."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


# A whole number, plain or in groups of three after one kind of mark; what else is typed is asked about, never guessed.
WHOLE_DONG = re.compile(r"-?(\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+)")


class DongField(forms.DecimalField):
    """Read a sum in whole đồng; points, commas or spaces may stand between thousands, nowhere else."""

    default_error_messages = {"invalid": _("Write whole đồng in digits, such as 1.250.000.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 0)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Accept ``1.250.000.000``; refuse ``1,5`` and ``1e9``, which once meant 15 and 1 000 000 000 đồng."""
        if isinstance(value, str) and value.strip():
            written = value.replace("\u00a0", " ").strip().removesuffix("đồng").removesuffix("đ").strip()
            if WHOLE_DONG.fullmatch(written) is None:
                raise ValidationError(self.error_messages["invalid"], code="invalid")
            value = written.translate(str.maketrans("", "", "., "))
        return super().to_python(value)
