"""Is what hangs on the basis alone worked out once for it, and never carried over to another one?"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.utils.translation import override

from mapping.desks.draw.report_json import report_json
from planning.checks.basis import basis_with
from planning.checks.declared import Declared
from planning.checks.engine import check_report
from planning.checks.types import Basis, Finding, Outcome, Subject
from tests.cast import multi, square
from tests.checks.ground import basis, publish, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
ZONE = multi(square(0, 0, 500))


def far(findings: tuple[Finding, ...], rule: str) -> Finding:
    return next(finding for finding in findings if finding.rule == rule and finding.outcome == Outcome.CLEAR)


def rules_clear_of_everything() -> tuple[list[str], Basis]:
    publish("residential", [row(square(9_000, 9_000, 100), "Xa", "rural")])
    publish("forest_special", [row(square(9_000, 0, 100), "Rừng xa")])
    against = basis()
    found = check_report(Subject(ZONE), against).findings
    return [finding.rule for finding in found if finding.outcome == Outcome.CLEAR and not finding.source_key], against


def test_an_answer_that_hangs_on_nothing_drawn_is_written_once() -> None:
    codes, against = rules_clear_of_everything()
    one = check_report(Subject(ZONE), against).findings
    other = check_report(Subject(multi(square(2_000, 0, 300))), against).findings
    same = [code for code in codes if far(one, code) is far(other, code)]
    assert same, "no answer was kept"


def test_a_kept_answer_reads_as_one_written_for_this_zone() -> None:
    _codes, against = rules_clear_of_everything()
    first = json.loads(report_json(check_report(Subject(ZONE), against)))
    again = json.loads(report_json(check_report(Subject(ZONE), against)))
    anew = json.loads(report_json(check_report(Subject(ZONE), basis())))
    assert first["findings"] == again["findings"] == anew["findings"]
    with override("en"):
        english = json.loads(report_json(check_report(Subject(ZONE), against)))["findings"]
    kept = [one for one in english if one["outcome"] == "clear" and one["overlap_m2"] is None]
    assert kept
    assert {one["text"] for one in kept}.isdisjoint(one["text"] for one in first["findings"])


def test_another_edition_of_a_layer_is_answered_anew() -> None:
    _codes, against = rules_clear_of_everything()
    before = {
        f.rule: f.edition_id for f in check_report(Subject(ZONE), against).findings if f.layer_code == "residential"
    }
    staged = publish("residential", [row(square(9_500, 9_500, 100), "Xa hơn", "rural")])
    after = check_report(Subject(ZONE), basis_with(against, editions=[staged.pk])).findings
    named = {f.rule: f.edition_id for f in after if f.layer_code == "residential"}
    assert before and all(named[rule] == staged.pk != number for rule, number in before.items())


def test_a_basis_made_out_of_another_starts_with_nothing_worked_out() -> None:
    _codes, against = rules_clear_of_everything()
    check_report(Subject(ZONE), against)
    assert against.standing and not replace(against).standing


def test_a_declared_trade_class_is_asked_with_its_own_distance() -> None:
    publish("residential", [row(square(1_500, 0, 100), "Gần", "rural")])
    against = basis()
    asked = [Subject(ZONE, declared=Declared(trade_class=trade)) for trade in ("", "I", "V", "I")]
    answers = [
        {
            f.rule: (f.outcome, f.required_m)
            for f in check_report(subject, against).findings
            if f.layer_code == "residential"
        }
        for subject in asked
    ]
    assert answers[1] == answers[3] and answers[1] != answers[2]
