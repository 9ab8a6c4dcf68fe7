"""How much did the fund do, where, for which trade and when? Totals that add up to the same sum in every view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

GROUPS = ("commune", "district", "trade", "year")


@dataclass(frozen=True)
class TotalLine:
    """One line of the totals, đồng; *label* is what a person reads."""

    key: str
    label: str
    projects: int
    granted_vnd: Decimal
    counterpart_vnd: Decimal
    paid_vnd: Decimal
    recovered_vnd: Decimal
    settled_vnd: Decimal


@dataclass(frozen=True)
class Totals:
    """The lines of one grouping and their sum."""

    by: str
    lines: tuple[TotalLine, ...]
    total: TotalLine


_KEYS = {
    "commune": ("commune_id::text", "commune"),
    "district": ("district_id::text", "district"),
    "trade": ("trade", "CASE WHEN %(english)s THEN trade_en ELSE trade_vi END"),
    "year": ("year::text", "year::text"),
}
_SUMS = "count(*), sum(granted_vnd), sum(counterpart_vnd), sum(paid_vnd), sum(recovered_vnd), sum(settled_vnd)"


def totals_by(group: str, day: date, *, year_from: int | None = None, year_to: int | None = None) -> Totals:
    """Return the totals by ``commune`` (today's), ``district`` (former), ``trade`` or ``year``, largest grant first.

    *year_from* and *year_to* bound the budget years, both included. Raises KeyError for another grouping.
    """
    key, label = _KEYS[group]
    order = "1 DESC" if group == "year" else "4 DESC, 2"
    values: dict[str, date | int | bool] = {
        "day": day,
        "first": year_from if year_from is not None else 0,
        "last": year_to if year_to is not None else 9999,
        "english": (get_language() or "vi").startswith("en"),
    }
    lines = "fund_lines(%(day)s) AS line WHERE year BETWEEN %(first)s AND %(last)s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce({key}, ''), coalesce(min({label}), ''), {_SUMS} FROM {lines} GROUP BY 1 ORDER BY {order}",  # noqa: S608 - our own names, values apart
            values,
        )
        rows = tuple(TotalLine(key, label or nameless(group), *sums) for key, label, *sums in cursor.fetchall())
    return Totals(group, rows, _sum(rows))


def nameless(group: str) -> str:
    """Return what a line is called whose group is not recorded."""
    return {
        "commune": _("Place not recorded"),
        "district": _("No former district"),
        "trade": _("Outside the craft villages"),
        "year": _("Year not recorded"),
    }[group]


def _sum(rows: tuple[TotalLine, ...]) -> TotalLine:
    def add(name: str) -> Decimal:
        return sum((getattr(row, name) for row in rows), Decimal(0))

    return TotalLine(
        key="",
        label=_("Total"),
        projects=sum(row.projects for row in rows),
        granted_vnd=add("granted_vnd"),
        counterpart_vnd=add("counterpart_vnd"),
        paid_vnd=add("paid_vnd"),
        recovered_vnd=add("recovered_vnd"),
        settled_vnd=add("settled_vnd"),
    )
