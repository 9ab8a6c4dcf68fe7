"""Is the catalogue whole, loaded once, and are incomplete rules refused?"""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest
from django.utils import timezone

from layers.errors import InputRefused, NotFound
from planning.checks.basis import basis_on, forget_basis
from planning.checks.engine import ANSWERS
from planning.checks.models import Parameter, Question, Rule, RuleSet
from planning.checks.services import load_catalogue
from planning.checks.system_checks import published_rules_complete
from planning.checks.wording import CATALOGUE, Words, fill, sentences
from tests.cast import TODAY, Land
from tests.checks.ground import basis

pytestmark = pytest.mark.django_db


def test_every_question_has_an_answer() -> None:
    assert set(ANSWERS) == set(Question.values)


def test_loading_twice_publishes_once(land: Land) -> None:
    first, second = load_catalogue(), load_catalogue()
    assert (first.published, second.published) == (True, False)
    assert first.rule_set == second.rule_set
    assert second.parameters_added == 0
    assert Rule.objects.count() == first.rules


def test_a_changed_rule_is_a_new_version_and_leaves_the_old_one(land: Land, tmp_path: Path) -> None:
    old = load_catalogue().rule_set
    folder = copytree(CATALOGUE, tmp_path / "catalogue")
    text = (folder / "rules.toml").read_text(encoding="utf-8")
    (folder / "rules.toml").write_text(text.replace('title_en = "Slope"', 'title_en = "Steepness"'), encoding="utf-8")
    new = load_catalogue(folder)
    assert (new.published, new.rule_set.version) == (True, old.version + 1)
    assert old.rules.get(code="slope").title_en == "Slope"
    assert basis().rule_set_version == new.rule_set.version


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('title_vi = "Độ dốc"', 'title_vi = ""', "title_vi"),
        ('severity = "advisory"', 'severity = "perhaps"', "cascade"),
        ('question = "share"', 'question = "smell"', "answering"),
        ('limit = "slope_share_max"', 'limit = "no_such"', "no_such"),
    ],
)
def test_incomplete_rules_are_refused(land: Land, tmp_path: Path, old: str, new: str, complaint: str) -> None:
    folder = copytree(CATALOGUE, tmp_path / "catalogue")
    text = (folder / "rules.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "rules.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        load_catalogue(folder)
    assert complaint in refused.value.where
    assert not RuleSet.objects.exists()


def test_the_start_up_check_refuses_a_broken_published_rule(rules: RuleSet) -> None:
    assert published_rules_complete(None, databases=["default"]) == []
    broken = RuleSet.objects.create(version=rules.version + 1)
    slope = rules.rules.get(code="slope")
    slope.pk, slope.rule_set, slope.severity = None, broken, "perhaps"
    slope.save()
    RuleSet.objects.filter(pk=broken.pk).update(published_at=timezone.now())
    (problem,) = published_rules_complete(None, databases=["default"])
    assert "slope" in problem.msg


def test_an_administrators_value_is_kept(rules: RuleSet) -> None:
    Parameter.objects.filter(code="residential_separation_m", valid_to=None).update(value=300)
    loaded = load_catalogue()
    assert loaded.parameters_kept == ("residential_separation_m",)
    separation = next(rule for rule in basis().rules if rule.code == "residential_separation")
    assert separation.distance_m == 300


def test_a_parameter_change_reaches_the_cached_basis(rules: RuleSet) -> None:
    before = basis_on(TODAY)
    assert basis_on(TODAY) is before
    Parameter.objects.filter(code="residential_separation_m", valid_to=None).update(value=301)
    separation = next(rule for rule in basis_on(TODAY).rules if rule.code == "residential_separation")
    assert separation.distance_m == 301
    forget_basis()


def test_without_a_rule_set_nothing_is_answered(land: Land) -> None:
    forget_basis()
    with pytest.raises(NotFound):
        basis_on(TODAY)


def test_unverified_figures_are_said_to_be_so(rules: RuleSet) -> None:
    verified = {rule.code: rule.verified for rule in basis().rules}
    assert verified["size"]
    assert not verified["residential_separation"]
    assert not verified["road_corridor"]  # the widths of the new decree are assumed


def test_every_text_can_be_filled() -> None:
    for words in sentences().values():
        filled = fill(words, {})
        assert "{" not in filled.vi + filled.en


def test_numbers_are_written_as_each_language_does() -> None:
    filled = fill(
        Words("{area_ha} {value_share} {count}", "{area_ha} {value_share} {count}"),
        {"area_ha": 1234.5, "value_share": 0.125, "count": 1200},
    )
    assert filled == Words("1.234,50 12,5 % 1.200", "1,234.50 12.5 % 1,200")
