"""Who brings a year's money in, and who confirms it?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from layers.errors import Conflict, InputRefused, NotAllowed
from planning.people.capabilities import Role
from planning.people.models import Assignment, Event
from planning.registers.models import Allocation
from planning.registers.services import allocate, confirm_allocation, open_year
from tests.cast import REFORM
from tests.registers.books import MILLION, Books

DECIDED = date(2026, 2, 1)


def test_allocation_is_entered_and_confirmed_by_two(books: Books) -> None:
    entered = allocate(
        books.cast.fund_officer, books.year, books.source, 5 * MILLION, decision="11/QĐ-UBND", decided_on=DECIDED
    )
    assert entered.confirmed_at is None
    confirmed = confirm_allocation(books.cast.fund_confirmer, entered)
    assert confirmed.confirmed_by == books.cast.fund_confirmer
    assert list(Event.objects.order_by("-id").values_list("verb", flat=True)[:2]) == ["confirm_allocation", "allocate"]


@pytest.mark.parametrize("who", ["planner", "fund_confirmer", "administrator", "inspector", "nobody"])
def test_only_the_fund_officer_enters(books: Books, who: str) -> None:
    with pytest.raises(NotAllowed):
        allocate(books.cast.everyone()[who], books.year, books.source, 1, decision="x", decided_on=DECIDED)


@pytest.mark.parametrize("who", ["planner", "fund_officer", "administrator", "leader"])
def test_only_the_confirmer_confirms(books: Books, who: str) -> None:
    entered = allocate(books.cast.fund_officer, books.year, books.source, 1, decision="x", decided_on=DECIDED)
    with pytest.raises(NotAllowed):
        confirm_allocation(books.cast.everyone()[who], entered)


def test_creator_with_both_offices_cannot_confirm(books: Books) -> None:
    Assignment.objects.create(user=books.cast.fund_officer, role=Role.FUND_CONFIRMER, valid_from=REFORM)
    entered = allocate(books.cast.fund_officer, books.year, books.source, 1, decision="x", decided_on=DECIDED)
    with pytest.raises(NotAllowed) as refused:
        confirm_allocation(books.cast.fund_officer, entered)
    assert refused.value.code == "FOUR_EYES"
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.filter(pk=entered.pk).update(confirmed_by=books.cast.fund_officer)


def test_confirming_twice_is_a_conflict(books: Books) -> None:
    with pytest.raises(Conflict):
        confirm_allocation(books.cast.fund_confirmer, books.allocation)


def test_same_decision_twice_is_a_conflict(books: Books) -> None:
    with pytest.raises(Conflict) as refused:
        allocate(books.cast.fund_officer, books.year, books.source, 1, decision="10/QĐ-UBND", decided_on=DECIDED)
    assert refused.value.code == "ALLOCATION_EXISTS"


@pytest.mark.parametrize("amount", [0, -1, Decimal("0.5"), 1.5, True, Decimal("NaN"), 10**16])
def test_absurd_amounts_are_refused(books: Books, amount: object) -> None:
    with pytest.raises(InputRefused):
        allocate(books.cast.fund_officer, books.year, books.source, amount, decision="x", decided_on=DECIDED)  # type: ignore[arg-type]


def test_closed_year_takes_no_allocation(books: Books) -> None:
    books.year.closed_on = date(2027, 3, 1)
    books.year.save()
    with pytest.raises(Conflict):
        allocate(books.cast.fund_officer, books.year, books.source, 1, decision="x", decided_on=DECIDED)


def test_opening_a_year_twice_gives_the_same(books: Books) -> None:
    assert open_year(books.cast.fund_officer, 2026) == books.year
    assert open_year(books.cast.fund_officer, 2025).settlement_due == date(2026, 1, 31)
    with pytest.raises(InputRefused):
        open_year(books.cast.fund_officer, 26)
