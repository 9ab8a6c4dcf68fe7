"""Who enters a craft village, an existing cluster or its half-year, and what does the page answer?

Yearly figures of a village are not entered here: they stand on the village's own page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from layers.errors import DatNgheError, NotAllowed, NotFound
from mapping.desks.books.entry_forms import ClusterForm, ClusterReportForm, VillageForm
from mapping.desks.books.pages import reader
from mapping.desks.books.village import village_for
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require, scope_units
from planning.registers.models import CraftVillage, IndustrialCluster
from planning.registers.queries import occupancy_of
from planning.registers.services import edit_village, enter_cluster, record_cluster_report, register_village

Row = TypeVar("Row")


def answered(request: HttpRequest, form: forms.Form, verb: Callable[[User], Row]) -> tuple[Row | None, int]:
    """Do *verb* when a valid form was posted: return its row, or None and the status with the form's errors set.

    Raises NotAllowed.
    """
    if request.method != "POST":
        return None, 200
    if not form.is_valid():
        return None, 422
    try:
        return verb(cast(User, request.user)), 200
    except NotAllowed:
        raise
    except DatNgheError as refusal:
        form.add_error(None, f"{refusal.message} {refusal.todo}".strip())
        return None, refusal.status


@require_http_methods(["GET", "POST"])
def new_village(request: HttpRequest) -> HttpResponse:
    """Enter a craft village."""
    require(request.user, Capability.KEEP_VILLAGE)
    form = VillageForm(request.POST or None, units=scope_units(request.user, Capability.KEEP_VILLAGE))
    village, status = answered(request, form, lambda actor: register_village(actor, form.village()))
    if village is not None:
        messages.success(request, _("%(name)s is in the register.") % {"name": village.name})
        return redirect("books:village", slug=village.slug)
    return _village_form(request, form, None, status)


@require_http_methods(["GET", "POST"])
def change_village(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the record of a craft village."""
    village = village_for(request, slug)
    require(request.user, Capability.KEEP_VILLAGE, village.unit)
    form = VillageForm(request.POST or None, units=scope_units(request.user, Capability.KEEP_VILLAGE), village=village)
    saved, status = answered(request, form, lambda actor: edit_village(actor, village, form.village()))
    if saved is not None:
        messages.success(request, _("The record of %(name)s is saved.") % {"name": saved.name})
        return redirect("books:village", slug=saved.slug)
    return _village_form(request, form, village, status)


def _village_form(request: HttpRequest, form: VillageForm, village: CraftVillage | None, status: int) -> HttpResponse:
    context = {
        "form": form,
        "section": "villages",
        "title": _("Change the record of %(name)s") % {"name": village.name} if village else _("Add a craft village"),
        "lead": _("What is entered here is public. Figures of a year are entered on the village's page afterwards."),
        "back": reverse("books:village", args=[village.slug]) if village else reverse("books:villages"),
    }
    return render(request, "books/entry.html", context, status=status)


@require_http_methods(["GET", "POST"])
def new_cluster(request: HttpRequest) -> HttpResponse:
    """Enter a cluster that exists already."""
    require(request.user, Capability.KEEP_CLUSTERS)
    form = ClusterForm(request.POST or None, units=scope_units(request.user, Capability.KEEP_CLUSTERS))
    cluster, status = answered(request, form, lambda actor: enter_cluster(actor, form.cluster()))
    if cluster is not None:
        messages.success(request, _("%(name)s is in the register.") % {"name": cluster.name})
        return redirect("books:clusters")
    context = {
        "form": form,
        "section": "clusters",
        "title": _("Add an existing cluster"),
        "lead": _("For a cluster that exists already; a new one enters when the decision on its proposal is recorded."),
        "back": reverse("books:clusters"),
    }
    return render(request, "books/entry.html", context, status=status)


@require_http_methods(["GET", "POST"])
def report_cluster(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter the half-yearly report of a cluster."""
    reader(request)
    cluster = IndustrialCluster.objects.select_related("unit").filter(slug=slug, valid_to__isnull=True).first()
    if cluster is None:
        raise NotFound(_("There is no such cluster in the books."))
    require(request.user, Capability.KEEP_CLUSTERS, cluster.unit)
    present = occupancy_of(cluster, timezone.localdate())
    form = ClusterReportForm(request.POST or None, initial={"leasable_ha": present.leasable_ha})
    report, status = answered(request, form, lambda actor: record_cluster_report(actor, cluster, **form.cleaned_data))
    if report is not None:
        messages.success(request, _("The report of %(name)s is recorded.") % {"name": cluster.name})
        return redirect("books:clusters")
    context = {"form": form, "cluster": cluster, "reports": cluster.reports.all(), "section": "clusters"}
    return render(request, "books/cluster_report.html", context, status=status)
