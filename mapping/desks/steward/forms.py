"""What must a steward say about a file before it is loaded? Layer, validity, source, licence, coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from layers.intake.limits import UPLOAD_BYTES
from layers.models import Layer
from mapping.fields import DateField, FileField

if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[Layer]
else:
    _ModelChoiceField = forms.ModelChoiceField


class LayerChoice(_ModelChoiceField):
    """Choose a layer by its name in the page's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the layer's name."""
        return str(obj.name_en if translation.get_language() == "en" else obj.name_vi)


class LoadForm(forms.Form):
    """Take a file and what its publisher says about it."""

    layer = LayerChoice(Layer.objects.none(), label=_("Layer"), empty_label=None)
    file = FileField(label=_("File"), help_text=_("Zipped shapefile, GeoPackage, GeoJSON, KML or KMZ; up to 50 MB."))
    effective_from = DateField(label=_("In effect from"), initial=timezone.localdate)
    source = forms.CharField(
        label=_("Source"), max_length=400, help_text=_("Who published it, in which document or data set.")
    )
    licence = forms.CharField(label=_("Licence"), max_length=120, required=False)
    coverage = forms.ChoiceField(
        label=_("Where the publisher looked"),
        choices=[("", _("the whole province")), ("box", _("only the rectangle around the data"))],
        required=False,
        help_text=_("Outside it the check says “not checked”, never “clear”."),
    )
    schematic = forms.BooleanField(label=_("Illustrative, not official"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["layer"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Layer.objects.all()

    def clean_file(self) -> Any:
        """Refuse a file above the limit before anything is stored."""
        file = self.cleaned_data["file"]
        if file.size > UPLOAD_BYTES:
            raise forms.ValidationError(_("The file is over 50 MB. Split or simplify it."))
        return file
