"""How does a funded project begin, and what may its title not say?"""

from __future__ import annotations

from datetime import date

import pytest

from layers.errors import Conflict, InputRefused, MoneyRefused, NotAllowed, TransitionRefused
from planning.people.models import Event
from planning.registers.models import FundedProjectState, PartyKind, PaymentKind
from planning.registers.services import enter_payment, extend_project, party_named, sign_contract, stop_project
from tests.registers.books import MILLION, PAID, SIGNED, Books, fresh


def test_project_gets_the_next_number_of_its_year(books: Books) -> None:
    first, second = books.planned(), books.planned()
    assert (first.code, second.code) == ("KC-2026-001", "KC-2026-002")
    assert first.state == FundedProjectState.PLANNED
    assert first.level == "local"
    assert first.unit_as_reported == "Xã Tây"
    assert Event.objects.filter(verb="enter_project").count() == 2


def test_own_number_is_kept_and_not_given_twice(books: Books) -> None:
    assert books.planned(code="ĐA 07/2026").code == "ĐA 07/2026"
    with pytest.raises(Conflict):
        books.planned(code="ĐA 07/2026")


@pytest.mark.parametrize("who", ["planner", "fund_confirmer", "administrator", "commune_officer"])
def test_only_the_fund_officer_enters(books: Books, who: str) -> None:
    from planning.registers.services import enter_project

    with pytest.raises(NotAllowed):
        enter_project(books.cast.everyone()[who], books.given())


def test_household_is_named_by_its_place_and_never_in_a_title(books: Books) -> None:
    assert books.household.public_name == "Một hộ gia đình ở Xã Tây"
    assert books.company.public_name == books.company.name
    with pytest.raises(InputRefused) as refused:
        books.planned(title="Hỗ trợ hộ y thử niê mua máy", beneficiary=books.household)
    assert refused.value.code == "PERSON_IN_TITLE"


def test_party_is_not_doubled(books: Books) -> None:
    assert party_named("  Hợp tác xã dệt   Tơng Bông ", PartyKind.LEGAL) == books.company
    assert party_named("Y Thử Niê", PartyKind.HOUSEHOLD, books.land.east) != books.household
    with pytest.raises(InputRefused):
        party_named(" ", PartyKind.LEGAL)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "  "},
        {"activity": "dancing"},
        {"granted_vnd": 0},
        {"starts_on": date(2026, 5, 1), "ends_on": date(2026, 4, 1)},
    ],
)
def test_incomplete_input_is_refused(books: Books, changes: dict[str, object]) -> None:
    with pytest.raises(InputRefused):
        books.planned(**changes)


def test_contract_moves_the_project_on_once(books: Books) -> None:
    project = books.contracted()
    assert project.state == FundedProjectState.CONTRACTED
    with pytest.raises(TransitionRefused):
        sign_contract(books.cast.fund_officer, project, number="02", signed_on=SIGNED, amount_vnd=1)


def test_contract_above_the_grant_is_refused(books: Books) -> None:
    with pytest.raises(InputRefused) as refused:
        sign_contract(
            books.cast.fund_officer, books.planned(), number="02", signed_on=SIGNED, amount_vnd=500 * MILLION + 1
        )
    assert "500.000.000" in refused.value.message


def test_stopped_project_takes_no_payment(books: Books) -> None:
    project = books.contracted()
    stop_project(books.cast.fund_officer, project, reason="Dịch bệnh")
    assert fresh(project).state == FundedProjectState.STOPPED
    with pytest.raises(TransitionRefused):
        enter_payment(books.cast.fund_officer, project, PaymentKind.ADVANCE, 1, PAID, idempotency_key="12345678")


def test_stopping_waits_for_open_payments_and_wants_a_reason(books: Books) -> None:
    project = books.contracted()
    with pytest.raises(InputRefused):
        stop_project(books.cast.fund_officer, project, reason=" ")
    enter_payment(books.cast.fund_officer, project, PaymentKind.ADVANCE, 1, PAID, idempotency_key="12345678")
    with pytest.raises(TransitionRefused):
        stop_project(books.cast.fund_officer, project, reason="Dịch bệnh")


def test_extension_goes_forward_only(books: Books) -> None:
    project = books.planned(ends_on=date(2026, 10, 1))
    assert extend_project(books.cast.fund_officer, project, ends_on=date(2026, 12, 1), reason="Mưa lũ").ends_on == date(
        2026, 12, 1
    )
    with pytest.raises(InputRefused):
        extend_project(books.cast.fund_officer, project, ends_on=date(2026, 11, 1), reason="Mưa lũ")


def test_unconfirmed_allocation_pays_nothing(books: Books) -> None:
    from planning.registers.models import Allocation

    project = books.contracted()
    Allocation.objects.filter(pk=books.allocation.pk).update(confirmed_by=None, confirmed_at=None)
    with pytest.raises(MoneyRefused) as refused:
        enter_payment(books.cast.fund_officer, project, PaymentKind.ADVANCE, 1, PAID, idempotency_key="12345678")
    assert refused.value.code == "ALLOCATION_UNCONFIRMED"
