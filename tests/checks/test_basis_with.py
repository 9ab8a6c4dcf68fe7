"""Can the check be asked against editions and rules that are not in force? Staged, retired, unpublished."""

from __future__ import annotations

from datetime import date

import pytest

from layers.errors import Conflict, NotFound
from layers.models import Edition, Layer
from layers.services import drop_old_derived, stage_rows
from planning.checks.basis import basis_with
from planning.checks.engine import check_report
from planning.checks.models import Rule, RuleSet, Severity
from planning.checks.types import Outcome, Subject
from tests.cast import TODAY, multi, rectangle, square
from tests.checks.ground import EVERYWHERE, basis, one, publish, row

pytestmark = pytest.mark.django_db
SUBJECT = Subject(multi(square(1_000, 1_000, 500)))


def staged(code: str, *geoms, **options) -> Edition:
    """Stage an edition beside the current one."""
    layer, _made = Layer.objects.get_or_create(
        code=code,
        defaults={"name_vi": f"Lớp {code}", "name_en": f"Layer {code}", "theme": "land", "geometry_kind": "polygon"},
    )
    coverage = multi(rectangle(*options.pop("coverage", EVERYWHERE)))
    return stage_rows(
        layer,
        [row(geom) for geom in geoms],
        effective_from=options.pop("effective_from", date(2026, 1, 1)),
        source="test",
        coverage=coverage,
    )


def test_a_staged_edition_answers_in_place_of_the_current_one(rules: RuleSet) -> None:
    current = publish("forest_special", [row(square(5_000, 5_000, 100))])
    new = staged("forest_special", square(1_000, 1_000, 100))
    asked = basis_with(basis(), editions=[new.pk])
    assert asked.editions["forest_special"].id == new.pk
    assert basis().editions["forest_special"].id == current.pk  # nothing that others ask changed
    assert one(check_report(SUBJECT, basis()), "forest_special").outcome == Outcome.CLEAR
    finding = one(check_report(SUBJECT, asked), "forest_special")
    assert (finding.outcome, finding.overlap_m2) == (Outcome.CONFLICT, 10_000.0)
    assert not asked.same_as(basis().as_data())


def test_a_layer_without_an_edition_gets_the_staged_one(rules: RuleSet) -> None:
    new = staged("forest_special", square(5_000, 5_000, 100))
    assert "forest_special" in basis().missing_layers
    asked = basis_with(basis(), editions=[new.pk])
    assert "forest_special" not in asked.missing_layers
    assert one(check_report(SUBJECT, asked), "forest_special").outcome == Outcome.CLEAR


def test_the_staged_edition_brings_its_own_coverage(rules: RuleSet) -> None:
    publish("forest_special", [row(square(5_000, 5_000, 100))])
    new = staged("forest_special", square(5_000, 5_000, 100), coverage=(1_000, 1_000, 500, 250))
    finding = one(check_report(SUBJECT, basis_with(basis(), editions=[new.pk])), "forest_special")
    assert (finding.outcome, finding.unchecked_share) == (Outcome.NOT_CHECKED, 0.5)


def test_a_retired_edition_answers_as_long_as_its_parts_are_there(rules: RuleSet) -> None:
    old = publish("forest_special", [row(square(1_000, 1_000, 100))])
    publish("forest_special", [row(square(5_000, 5_000, 100))])
    asked = basis_with(basis(), editions=[old.pk])
    assert one(check_report(SUBJECT, asked), "forest_special").outcome == Outcome.CONFLICT
    drop_old_derived(date(2027, 1, 1))
    with pytest.raises(Conflict) as refused:
        basis_with(basis(), editions=[old.pk])
    assert refused.value.code == "EDITION_NOT_BUILT"


def test_an_unpublished_rule_set_asks_its_own_rules(rules: RuleSet) -> None:
    publish("forest_special", [row(square(1_000, 1_000, 100))])
    draft = RuleSet.objects.create(version=rules.version + 1)
    rule = Rule.objects.get(rule_set=rules, code="forest_special")
    rule.pk, rule.rule_set, rule.severity = None, draft, Severity.ADVISORY
    rule.save()
    asked = basis_with(basis(), rule_set_id=draft.pk)
    assert (asked.rule_set_id, asked.rule_set_version) == (draft.pk, draft.version)
    assert [finding.outcome for finding in check_report(SUBJECT, asked).findings] == [Outcome.ADVICE]
    assert asked.missing_layers == ()  # the draft wants no other layer
    assert basis().rule_set_id == rules.pk


def test_nothing_named_is_the_same_basis(rules: RuleSet) -> None:
    publish("forest_special", [row(square(1_000, 1_000, 100))])
    assert basis_with(basis()) == basis()
    assert basis_with(basis(), rule_set_id=rules.pk).same_as(basis().as_data())


def test_what_does_not_exist_is_refused(rules: RuleSet) -> None:
    with pytest.raises(NotFound) as unknown:
        basis_with(basis(), editions=[987_654])
    assert unknown.value.code == "EDITION_UNKNOWN"
    with pytest.raises(NotFound) as no_rules:
        basis_with(basis(), rule_set_id=987_654)
    assert no_rules.value.code == "NO_RULE_SET"


def test_one_layer_cannot_answer_twice(rules: RuleSet) -> None:
    one_edition, another = (staged("forest_special", square(side, 0, 100)) for side in (0, 500))
    with pytest.raises(ValueError, match="two editions"):
        basis_with(basis(), editions=[one_edition.pk, another.pk])
    assert basis(TODAY).editions == {}
