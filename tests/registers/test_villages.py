"""Who keeps a village's year, and what do its figures prove?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from layers.errors import Conflict, InputRefused, NotAllowed
from planning.people.models import Event
from planning.registers.models import VillageKind, VillageYear
from planning.registers.queries import village_criteria
from planning.registers.services import VillageFigures, save_village_year, send_village_year
from tests.cast import TODAY
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


def test_unsent_figures_do_not_count(books: Books) -> None:
    save_village_year(books.cast.commune_officer, books.village, 2025, GOOD)
    assert states(books)["households"] == "unknown"
