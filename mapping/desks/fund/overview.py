"""How does the fund stand this year? Bars of every year, allocations, what waits, what is flagged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mapping.desks.fund.doors import reader
from planning.people.capabilities import Capability
from planning.registers.models import Allocation, FundedProject
from planning.registers.queries import Flag, YearMoney, flags_on, money_by_year, waiting_payments

FLAGS_SHOWN = 5


@dataclass(frozen=True)
class YearBar:
    """One year's sums and their lengths in per cent of the largest sum of any year."""

    money: YearMoney
    allocated: float
    granted: float
    paid: float
    settled: float


@dataclass(frozen=True)
class FlagRow:
    """A remark beside the project it is about."""

    flag: Flag
    project: FundedProject | None


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the fund's first page."""
    may = reader(request)
    flags = flags_on(timezone.localdate())
    allocations = Allocation.objects.select_related("fund_year", "source", "created_by")
    context = {
        "years": year_bars(money_by_year()),
        "allocations": [
            {"row": row, "left_vnd": max(row.amount_vnd - row.committed_vnd, Decimal(0))} for row in allocations[:8]
        ],
        "waiting": waiting_payments(),
        "flags": flag_rows(flags)[:FLAGS_SHOWN],
        "flag_counts": flag_counts(flags),
        "may_enter": Capability.ENTER_FUND in may,
        "may_confirm": Capability.CONFIRM_FUND in may,
        "me": request.user,
        "section": "home",
    }
    return render(request, "fund/home.html", context)


def year_bars(years: tuple[YearMoney, ...]) -> list[YearBar]:
    """Scale the sums of every year to the largest one."""
    largest = max((max(year.allocated_vnd, year.granted_vnd, year.paid_vnd) for year in years), default=Decimal(0))

    def share(amount: Decimal) -> float:
        return round(float(amount / largest * 100), 2) if largest else 0.0

    return [
        YearBar(year, share(year.allocated_vnd), share(year.granted_vnd), share(year.paid_vnd), share(year.settled_vnd))
        for year in years
    ]


def flag_rows(flags: tuple[Flag, ...]) -> list[FlagRow]:
    """Put the project beside each remark, overdue settlements first."""
    projects = FundedProject.objects.in_bulk([flag.funded_project_id for flag in flags if flag.funded_project_id])
    rows = [FlagRow(flag, projects.get(flag.funded_project_id or 0)) for flag in flags]
    return sorted(rows, key=lambda row: (row.flag.code != "late_settlement", row.flag.code))


def flag_counts(flags: tuple[Flag, ...]) -> list[tuple[str, str, int]]:
    """Count the remarks by kind: code, title, number."""
    titles = {flag.code: flag.title for flag in flags}
    return [(code, titles[code], number) for code, number in Counter(flag.code for flag in flags).most_common()]
