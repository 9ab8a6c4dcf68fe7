"""How does a year's money come into the fund? One person enters the allocation, another confirms it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused, NotAllowed
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.registers.models import Allocation, FundingSource, FundYear
from planning.registers.money import whole_dong
from planning.registers.services.locks import lock_allocation

FIRST_YEAR, LAST_YEAR = 1990, 2100


def open_year(actor: User, year: int, settlement_due: date | None = None) -> FundYear:
    """Open a budget year; opening it again returns the same one.

    *settlement_due* defaults to 31 January of the next year. Raises NotAllowed, or InputRefused for an absurd year.
    """
    require(actor, Capability.ENTER_FUND)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputRefused(_("The year is not plausible."), code="YEAR_IMPLAUSIBLE", where=str(year))
    with transaction.atomic():
        fund_year, created = FundYear.objects.get_or_create(
            year=year, defaults={"settlement_due": settlement_due or date(year + 1, 1, 31)}
        )
        if created:
            record_event(actor, "open_year", fund_year, {"year": year, "settlement_due": fund_year.settlement_due})
    return fund_year


def allocate(
    actor: User,
    fund_year: FundYear,
    source: FundingSource,
    amount_vnd: Decimal | int,
    *,
    decision: str,
    decided_on: date,
) -> Allocation:
    """Enter the money that a decision gives one source for one year; it can be spent once somebody else confirms it.

    Raises NotAllowed, InputRefused for the amount or a missing decision number, Conflict when the same decision was
    entered before or the year is closed.
    """
    require(actor, Capability.ENTER_FUND)
    amount = whole_dong(amount_vnd)
    if not decision.strip():
        raise InputRefused(_("Name the decision that gives the money."), code="DECISION_MISSING")
    if fund_year.closed_on is not None:
        raise Conflict(_("The year %(year)s is closed.") % {"year": fund_year.year}, code="YEAR_CLOSED")
    try:
        with transaction.atomic():
            allocation = Allocation.objects.create(
                fund_year=fund_year,
                source=source,
                amount_vnd=amount,
                decision=decision.strip(),
                decided_on=decided_on,
                created_by=actor,
            )
            record_event(
                actor,
                "allocate",
                allocation,
                {"year": fund_year.year, "source": source.code, "amount_vnd": amount, "decision": decision},
            )
    except IntegrityError as error:
        raise Conflict(
            _("This decision has already been entered for this year and source."),
            code="ALLOCATION_EXISTS",
            where=decision,
            todo=_("Open the existing allocation instead."),
        ) from error
    return allocation


def confirm_allocation(actor: User, allocation: Allocation) -> Allocation:
    """Confirm an allocation; from then on payments can be entered against it.

    Raises NotAllowed when the actor may not confirm or entered it himself, Conflict when it is confirmed already.
    """
    require(actor, Capability.CONFIRM_FUND)
    with transaction.atomic():
        row = lock_allocation(allocation)
        if row.created_by_id == actor.pk:
            raise NotAllowed(
                _("The person who entered an amount cannot confirm it."),
                code="FOUR_EYES",
                todo=_("Ask a second person to confirm it."),
            )
        if row.confirmed_at is not None:
            raise Conflict(_("This allocation has already been confirmed."), code="ALREADY_CONFIRMED")
        row.confirmed_by = actor
        row.confirmed_at = timezone.now()
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        record_event(actor, "confirm_allocation", row, {"amount_vnd": row.amount_vnd})
    return row
