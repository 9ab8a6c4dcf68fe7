"""What happens when twenty people press at the same moment? Real PostGIS, real threads."""

from __future__ import annotations

import pytest

from layers.errors import Conflict, MoneyRefused
from planning.registers.models import Allocation, Payment, PaymentConfirmation, PaymentKind
from planning.registers.services import confirm_payment, enter_payment, enter_project, reverse_payment
from tests.cast import make_cast, make_land
from tests.registers.books import MILLION, PAID, Books, at_once, committed, make_books

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 20


@pytest.fixture
def ledger() -> Books:
    """Give committed books that other connections can see."""
    land = make_land()
    return make_books(make_cast(land), land)


def test_same_key_twenty_times_is_one_row(ledger: Books) -> None:
    project = ledger.contracted()

    def press(_number: int) -> object:
        return enter_payment(
            ledger.cast.fund_officer, project, PaymentKind.ADVANCE, 7, PAID, idempotency_key="the-same-form"
        ).pk

    answers = at_once(THREADS, press)
    assert len(set(answers)) == 1, answers
    assert Payment.objects.count() == 1
    assert committed(ledger.allocation) == 7


def test_same_key_for_two_allocations_is_one_row_too(ledger: Books) -> None:
    other = Allocation.objects.create(
        fund_year=ledger.year,
        source=ledger.source,
        amount_vnd=100 * MILLION,
        decision="other",
        decided_on=PAID,
        confirmed_at=ledger.allocation.confirmed_at,
    )
    projects = [ledger.contracted(), ledger.contracted(allocation=other)]
    answers = at_once(
        THREADS,
        lambda number: (
            enter_payment(
                ledger.cast.fund_officer,
                projects[number % 2],
                PaymentKind.ADVANCE,
                7,
                PAID,
                idempotency_key="the-same-form",
            ).pk
        ),
    )
    assert Payment.objects.count() == 1
    assert all(isinstance(answer, int | Conflict) for answer in answers), answers
    assert committed(ledger.allocation) + committed(other) == 7


def test_at_the_limit_never_above(ledger: Books) -> None:
    """1 000 million, twenty projects of 140 million asking 90 million each at the same moment: eleven get it."""
    projects = [ledger.contracted(granted_vnd=140 * MILLION) for _ in range(THREADS)]

    def press(number: int) -> object:
        return enter_payment(
            ledger.cast.fund_officer,
            projects[number],
            PaymentKind.ADVANCE,
            90 * MILLION,
            PAID,
            idempotency_key=f"project-{number:04d}",
        ).pk

    answers = at_once(THREADS, press)
    refused = [answer for answer in answers if isinstance(answer, MoneyRefused)]
    assert len(refused) == THREADS - 11, answers
    assert {error.code for error in refused} == {"ABOVE_ALLOCATION"}
    assert committed(ledger.allocation) == 990 * MILLION


def test_confirming_at_once_confirms_once(ledger: Books) -> None:
    payment = enter_payment(
        ledger.cast.fund_officer, ledger.contracted(), PaymentKind.ADVANCE, 7, PAID, idempotency_key="advance-1"
    )
    answers = at_once(THREADS, lambda _number: confirm_payment(ledger.cast.fund_confirmer, payment).pk)
    assert sum(isinstance(answer, Conflict) for answer in answers) == THREADS - 1, answers
    assert PaymentConfirmation.objects.count() == 1


def test_reversing_at_once_reverses_once(ledger: Books) -> None:
    payment = enter_payment(
        ledger.cast.fund_officer, ledger.contracted(), PaymentKind.ADVANCE, 7, PAID, idempotency_key="advance-1"
    )

    def press(number: int) -> object:
        return reverse_payment(
            ledger.cast.fund_officer, payment, reason="Nhầm", idempotency_key=f"reversal-{number:03d}"
        ).pk

    answers = at_once(THREADS, press)
    assert sum(isinstance(answer, Conflict) for answer in answers) == THREADS - 1, answers
    assert committed(ledger.allocation) == 0


def test_numbers_are_given_once(ledger: Books) -> None:
    codes = at_once(8, lambda _number: enter_project(ledger.cast.fund_officer, ledger.given()).code)
    assert sorted(map(str, codes)) == [f"KC-2026-{number:03d}" for number in range(1, 9)]
