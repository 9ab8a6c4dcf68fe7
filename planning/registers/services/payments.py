"""How does money leave the fund and come back? Payments, their confirmation by a second person, reversals, recoveries.

Rows are never edited: a mistake is reversed by a new row that names the old one. Every verb locks the allocation first.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused, MoneyRefused, NotAllowed
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.registers.models import (
    Allocation,
    Contract,
    FundedProject,
    FundedProjectState,
    Payment,
    PaymentConfirmation,
    PaymentKind,
    RegisterParameterName,
    Settlement,
)
from planning.registers.money import dong, whole_dong
from planning.registers.queries.parameters import parameter_on
from planning.registers.services.funded_projects import move, refuse_unless
from planning.registers.services.locks import Money, lock_project, money_of

State = FundedProjectState


def enter_payment(
    actor: User,
    project: FundedProject,
    kind: str,
    amount_vnd: Decimal | int,
    paid_on: date,
    *,
    idempotency_key: str,
    document: str = "",
) -> Payment:
    """Enter an advance or a final payment; it counts against the allocation at once and as paid when confirmed.

    The same *idempotency_key* with the same content returns the row entered before. Raises NotAllowed; InputRefused for
    the amount, kind, day or key; TransitionRefused when the project is not that far; MoneyRefused above the allocation,
    the contract or the largest advance, or when no figure says what that is; Conflict when the key was used for
    something else.
    """
    require(actor, Capability.ENTER_FUND, project.unit)
    amount = whole_dong(amount_vnd)
    key = _key(idempotency_key)
    if kind not in {PaymentKind.ADVANCE, PaymentKind.FINAL}:
        raise InputRefused(_("Choose advance or final payment."), code="KIND_UNKNOWN")
    if paid_on > timezone.localdate():
        raise InputRefused(_("The day of payment is in the future."), code="DATE_IN_FUTURE")
    with transaction.atomic():
        row = lock_project(project)
        wanted = Payment(
            funded_project=row,
            kind=kind,
            amount_vnd=amount,
            paid_on=paid_on,
            document=document.strip(),
            idempotency_key=key,
            created_by=actor,
        )
        before = _entered_before(wanted)
        if before is not None:
            return before
        _guard_payment(row, kind, amount, paid_on)
        _insert(wanted)
        _commit(row.allocation, amount)
        record_event(
            actor, "enter_payment", row, {"payment": wanted.pk, "kind": kind, "amount_vnd": amount, "paid_on": paid_on}
        )
    return wanted


def confirm_payment(actor: User, payment: Payment) -> PaymentConfirmation:
    """Confirm a payment, reversal or recovery that somebody else entered.

    Raises NotAllowed when the actor has no such capability or entered the row, Conflict when it is confirmed already,
    MoneyRefused when it was reversed meanwhile or needs no confirmation.
    """
    require(actor, Capability.CONFIRM_FUND, payment.funded_project.unit)
    with transaction.atomic():
        row = lock_project(payment.funded_project)
        fresh = Payment.objects.select_related("reverses").get(pk=payment.pk)
        if fresh.created_by_id == actor.pk:
            raise NotAllowed(
                _("The person who entered an amount cannot confirm it."),
                code="FOUR_EYES",
                todo=_("Ask a second person to confirm it."),
            )
        if PaymentConfirmation.objects.filter(payment=fresh).exists():
            raise Conflict(_("This payment has already been confirmed."), code="ALREADY_CONFIRMED", where=row.code)
        if Payment.objects.filter(reverses=fresh).exists():
            raise MoneyRefused(_("This payment was reversed and can no longer be confirmed."), code="PAYMENT_REVERSED")
        undone = fresh.reverses
        if undone is not None and not PaymentConfirmation.objects.filter(payment=undone).exists():
            raise MoneyRefused(
                _("The reversal of an unconfirmed payment needs no confirmation."), code="NOTHING_TO_CONFIRM"
            )
        confirmation = PaymentConfirmation.objects.create(
            payment=fresh, entered_by_id=fresh.created_by_id, confirmed_by=actor
        )
        if fresh.kind == PaymentKind.REVERSAL:
            _commit(row.allocation, fresh.amount_vnd)
        _follow(row, fresh)
        record_event(
            actor, "confirm_payment", row, {"payment": fresh.pk, "kind": fresh.kind, "amount_vnd": fresh.amount_vnd}
        )
    return confirmation


def reverse_payment(
    actor: User, payment: Payment, *, reason: str, on: date | None = None, idempotency_key: str = ""
) -> Payment:
    """Take a mistaken advance or final payment back with a row of the opposite sign.

    Reversing a payment nobody confirmed takes effect at once; otherwise the reversal itself must be confirmed. Raises
    NotAllowed; InputRefused for a missing reason or a row that is no payment; TransitionRefused after settlement;
    Conflict when it was reversed before.
    """
    require(actor, Capability.ENTER_FUND, payment.funded_project.unit)
    if not reason.strip():
        raise InputRefused(_("Say why."), code="REASON_MISSING")
    if payment.kind not in {PaymentKind.ADVANCE, PaymentKind.FINAL}:
        raise InputRefused(_("Only an advance or a final payment can be reversed."), code="KIND_UNKNOWN")
    with transaction.atomic():
        row = lock_project(payment.funded_project)
        wanted = Payment(
            funded_project=row,
            kind=PaymentKind.REVERSAL,
            amount_vnd=-payment.amount_vnd,
            paid_on=on or timezone.localdate(),
            document=reason.strip()[:120],
            reverses=payment,
            idempotency_key=_key(idempotency_key or f"reversal-of-{payment.pk}"),
            created_by=actor,
        )
        before = _entered_before(wanted)
        if before is not None:
            return before
        refuse_unless(row, State.CONTRACTED, State.RUNNING, State.ACCEPTED, State.STOPPED, doing=_("reverse a payment"))
        if Payment.objects.filter(reverses=payment).exists():
            raise Conflict(_("This payment has already been reversed."), code="ALREADY_REVERSED", where=row.code)
        _insert(wanted)
        if not PaymentConfirmation.objects.filter(payment=payment).exists():
            _commit(row.allocation, wanted.amount_vnd)
        record_event(
            actor,
            "reverse_payment",
            row,
            {"payment": wanted.pk, "reverses": payment.pk, "amount_vnd": wanted.amount_vnd, "reason": reason},
        )
    return wanted


def recover(
    actor: User,
    project: FundedProject,
    amount_vnd: Decimal | int,
    paid_on: date,
    *,
    idempotency_key: str,
    document: str = "",
) -> Payment:
    """Record money that came back: of a stopped or recoverable project, or what a settlement left unused.

    *amount_vnd* is given above zero and kept below zero. It counts when a second person confirms it; the project is
    "recovered" once everything came back. Raises NotAllowed, InputRefused, and MoneyRefused above what is still out.
    """
    require(actor, Capability.ENTER_FUND, project.unit)
    amount = whole_dong(amount_vnd)
    if paid_on > timezone.localdate():
        raise InputRefused(_("The day of payment is in the future."), code="DATE_IN_FUTURE")
    with transaction.atomic():
        row = lock_project(project)
        wanted = Payment(
            funded_project=row,
            kind=PaymentKind.RECOVERY,
            amount_vnd=-amount,
            paid_on=paid_on,
            document=document.strip(),
            idempotency_key=_key(idempotency_key),
            created_by=actor,
        )
        before = _entered_before(wanted)
        if before is not None:
            return before
        outstanding = _recoverable(row, money_of(row))
        if amount > outstanding:
            raise MoneyRefused(
                _("Only %(left)s can still be recovered.") % {"left": dong(outstanding)},
                code="ABOVE_OUTSTANDING",
                where=row.code,
                todo=_("Check the amount, or stop the project first."),
            )
        _insert(wanted)
        record_event(actor, "recover", row, {"payment": wanted.pk, "amount_vnd": amount, "paid_on": paid_on})
    return wanted


def _guard_payment(row: FundedProject, kind: str, amount: Decimal, paid_on: date) -> None:
    allocation = row.allocation
    if allocation.confirmed_at is None:
        raise MoneyRefused(
            _("The allocation has not been confirmed yet."),
            code="ALLOCATION_UNCONFIRMED",
            where=str(allocation),
            todo=_("Ask the confirmer to confirm the allocation first."),
        )
    closed = allocation.fund_year.closed_on
    if closed is not None and paid_on > closed:
        raise MoneyRefused(_("The year %(year)s is closed.") % {"year": allocation.fund_year.year}, code="YEAR_CLOSED")
    if kind == PaymentKind.ADVANCE:
        refuse_unless(row, State.CONTRACTED, State.RUNNING, doing=_("enter an advance"))
    else:
        refuse_unless(row, State.ACCEPTED, doing=_("enter a final payment"))
    contract = Contract.objects.get(funded_project=row)
    if paid_on < contract.signed_on:
        raise InputRefused(_("The payment is dated before the contract."), code="DATES_OUT_OF_ORDER")
    remaining = max(allocation.amount_vnd - allocation.committed_vnd, Decimal(0))
    if amount > remaining:
        raise MoneyRefused(
            _("The payment (%(amount)s) is above what is left of the allocation: %(left)s.")
            % {"amount": dong(amount), "left": dong(remaining)},
            code="ABOVE_ALLOCATION",
            where=f"{allocation.source} {allocation.fund_year}",
            todo=_("Lower the amount, or wait for an additional allocation."),
        )
    committed = money_of(row).committed_vnd
    limit = min(row.granted_vnd, contract.amount_vnd)
    if committed + amount > limit:
        raise MoneyRefused(
            _("The payment (%(amount)s) is above what is left of the support granted: %(left)s.")
            % {"amount": dong(amount), "left": dong(max(limit - committed, Decimal(0)))},
            code="ABOVE_GRANT",
            where=row.code,
        )
    if kind == PaymentKind.ADVANCE:
        share = parameter_on(RegisterParameterName.MAX_ADVANCE_SHARE, paid_on)
        if share is None:
            raise MoneyRefused(
                _("No advance can be paid: the parameter “%(name)s” has no figure for %(day)s.")
                % {"name": RegisterParameterName.MAX_ADVANCE_SHARE.label, "day": f"{paid_on:%d/%m/%Y}"},
                code="PARAMETER_MISSING",
                where=row.code,
                todo=_("Ask the administrator to enter the figure with the text it comes from."),
            )
        largest = (limit * share).to_integral_value(rounding=ROUND_DOWN)
        if committed + amount > largest:
            raise MoneyRefused(
                _("Advances may reach %(share)s %% of the contract (%(largest)s); %(left)s can still be advanced.")
                % {
                    "share": f"{share * 100:.0f}",
                    "largest": dong(largest),
                    "left": dong(max(largest - committed, Decimal(0))),
                },
                code="ABOVE_ADVANCE_SHARE",
                where=row.code,
                todo=_("Lower the advance; the rest is paid after the acceptance."),
            )


def _recoverable(row: FundedProject, money: Money) -> Decimal:
    """Return what may still come back, recoveries that wait for confirmation already taken off."""
    pending = -sum(
        Payment.objects.filter(funded_project=row, kind=PaymentKind.RECOVERY, confirmation__isnull=True).values_list(
            "amount_vnd", flat=True
        ),
        Decimal(0),
    )
    if row.recoverable or row.state == State.STOPPED:
        owed = money.paid_vnd
    else:
        settled = Settlement.objects.filter(funded_project=row).values_list("settled_vnd", flat=True).first()
        owed = money.paid_vnd - settled if settled is not None else Decimal(0)
    return max(owed - money.recovered_vnd - pending, Decimal(0))


def _follow(row: FundedProject, payment: Payment) -> None:
    """Move the project on when a confirmed row finishes a step."""
    if payment.kind == PaymentKind.ADVANCE and row.state == State.CONTRACTED:
        move(row, State.RUNNING)
    if payment.kind == PaymentKind.RECOVERY and (row.recoverable or row.state == State.STOPPED):
        money = money_of(row)
        if money.recovered_vnd >= money.paid_vnd:
            move(row, State.RECOVERED)


def _commit(allocation: Allocation, amount: Decimal) -> None:
    allocation.committed_vnd += amount
    allocation.save(update_fields=["committed_vnd"])


def _key(given: str) -> str:
    key = given.strip()
    if not 8 <= len(key) <= 64:
        raise InputRefused(_("The form is incomplete; reload the page and try again."), code="KEY_MISSING")
    return key


def _entered_before(wanted: Payment) -> Payment | None:
    """Return the row that already has the key; raise Conflict when it says something else."""
    found = Payment.objects.filter(idempotency_key=wanted.idempotency_key).first()
    if found is None:
        return None
    same = ("funded_project_id", "kind", "amount_vnd", "paid_on", "reverses_id", "created_by_id")
    if any(getattr(found, name) != getattr(wanted, name) for name in same):
        raise Conflict(
            _("This form was already used for another payment."),
            code="KEY_REUSED",
            todo=_("Reload the page and enter the payment again."),
        )
    return found


def _insert(wanted: Payment) -> None:
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            _("Another request entered this row at the same moment."),
            code="KEY_REUSED",
            todo=_("Reload the page and look at the payments before trying again."),
        ) from error
