"""What does a commune officer fill in about a village's year?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mapping import formats
from mapping.fields import DongField
from planning.registers.services import VillageFigures

YES_NO = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]


class CountField(forms.IntegerField):
    """Read a number of people or households; points between thousands are dropped."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(min_value=0, required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Accept ``1.250``."""
        return super().to_python(value.replace(".", "").replace(" ", "") if isinstance(value, str) else value)


class VillageYearForm(forms.Form):
    """The figures of one year; an empty field means "not known", which is not zero."""

    households_total = CountField(label=_("Households in the area"))
    households_engaged = CountField(label=_("Households in the trade"))
    workers = CountField(label=_("Workers"))
    artisans = CountField(label=_("Artisans"))
    revenue_vnd = DongField(
        label=_("Revenue, đồng"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-money": "", "autocomplete": "off"}),
    )
    output_text = forms.CharField(
        label=_("Output"), max_length=160, required=False, help_text=_("For example: 12 tonnes.")
    )
    stable = forms.ChoiceField(label=_("Stable production"), choices=YES_NO, required=False)

    @classmethod
    def of(cls, row: Any) -> VillageYearForm:
        """Show the figures kept so far."""
        if row is None:
            return cls()
        initial = {name: getattr(row, name) for name in cls.base_fields}
        initial["stable"] = {True: "yes", False: "no", None: ""}[row.stable]
        if row.revenue_vnd is not None:
            initial["revenue_vnd"] = formats.number(row.revenue_vnd)
        return cls(initial=initial)

    def figures(self) -> VillageFigures:
        """Return what the verb takes."""
        given = dict(self.cleaned_data)
        given["stable"] = {"yes": True, "no": False}.get(given["stable"])
        return VillageFigures(**given)
