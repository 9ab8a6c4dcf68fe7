"""How much went where? The fund's totals by commune, former district, trade and year, on a page and as a workbook."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mapping.desks.fund.doors import reader
from mapping.papers.xlsx import XLSX, workbook_of_totals
from planning.registers.models import FundYear
from planning.registers.queries import Totals, totals_by

GROUPS = {
    "xa": ("commune", gettext_lazy("Commune")),
    "huyen-cu": ("district", gettext_lazy("Former district")),
    "nghe": ("trade", gettext_lazy("Trade")),
    "nam": ("year", gettext_lazy("Year")),
}


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
    sheets: list[tuple[str, Totals]] = [
        (str(label), totals_by(group, today, year_from=first, year_to=last)) for group, label in GROUPS.values()
    ]
    period = format_lazy("{}–{}", first or _("beginning"), last or _("today"))
    content = workbook_of_totals(sheets, period=str(period), made_on=today)
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="tong-hop-khuyen-cong-{today:%Y%m%d}.xlsx"'},
    )
