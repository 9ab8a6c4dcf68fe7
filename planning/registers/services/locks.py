"""In which order are the rows of the fund locked? Allocation first, project second, everywhere: no deadlock.

Payments themselves are never locked: they are append-only and the application may not update them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from planning.registers.models import Allocation, FundedProject, FundYear


@dataclass(frozen=True)
class Money:
    """The sums of one funded project, in đồng, as the view ``fund_money`` defines them."""

    committed_vnd: Decimal
    paid_vnd: Decimal
    recovered_vnd: Decimal
    waiting: int


def lock_year(year: FundYear) -> FundYear:
    """Lock a budget year until the transaction ends; guards the numbering of its projects."""
    return FundYear.objects.select_for_update().get(pk=year.pk)


def lock_allocation(allocation: Allocation) -> Allocation:
    """Lock an allocation until the transaction ends and return it fresh, with year and source."""
    return (
        Allocation.objects.select_for_update(of=("self",)).select_related("fund_year", "source").get(pk=allocation.pk)
    )


def lock_project(project: FundedProject) -> FundedProject:
    """Lock a funded project and its allocation until the transaction ends; both come back fresh."""
    allocation = lock_allocation(Allocation(pk=project.allocation_id))
    fresh = FundedProject.objects.select_for_update(of=("self",)).select_related("unit").get(pk=project.pk)
    fresh.allocation = allocation
    return fresh


def money_of(project: FundedProject) -> Money:
    """Read the sums of one project."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT committed_vnd, paid_vnd, recovered_vnd, waiting FROM fund_money WHERE funded_project_id = %s",
            [project.pk],
        )
        committed, paid, recovered, waiting = cursor.fetchone() or (0, 0, 0, 0)
    return Money(Decimal(committed), Decimal(paid), Decimal(recovered), int(waiting))
