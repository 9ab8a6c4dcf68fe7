"""With which words is a version published, and with which a figure of the law changed?

Rules themselves are written with `mapping.desks.rules.rule_form`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from layers.models import LegalInstrument
from mapping.desks.rules.fields import NumberField
from mapping.fields import DateField


class PublishForm(forms.Form):
    """Take the note of a publication."""

    note = forms.CharField(
        label=_("Note"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What changes, and why; everybody reads it in the list of versions."),
    )
    row_version = forms.IntegerField(widget=forms.HiddenInput)


class ValueForm(forms.Form):
    """Take a new dated value of a parameter."""

    value = NumberField(label=_("New value"))
    valid_from = DateField(label=_("Valid from"))
    instrument = forms.ChoiceField(label=_("Legal text"))
    article = forms.CharField(label=_("Article"), max_length=80, required=False)
    verified = forms.BooleanField(label=_("Compared with the printed text"), required=False)

    def __init__(self, *args: Any, options: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["instrument"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "–"), *options]

    def given(self) -> tuple[Decimal, LegalInstrument]:
        """Return value and legal text of a valid form."""
        number = self.cleaned_data["instrument"]
        return Decimal(str(self.cleaned_data["value"])), LegalInstrument.objects.get(number=number)
