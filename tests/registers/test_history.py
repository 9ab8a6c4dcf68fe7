"""How do earlier years come in, and do the sums hold whatever happened?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.errors import DatNgheError, InputRefused, NotAllowed
from planning.registers.models import Allocation, FundedProjectState, Payment, PaymentKind
from planning.registers.queries import flags_on, project_money, totals_by
from planning.registers.services import (
    History,
    HistoryPayment,
    allocate,
    confirm_payment,
    enter_payment,
    record_acceptance,
    record_history,
    recover,
    reverse_payment,
    settle,
    stop_project,
)
from tests.cast import TODAY
from tests.registers.books import MILLION, PAID, Books, committed, fresh

PAST = History(
    state=FundedProjectState.SETTLED,
    contract_number="05/HĐ",
    signed_on=date(2026, 2, 1),
    payments=(
        HistoryPayment(PaymentKind.ADVANCE, 200 * MILLION, date(2026, 3, 1)),
        HistoryPayment(PaymentKind.FINAL, 300 * MILLION, date(2026, 6, 1)),
    ),
    accepted_on=date(2026, 5, 1),
    settled_on=date(2026, 6, 15),
)


def test_history_comes_in_whole_and_once(books: Books) -> None:
    project = record_history(None, books.given(code="KC-2014-03"), PAST)
    again = record_history(None, books.given(code="KC-2014-03"), PAST)
    assert again == project
    money = project_money(project)
    assert (money.paid_vnd, money.settled_vnd, money.waiting) == (500 * MILLION, 500 * MILLION, 0)
    assert project.imported
    assert committed(books.allocation) == 500 * MILLION


def test_history_above_the_allocation_is_kept_and_flagged(books: Books) -> None:
    for number in range(3):
        record_history(None, books.given(code=f"OLD-{number}"), PAST)
    allocation = Allocation.objects.get(pk=books.allocation.pk)
    assert allocation.committed_vnd == 1_500 * MILLION
    assert allocation.imported_overrun_vnd == 500 * MILLION
    flags = [flag for flag in flags_on(TODAY) if flag.code == "over_allocated"]
    assert [flag.allocation_id for flag in flags] == [allocation.pk]
    assert "500.000.000" in flags[0].text


def test_overrun_of_the_past_gives_no_room_today(books: Books) -> None:
    for number in range(3):
        record_history(None, books.given(code=f"OLD-{number}"), PAST)
    project = books.contracted()
    with pytest.raises(DatNgheError) as refused:
        enter_payment(books.cast.fund_officer, project, PaymentKind.ADVANCE, 1, PAID, idempotency_key="nothing-left")
    assert refused.value.code == "ABOVE_ALLOCATION"


def test_only_the_fund_officer_imports(books: Books) -> None:
    with pytest.raises(NotAllowed):
        record_history(books.cast.planner, books.given(code="OLD"), PAST)
    with pytest.raises(InputRefused):
        record_history(
            None,
            books.given(code="OLD"),
            History(FundedProjectState.SETTLED, payments=(HistoryPayment("gift", 1, PAID),)),
        )


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["advance", "final", "confirm", "reverse", "accept", "settle", "stop", "recover", "history"]),
        st.integers(0, 2),
        st.integers(1, 600),
    ),
    max_size=25,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
@pytest.mark.django_db
def test_whatever_happens_the_sums_hold(books: Books, acts: list[tuple[str, int, int]]) -> None:
    """After every act committed equals the lines, stays within the allocation, and grants are not exceeded (R21)."""
    from django.db import transaction

    with transaction.atomic():
        allocation = allocate(
            books.cast.fund_officer, books.year, books.source, 900 * MILLION, decision="random", decided_on=PAID
        )
        Allocation.objects.filter(pk=allocation.pk).update(confirmed_at="2026-01-20T00:00:00Z")
        projects = [books.contracted(allocation=allocation) for _ in range(3)]
        for number, (act, which, amount) in enumerate(acts):
            try:
                with transaction.atomic():
                    _do(books, allocation, act, fresh(projects[which]), amount * MILLION, number)
            except DatNgheError:
                pass
            _check_sums(allocation)
        totals = totals_by("commune", TODAY)
        assert totals.total.granted_vnd == sum(line.granted_vnd for line in totals.lines)
        transaction.set_rollback(True)


def _do(books: Books, allocation: Allocation, act: str, project: object, amount: int, number: int) -> None:
    officer, confirmer, key = books.cast.fund_officer, books.cast.fund_confirmer, f"random-key-{number}"
    project = fresh(project)  # type: ignore[arg-type]
    last = Payment.objects.filter(funded_project=project).order_by("-pk").first()
    if act in {"advance", "final"}:
        enter_payment(officer, project, act, amount, PAID, idempotency_key=key)
    elif act == "confirm" and last:
        confirm_payment(confirmer, last)
    elif act == "reverse" and last:
        reverse_payment(officer, last, reason="Nhầm", idempotency_key=key)
    elif act == "accept":
        record_acceptance(officer, project, accepted_on=date(2026, 9, 1), passed=True)
    elif act == "settle":
        settle(officer, project, settled_on=date(2026, 10, 1), settled_vnd=amount)
    elif act == "stop":
        stop_project(officer, project, reason="Dừng")
    elif act == "recover":
        recover(officer, project, amount, PAID, idempotency_key=key)
    elif act == "history":
        past = History(FundedProjectState.RUNNING, payments=(HistoryPayment("advance", amount, PAID),))
        record_history(None, books.given(code=f"OLD-{number}", allocation=allocation), past)


def _check_sums(allocation: Allocation) -> None:
    row = Allocation.objects.get(pk=allocation.pk)
    lines = Decimal(0)
    for project in row.funded_projects.all():
        money = project_money(project)
        lines += money.committed_vnd
        assert 0 <= money.paid_vnd <= money.committed_vnd + 0 or money.waiting
        assert money.recovered_vnd <= money.paid_vnd
        if not project.imported:
            assert money.committed_vnd <= project.granted_vnd
    assert row.committed_vnd == lines
    assert row.committed_vnd <= row.amount_vnd + row.imported_overrun_vnd
