"""How does a funded project end? Acceptance and settlement, in time or late."""

from __future__ import annotations

from datetime import date

import pytest

from layers.errors import InputRefused, MoneyRefused, NotAllowed, TransitionRefused
from planning.people.models import Event
from planning.registers.models import FundedProjectState, PaymentKind
from planning.registers.queries import flags_of
from planning.registers.services import confirm_payment, enter_payment, record_acceptance, settle
from tests.registers.books import MILLION, PAID, Books, fresh

SETTLED = date(2026, 10, 1)


def test_acceptance_then_final_payment_then_settlement(books: Books) -> None:
    officer = books.cast.fund_officer
    project = books.accepted()
    final = enter_payment(officer, project, PaymentKind.FINAL, 200 * MILLION, PAID, idempotency_key="final-01")
    with pytest.raises(TransitionRefused) as waiting:
        settle(officer, project, settled_on=SETTLED, settled_vnd=500 * MILLION)
    assert waiting.value.code == "PAYMENT_WAITING"
    confirm_payment(books.cast.fund_confirmer, final)
    settle(officer, project, settled_on=SETTLED, settled_vnd=500 * MILLION, document="12/QT")
    row = fresh(project)
    assert row.state == FundedProjectState.SETTLED
    assert row.contract.liquidated_on == SETTLED
    event = Event.objects.filter(verb="settle").get()
    assert event.data["late"] is False


def test_settlement_above_what_was_paid_is_refused(books: Books) -> None:
    with pytest.raises(MoneyRefused) as refused:
        settle(books.cast.fund_officer, books.accepted(), settled_on=SETTLED, settled_vnd=300 * MILLION + 1)
    assert "300.000.000" in refused.value.message


def test_failed_acceptance_can_be_repeated_and_both_are_on_record(books: Books) -> None:
    officer, project = books.cast.fund_officer, books.running()
    record_acceptance(officer, project, accepted_on=date(2026, 8, 1), passed=False, note="Máy chưa chạy")
    assert fresh(project).state == FundedProjectState.RUNNING
    record_acceptance(officer, project, accepted_on=date(2026, 9, 1), passed=True)
    assert fresh(project).state == FundedProjectState.ACCEPTED
    assert Event.objects.filter(verb="record_acceptance").count() == 2


def test_wrong_state_and_wrong_day(books: Books) -> None:
    officer = books.cast.fund_officer
    with pytest.raises(TransitionRefused):
        record_acceptance(officer, books.planned(), accepted_on=SETTLED, passed=True)
    with pytest.raises(TransitionRefused):
        settle(officer, books.running(), settled_on=SETTLED, settled_vnd=0)
    with pytest.raises(InputRefused):
        record_acceptance(officer, books.contracted(), accepted_on=date(2026, 1, 1), passed=True)
    accepted = books.accepted()
    with pytest.raises(InputRefused):
        settle(officer, accepted, settled_on=date(2026, 8, 31), settled_vnd=0)
    settle(officer, accepted, settled_on=SETTLED, settled_vnd=0)
    with pytest.raises(TransitionRefused):
        settle(officer, accepted, settled_on=SETTLED, settled_vnd=0)


@pytest.mark.parametrize("who", ["fund_confirmer", "planner", "administrator"])
def test_only_the_fund_officer_closes(books: Books, who: str) -> None:
    person = books.cast.everyone()[who]
    with pytest.raises(NotAllowed):
        record_acceptance(person, books.contracted(), accepted_on=SETTLED, passed=True)
    with pytest.raises(NotAllowed):
        settle(person, books.accepted(), settled_on=SETTLED, settled_vnd=0)


def test_late_settlement_is_taken_and_flagged(books: Books) -> None:
    project = books.accepted()
    assert "late_settlement" not in {flag.code for flag in flags_of(project, date(2027, 1, 31))}
    overdue = {flag.code: flag for flag in flags_of(project, date(2027, 2, 1))}
    assert "300.000.000" in overdue["late_settlement"].text
    books.year.settlement_due = date(2026, 9, 15)
    books.year.save()
    settle(books.cast.fund_officer, project, settled_on=SETTLED, settled_vnd=300 * MILLION)
    assert Event.objects.filter(verb="settle").get().data["late"] is True
    assert {flag.code for flag in flags_of(project, SETTLED)} == {"settled_late"}
