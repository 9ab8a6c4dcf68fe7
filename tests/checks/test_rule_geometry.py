"""Is a rule refused that asks a layer what its kind of geometry cannot answer? It would read as clear for ever."""

from __future__ import annotations

from typing import Any

import pytest

from layers.errors import InputRefused
from layers.models import Layer
from layers.models.layer import GeometryKind
from planning.checks.content import rule_content
from planning.checks.models import Question, Rule, RuleSet
from planning.checks.questions import FORMS, kinds_judged, questions_for
from planning.checks.services import load_catalogue, open_draft, publish_rules, write_rule
from planning.checks.system_checks import published_rules_complete
from planning.checks.types import Level, Outcome
from tests.cast import Cast, Land, square
from tests.checks.ground import check, line, of, publish, row

pytestmark = pytest.mark.django_db
LINE, POINT, AREA = GeometryKind.LINE.value, GeometryKind.POINT.value, GeometryKind.POLYGON.value


def layer(code: str, kind: str) -> Layer:
    return Layer.objects.create(code=code, name_vi=code, name_en=code, theme="land", geometry_kind=kind)


def written(cast: Cast, draft: RuleSet, code: str, **changes: Any) -> Rule:
    rule = draft.rules.select_related("instrument").get(code=code)
    return write_rule(cast.administrator, draft, {**rule_content(rule), **changes}, row_version=rule.row_version)


@pytest.mark.parametrize(
    ("question", "settings", "judged"),
    [
        (Question.OVERLAP, {}, {AREA}),
        (Question.SHARE, {}, {AREA}),
        (Question.SETBACK, {}, {AREA, LINE, POINT}),
        (Question.SETBACK, {"flow_attribute": "huong"}, {POINT}),
        (Question.COUNT_INSIDE, {}, {AREA, LINE, POINT}),
        (Question.PART_SETBACK, {}, {AREA, LINE, POINT}),
        (Question.SIZE, {}, {AREA, LINE, POINT}),
    ],
)
def test_what_each_question_judges(question: Question, settings: dict[str, Any], judged: set[str]) -> None:
    assert kinds_judged(question.value, settings) == judged


def test_every_kind_of_geometry_has_a_question_that_suits() -> None:
    for kind in (LINE, POINT):
        assert set(questions_for(kind)) == {Question.SETBACK, Question.COUNT_INSIDE, Question.PART_SETBACK}
    assert set(questions_for(AREA)) == {form.question for form in FORMS.values() if form.layer}


@pytest.mark.parametrize("kind", [LINE, POINT])
@pytest.mark.parametrize("code", ["forest_special", "slope"])  # an overlap, a share
def test_the_form_refuses_it_at_the_question_and_says_which_suits(
    rules: RuleSet, cast: Cast, kind: str, code: str
) -> None:
    layer("canal", kind)
    draft = open_draft(cast.administrator)
    with pytest.raises(InputRefused) as refused:
        written(cast, draft, code, layer_code="canal")
    (fault,) = refused.value.detail["faults"]
    assert fault.field == "question"
    for suits in questions_for(kind):
        assert str(suits.label) in fault.message
    assert draft.rules.get(code=code).layer_code == code


def test_the_form_takes_an_area_and_a_layer_that_is_not_there_yet(rules: RuleSet, cast: Cast) -> None:
    layer("canal_land", AREA)
    draft = open_draft(cast.administrator)
    assert written(cast, draft, "forest_special", layer_code="canal_land").layer_code == "canal_land"
    assert written(cast, draft, "forest_special", layer_code="not_there").layer_code == "not_there"


def test_a_flow_is_refused_along_a_line(rules: RuleSet, cast: Cast) -> None:
    layer("canal", LINE)
    draft = open_draft(cast.administrator)
    with pytest.raises(InputRefused) as refused:
        written(cast, draft, "intake_distance", layer_code="canal")
    (fault,) = refused.value.detail["faults"]
    assert fault.field == "flow_attribute"


def test_a_draft_that_became_wrong_is_not_published(rules: RuleSet, cast: Cast) -> None:
    draft = open_draft(cast.administrator)
    written(cast, draft, "forest_special", layer_code="later")
    layer("later", LINE)
    draft.refresh_from_db()
    with pytest.raises(InputRefused) as refused:
        publish_rules(cast.administrator, draft, "Ghi chú", row_version=draft.row_version)
    assert "forest_special" in refused.value.where and "line" in refused.value.where


def test_the_catalogue_is_not_loaded_over_a_layer_of_another_kind(land: Land) -> None:
    layer("forest_special", LINE)
    with pytest.raises(InputRefused) as refused:
        load_catalogue()
    assert "forest_special" in refused.value.where
    assert not RuleSet.objects.exists()


def test_the_start_up_check_refuses_it(rules: RuleSet) -> None:
    assert published_rules_complete(None, databases=["default"]) == []
    layer("forest_special", LINE)
    (problem,) = published_rules_complete(None, databases=["default"])
    assert "forest_special" in problem.msg and "setback" in problem.msg


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("code", ["forest_special", "slope"])
@pytest.mark.parametrize("kind", [LINE, POINT])
def test_what_was_published_before_the_guard_never_reads_as_clear(
    rules: RuleSet, level: Level, code: str, kind: str
) -> None:
    geom = line((0, 1_200), (3_000, 1_200)) if kind == LINE else square(1_200, 1_200, 10).centroid
    publish(code, [row(geom, "Kênh", "25+")], kind=kind)
    found = of(check(square(1_000, 1_000, 500), level=level), code)
    assert [finding.outcome for finding in found] == [Outcome.NOT_COMPUTABLE]
