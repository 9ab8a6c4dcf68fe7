"""Do texts hold only figures that their question fills, and can a written rule break a check?"""

from __future__ import annotations

from typing import Any

import pytest

from layers.errors import InputRefused
from planning.checks.basis import basis_with
from planning.checks.content import FIELDS, contents_of
from planning.checks.engine import check_report
from planning.checks.models import Question, RuleSet
from planning.checks.placeholders import BY_QUESTION, preview, unknown_in
from planning.checks.questions import FORMS, Shape, kinds_judged
from planning.checks.rule_faults import TEXT_FIELDS
from planning.checks.services import open_draft, write_rule
from planning.checks.types import Level, Outcome, Part, Subject, Words
from tests.cast import Cast, multi, square
from tests.checks.ground import basis, line, publish, row

pytestmark = pytest.mark.django_db


def test_every_question_says_which_figures_its_texts_hold() -> None:
    assert set(BY_QUESTION) == set(Question.values)


def test_the_catalogue_uses_only_figures_that_are_filled(rules: RuleSet) -> None:
    for code, content in contents_of(rules).items():
        for name in TEXT_FIELDS:
            assert unknown_in(content["question"], content[name]) == [], (code, name)


def test_a_preview_leaves_no_brace_and_no_dash(rules: RuleSet) -> None:
    for content in contents_of(rules).values():
        words = preview(content["question"], Words(content["text_vi"], content["text_en"]))
        assert not {"{", "}"} & set(words.vi + words.en)


def test_stray_braces_are_named() -> None:
    assert unknown_in("size", "{area_ha} {oops} }{") == ["{oops}", "{", "}"]


CHOICES = {"kinds": ["new_cluster"], "uses": ["factory"], "of": ["factory"], "scope": "unit", "figure": "plot_density"}
VALUES: dict[Shape, Any] = {
    Shape.FLAG: True,
    Shape.NUMBER: 5,
    Shape.COLUMN: "half_width_m",
    Shape.NUMBERS: {"I": 3.5},
    Shape.PARAMETERS: {"I": 20, "II": "slope_share_max"},
    Shape.DECIDERS: [{"body": "so-cong-thuong"}, {"body": "no-such", "from": "ccn_area_min_ha"}],
}


def layer_for(question: str, settings: dict[str, Any]) -> str:
    """Return a layer that the question can judge: lines where it can, else areas, or points for a flow."""
    judged = kinds_judged(question, settings)
    return "road" if "line" in judged else "heritage" if "polygon" in judged else "intake_point"


def written(question: str, *, full: bool) -> dict[str, Any]:
    """Write a rule of a question with the least it needs, or with everything the table lists."""
    form = FORMS[question]
    named = {entry.name: 0.5 for entry in form.parameters if full or entry.required}
    if form.one_of and not full:
        named[sorted(form.one_of)[0]] = 0.5
    settings = {
        entry.name: CHOICES.get(entry.name, VALUES.get(entry.shape))
        for entry in form.settings
        if full or entry.required
    }
    if question == Question.DECLARED and not full:
        named["max"] = 0.5
    return {
        **dict.fromkeys(FIELDS, ""),
        "code": f"{question}-{'full' if full else 'least'}",
        "order": 1,
        "question": question,
        "layer_code": layer_for(question, settings) if form.layer else "",
        "classes": [],
        "distance_m": 30 if form.distances else None,
        "distance_by_class": {"national": 60} if form.distances and full else {},
        "settings": {**settings, "parameters": named},
        "severity": "advisory",
        "valid_from": "2020-01-01",
        "valid_to": None,
        "instrument": "32/2024/NĐ-CP",
        "verified": False,
        "title_vi": "Thử",
        "title_en": "Trial",
        "text_vi": " ".join(f"{{{placeholder.name}}}" for placeholder in BY_QUESTION[question]),
        "text_en": "Text",
    }


@pytest.mark.parametrize("full", [False, True])
def test_whatever_the_form_lets_through_the_check_can_answer(rules: RuleSet, cast: Cast, full: bool) -> None:
    publish("road", [row(line((0, 0), (3_000, 0)), "Đường", "national", half_width_m=7)])
    publish("dwelling", [row(square(100, 100, 10))])
    publish("heritage", [row(square(100, 100, 200), "Di tích", "national")])
    publish("intake_point", [row(square(300, 100, 2).centroid, "Trạm bơm", "national", half_width_m=90)])
    draft = open_draft(cast.administrator)
    draft.rules.all().delete()
    for question in FORMS:
        write_rule(cast.administrator, draft, written(question, full=full), row_version=0)
    zone = multi(square(0, -250, 500))
    parts = (Part("factory", square(0, -250, 500), 250_000.0),)
    asked = basis_with(basis(), rule_set_id=draft.pk)
    for level in Level:
        for subject in (Subject(zone), Subject(zone, parts=parts), Subject(zone, kind="expansion")):
            report = check_report(subject, asked, level=level)
            for finding in report.findings:
                assert finding.text.vi and "{" not in finding.text.vi + finding.next_step.vi
                assert finding.outcome in Outcome


def test_a_declared_figure_needs_a_limit(rules: RuleSet, cast: Cast) -> None:
    draft = open_draft(cast.administrator)
    rule = written(Question.DECLARED, full=False)
    rule["settings"] = {"figure": "plot_density", "parameters": {}}
    with pytest.raises(InputRefused) as refused:
        write_rule(cast.administrator, draft, rule, row_version=0)
    assert "max" in {fault.field for fault in refused.value.detail["faults"]}
