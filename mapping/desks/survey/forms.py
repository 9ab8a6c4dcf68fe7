"""What does a survey team write down with its measurements? The file, and how the boundary was measured."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.fields import DateField, FileField


class ReturnForm(forms.Form):
    """Send measurements."""

    file = FileField(
        label=_("Measured boundary"),
        help_text=_(
            "The file of your program, at most 50 MB: zipped shapefile, GeoPackage, DXF, DGN v7, MapInfo, GML, KML,"
            " GPX, GeoJSON, or the corner table as XLSX or CSV."
        ),
    )
    instrument = forms.CharField(
        label=_("Instrument"), max_length=120, help_text=_("Make, model and serial number, and how (RTK, static …).")
    )
    base_points = forms.CharField(
        label=_("Base points"), max_length=240, help_text=_("Numbers of the control points or the base station.")
    )
    measured_on = DateField(label=_("Measured on"))
    signer = forms.CharField(label=_("Signed by"), max_length=120, help_text=_("Who answers for the measurements."))
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False)

    def clean_measured_on(self) -> date:
        """Refuse a day in the future."""
        day: date = self.cleaned_data["measured_on"]
        if day > timezone.localdate():
            raise ValidationError(_("The day of measuring lies in the future."))
        return day

    def facts(self) -> dict[str, Any]:
        """Return what was written, without the file, as it can be signed and carried in a page."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return {**data, "measured_on": self.cleaned_data["measured_on"].isoformat()}
