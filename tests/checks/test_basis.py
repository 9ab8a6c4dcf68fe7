"""Is the check asked against what held that day? Editions as of a day, retired rows, ages, kept bases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from layers.grid import on_grid
from layers.models import Edition
from layers.services import promote_edition, stage_rows
from planning.checks.basis import basis_at_hand, basis_with
from planning.checks.engine import check_live
from planning.checks.models import RuleSet
from planning.checks.types import Outcome, Subject
from tests.cast import TODAY, square
from tests.checks.ground import basis, check, one, publish, row

pytestmark = pytest.mark.django_db
ZONE = on_grid(square(1_000, 1_000, 500))
TOMORROW = TODAY + timedelta(days=1)


def test_the_edition_of_the_day(rules: RuleSet) -> None:
    old = publish("forest_special", [row(square(1_000, 1_000, 100), "Cũ")], effective_from=date(2025, 1, 1))
    new = publish("forest_special", [row(square(5_000, 5_000, 100), "Mới")], effective_from=date(2026, 1, 1))
    # the old edition retired today: yesterday it still answered
    yesterday = TODAY - timedelta(days=1)
    assert basis(date(2025, 6, 1)).editions["forest_special"].id == old.pk
    assert basis(TODAY).editions["forest_special"].id == new.pk
    assert one(check(ZONE, day=date(2025, 12, 1)), "forest_special").outcome == Outcome.CONFLICT
    assert one(check(ZONE), "forest_special").outcome == Outcome.CLEAR
    assert basis(yesterday).editions["forest_special"].id == new.pk  # effective by then, and the later number


def test_before_the_first_edition_nothing_is_known(rules: RuleSet) -> None:
    publish("forest_special", [row(square(1_000, 1_000, 100))], effective_from=date(2026, 1, 1))
    assert one(check(ZONE, day=date(2025, 12, 1)), "forest_special").outcome == Outcome.NOT_CHECKED


def test_an_edition_without_parts_is_not_asked(rules: RuleSet) -> None:
    edition = publish("forest_special", [row(square(1_000, 1_000, 100))])
    Edition.objects.filter(pk=edition.pk).update(parts_built=False)
    assert one(check(ZONE), "forest_special").outcome == Outcome.NOT_CHECKED


def test_age_is_part_of_the_basis(rules: RuleSet) -> None:
    publish("forest_special", [row(square(1_000, 1_000, 100))], effective_from=TODAY - timedelta(days=400))
    publish("heritage", [row(square(1_000, 1_000, 100))], effective_from=TODAY - timedelta(days=300))
    editions = basis().editions
    assert editions["forest_special"].overdue_days == 35
    assert editions["heritage"].overdue_days == 0
    report = check(ZONE)
    finding = one(report, "forest_special")
    assert finding.overdue_days == finding.as_data()["overdue_days"] == 35
    assert "overdue_days" not in finding.canonical()  # growing older is no other answer


def test_age_counts_from_the_day_the_publisher_looked(rules: RuleSet) -> None:
    edition = publish("forest_special", [row(square(1_000, 1_000, 100))], effective_from=TODAY - timedelta(days=10))
    layer = edition.layer
    staged = stage_rows(
        layer,
        [row(square(1_000, 1_000, 100))],
        effective_from=TODAY - timedelta(days=10),
        looked_on=TODAY - timedelta(days=400),
        source="test",
    )
    assert basis_with(basis(), editions=[staged.pk]).editions["forest_special"].overdue_days == 35
    promote_edition(staged, on=TODAY)
    assert basis().editions["forest_special"].overdue_days == 35


def test_a_kept_basis_is_recognised(rules: RuleSet) -> None:
    publish("forest_special", [row(square(1_000, 1_000, 100))])
    kept = basis().as_data()
    assert basis(TOMORROW).same_as(kept)
    publish("forest_special", [row(square(1_000, 1_000, 100))])
    assert not basis().same_as(kept)


def test_thresholds_are_those_of_the_day(rules: RuleSet) -> None:
    def corridor(day: date) -> float:
        rule = next(rule for rule in basis(day).rules if rule.code == "road_corridor")
        return rule.distances["III"]

    assert corridor(date(2024, 6, 1)) == corridor(TODAY) == 13
    verified = {rule.code: rule.verified for rule in basis(TODAY).rules}
    assert not verified["road_corridor"]
    assert not [rule for rule in basis(date(2024, 1, 1)).rules if rule.code == "size"]  # the decree came in May


def test_what_is_published_while_somebody_draws_is_in_the_next_live_answer(rules: RuleSet) -> None:
    publish("forest_special", [row(square(5_000, 5_000, 100), "Xa")])
    subject = Subject(ZONE)
    at_hand = basis_at_hand(TODAY)
    assert basis_at_hand(TODAY) is at_hand
    assert one(check_live(subject, at_hand), "forest_special").outcome == Outcome.CLEAR
    publish("forest_special", [row(square(1_000, 1_000, 100), "Mới")])
    assert basis_at_hand(TODAY) is at_hand  # nobody has told this process
    assert one(check_live(subject, at_hand), "forest_special").outcome == Outcome.CONFLICT
    assert basis_at_hand(TODAY) is not at_hand


def test_the_live_answer_costs_one_question_while_nothing_is_published(
    rules: RuleSet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish("forest_special", [row(square(1_000, 1_000, 100))])
    check_live(Subject(ZONE), basis_at_hand(TODAY))
    with django_assert_num_queries(3):  # the facts inside a savepoint, because a test is a transaction
        check_live(Subject(ZONE), basis_at_hand(TODAY))
