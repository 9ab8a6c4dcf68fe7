"""How do existing clusters come in from a file? Each row by the verb that enters a cluster, with its boundary if told.

A new cluster does not pass here: the decision on its proposal enters it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_noop

from layers.errors import InputRefused
from layers.models import AdminUnit
from layers.said import gettext as _
from mapping.desks.intake.forms import ClustersForm
from mapping.desks.intake.models import Arrival
from mapping.desks.intake.purposes.base import Column
from mapping.desks.intake.purposes.cells import Row
from mapping.desks.intake.purposes.registers import RegisterPurpose
from mapping.desks.intake.purposes.villages import source_of
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.registers.models import ClusterKind, WastewaterState
from planning.registers.services import ClusterInput, enter_cluster
from planning.registers.services.cluster_entry import EXISTING, FIRST_AREAS


class ClustersPurpose(RegisterPurpose):
    """Enter existing clusters."""

    key = "clusters"
    capability = Capability.KEEP_CLUSTERS
    wanted = (
        Column(
            "name", gettext_noop("Name"), required=True, names=("ten", "ten_ccn", "cum_cong_nghiep", "ccn", "label")
        ),
        Column(
            "lifecycle",
            gettext_noop("State"),
            required=True,
            names=("trang_thai", "hien_trang", "tinh_trang"),
            words=tuple((state.value, state.label) for state in EXISTING),
        ),
        Column(
            "kind",
            gettext_noop("Kind"),
            names=("loai",),
            help=gettext_noop("Empty: industrial cluster."),
            words=tuple(ClusterKind.choices),
        ),
        Column(
            "unit",
            gettext_noop("Commune"),
            names=("xa", "ten_xa", "xa_phuong", "commune"),
            help=gettext_noop("Empty: the commune the place lies in."),
        ),
        Column("established_by", gettext_noop("Established by"), names=("quyet_dinh", "so_qd")),
        Column("established_on", gettext_noop("Established on"), names=("ngay_qd", "ngay_thanh_lap")),
        Column("infrastructure_owner", gettext_noop("Infrastructure owner"), names=("chu_dau_tu", "chu_dt")),
        Column(
            "wastewater_state",
            gettext_noop("Wastewater"),
            names=("nuoc_thai", "xlnt"),
            words=tuple(WastewaterState.choices),
        ),
        Column("planned", gettext_noop("Planned area, ha"), names=("dien_tich", "dt_qh", "dien_tich_quy_hoach")),
        Column("industrial_land", gettext_noop("Industrial land, ha"), names=("dat_cn", "dat_cong_nghiep")),
        Column("leasable", gettext_noop("Leasable, ha"), names=("cho_thue", "dt_cho_thue")),
        Column("leased", gettext_noop("Leased, ha"), names=("da_thue", "da_cho_thue")),
        Column("areas_on", gettext_noop("Areas stated on"), names=("ngay_so_lieu",)),
        Column("source", gettext_noop("Source"), names=("nguon",)),
    )

    def title(self, target: str) -> str:
        """Name the register."""
        return _("Existing clusters into the register")

    def back(self, target: str) -> str:
        """Return the list of clusters."""
        return reverse("books:clusters")

    def about_form(self, request: HttpRequest, target: str) -> forms.Form | None:
        """Ask what the areas are."""
        return ClustersForm(request.POST) if request.method == "POST" else ClustersForm()

    def about(self, form: forms.Form) -> tuple[str, dict[str, Any]]:
        """Return what the areas are."""
        return "", {"boundary": form.cleaned_data["boundary"]}

    def enter(self, actor: User, row: Row, unit: AdminUnit, arrival: Arrival) -> None:
        """Enter one cluster; the file and its sender are its source when the row names none."""
        lifecycle = row.choice("lifecycle", [(state.value, state.label) for state in EXISTING])
        if not lifecycle:
            raise InputRefused(_("The state is missing."), code="STATE_MISSING")
        areas = {kind: stated for kind in FIRST_AREAS if (stated := row.hectares(kind.value)) is not None}
        boundary_kind = str(arrival.answers.get("about", {}).get("boundary", ""))
        area = row.place if isinstance(row.place, Polygon | MultiPolygon) else None
        enter_cluster(
            actor,
            ClusterInput(
                name=row.text("name", 160),
                kind=row.choice("kind", ClusterKind.choices, ClusterKind.CLUSTER.value),
                lifecycle=lifecycle,
                unit=unit,
                established_by=row.text("established_by", 120),
                established_on=row.day("established_on"),
                infrastructure_owner=row.text("infrastructure_owner", 200),
                wastewater_state=row.choice("wastewater_state", WastewaterState.choices, WastewaterState.UNKNOWN.value),
                location=row.spot(),
                boundary=area if boundary_kind else None,
                boundary_kind=boundary_kind,
                areas=areas,
                areas_on=row.day("areas_on"),
                source=row.text("source", 240) or source_of(arrival),
            ),
        )
