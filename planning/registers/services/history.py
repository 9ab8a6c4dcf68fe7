"""How do the books of earlier years come in? Whole funded projects at once, taken as they were, oddities flagged.

Nothing of today's guards is applied to amounts: history that was paid above its allocation is kept and marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from layers.errors import InputRefused
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.registers.models import (
    Acceptance,
    Allocation,
    Contract,
    FundedProject,
    FundedProjectState,
    Payment,
    PaymentConfirmation,
    PaymentKind,
    Settlement,
)
from planning.registers.money import whole_dong
from planning.registers.services.funded_projects import ProjectInput, build_project, next_code
from planning.registers.services.locks import lock_allocation, lock_year


@dataclass(frozen=True)
class HistoryPayment:
    """One payment of the past: kind ``advance``, ``final`` or ``recovery``, amount above zero, whole đồng."""

    kind: str
    amount_vnd: Decimal | int
    paid_on: date
    document: str = ""


@dataclass(frozen=True)
class History:
    """What happened to a funded project of the past; what is absent did not happen. *state* is where it ended."""

    state: FundedProjectState
    contract_number: str = ""
    signed_on: date | None = None
    liquidated_on: date | None = None
    payments: tuple[HistoryPayment, ...] = ()
    accepted_on: date | None = None
    accepted: bool = True
    settled_on: date | None = None
    settled_vnd: Decimal | int | None = None


def record_history(actor: User | None, given: ProjectInput, history: History) -> FundedProject:
    """Enter a funded project of the past with its contract, payments, acceptance and settlement.

    Payments count as confirmed. A sum above the allocation raises its ``imported_overrun_vnd``, which is flagged. A
    code that was imported before returns that project unchanged. *actor* None means the house itself (demo). Raises
    NotAllowed, and InputRefused for amounts and kinds.
    """
    if actor is not None:
        require(actor, Capability.ENTER_FUND, given.unit)
    if given.code:
        before = FundedProject.objects.filter(code=given.code, imported=True).first()
        if before is not None:
            return before
    project = build_project(actor, given, imported=True)
    with transaction.atomic():
        lock_year(given.allocation.fund_year)
        allocation = lock_allocation(given.allocation)
        project.code = given.code or next_code(allocation)
        project.state = history.state
        project.save()
        if history.signed_on is not None:
            Contract.objects.create(
                funded_project=project,
                number=history.contract_number or project.code,
                signed_on=history.signed_on,
                amount_vnd=project.granted_vnd,
                liquidated_on=history.liquidated_on,
            )
        spent = _enter_payments(actor, project, history.payments)
        if history.accepted_on is not None:
            Acceptance.objects.create(
                funded_project=project, accepted_on=history.accepted_on, passed=history.accepted, created_by=actor
            )
        if history.settled_on is not None:
            Settlement.objects.create(
                funded_project=project,
                settled_on=history.settled_on,
                settled_vnd=whole_dong(
                    history.settled_vnd if history.settled_vnd is not None else spent, zero_allowed=True
                ),
                created_by=actor,
            )
        _commit_history(allocation, spent)
        record_event(
            actor, "record_history", project, {"code": project.code, "paid_vnd": spent, "state": project.state}
        )
    return project


def _enter_payments(actor: User | None, project: FundedProject, payments: tuple[HistoryPayment, ...]) -> Decimal:
    """Write the payments with their confirmations and return what was spent, recoveries not taken off."""
    spent = Decimal(0)
    for number, past in enumerate(payments, start=1):
        if past.kind not in {PaymentKind.ADVANCE, PaymentKind.FINAL, PaymentKind.RECOVERY}:
            raise InputRefused(_("Choose advance or final payment."), code="KIND_UNKNOWN", where=project.code)
        amount = whole_dong(past.amount_vnd)
        recovery = past.kind == PaymentKind.RECOVERY
        payment = Payment.objects.create(
            funded_project=project,
            kind=past.kind,
            amount_vnd=-amount if recovery else amount,
            paid_on=past.paid_on,
            document=past.document,
            idempotency_key=f"import-{project.code}-{number}",
            imported=True,
            created_by=actor,
        )
        PaymentConfirmation.objects.create(payment=payment, entered_by=None, confirmed_by=None)
        spent += 0 if recovery else amount
    return spent


def _commit_history(allocation: Allocation, spent: Decimal) -> None:
    allocation.committed_vnd += spent
    allocation.imported_overrun_vnd = max(
        allocation.imported_overrun_vnd, allocation.committed_vnd - allocation.amount_vnd, Decimal(0)
    )
    allocation.save(update_fields=["committed_vnd", "imported_overrun_vnd"])
