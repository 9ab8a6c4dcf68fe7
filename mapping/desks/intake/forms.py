"""What is said beside a file? Who sent it; for a layer what its publisher says; for a raster its classes.

The files themselves are judged by the gates, not by these forms.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from layers.intake.limits import UPLOAD_BYTES
from layers.models import AdminUnit, Layer
from mapping.fields import DateField, FileField, FileInput
from planning.registers.models import BoundaryKind

if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[Layer]
    _UnitField = forms.ModelChoiceField[AdminUnit]
else:
    _ModelChoiceField = _UnitField = forms.ModelChoiceField


class FilesInput(FileInput):
    """Choose one file or all parts of one."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"multiple": True})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return every file that was sent under the name."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Take one file, or the loose parts of one (.shp, .dbf, .prj …)."""

    widget = FilesInput
    default_error_messages = FileField.default_error_messages

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Judge each file by itself; an empty one is left to the gate, whose sentence says what to do."""
        files = data if isinstance(data, list) else [data] if data else []
        self.allow_empty_file = True
        cleaned = [super(FilesField, self).clean(file, initial) for file in files or [None]]
        if sum(file.size for file in cleaned) > UPLOAD_BYTES:
            raise forms.ValidationError(_("The file is over 50 MB. Split or simplify it."))
        return cleaned


class SendForm(forms.Form):
    """Send a file."""

    file = FilesField(
        label=_("File"),
        help_text=_("Up to 50 MB. All parts of a shapefile or a MapInfo table may be chosen together, or zipped."),
    )


class StartForm(SendForm):
    """Send a file that somebody else made."""

    sender = forms.CharField(
        label=_("Who sent it?"),
        max_length=120,
        required=False,
        help_text=_("Office or person, as you would find it again. The columns of this sender's files are remembered."),
        widget=forms.TextInput(attrs={"list": "senders", "autocomplete": "off"}),
    )


class MeasuredForm(forms.Form):
    """Say how a boundary was measured."""

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
            raise forms.ValidationError(_("The day of measuring lies in the future."))
        return day


class LayerChoice(_ModelChoiceField):
    """Choose a layer by its name in the page's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the layer's name."""
        return str(obj.name_en if translation.get_language() == "en" else obj.name_vi)


class UnitChoice(_UnitField):
    """Choose an administrative unit by its kind and name."""


class ClassesForm(forms.Form):
    """Confirm how a raster becomes areas."""

    breaks = forms.CharField(
        label=_("Class limits"),
        max_length=200,
        help_text=_("Ascending, with semicolons between them, for example 8; 15; 25."),
    )
    slope = forms.BooleanField(
        label=_("The values are heights in metres: compute the slope in per cent first"), required=False
    )
    min_area_ha = forms.DecimalField(
        label=_("Smallest area, ha"),
        min_value=0,
        max_value=10_000,
        decimal_places=2,
        initial=1,
        help_text=_("Smaller specks are given to the area around them."),
    )

    def clean_breaks(self) -> tuple[float, ...]:
        """Read the limits."""
        from layers.errors import InputRefused
        from layers.intake.raster import parse_breaks

        try:
            return parse_breaks(self.cleaned_data["breaks"])
        except InputRefused as problem:
            raise forms.ValidationError(f"{problem.message} {problem.todo}") from problem


class EditionForm(forms.Form):
    """Say what the publisher of a layer says about it."""

    layer = LayerChoice(Layer.objects.none(), label=_("Layer"), empty_label=None)
    effective_from = DateField(label=_("In effect from"), initial=timezone.localdate)
    looked_on = DateField(
        label=_("Surveyed on"), required=False, help_text=_("When the publisher last looked, if that was earlier.")
    )
    source = forms.CharField(
        label=_("Source"), max_length=400, help_text=_("Who published it, in which document or data set.")
    )
    licence = forms.CharField(label=_("Licence"), max_length=120, required=False)
    coverage = forms.ChoiceField(
        label=_("Where the publisher looked"),
        choices=[
            ("", _("the whole province; for a raster where it has data")),
            ("box", _("only the rectangle around the data")),
            ("unit", _("only one administrative unit")),
            ("file", _("the areas of a file of its own")),
        ],
        required=False,
        help_text=_("Outside it the check says “not checked”, never “clear”."),
    )
    coverage_unit = UnitChoice(AdminUnit.objects.none(), label=_("Unit of the coverage"), required=False)
    coverage_file = FileField(label=_("File of the coverage"), required=False)
    schematic = forms.BooleanField(label=_("Illustrative, not official"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        for name, choices in (
            ("layer", Layer.objects.all()),
            (
                "coverage_unit",
                AdminUnit.objects.valid_on(today).select_related("level").defer("geom").order_by("level__rank", "name"),
            ),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = choices

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen coverage needs, and refuse a survey after the day of effect."""
        given: dict[str, Any] = super().clean() or {}
        chosen = given.get("coverage")
        if chosen == "unit" and not given.get("coverage_unit"):
            self.add_error("coverage_unit", _("Choose the unit."))
        if chosen == "file":
            file = given.get("coverage_file")
            if not file:
                self.add_error("coverage_file", _("Choose the file."))
            elif file.size > UPLOAD_BYTES:
                self.add_error("coverage_file", _("The file is over 50 MB. Split or simplify it."))
        looked_on, effective = given.get("looked_on"), given.get("effective_from")
        if looked_on and effective and looked_on > effective:
            self.add_error("looked_on", _("The survey cannot be later than the day of effect."))
        return given


class ClustersForm(forms.Form):
    """Say what the areas of a file of clusters are; points need no answer."""

    boundary = forms.ChoiceField(
        label=_("What are the areas in the file?"),
        choices=[
            (BoundaryKind.ILLUSTRATIVE.value, _("only roughly where the clusters are")),
            (BoundaryKind.DECIDED.value, _("the boundaries as decided")),
            (BoundaryKind.MEASURED.value, _("the boundaries as measured")),
            ("", _("not to be kept: only a point of each")),
        ],
        required=False,
        initial=BoundaryKind.ILLUSTRATIVE.value,
        help_text=_("The check asks kept boundaries of existing clusters. Points in the file need no answer."),
    )
