"""What is in the books? Overview with the yearly campaign, clusters, villages, the approved list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mapping.downloads import Downloads, downloads
from mapping.papers.export import PLACELESS, TYPES
from planning.people.capabilities import Capability
from planning.people.queries import can, require, scope_units
from planning.registers.models import AreaKind, ClusterArea, CraftVillage, IndustrialCluster, PlanListEntry
from planning.registers.queries import (
    occupancy_of,
    plan_in_force,
    used_ha_by_entry,
    village_returns,
)


def reader(request: HttpRequest) -> None:
    """Let in who may read the registers; raises NotAllowed otherwise."""
    require(request.user, Capability.SEE_REGISTERS)


def offered(request: HttpRequest, what: str, count: int) -> Downloads:
    """Return the download control of one register's page; *count* is how many rows the page lists."""
    kinds = PLACELESS if what == "danh-muc" else tuple(TYPES)
    return downloads(lambda kind: reverse("books:download", args=[what, kind]), request.GET, kinds, count=count)


def campaign_year(day: date) -> int:
    """Return the year that is being collected: the last one that is over."""
    return day.year - 1


def asked_year(request: HttpRequest) -> int:
    """Read the year from the address; the campaign's year when it makes no sense."""
    today = timezone.localdate()
    text = request.GET.get("nam", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if 1990 <= year <= today.year else campaign_year(today)


def own_units(request: HttpRequest) -> Collection[int] | None:
    """Return the communes whose villages the person keeps; None when she keeps none and reads everything."""
    if not can(request.user, Capability.KEEP_VILLAGE):
        return None
    return list(scope_units(request.user, Capability.KEEP_VILLAGE).values_list("pk", flat=True))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show how many things the books hold and how far this year's returns are."""
    reader(request)
    year = asked_year(request)
    mine = own_units(request)
    returns = village_returns(year, mine)
    context = {
        "section": "home",
        "year": year,
        "mine": mine is not None,
        "returns": returns,
        "counts": Counter(row.state.value for row in returns),
        "clusters": IndustrialCluster.objects.filter(valid_to__isnull=True).count(),
        "villages": CraftVillage.objects.count(),
        "entries": PlanListEntry.objects.filter(plan__in=plan_in_force(timezone.localdate())).count(),
    }
    return render(request, "books/home.html", context)


@require_safe
def cluster_list(request: HttpRequest) -> HttpResponse:
    """List the industrial clusters with their areas and occupancy."""
    reader(request)
    rows = cluster_rows(timezone.localdate())
    context = {
        "rows": rows,
        "files": offered(request, "cum-cong-nghiep", len(rows)),
        "section": "clusters",
        "enters": can(request.user, Capability.KEEP_CLUSTERS),
        "own_units": set(scope_units(request.user, Capability.KEEP_CLUSTERS).values_list("pk", flat=True)),
    }
    return render(request, "books/clusters.html", context)


def cluster_rows(day: date) -> list[dict[str, Any]]:
    """Return the clusters of the register on *day* with areas and occupancy."""
    areas: dict[int, dict[str, Decimal]] = {}
    for area in ClusterArea.objects.filter(on__lte=day).order_by("on"):
        areas.setdefault(area.cluster_id, {})[area.kind] = area.area_ha
    rows = []
    for cluster in IndustrialCluster.objects.filter(valid_to__isnull=True).select_related("unit", "plan_entry"):
        own = areas.get(cluster.pk, {})
        rows.append(
            {
                "cluster": cluster,
                "established_ha": own.get(AreaKind.ESTABLISHED) or own.get(AreaKind.PLANNED),
                "industrial_ha": own.get(AreaKind.INDUSTRIAL_LAND),
                "occupancy": occupancy_of(cluster, day),
            }
        )
    return rows


@require_safe
def village_list(request: HttpRequest) -> HttpResponse:
    """List the craft villages with the state of their return."""
    reader(request)
    year = asked_year(request)
    mine = own_units(request) if request.GET.get("cua-toi") else None
    returns = village_returns(year, mine)
    context = {
        "section": "villages",
        "year": year,
        "keeps": can(request.user, Capability.KEEP_VILLAGE),
        "only_mine": mine is not None,
        "returns": returns,
        "files": offered(request, "lang-nghe", len(returns)),
    }
    return render(request, "books/villages.html", context)


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Show the approved list with what is used of each entry."""
    reader(request)
    plans = plan_rows(timezone.localdate())
    files = offered(request, "danh-muc", sum(len(one["entries"]) for one in plans))
    return render(request, "books/plan_list.html", {"plans": plans, "files": files, "section": "plan_list"})


def plan_rows(day: date) -> list[dict[str, Any]]:
    """Return the plans in force on *day*, each with its entries: listed, used and left, hectares."""
    used = used_ha_by_entry(day)
    plans = []
    for plan in plan_in_force(day).select_related("instrument"):
        entries: list[dict[str, Any]] = [
            {
                "entry": entry,
                "used_ha": used.get(entry.pk, Decimal(0)),
                "left_ha": entry.area_ha - used.get(entry.pk, Decimal(0)),
            }
            for entry in plan.entries.select_related("unit")
        ]
        listed = sum((one["entry"].area_ha for one in entries), Decimal(0))
        taken = sum((used.get(pk, Decimal(0)) for pk in plan.entries.values_list("pk", flat=True)), Decimal(0))
        plans.append(
            {"plan": plan, "entries": entries, "listed_ha": listed, "used_ha": taken, "left_ha": listed - taken}
        )
    return plans
