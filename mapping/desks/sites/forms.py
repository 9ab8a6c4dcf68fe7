"""What does a person wish for? The forms of a search and of a screening; they check shapes of input, no permission."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.models import AdminUnit
from mapping.fields import HectareField
from planning.checks.screening.wishes import MAX_UNITS, MOST_PER_UNIT, ROADS, Wishes, slope_from
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import scope_units
from planning.proposals.models import CellShape
from planning.proposals.screening.start import MAX_HA, MIN_HA

ROAD_NAMES = {
    "expressway": _("expressway"),
    "national": _("national road"),
    "provincial": _("provincial road"),
    "district": _("district road"),
    "rural": _("rural road"),
}
SHAPES = ((0.2, _("any shape")), (0.3, _("plain shapes")), (0.5, _("compact shapes only")))
# More communes than that are not ticked for a person from the first.
TICKED_AT_MOST = 15


class MetresField(forms.IntegerField):
    """Read a distance in whole metres; empty is any distance."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            min_value=50,
            max_value=50_000,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            **kwargs,
        )


class SearchForm(forms.Form):
    """Ask for the criteria of one search."""

    title = forms.CharField(label=_("name of the search"), max_length=160, required=False)
    area_ha = HectareField(label=_("area wanted, ha"), min_value=1, max_value=500, initial=30)
    min_ha = HectareField(label=_("at least, ha"), min_value=1, max_value=500, initial=25)
    max_ha = HectareField(label=_("at most, ha"), min_value=1, max_value=500, initial=40)
    units = forms.MultipleChoiceField(label=_("communes"), widget=forms.CheckboxSelectMultiple)
    road_m = MetresField(label=_("to a road at most, m"), initial=2_000)
    roads = forms.MultipleChoiceField(
        label=_("classes of road"),
        choices=[(code, ROAD_NAMES[code]) for code in ROADS],
        widget=forms.CheckboxSelectMultiple,
        initial=["national", "provincial"],
        required=False,
    )
    slope_below = forms.TypedChoiceField(label=_("slope below"), required=False, coerce=float, empty_value=None)
    power_m = MetresField(label=_("to a power line at most, m"))
    cluster_m = MetresField(label=_("to an existing cluster at most, m"))
    conditions = forms.BooleanField(label=_("land under conditions may be taken"), required=False, initial=True)
    unchecked = forms.BooleanField(
        label=_("land may be taken where data are missing"),
        required=False,
        initial=True,
        help_text=_("What was not checked is named with every site and is never shown as clear."),
    )
    holes = forms.BooleanField(
        label=_("enclosed land that is not prohibited may be taken in"), required=False, initial=True
    )
    compact = forms.TypedChoiceField(label=_("shape"), choices=SHAPES, coerce=float, initial=0.3)
    per_unit = forms.IntegerField(label=_("sites a commune, at most"), min_value=1, max_value=MOST_PER_UNIT, initial=3)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communes = AdminUnit.objects.valid_on(timezone.localdate()).of_level("commune").defer("geom").order_by("name")
        mine = set(scope_units(user, Capability.DRAW_PROPOSAL).values_list("pk", flat=True))
        ordered = sorted(communes, key=lambda unit: (unit.pk not in mine, unit.name))
        self._choice("units").choices = [(str(unit.pk), unit.full_name) for unit in ordered]
        self.mine = {str(pk) for pk in mine}
        if 0 < len(mine) <= TICKED_AT_MOST:
            self.fields["units"].initial = sorted(self.mine)
        self._choice("slope_below").choices = [("", _("any slope")), *slope_choices()]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field

    def clean_units(self) -> list[int]:
        """Return the communes by row number, not too many."""
        units = [int(unit) for unit in self.cleaned_data["units"]]
        if len(units) > MAX_UNITS:
            raise forms.ValidationError(_("Choose fewer communes."))
        return units

    def clean(self) -> dict[str, Any]:
        """Hold the three areas in order, and a road distance with a class of road."""
        data = super().clean() or {}
        low, wanted, high = (data.get(name) for name in ("min_ha", "area_ha", "max_ha"))
        if low is not None and wanted is not None and high is not None and not low <= wanted <= high:
            self.add_error("area_ha", _("The area wanted lies between the smallest and the largest one."))
        if data.get("road_m") and not data.get("roads"):
            self.add_error("roads", _("Choose at least one class of road."))
        return data

    def wishes(self) -> Wishes:
        """Return what was wished for. Raises InputRefused when the engine finds it makes no sense."""
        data = dict(self.cleaned_data)
        for name in ("area_ha", "min_ha", "max_ha"):
            data[name] = float(data[name])
        return Wishes.of_data(data)


class ScreeningForm(forms.Form):
    """Ask for shape and size of the cells."""

    shape = forms.ChoiceField(label=_("cells"), choices=CellShape.choices, initial=CellShape.HEXAGON)
    cell_ha = HectareField(label=_("cell size, ha"), min_value=MIN_HA, max_value=MAX_HA, initial=10)


def slope_choices() -> list[tuple[str, str]]:
    """Return the limits that the classes of the current slope edition can tell apart."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT f.class_code FROM layers_feature f JOIN layers_edition e ON e.id = f.edition_id"
            " JOIN layers_layer l ON l.id = e.layer_id WHERE l.code = 'slope' AND e.status = 'current'"
        )
        begins = {slope_from(str(row[0])) for row in cursor.fetchall()}
    return [(f"{begin:g}", f"{begin:g} %") for begin in sorted(begin for begin in begins if begin)]
