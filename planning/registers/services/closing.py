"""How does a funded project end well? Acceptance, liquidation of the contract, settlement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import InputRefused, MoneyRefused, TransitionRefused
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.registers.models import Acceptance, Contract, FundedProject, FundedProjectState, Settlement
from planning.registers.money import dong, whole_dong
from planning.registers.services.funded_projects import move, refuse_unless
from planning.registers.services.locks import lock_project, money_of

State = FundedProjectState


def record_acceptance(
    actor: User, project: FundedProject, *, accepted_on: date, passed: bool, note: str = ""
) -> Acceptance:
    """Record the acceptance meeting; one that failed may be followed by another, the log keeps both.

    Raises NotAllowed, InputRefused for a day in the future or before the contract, TransitionRefused when there is no
    contract or the project is over.
    """
    require(actor, Capability.ENTER_FUND, project.unit)
    if accepted_on > timezone.localdate():
        raise InputRefused(_("The day of acceptance is in the future."), code="DATE_IN_FUTURE")
    with transaction.atomic():
        row = lock_project(project)
        refuse_unless(row, State.CONTRACTED, State.RUNNING, doing=_("record an acceptance"))
        if accepted_on < Contract.objects.get(funded_project=row).signed_on:
            raise InputRefused(_("The acceptance is dated before the contract."), code="DATES_OUT_OF_ORDER")
        acceptance, _created = Acceptance.objects.update_or_create(
            funded_project=row,
            defaults={"accepted_on": accepted_on, "passed": passed, "note": note.strip(), "created_by": actor},
        )
        if passed:
            move(row, State.ACCEPTED)
        record_event(actor, "record_acceptance", row, {"accepted_on": accepted_on, "passed": passed, "note": note})
    return acceptance


def settle(
    actor: User,
    project: FundedProject,
    *,
    settled_on: date,
    settled_vnd: Decimal | int,
    document: str = "",
    liquidated_on: date | None = None,
) -> Settlement:
    """Record the settlement; the contract is liquidated the same day unless *liquidated_on* says another.

    A settlement after the year's due day is accepted and flagged. Raises NotAllowed, InputRefused for a future day,
    TransitionRefused before acceptance or while a payment waits, MoneyRefused above what was paid.
    """
    require(actor, Capability.ENTER_FUND, project.unit)
    amount = whole_dong(settled_vnd, zero_allowed=True)
    if settled_on > timezone.localdate():
        raise InputRefused(_("The day of settlement is in the future."), code="DATE_IN_FUTURE")
    with transaction.atomic():
        row = lock_project(project)
        refuse_unless(row, State.ACCEPTED, doing=_("record a settlement"))
        if settled_on < Acceptance.objects.get(funded_project=row).accepted_on:
            raise InputRefused(_("The settlement is dated before the acceptance."), code="DATES_OUT_OF_ORDER")
        money = money_of(row)
        if money.waiting:
            raise TransitionRefused(
                _("A payment still waits to be confirmed or reversed."), code="PAYMENT_WAITING", where=row.code
            )
        if amount > money.paid_vnd:
            raise MoneyRefused(
                _("The settlement (%(amount)s) is above what was paid: %(paid)s.")
                % {"amount": dong(amount), "paid": dong(money.paid_vnd)},
                code="ABOVE_PAID",
                where=row.code,
                todo=_("Enter and confirm the final payment first."),
            )
        settlement = Settlement.objects.create(
            funded_project=row, settled_on=settled_on, settled_vnd=amount, document=document.strip(), created_by=actor
        )
        Contract.objects.filter(funded_project=row, liquidated_on__isnull=True).update(
            liquidated_on=liquidated_on or settled_on
        )
        move(row, State.SETTLED)
        record_event(
            actor,
            "settle",
            row,
            {
                "settled_on": settled_on,
                "settled_vnd": amount,
                "late": settled_on > row.allocation.fund_year.settlement_due,
            },
        )
    return settlement
