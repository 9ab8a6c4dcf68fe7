"""Who keeps a village's year, and what do its figures prove?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from layers.errors import Conflict, InputRefused, NotAllowed
from planning.people.models import Event
from planning.registers.models import RegisterParameter, RegisterParameterName, VillageKind, VillageYear
from planning.registers.queries import village_criteria
from planning.registers.services import VillageFigures, save_village_year, send_village_year
from tests.cast import TODAY, make_instrument
from tests.registers.books import Books

GOOD = VillageFigures(households_total=100, households_engaged=20, stable=True, revenue_vnd=Decimal(5_000_000))


def test_officer_saves_mends_and_sends(books: Books) -> None:
    officer, village = books.cast.commune_officer, books.village
    save_village_year(officer, village, 2025, VillageFigures(households_total=90))
    with pytest.raises(InputRefused):
        send_village_year(officer, village, 2025)
    save_village_year(officer, village, 2025, GOOD)
    assert send_village_year(officer, village, 2025).sent_at
    with pytest.raises(Conflict):
        save_village_year(officer, village, 2025, GOOD)
    with pytest.raises(Conflict):
        send_village_year(officer, village, 2025)
    assert VillageYear.objects.count() == 1
    assert Event.objects.filter(verb="send_village_year").count() == 1


@pytest.mark.parametrize("who", ["planner", "fund_officer", "administrator", "inspector"])
def test_nobody_else_enters(books: Books, who: str) -> None:
    with pytest.raises(NotAllowed):
        save_village_year(books.cast.everyone()[who], books.village, 2025, GOOD)


def test_officer_stays_in_her_commune(books: Books) -> None:
    books.village.unit = books.land.east
    books.village.save()
    with pytest.raises(NotAllowed) as refused:
        save_village_year(books.cast.commune_officer, books.village, 2025, GOOD)
    assert refused.value.code == "OUTSIDE_SCOPE"


@pytest.mark.parametrize(
    "figures",
    [
        VillageFigures(households_total=10, households_engaged=11),
        VillageFigures(workers=-1),
        VillageFigures(workers=10**7),
        VillageFigures(revenue_vnd=Decimal("0.5")),
    ],
)
def test_contradictions_are_refused(books: Books, figures: VillageFigures) -> None:
    with pytest.raises(InputRefused):
        save_village_year(books.cast.commune_officer, books.village, 2025, figures)
    with pytest.raises(InputRefused):
        save_village_year(books.cast.commune_officer, books.village, TODAY.year + 2, GOOD)


def test_database_refuses_more_engaged_than_there_are(books: Books) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        VillageYear.objects.create(village=books.village, year=2025, households_total=1, households_engaged=2)


def _years(books: Books, *years: tuple[int, int, bool | None]) -> None:
    for year, engaged, stable in years:
        save_village_year(
            books.cast.commune_officer,
            books.village,
            year,
            VillageFigures(households_total=100, households_engaged=engaged, stable=stable),
        )
        send_village_year(books.cast.commune_officer, books.village, year)


def states(books: Books) -> dict[str, str]:
    return {criterion.code: criterion.state for criterion in village_criteria(books.village, TODAY).all}


def test_nothing_known_is_unknown_not_failed(books: Books) -> None:
    assert set(states(books).values()) == {"unknown"}
    assert village_criteria(books.village, TODAY).supports is None


def test_twenty_per_cent_two_years_and_environment_make_a_craft_village(books: Books) -> None:
    _years(books, (2024, 19, True), (2025, 20, True))
    books.village.environment_plan = True
    assert states(books) | {} == {
        "households": "met",
        "stable": "met",
        "environment": "met",
        "age": "unknown",
        "identity": "unknown",
    }
    assert village_criteria(books.village, TODAY).supports == VillageKind.CRAFT_VILLAGE


def test_more_than_fifty_years_and_identity_make_it_traditional(books: Books) -> None:
    books.village.since_year = TODAY.year - 50
    books.village.cultural_identity = True
    assert states(books)["age"] == "not_met"
    books.village.since_year = TODAY.year - 51
    assert village_criteria(books.village, TODAY).supports == VillageKind.TRADITIONAL_CRAFT
    _years(books, (2024, 30, True), (2025, 30, True))
    books.village.environment_plan = True
    assert village_criteria(books.village, TODAY).supports == VillageKind.TRADITIONAL_VILLAGE


def test_gap_is_unknown_and_break_is_not_met(books: Books) -> None:
    _years(books, (2023, 30, True), (2025, 30, True))
    assert states(books)["stable"] == "unknown"
    _years(books, (2024, 30, False))
    assert states(books)["stable"] == "not_met"


def test_criterion_without_a_figure_of_its_day_is_unknown_and_says_so(books: Books) -> None:
    _years(books, (2024, 30, True), (2025, 30, True))
    books.village.environment_plan, books.village.cultural_identity, books.village.since_year = True, True, 1900
    assert village_criteria(books.village, TODAY).supports == VillageKind.TRADITIONAL_VILLAGE
    RegisterParameter.objects.update(valid_to=date(2025, 12, 31))
    judged = village_criteria(books.village, TODAY)
    assert judged.supports is None
    by_code = {criterion.code: criterion for criterion in judged.all}
    names = {
        "households": RegisterParameterName.VILLAGE_HOUSEHOLD_SHARE,
        "stable": RegisterParameterName.VILLAGE_STABLE_YEARS,
        "age": RegisterParameterName.CRAFT_YEARS,
    }
    for code, name in names.items():
        assert by_code[code].state == "unknown"
        assert str(name.label) in by_code[code].reason


def test_new_figure_judges_and_prints_from_its_first_day(books: Books) -> None:
    _years(books, (2024, 25, True), (2025, 25, True))
    instrument = make_instrument("99/2026/NĐ-CP")
    for name, value in (
        (RegisterParameterName.VILLAGE_HOUSEHOLD_SHARE, "0.255"),
        (RegisterParameterName.VILLAGE_STABLE_YEARS, "3"),
        (RegisterParameterName.CRAFT_YEARS, "30"),
    ):
        RegisterParameter.objects.create(
            name=name, value=Decimal(value), valid_from=TODAY, instrument=instrument, article="Điều 7"
        )
    books.village.since_year = TODAY.year - 40
    with override("en"):
        before = {one.code: one for one in village_criteria(books.village, TODAY - timedelta(days=1)).all}
        after = {one.code: one for one in village_criteria(books.village, TODAY).all}
    assert [before[code].state for code in ("households", "stable", "age")] == ["met", "met", "not_met"]
    assert [after[code].state for code in ("households", "stable", "age")] == ["not_met", "unknown", "met"]
    assert before["households"].title == "At least 20 % of the households take part"
    assert after["households"].title == "At least 25,5 % of the households take part"
    assert after["stable"].title == "Stable production for 3 consecutive years"
    assert after["age"].title == "The craft has existed here for more than 30 years"
    assert before["age"].citation == "52/2018/NĐ-CP, Điều 5 khoản 2"
    assert after["age"].citation == "99/2026/NĐ-CP, Điều 7"


def test_unsent_figures_do_not_count(books: Books) -> None:
    save_village_year(books.cast.commune_officer, books.village, 2025, GOOD)
    assert states(books)["households"] == "unknown"
