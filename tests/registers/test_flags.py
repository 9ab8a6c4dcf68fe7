"""Which funded projects need a second look?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from layers.models import LegalInstrument
from planning.registers.models import BoundaryKind, FundLevel, SupportCeiling
from planning.registers.queries import flags_of, flags_on
from planning.registers.services import record_boundary, stop_project
from tests.cast import TODAY, make_instrument, multi, point, square
from tests.registers.books import MILLION, Books


def codes(books: Books, project: object, day: date = TODAY) -> set[str]:
    return {flag.code for flag in flags_of(project, day)}  # type: ignore[arg-type]


def ceiling(level: str, vnd: int, first: date, last: date | None = None, share: str | None = None) -> None:
    instrument: LegalInstrument = make_instrument("28/2018/TT-BTC")
    SupportCeiling.objects.create(
        activity="machinery",
        level=level,
        max_vnd=vnd * MILLION,
        max_share=Decimal(share) if share else None,
        valid_from=first,
        valid_to=last,
        instrument=instrument,
    )


def test_quiet_project_has_no_flag(books: Books) -> None:
    assert codes(books, books.running()) == set()


def test_over_the_ceiling_of_its_year(books: Books) -> None:
    ceiling(FundLevel.NATIONAL, 400, date(2018, 5, 11))
    project = books.contracted()
    flag = flags_of(project, TODAY)[0]
    assert flag.code == "over_ceiling"
    assert "100.000.000" in flag.text
    ceiling(FundLevel.LOCAL, 500, date(2025, 1, 1))
    assert codes(books, project) == set(), "the province's own ceiling stands before the national one"


def test_ceiling_of_another_time_does_not_count(books: Books) -> None:
    ceiling(FundLevel.NATIONAL, 200, date(2014, 4, 8), date(2018, 5, 10))
    assert codes(books, books.contracted()) == set()


def test_share_of_the_cost_counts_when_the_counterpart_is_known(books: Books) -> None:
    ceiling(FundLevel.NATIONAL, 900, date(2018, 5, 11), share="0.4")
    assert codes(books, books.contracted()) == {"over_ceiling"}
    assert codes(books, books.contracted(counterpart_vnd=0)) == set()


def test_same_content_for_the_same_beneficiary(books: Books) -> None:
    first = books.planned(content_key="Máy dệt")
    second = books.planned(content_key="may  DỆT")
    books.planned(content_key="Máy dệt", beneficiary=books.household)
    assert codes(books, first) == codes(books, second) == {"funded_twice"}
    assert first.code in flags_of(second, TODAY)[0].text
    stop_project(books.cast.fund_officer, second, reason="Trùng")
    assert codes(books, first) == set()


def test_place_outside_the_boundary_of_its_cluster(books: Books) -> None:
    record_boundary(
        None, books.cluster, multi(square(12_000, 1_000, 500)), kind=BoundaryKind.DECIDED, valid_from=date(2020, 1, 1)
    )
    inside = books.planned(cluster=books.cluster, location=point(12_100, 1_100))
    outside = books.planned(cluster=books.cluster, location=point(13_000, 1_100))
    assert codes(books, inside) == set()
    assert codes(books, outside) == {"outside_boundary"}
    assert codes(books, outside, date(2019, 12, 31)) == set()


def test_not_accepted_in_its_plan_year(books: Books) -> None:
    accepted, running = books.accepted(), books.running()
    assert codes(books, running, date(2026, 12, 31)) == set()
    assert codes(books, running, date(2027, 1, 1)) == {"not_accepted_in_year"}
    assert codes(books, accepted, date(2027, 1, 1)) == set()


def test_all_flags_come_in_one_list(books: Books) -> None:
    books.running()
    assert [flag.code for flag in flags_on(date(2027, 3, 1))] == ["late_settlement", "not_accepted_in_year"]
