"""What does a planner fill in around the drawing? Forms that check shapes of input, never permissions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.models import AdminUnit
from mapping import formats
from mapping.fields import DongField, FileField, HectareField
from planning.checks.declared import Declared, TradeClass, WastewaterTechnology
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import scope_units
from planning.proposals.models import FundingRole, Proposal, ProposalKind, State
from planning.proposals.visibility import visible_to
from planning.registers.models import FundedProject, IndustrialCluster, PlanListEntry
from planning.registers.queries.plan_list import entries_for_unit

HOW = (
    ("draw", _("draw on the map")),
    ("upload", _("upload a file")),
    ("corners", _("enter coordinates")),
    ("copy", _("copy another proposal's boundary")),
)


if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Any]
else:
    _Choice = forms.ModelChoiceField


class EntryChoice(_Choice):
    """Choose a list entry, its area beside its name."""

    def label_from_instance(self, obj: Any) -> str:
        """Write code, name and listed hectares."""
        return f"{obj.code} · {obj.name} · {formats.hectares(obj.area_ha)}"


class ProposalChoice(_Choice):
    """Choose a proposal by code and name."""

    def label_from_instance(self, obj: Any) -> str:
        """Write code, name and unit."""
        return f"{obj.code} · {obj.name} ({obj.unit.full_name})"


class FundedProjectChoice(_Choice):
    """Choose a funded project by code and title."""

    def label_from_instance(self, obj: Any) -> str:
        """Write code, title and grant."""
        return f"{obj.code} · {obj.title} · {formats.dong_short(obj.granted_vnd)}"


class NewProposalForm(forms.Form):
    """Start a proposal: kind, name, unit, a need of its own or a rival of another, and how the boundary comes."""

    how = forms.ChoiceField(
        label=_("How does the boundary come?"), choices=HOW, widget=forms.RadioSelect, initial="draw"
    )
    kind = forms.ChoiceField(
        label=_("Kind of proposal"), choices=ProposalKind.choices, initial=ProposalKind.NEW_CLUSTER
    )
    name = forms.CharField(label=_("Name of the cluster"), max_length=160)
    unit = forms.ModelChoiceField(
        label=_("Commune or ward"), queryset=AdminUnit.objects.none(), empty_label=_("Choose …")
    )
    expands = forms.ModelChoiceField(
        label=_("Cluster to expand or adjust"),
        queryset=IndustrialCluster.objects.none(),
        required=False,
        empty_label=_("none"),
    )
    rival_of = ProposalChoice(
        label=_("Rival alternative to"),
        queryset=Proposal.objects.none(),
        required=False,
        empty_label=_("no, this is a need of its own"),
        help_text=_("Alternatives A, B, C answer the same need; only one of them can be approved."),
    )
    source = ProposalChoice(
        label=_("Copy the boundary of"), queryset=Proposal.objects.none(), required=False, empty_label=_("Choose …")
    )
    need_statement = forms.CharField(
        label=_("Why is it needed?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Demand for land, villages to be moved out, enterprises that asked. You can write it later."),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = scope_units(user, Capability.DRAW_PROPOSAL)
        self._choice("unit").queryset = units
        self._choice("expands").queryset = IndustrialCluster.objects.filter(unit__in=units)
        proposals = visible_to(user).filter(unit__in=units)
        self._choice("rival_of").queryset = proposals.exclude(state=State.WITHDRAWN)
        self._choice("source").queryset = proposals

    def _choice(self, name: str) -> Any:
        return self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Ask for the source of a copy."""
        cleaned = super().clean() or {}
        if cleaned.get("how") == "copy" and not cleaned.get("source"):
            self.add_error("source", _("Choose the proposal whose boundary is copied."))
        if cleaned.get("kind") in {ProposalKind.EXPANSION, ProposalKind.ADJUSTMENT} and not cleaned.get("expands"):
            self.add_error("expands", _("Choose the cluster."))
        return cleaned


def _whole(amount: Decimal | None) -> str:
    return "" if amount is None else formats.number(amount)


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 6)


class DetailsForm(forms.Form):
    """Say in words what is proposed, for whom, under which entry of the list, with which figures."""

    name = forms.CharField(label=_("Name of the cluster"), max_length=160)
    need_statement = forms.CharField(
        label=_("Need statement"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Shared by all alternatives of the same need."),
    )
    plan_entry = EntryChoice(
        label=_("Entry of the plan list"), queryset=PlanListEntry.objects.none(), required=False, empty_label=_("none")
    )
    applicant_name = forms.CharField(
        label=_("Applicant (proposed infrastructure owner)"), max_length=200, required=False
    )
    applicant_number = forms.CharField(label=_("Registration number"), max_length=40, required=False)
    applicant_address = forms.CharField(label=_("Address"), max_length=240, required=False)
    applicant_capital = DongField(
        label=_("Own capital, đồng"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    demand_ha = HectareField(label=_("Documented demand for industrial land, ha"), required=False, max_digits=8)
    trade_class = forms.ChoiceField(
        label=_("Trade class (harm to housing, TCVN 4449)"),
        required=False,
        choices=[("", _("not declared: the general distance holds")), *TradeClass.choices],
    )
    wastewater_m3_day = forms.FloatField(
        label=_("Capacity of the wastewater plant, m³ a day"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        localize=True,
    )
    wastewater_technology = forms.ChoiceField(
        label=_("Technology of the wastewater plant"),
        required=False,
        choices=[("", _("not declared")), *WastewaterTechnology.choices],
    )
    plot_density_percent = forms.FloatField(
        label=_("Net plot density of factory plots, %"), required=False, min_value=1, max_value=100, localize=True
    )
    floors = forms.IntegerField(label=_("Floors of the tallest factory"), required=False, min_value=1, max_value=100)
    infrastructure_in_use = forms.NullBooleanField(
        label=_("Essential shared infrastructure of the existing cluster is in use"),
        required=False,
        widget=forms.NullBooleanSelect,
    )
    row_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, proposal: Proposal, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.initial_of(proposal))
        super().__init__(*args, **kwargs)
        entries: QuerySet[PlanListEntry] = entries_for_unit(proposal.unit, timezone.localdate())
        if proposal.plan_entry_id is not None:
            entries = (
                entries
                | PlanListEntry.objects.filter(pk=proposal.plan_entry_id).select_related("plan", "unit").distinct()
            )
        field: Any = self.fields["plan_entry"]
        field.queryset = entries
        if proposal.kind != ProposalKind.EXPANSION:
            del self.fields["infrastructure_in_use"]

    def declared(self) -> Declared:
        """Return the declared figures of a valid form."""
        data = self.cleaned_data
        percent = data["plot_density_percent"]
        return Declared.of(
            {
                **{
                    name: data[name] for name in ("trade_class", "wastewater_m3_day", "wastewater_technology", "floors")
                },
                "plot_density": None if percent is None else percent / 100,
                "infrastructure_in_use": data.get("infrastructure_in_use"),
            }
        )

    @staticmethod
    def initial_of(proposal: Proposal) -> dict[str, Any]:
        """Return what the proposal says now."""
        applicant = proposal.applicant
        return {
            "name": proposal.name,
            "need_statement": proposal.need.statement,
            "plan_entry": proposal.plan_entry_id,
            "applicant_name": applicant.name if applicant else "",
            "applicant_number": applicant.registration_number if applicant else "",
            "applicant_address": applicant.address if applicant else "",
            "applicant_capital": formats.number(applicant.capital_vnd)
            if applicant and applicant.capital_vnd is not None
            else "",
            "row_version": proposal.row_version,
            "demand_ha": "" if proposal.demand_ha is None else formats.number(proposal.demand_ha, 2),
            **proposal.declared,
            "plot_density_percent": _percent(proposal.declared.get("plot_density")),
        }


class FundingForm(forms.Form):
    """Link a funded project with a role and a share."""

    funded_project = FundedProjectChoice(
        label=_("Funded project"), queryset=FundedProject.objects.none(), empty_label=_("Choose …")
    )
    role = forms.ChoiceField(label=_("Role"), choices=FundingRole.choices)
    share_percent = forms.DecimalField(
        label=_("Share of the support that concerns it, %"), min_value=1, max_value=100, initial=100, decimal_places=1
    )

    def __init__(self, proposal: Proposal, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        linked = proposal.funding.values("funded_project_id")
        field: Any = self.fields["funded_project"]
        field.queryset = FundedProject.objects.exclude(pk__in=linked).select_related("unit").order_by("-code")


class ItemForm(forms.Form):
    """Attach one file."""

    file = FileField(label=_("File"))
