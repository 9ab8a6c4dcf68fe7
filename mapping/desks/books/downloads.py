"""How do the registers leave the house? Clusters, villages and the plan list as the pages show them; no persons.

A village's figures leave only once they were sent, a name of a natural person never.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from layers.errors import NotFound
from mapping.desks.books.pages import asked_year, cluster_rows, own_units, plan_rows, reader
from mapping.downloads import given
from mapping.papers.export import Column, Kind, Query, checked, listed
from mapping.papers.xlsx import DATE_FORMAT, HECTARE_FORMAT, MONEY_FORMAT
from planning.registers.queries import ReturnState, village_returns

PERCENT_FORMAT = "0.0%"
# The boundary of today where there is one, else the point, else the middle of the commune.
CLUSTER_PLACES = """
    JOIN registers_industrialcluster cluster ON cluster.id = line.id
    JOIN layers_adminunit unit ON unit.id = cluster.unit_id
    LEFT JOIN cluster_boundaries_asof((now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) boundary
      ON boundary.cluster_id = cluster.id
"""
CLUSTERS = checked(
    [
        Column("name", "ten", gettext_lazy("Name"), width=34),
        Column("unit", "xa", gettext_lazy("Commune"), width=24),
        Column("state", "trang_thai", gettext_lazy("State"), width=24),
        Column("established_by", "qd_tl", gettext_lazy("Established by"), width=26),
        Column("established_on", "ngay_tl", gettext_lazy("Established on"), Kind.DAY, DATE_FORMAT, 14),
        Column("area_ha", "dien_tich", gettext_lazy("Area, ha"), Kind.NUMBER, HECTARE_FORMAT, 12),
        Column("leasable_ha", "dt_cho_thu", gettext_lazy("Leasable, ha"), Kind.NUMBER, HECTARE_FORMAT, 12),
        Column("leased_ha", "dt_da_thue", gettext_lazy("Leased, ha"), Kind.NUMBER, HECTARE_FORMAT, 12),
        Column("occupancy", "lap_day", gettext_lazy("Occupancy"), Kind.NUMBER, PERCENT_FORMAT, 10),
        Column("wastewater", "nuoc_thai", gettext_lazy("Wastewater"), width=24),
    ]
)
VILLAGES = checked(
    [
        Column("name", "ten", gettext_lazy("Name"), width=34),
        Column("kind", "loai", gettext_lazy("Kind"), width=24),
        Column("trade", "nghe", gettext_lazy("Trade"), width=24),
        Column("hamlets", "thon", gettext_lazy("Hamlets"), width=24),
        Column("unit", "xa", gettext_lazy("Commune"), width=24),
        Column("recognition", "qd_cn", gettext_lazy("Recognition decision"), width=26),
        Column("recognised_on", "ngay_cn", gettext_lazy("Recognised on"), Kind.DAY, DATE_FORMAT, 14),
        Column("year", "nam", gettext_lazy("Year"), Kind.WHOLE, width=8),
        Column("households_total", "so_ho", gettext_lazy("Households in the area"), Kind.WHOLE, MONEY_FORMAT, 14),
        Column("households_engaged", "ho_nghe", gettext_lazy("Households in the trade"), Kind.WHOLE, MONEY_FORMAT, 14),
        Column("workers", "lao_dong", gettext_lazy("Workers"), Kind.WHOLE, MONEY_FORMAT, 12),
        Column("revenue_vnd", "doanh_thu", gettext_lazy("Revenue, đồng"), Kind.WHOLE, MONEY_FORMAT, 20),
    ]
)
PLAN = checked(
    [
        Column("plan", "phuong_an", gettext_lazy("Plan"), width=40),
        Column("code", "ma", gettext_lazy("Code"), width=10),
        Column("name", "ten", gettext_lazy("Name"), width=34),
        Column("unit_as_reported", "noi_ghi", gettext_lazy("Place as printed"), width=30),
        Column("unit", "xa", gettext_lazy("Commune"), width=24),
        Column("phase", "giai_doan", gettext_lazy("Phase"), width=14),
        Column("area_ha", "dien_tich", gettext_lazy("Area, ha"), Kind.NUMBER, HECTARE_FORMAT, 12),
        Column("used_ha", "da_dung", gettext_lazy("Used, ha"), Kind.NUMBER, HECTARE_FORMAT, 12),
        Column("left_ha", "con_lai", gettext_lazy("Left, ha"), Kind.NUMBER, HECTARE_FORMAT, 12),
    ]
)


@dataclass(frozen=True)
class Register:
    """One register ready to leave: its rows, its columns, its name for the sheet."""

    query: Query
    columns: tuple[Column, ...]
    title: str


@require_safe
def download(request: HttpRequest, what: str, kind: str) -> FileResponse:
    """Give one register as a file: clusters, villages or the plan list."""
    reader(request)
    if what not in REGISTERS:
        raise NotFound(_("There is no such table."))
    found = REGISTERS[what](request)
    return given(request, found.query, found.columns, kind, name=what, title=found.title)


def clusters(_request: HttpRequest) -> Register:
    """Return the industrial clusters, by their boundary of today where there is one."""
    rows: list[Mapping[str, Any]] = [
        {
            "id": row["cluster"].pk,
            "name": row["cluster"].name,
            "unit": row["cluster"].unit.full_name,
            "state": str(row["cluster"].get_lifecycle_display()),
            "established_by": row["cluster"].established_by,
            "established_on": row["cluster"].established_on,
            "area_ha": row["established_ha"],
            "leasable_ha": row["occupancy"].leasable_ha,
            "leased_ha": row["occupancy"].leased_ha,
            "occupancy": row["occupancy"].share,
            "wastewater": str(row["cluster"].get_wastewater_state_display()),
        }
        for row in cluster_rows(timezone.localdate())
    ]
    place = "coalesce(boundary.geom, cluster.location, ST_PointOnSurface(unit.geom))"
    query = listed(
        rows, CLUSTERS, place=place, places=CLUSTER_PLACES, geometry="mixed", point="ST_PointOnSurface(q.geom)"
    )
    return Register(query, CLUSTERS, _("Industrial clusters"))


def villages(request: HttpRequest) -> Register:
    """Return the craft villages of the page with the figures that were sent for its year."""
    year = asked_year(request)
    rows: list[Mapping[str, Any]] = []
    for one in village_returns(year, own_units(request) if request.GET.get("cua-toi") else None):
        village, sent = one.village, one.figures if one.state == ReturnState.SENT else None
        figures = ("households_total", "households_engaged", "workers", "revenue_vnd")
        rows.append(
            {
                "id": village.pk,
                "name": village.name,
                "kind": str(village.get_kind_display()),
                "trade": village.trade_name,
                "hamlets": village.hamlets,
                "unit": village.unit.full_name,
                "recognition": village.recognition_text,
                "recognised_on": village.recognised_on,
                "year": year if sent else None,
                **{name: getattr(sent, name) if sent else None for name in figures},
            }
        )
    join = "JOIN registers_craftvillage village ON village.id = line.id"
    query = listed(rows, VILLAGES, place="village.location", places=join, geometry="point")
    return Register(query, VILLAGES, _("Craft villages %(year)s") % {"year": year})


def plan(_request: HttpRequest) -> Register:
    """Return the approved list with what is used of each entry."""
    rows: list[Mapping[str, Any]] = [
        {
            "id": one["entry"].pk,
            "plan": found["plan"].name,
            "code": one["entry"].code,
            "name": one["entry"].name,
            "unit_as_reported": one["entry"].unit_as_reported,
            "unit": one["entry"].unit.full_name,
            "phase": one["entry"].phase,
            "area_ha": one["entry"].area_ha,
            "used_ha": one["used_ha"],
            "left_ha": one["left_ha"],
        }
        for found in plan_rows(timezone.localdate())
        for one in found["entries"]
    ]
    return Register(listed(rows, PLAN), PLAN, _("Plan list"))


REGISTERS = {"cum-cong-nghiep": clusters, "lang-nghe": villages, "danh-muc": plan}
