"""What does a person choose of a survey package? Contents, zone and paper, for the package page and for survey orders.

It builds nothing and knows no version: `views_package` adds that.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.crs import zone_choices, zone_label
from mapping.papers.survey.choice import (
    AUTO,
    CONTENT_TITLES,
    PAPERS,
    Content,
    PackageChoice,
    package_choice,
)


class ChoiceForm(forms.Form):
    """Choose what a package holds; everything is ticked, the province's zone comes first."""

    contents = forms.MultipleChoiceField(
        label=gettext_lazy("Contents"), choices=list(CONTENT_TITLES.items()), widget=forms.CheckboxSelectMultiple
    )
    srid = forms.TypedChoiceField(label=gettext_lazy("Coordinate system"), coerce=int)
    paper = forms.ChoiceField(label=gettext_lazy("Paper of the boundary plan"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = zone_choices()
        contents, srid, paper = self.fields["contents"], self.fields["srid"], self.fields["paper"]
        contents.initial, srid.initial, paper.initial = list(Content), zones[0], AUTO
        srid.choices = [(each, f"{zone_label(each)} · EPSG:{each}") for each in zones]  # type: ignore[attr-defined]  # typed as the base of all fields
        paper.choices = [  # type: ignore[attr-defined]  # typed as the base of all fields
            (AUTO, _("the smallest that holds it at 1:2,000")),
            *((each, each) for each in PAPERS),
        ]

    def choice(self) -> PackageChoice:
        """Return what was chosen; call it when the form is valid."""
        data = self.cleaned_data
        return package_choice(data["contents"], data["srid"], data["paper"])
