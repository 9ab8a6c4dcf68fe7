"""Do the totals say the same sum from every side?"""

from __future__ import annotations

from datetime import date

import pytest

from layers.models import AdminSuccession, AdminUnit, SuccessionKind
from planning.registers.queries import money_by_year, totals_by
from planning.registers.services import open_year
from tests.cast import TODAY, multi, square
from tests.registers.books import MILLION, Books


def test_every_grouping_sums_to_the_same(books: Books) -> None:
    books.accepted()
    books.planned(unit=books.land.east, village=None, granted_vnd=100 * MILLION)
    books.planned(unit=books.land.far, village=None, granted_vnd=50 * MILLION)
    sums = [totals_by(group, TODAY).total for group in ("commune", "district", "trade", "year")]
    assert {(one.projects, one.granted_vnd, one.paid_vnd) for one in sums} == {(3, 650 * MILLION, 300 * MILLION)}


def test_lines_by_commune_district_trade_and_year(books: Books) -> None:
    books.planned()
    books.planned(unit=books.land.east, village=None, granted_vnd=100 * MILLION)
    assert [line.label for line in totals_by("commune", TODAY).lines] == ["Xã Tây", "Xã Đông"]
    district = totals_by("district", TODAY).lines
    assert [(line.label, line.projects) for line in district] == [("Huyện Thử", 2)]
    assert [line.key for line in totals_by("trade", TODAY).lines] == ["weaving", ""]
    assert [line.key for line in totals_by("year", TODAY).lines] == ["2026"]


def test_unit_of_the_past_counts_where_it_is_today(books: Books) -> None:
    old = AdminUnit.objects.create(
        code="24100",
        name="Cũ",
        kind_name="Xã",
        level_id="commune",
        parent=books.land.old_district,
        valid_from=date(2004, 1, 1),
        valid_to=date(2025, 6, 30),
        geom=multi(square(0, 0, 3_000)),
    )
    AdminSuccession.objects.create(predecessor=old, successor=books.land.west, kind=SuccessionKind.FULL)
    books.planned(unit=old)
    assert [line.label for line in totals_by("commune", TODAY).lines] == ["Xã Tây"]
    assert [line.label for line in totals_by("commune", date(2025, 1, 1)).lines] == ["Xã Cũ"]


def test_years_bound_the_totals(books: Books) -> None:
    books.planned()
    assert totals_by("commune", TODAY, year_from=2027).lines == ()
    assert totals_by("commune", TODAY, year_to=2026).total.projects == 1


def test_other_groupings_do_not_exist(books: Books) -> None:
    with pytest.raises(KeyError):
        totals_by("beneficiary", TODAY)


def test_money_by_year_lists_years_without_projects(books: Books) -> None:
    books.running()
    open_year(books.cast.fund_officer, 2027)
    rows = {row.year: row for row in money_by_year()}
    assert rows[2027].allocated_vnd == 0
    assert (rows[2026].allocated_vnd, rows[2026].granted_vnd, rows[2026].paid_vnd) == (
        1_000 * MILLION,
        500 * MILLION,
        300 * MILLION,
    )
