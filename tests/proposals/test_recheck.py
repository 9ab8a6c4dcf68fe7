"""Can a kept run be asked again years later, and does it say what changed: nothing, the sources, the engine?"""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from layers.derived import drop_parts
from layers.models import Edition
from planning.checks import basis
from planning.checks.basis import basis_of_run, basis_on
from planning.checks.models import Parameter, Question, Rule, RuleSet
from planning.proposals import services
from planning.proposals.models import CheckFinding, CheckRun, Proposal
from planning.proposals.queries import latest_run
from planning.proposals.rerun import Answer, rerun
from planning.proposals.rerun_differences import answer_differences
from planning.registers.models import ClusterBoundary
from tests.cast import square
from tests.checks.test_subject import bound, make_cluster
from tests.proposals.plans import Plans, load_forest, zone

IN_THE_FOREST = zone(4_800, 5_200)
pytestmark = pytest.mark.django_db


def kept(plans: Plans, drawn: Any = IN_THE_FOREST) -> CheckRun:
    version = services.keep_version(plans.cast.planner, plans.draft(drawn), reason="thử")
    run = latest_run(version)
    assert run is not None
    return run


def command(*arguments: str, language: str = "en") -> tuple[str, int]:
    """Run the command; return what it printed and its exit status."""
    out = StringIO()
    try:
        call_command("recheck", *arguments, language=language, stdout=out)
    except SystemExit as ended:
        return out.getvalue(), int(ended.code or 0)
    except CommandError as error:
        return str(error), error.returncode
    return out.getvalue(), 0


def test_a_run_asked_again_gives_the_same_bytes(plans: Plans) -> None:
    run = kept(plans)
    again = rerun(run)
    assert (again.answer, again.differences) == (Answer.SAME, ())
    assert again.report is not None and again.report.findings_hash == run.findings_hash
    printed, status = command(str(run.pk))
    assert (status, "same" in printed) == (0, True)
    assert command(f"{run.pk}-{run.geom_hash[:12]}")[1] == 0


def test_areas_in_the_list_of_differences_are_rounded_not_cut(plans: Plans) -> None:
    run = kept(plans)
    report = rerun(run).report
    assert report is not None
    run.land_use = [{"code": "RSX", "name_vi": "Rừng", "name_en": "Forest", "area_m2": 12_345.678_9, "parcels": 2}]
    with translation.override("en"):
        (found,) = (one for one in answer_differences(run, report) if one.what == "RSX")
    assert found.before == "12345.68 m² (2)"


def test_what_is_kept_since_does_not_change_an_old_answer(plans: Plans) -> None:
    """Ask about the day of the run: a newer edition, newer rules and changed fields of the proposal do not count."""
    run = kept(plans)
    load_forest(square(0, 0, 100), number=2)
    newer = RuleSet.objects.create(version=2)
    for rule in Rule.objects.filter(rule_set__version=1):
        rule.pk, rule.rule_set = None, newer
        rule.save()
    newer.published_at = timezone.now()
    newer.save()
    Proposal.objects.filter(pk=run.version.proposal_id).update(unit_id=plans.land.far.pk, kind="expansion")
    basis.forget_basis()
    assert not basis_on(timezone.localdate()).same_as(run.basis)
    assert rerun(CheckRun.objects.get(pk=run.pk)).answer == Answer.SAME


def test_parts_of_a_retired_edition_are_built_again(plans: Plans) -> None:
    run = kept(plans)
    load_forest(square(0, 0, 100), number=2)
    old = Edition.objects.get(pk=run.basis["editions"][0]["id"])
    drop_parts(old)
    basis.forget_basis()
    assert rerun(run).answer == Answer.SAME
    old.refresh_from_db()
    assert old.parts_built


def test_a_boundary_entered_for_that_day_is_a_changed_source(plans: Plans) -> None:
    run = kept(plans)
    before = list(CheckFinding.objects.values_list("pk", "outcome"))
    cluster = make_cluster("CCN Ghi sau", plans.land.west)
    bound(cluster, square(5_000, 5_300, 100))
    again = rerun(run)
    assert again.answer == Answer.SOURCE_CHANGED
    told = [str(difference) for difference in again.differences]
    assert any("ccn-ghi-sau" in line for line in told if line)
    answers = {d.rule: d for d in again.differences if not d.source}
    assert answers["register"].after and "10" in answers["register"].after
    assert list(CheckFinding.objects.values_list("pk", "outcome")) == before
    printed, status = command(str(run.pk))
    assert status == 1
    assert "source changed" in printed
    with translation.override("vi"):
        assert again.sentence()


def test_a_boundary_measured_anew_is_named_with_before_and_after(plans: Plans) -> None:
    cluster = make_cluster("CCN Cu", plans.land.west)
    bound(cluster, square(5_000, 5_300, 100))
    run = kept(plans)
    ClusterBoundary.objects.filter(cluster=cluster).delete()
    bound(cluster, square(5_000, 5_300, 200))
    again = rerun(run)
    assert again.answer == Answer.SOURCE_CHANGED
    (source,) = [difference for difference in again.differences if difference.source]
    assert source.what == "cluster ccn-cu" and source.before != source.after
    (answer,) = [difference for difference in again.differences if difference.rule == "register"]
    with translation.override("en"):
        assert (answer.before, answer.after) != ("", "")
    assert answer.row_changed


def test_a_corrected_threshold_is_a_changed_source(plans: Plans) -> None:
    Parameter.objects.create(code="least", value=1, valid_from=date(2020, 1, 1))
    Parameter.objects.create(code="most", value=20, valid_from=date(2020, 1, 1))
    pattern = Rule.objects.get(code="forest", rule_set__version=1)
    rules = RuleSet.objects.create(version=2)
    for code, question, settings in (
        ("forest", Question.OVERLAP, {}),
        ("size", Question.SIZE, {"parameters": {"min": "least", "max": "most"}}),
    ):
        layer = "forest_special" if code == "forest" else ""
        Rule.objects.create(
            rule_set=rules, code=code, order=10, question=question, layer_code=layer, severity=pattern.severity,
            valid_from=pattern.valid_from, instrument=pattern.instrument, title_vi="t", title_en="t", text_vi="x",
            text_en="x", settings=settings,
        )  # fmt: skip
    rules.published_at = timezone.now()
    rules.save()
    basis.forget_basis()
    run = kept(plans)
    Parameter.objects.filter(code="most").update(value=80)
    again = rerun(run)
    assert again.answer == Answer.SOURCE_CHANGED
    (figure,) = [difference for difference in again.differences if difference.source]
    assert (figure.rule, figure.what, figure.before, figure.after) == ("size", "max", "20.0", "80.0")
    assert [d.rule for d in again.differences if not d.source] == ["size"]


def rewritten(run: CheckRun, **changes: Any) -> CheckRun:
    """Return the run as if it had been kept otherwise; the row itself is closed."""
    for name, value in changes.items():
        setattr(run, name, value)
    return run


def test_another_answer_on_the_same_sources_is_the_engine(plans: Plans) -> None:
    run = rewritten(kept(plans), findings_hash="0" * 64)
    run.engine = {**run.engine, "geos": "3.9.0"}
    again = rerun(run)
    assert again.answer == Answer.ENGINE_CHANGED
    assert again.engine_differs


def test_renewed_software_with_the_same_answer_is_the_same(plans: Plans) -> None:
    run = kept(plans)
    run.engine = {**run.engine, "geos": "3.9.0"}
    again = rerun(run)
    assert again.answer == Answer.SAME
    assert again.engine_differs


def test_a_run_kept_before_its_sources_were_is_judged_by_its_rows(plans: Plans) -> None:
    run = kept(plans)
    older = {name: value for name, value in run.basis.items() if name not in {"figures", "read"}}
    assert rerun(rewritten(run, basis=older)).answer == Answer.SAME
    run.engine = {**run.engine, "engine": "0"}
    cluster = make_cluster("CCN Ghi sau", plans.land.west)
    bound(cluster, square(5_000, 5_300, 100))
    assert rerun(run).answer == Answer.SOURCE_CHANGED


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": {}},
        {"basis": {}},
        {"basis": {"date": "2026-01-01", "ruleset": 99, "editions": []}},
        {"basis": {"date": "2026-01-01", "ruleset": 1, "editions": [{"id": 10**9, "sha256": ""}]}},
        {"basis": {"date": "không", "ruleset": 1, "editions": []}},
    ],
)
def test_what_an_old_run_did_not_keep_is_said(plans: Plans, changes: dict[str, Any]) -> None:
    again = rerun(rewritten(kept(plans), **changes))
    assert again.answer == Answer.NOT_REPEATABLE
    assert again.reason
    assert again.sentence()


def test_an_edition_with_other_content_is_not_asked(plans: Plans) -> None:
    run = kept(plans)
    run.basis["editions"][0]["sha256"] = "f" * 64
    assert rerun(run).answer == Answer.NOT_REPEATABLE


def test_the_basis_of_a_run_is_that_of_its_day(plans: Plans) -> None:
    run = kept(plans)
    asked = basis_of_run(run.basis)
    today = basis_on(timezone.localdate())
    assert asked == today
    assert asked.coverages.keys() == today.coverages.keys()
    earlier = {**run.basis, "date": (asked.date - timedelta(days=30)).isoformat()}
    assert basis_of_run(earlier).date == asked.date - timedelta(days=30)


def test_all_runs_with_counts(plans: Plans) -> None:
    kept(plans)
    kept(plans, zone(2_000, 8_000))
    printed, status = command("--all")
    assert status == 0
    assert "2 runs: same 2, source changed 0, engine changed 0, cannot be repeated 0" in printed


def test_a_number_nobody_kept(plans: Plans) -> None:
    assert command("4711")[1] == 2
    assert command("x")[1] == 2
    assert command()[1] == 2
