"""How do the registers leave the house as tables? XLSX and CSV of what the pages show; no persons, no drafts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.errors import NotFound
from mapping.desks.books.pages import asked_year, cluster_rows, plan_rows, reader
from mapping.papers.xlsx import CSV, DATE_FORMAT, HECTARE_FORMAT, MONEY_FORMAT, XLSX, Column, Table, csv_table, workbook
from planning.registers.queries import ReturnState, village_returns

PERCENT_FORMAT = "0.0%"


@require_safe
def download(request: HttpRequest, what: str, kind: str) -> HttpResponse:
    """Give one register as a file: clusters, villages or the plan list, XLSX or CSV."""
    reader(request)
    if what not in TABLES or kind not in {"xlsx", "csv"}:
        raise NotFound(_("There is no such table."))
    today = timezone.localdate()
    table = TABLES[what](today, asked_year(request))
    content, content_type = (workbook([table]), XLSX) if kind == "xlsx" else (csv_table(table), CSV)
    name = f"{what}-{today:%Y%m%d}.{kind}"
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def clusters_table(day: date, _year: int) -> Table:
    """Return the industrial clusters."""
    return Table(
        name=_("Industrial clusters"),
        columns=(
            Column(_("Name"), width=34),
            Column(_("Commune"), width=24),
            Column(_("State"), width=24),
            Column(_("Established by"), width=26),
            Column(_("Established on"), DATE_FORMAT, 14),
            Column(_("Area, ha"), HECTARE_FORMAT, 12),
            Column(_("Leasable, ha"), HECTARE_FORMAT, 12),
            Column(_("Leased, ha"), HECTARE_FORMAT, 12),
            Column(_("Occupancy"), PERCENT_FORMAT, 10),
            Column(_("Wastewater"), width=24),
        ),
        rows=[
            (
                row["cluster"].name,
                row["cluster"].unit.full_name,
                row["cluster"].get_lifecycle_display(),
                row["cluster"].established_by,
                row["cluster"].established_on,
                row["established_ha"],
                row["occupancy"].leasable_ha,
                row["occupancy"].leased_ha,
                row["occupancy"].share,
                row["cluster"].get_wastewater_state_display(),
            )
            for row in cluster_rows(day)
        ],
    )


def villages_table(_day: date, year: int) -> Table:
    """Return the craft villages with the figures that were sent for *year*."""
    rows = []
    for one in village_returns(year):
        sent = one.figures if one.state == ReturnState.SENT else None
        rows.append(
            (
                one.village.name,
                one.village.get_kind_display(),
                one.village.trade_name_vi,
                one.village.hamlets,
                one.village.unit.full_name,
                one.village.recognition_text,
                one.village.recognised_on,
                sent.households_total if sent else None,
                sent.households_engaged if sent else None,
                sent.workers if sent else None,
                sent.revenue_vnd if sent else None,
            )
        )
    return Table(
        name=_("Craft villages %(year)s") % {"year": year},
        columns=(
            Column(_("Name"), width=34),
            Column(_("Kind"), width=24),
            Column(_("Trade"), width=24),
            Column(_("Hamlets"), width=24),
            Column(_("Commune"), width=24),
            Column(_("Recognition decision"), width=26),
            Column(_("Recognised on"), DATE_FORMAT, 14),
            Column(_("Households in the area"), MONEY_FORMAT, 14),
            Column(_("Households in the trade"), MONEY_FORMAT, 14),
            Column(_("Workers"), MONEY_FORMAT, 12),
            Column(_("Revenue, đồng"), MONEY_FORMAT, 20),
        ),
        rows=rows,
    )


def plan_table(day: date, _year: int) -> Table:
    """Return the approved list."""
    return Table(
        name=_("Plan list"),
        columns=(
            Column(_("Plan"), width=40),
            Column(_("Code"), width=10),
            Column(_("Name"), width=34),
            Column(_("Place as printed"), width=30),
            Column(_("Commune"), width=24),
            Column(_("Phase"), width=14),
            Column(_("Area, ha"), HECTARE_FORMAT, 12),
            Column(_("Used, ha"), HECTARE_FORMAT, 12),
            Column(_("Left, ha"), HECTARE_FORMAT, 12),
        ),
        rows=[
            (
                plan["plan"].name,
                one["entry"].code,
                one["entry"].name,
                one["entry"].unit_as_reported,
                one["entry"].unit.full_name,
                one["entry"].phase,
                one["entry"].area_ha,
                one["used_ha"],
                one["left_ha"],
            )
            for plan in plan_rows(day)
            for one in plan["entries"]
        ],
    )


TABLES: dict[str, Callable[[date, int], Table]] = {
    "cum-cong-nghiep": clusters_table,
    "lang-nghe": villages_table,
    "danh-muc": plan_table,
}
