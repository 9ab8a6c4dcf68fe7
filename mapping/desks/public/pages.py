"""What is known in public about one village or one cluster? No person is named, nothing of a draft is shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.crs import point_to_wgs84
from layers.errors import NotFound
from mapping.desks.public.places import cluster_css, village_css
from mapping.emblems import emblem_address
from mapping.glass.geojson import to_geojson
from mapping.papers.qr import qr_svg
from planning.registers.models import (
    Activity,
    AreaKind,
    BoundaryKind,
    ClusterArea,
    ClusterKind,
    ClusterReport,
    CraftVillage,
    FundedProjectState,
    FundLevel,
    Lifecycle,
    TradeGroup,
    VillageKind,
    VillageYear,
    WastewaterState,
)
from planning.registers.queries.public_books import (
    PublicProject,
    cluster_row,
    clusters_with_room,
    products_of,
    projects_of,
    village_row,
)
from planning.registers.queries.villages import village_criteria

SHOWN_YEARS = 8


@require_safe
def village(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one craft village: trade, recognition and its reasons, yearly figures, products, what the fund did."""
    row = found(village_row(slug))
    record = CraftVillage.objects.select_related("unit").get(pk=row["id"])
    location = point_of(row)
    years = list(VillageYear.objects.filter(village=record, sent_at__isnull=False).order_by("-year")[:SHOWN_YEARS])
    context = {
        "row": row,
        "kind": VillageKind(row["kind"]).label,
        "kind_css": village_css(row["kind"]),
        "trade": in_language(row["trade_name_vi"], row["trade_name_en"]),
        "trade_group": TradeGroup(row["trade_group"]).label,
        "about": in_language(row["about_vi"], row["about_en"]),
        "emblem": emblem_address(row["trade"]),
        "criteria": village_criteria(record, timezone.localdate()),
        "years": years,
        "lines": year_lines(years),
        "products": products_of(row["id"]),
        "room": clusters_with_room(location),
        **money_of(projects_of(village=row["id"])),
        **shared(request, "village", slug),
        "for_map": {
            "kind": "village",
            "at": lon_lat(location),
            "name": row["name"],
            "emblem": emblem_address(row["trade"]),
        },
    }
    return render(request, "public/village.html", context)


@require_safe
def cluster(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one industrial cluster: dated areas, occupancy, wastewater, boundary with its decision, funded projects."""
    row = found(cluster_row(slug))
    location = point_of(row)
    leasable, leased = row["leasable_ha"], row["leased_ha"]
    boundary = GEOSGeometry(row["boundary"]) if row["boundary"] else None
    areas = ClusterArea.objects.filter(cluster_id=row["id"]).select_related("instrument").order_by("kind", "-on")
    kinds = list(AreaKind)
    context = {
        "row": row,
        "kind": ClusterKind(row["kind"]).label,
        "state": Lifecycle(row["lifecycle"]).label,
        "state_css": cluster_css(row["lifecycle"]),
        "wastewater": WastewaterState(row["wastewater_state"]).label,
        "wastewater_code": row["wastewater_state"],
        "areas": sorted(areas, key=lambda area: (kinds.index(AreaKind(area.kind)), -area.on.toordinal())),
        "occupancy": leased / leasable if leasable and leased is not None else None,
        "boundary_kind": BoundaryKind(row["boundary_kind"]).label if row["boundary_kind"] else "",
        "boundary_decision": boundary_decision(row["id"]),
        "reports": ClusterReport.objects.filter(cluster_id=row["id"]).order_by("-period_end")[:SHOWN_YEARS],
        **money_of(projects_of(cluster=row["id"])),
        **shared(request, "cluster", slug),
        "for_map": {
            "kind": "cluster",
            "at": lon_lat(location),
            "name": row["name"],
            "boundary": to_geojson(boundary) if boundary else None,
        },
    }
    return render(request, "public/cluster.html", context)


@require_safe
def village_qr(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw the QR code of a village page's address."""
    found(village_row(slug))
    return qr(request.build_absolute_uri(reverse("public:village", args=[slug])))


@require_safe
def cluster_qr(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw the QR code of a cluster page's address."""
    found(cluster_row(slug))
    return qr(request.build_absolute_uri(reverse("public:cluster", args=[slug])))


def qr(address: str) -> HttpResponse:
    """Draw *address* as an SVG QR code."""
    return HttpResponse(qr_svg(address), content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


def found(row: dict[str, Any] | None) -> dict[str, Any]:
    """Return *row*; raise NotFound when there is none or it is not public (told alike)."""
    if row is None:
        raise NotFound(
            _("There is no such place in the public register."),
            todo=_("It may have been renamed: search for it on the map."),
        )
    return row


def money_of(projects: tuple[PublicProject, ...]) -> dict[str, Any]:
    """Dress funded projects for a page: words, sums, the widths of the money bar (0–100)."""
    lines = []
    for project in projects:
        whole = max(project.granted_vnd + project.counterpart_vnd, Decimal(1))
        lines.append(
            {
                "project": project,
                "activity": Activity(project.activity).label,
                "level": FundLevel(project.level).label,
                "state": project_state(project.state),
                "done": project.state in (FundedProjectState.ACCEPTED, FundedProjectState.SETTLED),
                "stopped": project.state in (FundedProjectState.STOPPED, FundedProjectState.RECOVERED),
                "total_vnd": project.granted_vnd + project.counterpart_vnd,
                "bar_paid": float(project.paid_vnd / whole * 100),
                "bar_granted": float(project.granted_vnd / whole * 100),
            }
        )
    return {
        "projects": lines,
        "granted_vnd": sum((project.granted_vnd for project in projects), Decimal(0)),
        "paid_vnd": sum((project.paid_vnd for project in projects), Decimal(0)),
    }


def project_state(state: str) -> str:
    """Say where a funded project stands; "accepted" alone could mean a dossier item too."""
    if state == FundedProjectState.ACCEPTED:
        return pgettext("funded project", "accepted")
    return str(FundedProjectState(state).label)


def year_lines(years: list[VillageYear]) -> dict[str, list[float | None]]:
    """Return the figures of a village oldest first, one list per figure, for the sparklines."""
    oldest_first = list(reversed(years))
    figures = ("households_engaged", "workers", "revenue_vnd")
    return {
        name: [None if (value := getattr(year, name)) is None else float(value) for year in oldest_first]
        for name in figures
    }


def boundary_decision(cluster_id: int) -> dict[str, Any] | None:
    """Return text and dates of the decision behind the boundary valid today; None without a boundary."""
    from planning.registers.models import ClusterBoundary

    today: date = timezone.localdate()
    valid = ClusterBoundary.objects.filter(cluster_id=cluster_id, valid_from__lte=today).exclude(valid_to__lt=today)
    boundary = valid.order_by("-valid_from").values("decision", "valid_from", "area_m2", "kind").first()
    return dict(boundary) if boundary else None


def shared(request: HttpRequest, kind: str, slug: str) -> dict[str, str]:
    """Return what the share dialog needs."""
    return {
        "share_address": request.build_absolute_uri(request.path),
        "share_qr": reverse(f"public:{kind}_qr", args=[slug]),
    }


def in_language(vietnamese: str, english: str) -> str:
    """Choose the text of the active language; Vietnamese stands in where there is no English."""
    return english if english and (get_language() or "vi").startswith("en") else vietnamese


def point_of(row: dict[str, Any]) -> Point:
    """Read the place of a public row; storage CRS."""
    place = GEOSGeometry(row["location"])
    if not isinstance(place, Point):
        raise TypeError(f"the public views hold a {place.geom_type} as location")
    return place


def lon_lat(point: Point) -> list[float]:
    """Return a storage point as [longitude, latitude], 6 decimals."""
    lon, lat = point_to_wgs84(point.x, point.y)
    return [round(lon, 6), round(lat, 6)]
