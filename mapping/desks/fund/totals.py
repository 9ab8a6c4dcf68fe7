"""How much went where? The fund's totals by commune, former district, trade and year, on a page and as a workbook."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mapping import formats
from mapping.desks.fund.doors import reader
from mapping.papers.export import Column, Kind, Sheet, checked, listed, workbook
from mapping.papers.xlsx import MONEY_FORMAT
from planning.registers.models import FundYear
from planning.registers.queries import Totals, totals_by

GROUPS = {
    "xa": ("commune", gettext_lazy("Commune")),
    "huyen-cu": ("district", gettext_lazy("Former district")),
    "nghe": ("trade", gettext_lazy("Trade")),
    "nam": ("year", gettext_lazy("Year")),
}


SUMS = (
    Column("projects", "de_an", gettext_lazy("Projects"), Kind.WHOLE, MONEY_FORMAT, 10),
    Column("granted_vnd", "ho_tro", gettext_lazy("Support granted, đồng"), Kind.WHOLE, MONEY_FORMAT, 20),
    Column("counterpart_vnd", "doi_ung", gettext_lazy("Counterpart, đồng"), Kind.WHOLE, MONEY_FORMAT, 20),
    Column("paid_vnd", "da_chi", gettext_lazy("Paid, đồng"), Kind.WHOLE, MONEY_FORMAT, 20),
    Column("recovered_vnd", "thu_hoi", gettext_lazy("Recovered, đồng"), Kind.WHOLE, MONEY_FORMAT, 20),
    Column("settled_vnd", "quyet_toan", gettext_lazy("Settled, đồng"), Kind.WHOLE, MONEY_FORMAT, 20),
)


def asked_years(request: HttpRequest) -> tuple[int | None, int | None]:
    """Read the bounds from the address; anything that is not a year is left out."""

    def year(name: str) -> int | None:
        text = request.GET.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None

    return year("tu"), year("den")


@require_safe
def totals_page(request: HttpRequest) -> HttpResponse:
    """Show the totals in one grouping."""
    reader(request)
    slug = request.GET.get("theo", "")
    slug = slug if slug in GROUPS else "xa"
    first, last = asked_years(request)
    group, label = GROUPS[slug]
    totals = totals_by(group, timezone.localdate(), year_from=first, year_to=last)
    context: dict[str, Any] = {
        "groups": [(name, title) for name, (_group, title) in GROUPS.items()],
        "chosen": slug,
        "label": label,
        "totals": totals,
        "largest": max((line.granted_vnd for line in totals.lines), default=0),
        "years": FundYear.objects.values_list("year", flat=True),
        "first": first,
        "last": last,
        "section": "totals",
    }
    return render(request, "fund/totals.html", context)


@require_safe
def totals_workbook(request: HttpRequest) -> HttpResponse:
    """Download the totals in every grouping as one workbook."""
    reader(request)
    first, last = asked_years(request)
    today = timezone.localdate()
    period = f"{first or _('beginning')}–{last or _('today')}"
    sheets = [
        _sheet(str(label), totals_by(group, today, year_from=first, year_to=last), period=period, made_on=today)
        for group, label in GROUPS.values()
    ]
    with workbook(sheets, name=f"tong-hop-khuyen-cong-{today:%Y%m%d}") as export:
        return HttpResponse(
            export.file.read(),
            content_type=export.content_type,
            headers={"Content-Disposition": f'attachment; filename="{export.name}"'},
        )


def _sheet(label: str, totals: Totals, *, period: str, made_on: date) -> Sheet:
    columns = checked([Column("label", "ten", label, width=34), *SUMS])
    rows = [
        {"id": number, **{column.name: getattr(line, column.name) for column in columns}}
        for number, line in enumerate((*totals.lines, totals.total), start=1)
    ]
    above = (
        _("Industry-promotion fund: totals by %(group)s") % {"group": label.lower()},
        _("Budget years %(period)s; made on %(day)s") % {"period": period, "day": formats.date(made_on)},
    )
    return Sheet(label, listed(rows, columns), columns, above, closing=True)
