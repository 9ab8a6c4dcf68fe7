"""What is filled in about a craft village, an existing cluster, a cluster's half-year? The verbs judge the answers."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.contrib.gis.geos import GEOSGeometry, Point
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from layers.crs import point_to_storage, point_to_wgs84, storage_srid
from layers.models import AdminUnit
from mapping import formats
from mapping.desks.books.forms import YES_NO, CountField
from mapping.emblems import drawn_trades
from mapping.fields import DateField, HectareField
from planning.registers.models import AreaKind, ClusterKind, CraftVillage, TradeGroup, VillageKind, WastewaterState
from planning.registers.queries.search import folded
from planning.registers.services import ClusterInput, VillageInput
from planning.registers.services.cluster_entry import EXISTING, FIRST_AREAS

TRADE_NAMES = {
    "basketry": _("Basketry"),
    "broom": _("Broom making"),
    "carpentry": _("Carpentry"),
    "fish-sauce": _("Fish sauce"),
    "flowers": _("Flowers"),
    "incense": _("Incense"),
    "jar-wine": _("Jar wine"),
    "mat": _("Mat weaving"),
    "noodles": _("Noodles"),
    "peach-blossom": _("Peach blossom"),
    "pottery": _("Pottery"),
    "rice-paper": _("Rice paper"),
    "salt": _("Salt"),
    "silk": _("Silk"),
    "weaving": _("Brocade weaving"),
}
YES_NO_ANSWERS = {"yes": True, "no": False, "": None}
TEXT_LENGTH = 4000
PERIODS_OFFERED = 6


def capitalised(choices: Any) -> Any:
    """Begin the words of a choice with a capital letter, as a list in a form does."""
    return [(value, lazy(capfirst, str)(label)) for value, label in choices]


class DegreeField(forms.FloatField):
    """Read a longitude or latitude in WGS 84 degrees, with comma or point as decimal mark."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Accept ``12,75`` as well as ``12.75``."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class PlaceForm(forms.Form):
    """A record of the register with its commune and its place."""

    GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = ()
    place_required = False

    def __init__(
        self, *args: Any, units: QuerySet[AdminUnit], place: GEOSGeometry | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        self.fields["unit"] = forms.ModelChoiceField(label=_("Commune"), queryset=units)
        for name, label, low, high in (("lat", _("Latitude, °"), 5, 25), ("lon", _("Longitude, °"), 100, 120)):
            self.fields[name] = DegreeField(label=label, required=self.place_required, min_value=low, max_value=high)
        if place is not None and isinstance(place, Point):
            lon, lat = point_to_wgs84(place.x, place.y)
            self.initial.update({"lon": f"{lon:.7f}", "lat": f"{lat:.7f}"})

    def clean(self) -> dict[str, Any]:
        """Refuse half a position."""
        given = super().clean() or self.cleaned_data
        if (given.get("lon") is None) != (given.get("lat") is None) and not {"lon", "lat"} & set(self.errors):
            self.add_error("lat", _("A position needs longitude and latitude."))
        return given

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields as the page shows them; the last group stands with the map."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def location(self) -> GEOSGeometry | None:
        """Return the place in the storage CRS; a place nobody moved is returned as it was kept."""
        if self.place is not None and not {"lon", "lat"} & set(self.changed_data):
            return self.place
        lon, lat = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        if lon is None or lat is None:
            return None
        east, north = point_to_storage(lon, lat)
        return Point(round(east, 3), round(north, 3), srid=storage_srid())


class VillageForm(PlaceForm):
    """One craft village; an empty answer means "not known"."""

    place_required = True
    name = forms.CharField(label=_("Name"), max_length=160)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=capitalised(VillageKind.choices), initial=VillageKind.UNRECOGNISED
    )
    trade_group = forms.ChoiceField(label=_("Trade group"), choices=capitalised(TradeGroup.choices))
    trade = forms.ChoiceField(label=_("Emblem of the trade"), required=False)
    trade_name_vi = forms.CharField(label=_("Trade in Vietnamese"), max_length=120)
    trade_name_en = forms.CharField(
        label=_("Trade in English"), max_length=120, required=False, help_text=_("The Vietnamese name if empty.")
    )
    hamlets = forms.CharField(label=_("Hamlets"), max_length=240, required=False)
    since_year = forms.IntegerField(
        label=_("Craft since the year"),
        min_value=1000,
        max_value=9999,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    recognition_text = forms.CharField(
        label=_("Recognition decision"), max_length=160, required=False, help_text=_("Number and issuer, as printed.")
    )
    recognised_on = DateField(label=_("Recognised on"), required=False)
    environment_plan = forms.ChoiceField(label=_("Environmental plan in place"), choices=YES_NO, required=False)
    cultural_identity = forms.ChoiceField(label=_("Products carry cultural identity"), choices=YES_NO, required=False)
    about_vi = forms.CharField(
        label=_("About, in Vietnamese"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Public. Name the village and its craft, never a private person."),
    )
    about_en = forms.CharField(
        label=_("About, in English"), max_length=TEXT_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    source = forms.CharField(label=_("Source"), max_length=240, required=False)

    GROUPS = (
        (_("The village and its trade"), ("name", "kind", "trade_group", "trade_name_vi", "trade_name_en", "trade")),
        (
            _("Age and recognition"),
            ("since_year", "recognition_text", "recognised_on", "environment_plan", "cultural_identity"),
        ),
        (_("Texts of the public page"), ("about_vi", "about_en", "source")),
        (_("Where"), ("unit", "hamlets")),
    )

    def __init__(self, *args: Any, village: CraftVillage | None = None, **kwargs: Any) -> None:
        if village is not None:
            names = (*self.base_fields, "unit")
            initial = {name: getattr(village, name) for name in names}
            for name in ("environment_plan", "cultural_identity"):
                initial[name] = {True: "yes", False: "no", None: ""}[initial[name]]
            kwargs = {"initial": initial, "place": village.location, **kwargs}
        super().__init__(*args, **kwargs)
        trades = set(drawn_trades()) | ({village.trade} if village else set())
        named = sorted((str(TRADE_NAMES.get(trade, trade)), trade) for trade in trades)
        choices = [("", _("none of these")), *((trade, name) for name, trade in named)]
        self.fields["trade"].choices = choices  # type: ignore[attr-defined]  # typed as the base of all fields

    def village(self) -> VillageInput:
        """Return what the verb takes; a trade without an emblem is named by its Vietnamese name."""
        given = {name: self.cleaned_data[name] for name in (*self.base_fields, "unit")}
        for name in ("environment_plan", "cultural_identity"):
            given[name] = YES_NO_ANSWERS[given[name]]
        given["trade_name_en"] = given["trade_name_en"] or given["trade_name_vi"]
        given["trade"] = given["trade"] or re.sub(r"[^a-z0-9]+", "-", folded(given["trade_name_vi"]))[:40].strip("-")
        return VillageInput(**given, location=self.location())  # type: ignore[arg-type]  # required by this form


class ClusterForm(PlaceForm):
    """One cluster that exists already, with its first areas."""

    name = forms.CharField(label=_("Name"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=capitalised(ClusterKind.choices), initial=ClusterKind.LEGACY)
    lifecycle = forms.ChoiceField(
        label=_("State"), choices=capitalised([(state.value, state.label) for state in EXISTING])
    )
    established_by = forms.CharField(
        label=_("Established by"), max_length=120, required=False, help_text=_("Number and issuer, as printed.")
    )
    established_on = DateField(label=_("Established on"), required=False)
    infrastructure_owner = forms.CharField(label=_("Infrastructure owner"), max_length=200, required=False)
    wastewater_state = forms.ChoiceField(
        label=_("Wastewater"), choices=capitalised(WastewaterState.choices), initial=WastewaterState.UNKNOWN
    )
    planned = HectareField(label=_("Planned area, ha"), max_digits=8, required=False)
    industrial_land = HectareField(label=_("Industrial land, ha"), max_digits=8, required=False)
    leasable = HectareField(label=_("Leasable, ha"), max_digits=8, required=False)
    leased = HectareField(label=_("Leased, ha"), max_digits=8, required=False)
    areas_on = DateField(label=_("Areas stated on"), required=False)
    source = forms.CharField(
        label=_("Source"), max_length=240, required=False, help_text=_("The text the areas come from.")
    )

    GROUPS = (
        (_("The cluster"), ("name", "kind", "lifecycle", "established_by", "established_on")),
        (_("Infrastructure"), ("infrastructure_owner", "wastewater_state")),
        (_("First areas"), (*(kind.value for kind in FIRST_AREAS), "areas_on", "source")),
        (_("Where"), ("unit",)),
    )

    def cluster(self) -> ClusterInput:
        """Return what the verb takes."""
        given = dict(self.cleaned_data)
        areas: dict[AreaKind, Any] = {kind: given.pop(kind.value) for kind in FIRST_AREAS}
        del given["lon"], given["lat"]
        stated = {kind: area for kind, area in areas.items() if area is not None}
        return ClusterInput(**given, areas=stated, location=self.location())


def half_years(today: date) -> list[date]:
    """Return the last days of the half-years that are over on *today*, newest first."""
    ends = [date(today.year - back, *end) for back in range(PERIODS_OFFERED) for end in ((12, 31), (6, 30))]
    return [end for end in ends if end <= today][:PERIODS_OFFERED]


class ClusterReportForm(forms.Form):
    """What a cluster reported for half a year."""

    period_end = forms.TypedChoiceField(label=_("Half-year ending"), coerce=date.fromisoformat)
    leasable_ha = HectareField(label=_("Leasable, ha"), max_digits=8)
    leased_ha = HectareField(label=_("Leased, ha"), max_digits=8)
    projects = CountField(label=_("Projects"))
    projects_operating = CountField(label=_("Projects operating"))
    workers = CountField(label=_("Workers"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ends = half_years(timezone.localdate())
        self.fields["period_end"].choices = [(end.isoformat(), formats.date(end)) for end in ends]  # type: ignore[attr-defined]  # typed as the base of all fields
