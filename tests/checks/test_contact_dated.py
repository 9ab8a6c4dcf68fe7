"""Is the tolerance of contact a dated figure? The day picks it, reports keep it, a repeated run tells of a change."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from layers.errors import InputRefused
from layers.models import LegalInstrument
from planning.checks.basis import basis_of_run, basis_on, basis_with, fingerprint
from planning.checks.contact import AREA, WIDTH, Contact
from planning.checks.models import Parameter, RuleSet
from planning.checks.services import add_value
from planning.checks.types import Level, Outcome
from planning.checks.wording import tolerance
from planning.proposals.rerun_differences import source_differences
from tests.cast import TODAY, Cast, rectangle, square
from tests.checks.ground import basis, check, one, publish, row

pytestmark = pytest.mark.django_db
ZONE = square(1_000, 1_000, 500)
YESTERDAY = TODAY - timedelta(days=1)


def widen(code: str, value: float, since: date = TODAY) -> None:
    known = Parameter.objects.get(code=code)
    Parameter.objects.create(
        code=code, title_vi=known.title_vi, title_en=known.title_en, value=Decimal(str(value)), unit=known.unit,
        valid_from=since,
    )  # fmt: skip


def test_the_catalogue_brings_it_as_a_figure_of_the_house(rules: RuleSet) -> None:
    for code, value in ((AREA, 1), (WIDTH, Decimal("0.05"))):
        figure = Parameter.objects.get(code=code)
        assert (figure.value, figure.instrument, figure.verified) == (value, None, False)
        assert "quy ước" in figure.article
    assert basis().contact == Contact()


@pytest.mark.parametrize("level", list(Level))
def test_the_day_picks_the_tolerance(rules: RuleSet, level: Level) -> None:
    publish("forest_special", [row(rectangle(1_499.9, 1_100, 100, 50), "Rừng")])  # 5 m², 10 cm wide
    assert one(check(ZONE, level=level), "forest_special").outcome == Outcome.CONFLICT
    widen(AREA, 10)
    widen(WIDTH, 0.2)
    finding = one(check(ZONE, level=level), "forest_special")
    assert (finding.outcome, finding.overlap_m2) == (Outcome.CONTACT, pytest.approx(5))
    assert "dưới 10 m² và hẹp hơn 20 cm" in finding.text.vi
    assert "below 10 m² and narrower than 20 cm" in finding.text.en
    assert one(check(ZONE, level=level, day=YESTERDAY), "forest_special").outcome == Outcome.CONFLICT


def test_the_first_values_are_said_as_they_always_were() -> None:
    assert tolerance(Contact()).vi == "dưới 1 m² và hẹp hơn 5 cm"
    assert tolerance(Contact(1.5, 0.125)).vi == "dưới 1,5 m² và hẹp hơn 12,5 cm"
    assert tolerance(Contact(1.5, 0.125)).en == "below 1.5 m² and narrower than 12.5 cm"


def test_a_day_before_any_value_is_judged_by_the_first_ones(rules: RuleSet) -> None:
    Parameter.objects.filter(code__in=(AREA, WIDTH)).delete()
    assert basis().contact == Contact()


def test_a_kept_basis_names_it_and_is_another_one_when_it_changes(rules: RuleSet) -> None:
    before = basis()
    kept = before.as_data()
    assert kept["contact"] == {"area_m2": 1.0, "width_m": 0.05}
    widen(WIDTH, 0.2)
    after = basis_on(TODAY)
    assert after.contact == Contact(1.0, 0.2)
    assert fingerprint(after) != fingerprint(before)
    assert before.same_as(kept) and not after.same_as(kept)
    assert basis_with(after).contact == after.contact
    assert basis_of_run(kept).contact == after.contact  # figures of that day as they read now


def test_a_basis_kept_before_it_was_dated_was_judged_by_the_first_values(rules: RuleSet) -> None:
    kept = {name: value for name, value in basis().as_data().items() if name != "contact"}
    assert basis().same_as(kept)
    assert source_differences(kept, basis().as_data()) == []
    widen(AREA, 2)
    (difference,) = source_differences(kept, basis().as_data())
    assert difference.source and "1 m²" in difference.before and "2 m²" in difference.after


@pytest.mark.parametrize(
    ("code", "value"), [(AREA, "0.5"), (AREA, "10.1"), (WIDTH, "0.04"), (WIDTH, "0.6"), (WIDTH, "0")]
)
def test_a_tolerance_that_cannot_be_kept_is_refused(rules: RuleSet, cast: Cast, code: str, value: str) -> None:
    text = LegalInstrument.objects.earliest("pk")
    with pytest.raises(InputRefused) as refused:
        add_value(cast.administrator, code, Decimal(value), TODAY, instrument=text)
    assert refused.value.code == "VALUE_OUT_OF_RANGE"
    assert basis().contact == Contact()


@pytest.mark.parametrize(("code", "value"), [(AREA, "1"), (AREA, "10"), (WIDTH, "0.05"), (WIDTH, "0.5")])
def test_a_tolerance_within_bounds_is_taken(rules: RuleSet, cast: Cast, code: str, value: str) -> None:
    text = LegalInstrument.objects.earliest("pk")
    assert add_value(cast.administrator, code, Decimal(value), TODAY, instrument=text).value == Decimal(value)
