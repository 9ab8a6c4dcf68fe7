"""May this payment leave the fund? Limits, second person, reversal, recovery."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from layers.errors import Conflict, InputRefused, MoneyRefused, NotAllowed, TransitionRefused
from planning.people.capabilities import Role
from planning.people.models import Assignment, Event
from planning.registers.models import (
    FundedProjectState,
    Payment,
    PaymentConfirmation,
    PaymentKind,
    RegisterParameter,
    RegisterParameterName,
)
from planning.registers.queries import project_money, remaining_vnd
from planning.registers.services import confirm_payment, enter_payment, recover, reverse_payment, settle, stop_project
from tests.cast import REFORM
from tests.registers.books import MILLION, PAID, Books, committed, fresh

ADVANCE, FINAL = PaymentKind.ADVANCE, PaymentKind.FINAL


def test_advance_counts_at_entry_and_is_paid_at_confirmation(books: Books) -> None:
    project = books.contracted()
    payment = enter_payment(books.cast.fund_officer, project, ADVANCE, 300 * MILLION, PAID, idempotency_key="advance-1")
    assert committed(books.allocation) == 300 * MILLION
    assert (project_money(project).paid_vnd, project_money(project).waiting) == (0, 1)
    confirm_payment(books.cast.fund_confirmer, payment)
    assert (project_money(project).paid_vnd, project_money(project).waiting) == (300 * MILLION, 0)
    assert fresh(project).state == FundedProjectState.RUNNING
    assert list(Event.objects.order_by("-id").values_list("verb", flat=True)[:2]) == [
        "confirm_payment",
        "enter_payment",
    ]


def test_payment_above_the_allocation_names_what_is_left(books: Books) -> None:
    big = books.running(advance=700 * MILLION, granted_vnd=1_000 * MILLION)
    project = books.contracted()
    with pytest.raises(MoneyRefused) as refused:
        enter_payment(books.cast.fund_officer, project, ADVANCE, 300 * MILLION + 1, PAID, idempotency_key="too-much")
    assert refused.value.code == "ABOVE_ALLOCATION"
    assert "300.000.000 đồng" in refused.value.message
    assert refused.value.todo
    assert remaining_vnd(type(books.allocation).objects.get(pk=books.allocation.pk)) == 300 * MILLION
    assert big.state == FundedProjectState.RUNNING
    assert not Payment.objects.filter(funded_project=project).exists()


def test_payment_above_the_grant_is_refused(books: Books) -> None:
    project = books.accepted()
    with pytest.raises(MoneyRefused) as refused:
        enter_payment(books.cast.fund_officer, project, FINAL, 200 * MILLION + 1, PAID, idempotency_key="too-much")
    assert refused.value.code == "ABOVE_GRANT"
    assert "200.000.000" in refused.value.message


def test_advance_above_its_share_is_refused_by_the_parameter_of_the_day(books: Books) -> None:
    project = books.contracted()
    with pytest.raises(MoneyRefused) as refused:
        enter_payment(books.cast.fund_officer, project, ADVANCE, 350 * MILLION + 1, PAID, idempotency_key="too-much")
    assert refused.value.code == "ABOVE_ADVANCE_SHARE"
    RegisterParameter.objects.create(
        name=RegisterParameterName.MAX_ADVANCE_SHARE, value=Decimal("0.8"), valid_from=date(2026, 1, 1)
    )
    assert enter_payment(books.cast.fund_officer, project, ADVANCE, 400 * MILLION, PAID, idempotency_key="enough-1")


def test_advance_without_a_figure_for_its_day_is_refused(books: Books) -> None:
    RegisterParameter.objects.filter(name=RegisterParameterName.MAX_ADVANCE_SHARE).update(
        valid_to=PAID - timedelta(days=1)
    )
    project = books.contracted()
    with pytest.raises(MoneyRefused) as refused:
        enter_payment(books.cast.fund_officer, project, ADVANCE, 1, PAID, idempotency_key="no-figure")
    assert refused.value.code == "PARAMETER_MISSING"
    assert str(RegisterParameterName.MAX_ADVANCE_SHARE.label) in refused.value.message
    assert not Payment.objects.filter(funded_project=project).exists()


@pytest.mark.parametrize("who", ["fund_confirmer", "planner", "administrator", "inspector"])
def test_only_the_fund_officer_enters(books: Books, who: str) -> None:
    with pytest.raises(NotAllowed):
        enter_payment(books.cast.everyone()[who], books.contracted(), ADVANCE, 1, PAID, idempotency_key="not-allowed")


@pytest.mark.parametrize("who", ["fund_officer", "planner", "administrator", "leader"])
def test_only_the_confirmer_confirms(books: Books, who: str) -> None:
    payment = enter_payment(books.cast.fund_officer, books.contracted(), ADVANCE, 1, PAID, idempotency_key="advance-1")
    with pytest.raises(NotAllowed):
        confirm_payment(books.cast.everyone()[who], payment)


def test_one_person_with_both_offices_is_still_one_person(books: Books) -> None:
    officer = books.cast.fund_officer
    Assignment.objects.create(user=officer, role=Role.FUND_CONFIRMER, valid_from=REFORM)
    payment = enter_payment(officer, books.contracted(), ADVANCE, 1, PAID, idempotency_key="advance-1")
    with pytest.raises(NotAllowed) as refused:
        confirm_payment(officer, payment)
    assert refused.value.code == "FOUR_EYES"
    with pytest.raises(IntegrityError, match="payment_confirmed_by_another"), transaction.atomic():
        PaymentConfirmation.objects.create(payment=payment, entered_by=officer, confirmed_by=officer)


def test_state_decides_which_payment_is_possible(books: Books) -> None:
    officer = books.cast.fund_officer
    with pytest.raises(TransitionRefused):
        enter_payment(officer, books.planned(), ADVANCE, 1, PAID, idempotency_key="too-early")
    with pytest.raises(TransitionRefused):
        enter_payment(officer, books.running(), FINAL, 1, PAID, idempotency_key="too-early")
    assert enter_payment(officer, books.accepted(), FINAL, 1, PAID, idempotency_key="in-time-1")


def test_same_key_gives_the_same_row_and_never_another(books: Books) -> None:
    project, officer = books.contracted(), books.cast.fund_officer
    first = enter_payment(officer, project, ADVANCE, 5, PAID, idempotency_key="double-click")
    assert enter_payment(officer, project, ADVANCE, 5, PAID, idempotency_key="double-click") == first
    assert committed(books.allocation) == 5
    with pytest.raises(Conflict) as refused:
        enter_payment(officer, project, ADVANCE, 6, PAID, idempotency_key="double-click")
    assert refused.value.code == "KEY_REUSED"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_vnd": 0}, "AMOUNT_NOT_POSITIVE"),
        ({"amount_vnd": Decimal("1.5")}, "AMOUNT_NOT_WHOLE"),
        ({"kind": PaymentKind.REVERSAL}, "KIND_UNKNOWN"),
        ({"paid_on": timezone.localdate() + timedelta(days=1)}, "DATE_IN_FUTURE"),
        ({"paid_on": date(2026, 2, 28)}, "DATES_OUT_OF_ORDER"),
        ({"idempotency_key": "short"}, "KEY_MISSING"),
    ],
)
def test_input_that_cannot_be_is_refused(books: Books, changes: dict[str, object], code: str) -> None:
    plain: dict[str, object] = {"kind": ADVANCE, "amount_vnd": 1, "paid_on": PAID, "idempotency_key": "advance-1"}
    with pytest.raises(InputRefused) as refused:
        enter_payment(books.cast.fund_officer, books.contracted(), **{**plain, **changes})  # type: ignore[arg-type]
    assert refused.value.code == code


def test_reversal_of_an_unconfirmed_payment_works_at_once(books: Books) -> None:
    project, officer = books.contracted(), books.cast.fund_officer
    payment = enter_payment(officer, project, ADVANCE, 5, PAID, idempotency_key="mistake-1")
    reversal = reverse_payment(officer, payment, reason="Nhầm số tiền")
    assert committed(books.allocation) == 0
    assert project_money(project).waiting == 0
    for row in (payment, reversal):
        with pytest.raises(MoneyRefused):
            confirm_payment(books.cast.fund_confirmer, row)


def test_reversal_of_a_confirmed_payment_waits_for_the_second_person(books: Books) -> None:
    project = books.running()
    payment = Payment.objects.get(funded_project=project)
    reversal = reverse_payment(books.cast.fund_officer, payment, reason="Chuyển nhầm tài khoản")
    assert committed(books.allocation) == 300 * MILLION
    assert (project_money(project).paid_vnd, project_money(project).waiting) == (300 * MILLION, 1)
    confirm_payment(books.cast.fund_confirmer, reversal)
    assert committed(books.allocation) == 0
    assert (project_money(project).paid_vnd, project_money(project).waiting) == (0, 0)


def test_payment_is_reversed_once(books: Books) -> None:
    payment = Payment.objects.get(funded_project=books.running())
    officer = books.cast.fund_officer
    first = reverse_payment(officer, payment, reason="Nhầm")
    assert reverse_payment(officer, payment, reason="Nhầm") == first
    with pytest.raises(Conflict):
        reverse_payment(officer, payment, reason="Nhầm", idempotency_key="another-key")
    with pytest.raises(InputRefused):
        reverse_payment(officer, first, reason="Nhầm")


def test_settled_project_is_not_reversed(books: Books) -> None:
    project = books.accepted()
    settle(books.cast.fund_officer, project, settled_on=date(2026, 10, 1), settled_vnd=300 * MILLION)
    with pytest.raises(TransitionRefused):
        reverse_payment(books.cast.fund_officer, project.payments.get(), reason="Nhầm")


def test_stopped_project_is_recovered_in_parts(books: Books) -> None:
    project, officer, confirmer = books.running(), books.cast.fund_officer, books.cast.fund_confirmer
    with pytest.raises(MoneyRefused):
        recover(officer, project, 1, PAID, idempotency_key="too-early")
    stop_project(officer, project, reason="Đơn vị thụ hưởng giải thể")
    half = recover(officer, project, 100 * MILLION, PAID, idempotency_key="recovery-1")
    with pytest.raises(MoneyRefused) as refused:
        recover(officer, project, 200 * MILLION + 1, PAID, idempotency_key="recovery-2")
    assert "200.000.000" in refused.value.message
    confirm_payment(confirmer, half)
    assert fresh(project).state == FundedProjectState.STOPPED
    confirm_payment(confirmer, recover(officer, project, 200 * MILLION, PAID, idempotency_key="recovery-3"))
    assert fresh(project).state == FundedProjectState.RECOVERED
    assert project_money(project).recovered_vnd == 300 * MILLION
    assert committed(books.allocation) == 300 * MILLION


def test_payments_and_confirmations_are_never_changed(books: Books) -> None:
    project = books.running()
    for rows in (Payment.objects.filter(funded_project=project), PaymentConfirmation.objects.all()):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            rows._raw_delete(rows.db)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Payment.objects.update(amount_vnd=1)


def test_application_role_has_no_right_to_change_them(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = 'datnghe_app'")
        if cursor.fetchone() == (0,):
            pytest.skip("this server has no role datnghe_app")
        for table in ("registers_payment", "registers_paymentconfirmation", "people_event"):
            rights = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
            cursor.execute(
                "SELECT " + ", ".join(f"has_table_privilege('datnghe_app', '{table}', '{right}')" for right in rights)
            )
            assert cursor.fetchone() == (True, True, False, False, False), table
