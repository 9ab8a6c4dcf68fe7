"""Where does the money stand, and what needs a second look? The sums and remarks of ``sql/fund.sql``, in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from planning.registers.models import Allocation, FundedProject, Payment, PaymentKind
from planning.registers.money import dong


@dataclass(frozen=True)
class ProjectMoney:
    """The money of one funded project, đồng; *waiting* counts rows that nobody confirmed yet."""

    funded_project_id: int
    granted_vnd: Decimal
    committed_vnd: Decimal
    paid_vnd: Decimal
    recovered_vnd: Decimal
    settled_vnd: Decimal
    waiting: int


@dataclass(frozen=True)
class YearMoney:
    """The money of one budget year, đồng."""

    year: int
    allocated_vnd: Decimal
    granted_vnd: Decimal
    paid_vnd: Decimal
    settled_vnd: Decimal
    projects: int


@dataclass(frozen=True)
class Flag:
    """A remark on a funded project or an allocation; *text* is a sentence for the person."""

    code: str
    title: str
    text: str
    funded_project_id: int | None
    allocation_id: int
    since: date | None


_PROJECT = (
    "SELECT funded_project_id, granted_vnd, committed_vnd, paid_vnd, recovered_vnd, coalesce(settled_vnd, 0), waiting"
    " FROM fund_money"
)


def project_money(project: FundedProject) -> ProjectMoney:
    """Return the money of one project."""
    return money_by_project([project.pk])[project.pk]


def money_by_project(ids: Collection[int]) -> dict[int, ProjectMoney]:
    """Return the money of several projects by their identifiers, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_PROJECT} WHERE funded_project_id = ANY(%s)", [list(ids)])
        return {row[0]: ProjectMoney(*row) for row in cursor.fetchall()}


def money_by_year() -> tuple[YearMoney, ...]:
    """Return allocated, granted, paid and settled money per budget year, newest first; years without rows included."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT year.year, coalesce(given.vnd, 0), coalesce(spent.granted, 0), coalesce(spent.paid, 0),
                   coalesce(spent.settled, 0), coalesce(spent.projects, 0)
            FROM registers_fundyear year
            LEFT JOIN (SELECT fund_year_id, sum(amount_vnd) AS vnd FROM registers_allocation GROUP BY 1) AS given
              ON given.fund_year_id = year.id
            LEFT JOIN (
                SELECT year, sum(granted_vnd) AS granted, sum(paid_vnd) AS paid, sum(settled_vnd) AS settled,
                       count(*) AS projects
                FROM fund_money GROUP BY year
            ) AS spent ON spent.year = year.year
            ORDER BY year.year DESC
            """
        )
        return tuple(YearMoney(*row) for row in cursor.fetchall())


def remaining_vnd(allocation: Allocation) -> Decimal:
    """Return what can still be paid from an allocation."""
    return max(allocation.amount_vnd - allocation.committed_vnd, Decimal(0))


def waiting_payments() -> QuerySet[Payment]:
    """Return the rows that a second person must still confirm, oldest first; the rule is that of ``fund_money``."""
    return (
        Payment.objects.filter(confirmation__isnull=True, reversed_by__isnull=True)
        .exclude(kind=PaymentKind.REVERSAL, reverses__confirmation__isnull=True)
        .select_related("funded_project__unit", "created_by")
        .order_by("created_at", "pk")
    )


def flags_on(day: date) -> tuple[Flag, ...]:
    """Return every remark that holds on *day*, grouped by project, in a fixed order."""
    return _flags("SELECT * FROM fund_flags(%s) ORDER BY funded_project_id NULLS FIRST, code", [day])


def flags_of(project: FundedProject, day: date) -> tuple[Flag, ...]:
    """Return the remarks on one project on *day*."""
    return _flags("SELECT * FROM fund_flags(%s) WHERE funded_project_id = %s ORDER BY code", [day, project.pk])


def _flags(query: str, values: list[date | int]) -> tuple[Flag, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return tuple(
            Flag(code, *_words(code, since, amount, other), project, allocation, since)
            for code, project, allocation, since, amount, other in cursor.fetchall()
        )


def _words(code: str, since: date | None, amount: Decimal | None, other: str | None) -> tuple[str, str]:
    """Return the title and the sentence of a remark."""
    day = f"{since:%d/%m/%Y}" if since else ""
    money = dong(amount) if amount is not None else ""
    words = {
        "late_settlement": (
            _("Settlement overdue"),
            _("It was due on %(day)s; %(money)s is not settled.") % {"day": day, "money": money},
        ),
        "settled_late": (_("Settled late"), _("It was due on %(day)s.") % {"day": day}),
        "over_ceiling": (
            _("Over the ceiling"),
            _("The support is %(money)s above the ceiling in force on %(day)s.") % {"money": money, "day": day},
        ),
        "funded_twice": (
            _("Same content funded twice"),
            _("The same beneficiary got support for the same content: %(other)s.") % {"other": other or ""},
        ),
        "outside_boundary": (
            _("Outside the approved boundary"),
            _("The place lies outside the boundary of %(other)s.") % {"other": other or ""},
        ),
        "not_accepted_in_year": (
            _("Not accepted in its plan year"),
            _("There was no acceptance by %(day)s.") % {"day": day},
        ),
        "over_allocated": (
            _("Paid above the allocation"),
            _("The imported history is %(money)s above the allocation.") % {"money": money},
        ),
    }
    return words[code]
