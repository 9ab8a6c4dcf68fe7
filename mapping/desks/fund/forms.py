"""What does a person of the fund fill in? Forms with own date and money fields; the verbs below judge them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from layers.crs import point_to_storage, storage_srid
from layers.models import AdminUnit
from mapping import formats
from mapping.fields import DateField, DongField
from planning.registers.models import (
    Activity,
    Allocation,
    CraftVillage,
    FundingSource,
    IndustrialCluster,
    PartyKind,
    PaymentKind,
)
from planning.registers.queries import remaining_vnd


def capitalised(choices: Any) -> Any:
    """Begin the words of a choice with a capital letter, as a list in a form does."""
    return [(value, lazy(capfirst, str)(label)) for value, label in choices]


class MoneyInput(forms.TextInput):
    """Write a sum with separators; ``fund/money.js`` keeps them while the person types."""

    def __init__(self) -> None:
        super().__init__(attrs={"inputmode": "numeric", "data-money": "", "autocomplete": "off"})

    def format_value(self, value: Any) -> str | None:
        """Group the digits of a number; leave what was typed as it is."""
        if value in (None, ""):
            return None
        return str(value) if isinstance(value, str) else formats.number(value)


class MoneyField(DongField):
    """Read whole đồng."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=MoneyInput(), **kwargs)


class AllocationField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Choose an allocation by year, source and what is left of it."""

    def label_from_instance(self, obj: Any) -> str:
        """Name year, source and the remaining sum."""
        return _("%(year)s – %(source)s, %(left)s left") % {
            "year": obj.fund_year.year,
            "source": obj.source.name,
            "left": formats.dong_short(remaining_vnd(obj)),
        }


class AllocationForm(forms.Form):
    """The money of one source for one year."""

    year = forms.IntegerField(label=_("Budget year"), min_value=1990, max_value=2100)
    source = forms.ModelChoiceField(label=_("Source"), queryset=FundingSource.objects.all())
    amount_vnd = MoneyField(label=_("Amount, đồng"))
    decision = forms.CharField(label=_("Decision"), max_length=120, help_text=_("Number and issuer, as printed."))
    decided_on = DateField(label=_("Decided on"))
    settlement_due = DateField(
        label=_("Settlement due"),
        required=False,
        help_text=_("Only for a new year; 31 January of the next year if empty."),
    )


class ProjectForm(forms.Form):
    """One funded project."""

    title = forms.CharField(
        label=_("Title"),
        max_length=300,
        help_text=_("Public. Name what is funded and the hamlet, never a private person."),
    )
    allocation = AllocationField(
        label=_("Allocation"), queryset=Allocation.objects.select_related("fund_year", "source")
    )
    activity = forms.ChoiceField(label=_("Activity"), choices=capitalised(Activity.choices))
    content_key = forms.CharField(
        label=_("Content in short"), max_length=160, required=False, help_text=_("The same content twice is flagged.")
    )
    implementer_name = forms.CharField(label=_("Implementer"), max_length=200)
    implementer_kind = forms.ChoiceField(label=_("The implementer is a"), choices=capitalised(PartyKind.choices))
    beneficiary_name = forms.CharField(label=_("Beneficiary"), max_length=200)
    beneficiary_kind = forms.ChoiceField(label=_("The beneficiary is a"), choices=capitalised(PartyKind.choices))
    unit = forms.ModelChoiceField(label=_("Commune"), queryset=AdminUnit.objects.none())
    village = forms.ModelChoiceField(label=_("Craft village"), queryset=CraftVillage.objects.all(), required=False)
    cluster = forms.ModelChoiceField(
        label=_("Industrial cluster"), queryset=IndustrialCluster.objects.all(), required=False
    )
    granted_vnd = MoneyField(label=_("Support granted, đồng"), min_value=1)
    counterpart_vnd = MoneyField(label=_("Counterpart, đồng"), required=False)
    recoverable = forms.BooleanField(label=_("Recoverable support"), required=False)
    starts_on = DateField(label=_("Starts on"), required=False)
    ends_on = DateField(label=_("Ends on"), required=False)
    lon = forms.FloatField(required=False, min_value=100, max_value=120, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=5, max_value=25, widget=forms.HiddenInput)

    GROUPS = (
        (_("What is funded"), ("title", "activity", "content_key")),
        (_("Money"), ("allocation", "granted_vnd", "counterpart_vnd", "recoverable")),
        (_("Who"), ("implementer_name", "implementer_kind", "beneficiary_name", "beneficiary_kind")),
        (_("Where and when"), ("unit", "village", "cluster", "starts_on", "ends_on")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communes = AdminUnit.objects.valid_on(timezone.localdate()).of_level("commune").order_by("name")
        self.fields["unit"].queryset = communes  # type: ignore[attr-defined]  # typed as the base of all fields

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields as the page shows them: four groups."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def location(self) -> Point | None:
        """Return the marked place in the storage CRS; the village's or cluster's own when none was marked."""
        lon, lat = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        if lon is not None and lat is not None:
            east, north = point_to_storage(lon, lat)
            return Point(round(east, 3), round(north, 3), srid=storage_srid())
        for place in (self.cleaned_data.get("village"), self.cleaned_data.get("cluster")):
            if place is not None and place.location is not None:
                return place.location  # type: ignore[no-any-return]  # cleaned_data has no types
        return None


class KeyForm(forms.Form):
    """A form that may arrive twice but counts once."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid4().hex


class ContractForm(forms.Form):
    """The contract with the implementer."""

    number = forms.CharField(label=_("Contract number"), max_length=80)
    signed_on = DateField(label=_("Signed on"))
    amount_vnd = MoneyField(label=_("Amount, đồng"), min_value=1)


class PaymentForm(KeyForm):
    """An advance or the final payment."""

    kind = forms.ChoiceField(
        label=_("Payment"),
        choices=capitalised([(kind.value, kind.label) for kind in (PaymentKind.ADVANCE, PaymentKind.FINAL)]),
    )
    amount_vnd = MoneyField(label=_("Amount, đồng"), min_value=1)
    paid_on = DateField(label=_("Paid on"))
    document = forms.CharField(
        label=_("Document"), max_length=120, required=False, help_text=_("Number of the voucher.")
    )


class AcceptanceForm(forms.Form):
    """The acceptance meeting."""

    accepted_on = DateField(label=_("Date of acceptance"))
    passed = forms.ChoiceField(label=_("Result"), choices=capitalised([("yes", _("passed")), ("no", _("not passed"))]))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class SettlementForm(forms.Form):
    """The settlement."""

    settled_on = DateField(label=_("Settled on"))
    settled_vnd = MoneyField(label=_("Settled, đồng"))
    document = forms.CharField(label=_("Document"), max_length=120, required=False)


class ExtensionForm(forms.Form):
    """More time."""

    ends_on = DateField(label=_("New last day"))
    reason = forms.CharField(label=_("Reason"), max_length=400)


class StopForm(forms.Form):
    """The end without success."""

    reason = forms.CharField(label=_("Reason"), max_length=400)


class RecoveryForm(KeyForm):
    """Money that came back."""

    amount_vnd = MoneyField(label=_("Amount returned, đồng"), min_value=1)
    paid_on = DateField(label=_("Returned on"))
    document = forms.CharField(label=_("Document"), max_length=120, required=False)


class ReversalForm(forms.Form):
    """Why a payment is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=120)
