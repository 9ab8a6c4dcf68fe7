"""Does what the check said of measured boundaries stay readable, whatever was ruled and whatever changed since?"""

from __future__ import annotations

import json
import sys

import pytest

from layers.errors import NotComputable
from layers.models import Feature
from planning.people.models import Event
from planning.proposals import services
from planning.proposals.models import CheckFinding, SurveyReturn, SurveyRuling
from planning.proposals.queries import check_of_return
from tests.cast import multi
from tests.proposals.plans import FOREST, Plans, zone
from tests.proposals.test_survey_returns import accept, pushed


@pytest.fixture
def in_the_forest(plans: Plans) -> SurveyReturn:
    """Stakes 30 m into the forest, of a boundary that was approved beside it."""
    east, north, side = FOREST
    return plans.measurements(multi(pushed(0, east + side - 30, north)), zone(east + side, north))


def conflicts(returned: SurveyReturn) -> dict[str, float]:
    """Return the overlap by rule of what conflicts, m²."""
    fresh = SurveyReturn.objects.get(pk=returned.pk)
    return {
        finding.rule_code if isinstance(finding, CheckFinding) else finding.rule: round(finding.overlap_m2 or 0, 1)
        for finding in check_of_return(fresh).findings
        if finding.outcome == "conflict"
    }


def send_back(plans: Plans, returned: SurveyReturn) -> SurveyRuling:
    return services.return_survey(plans.cast.appraiser, returned.proposal, returned=returned, note="Đo lại.")


def test_what_was_sent_back_keeps_its_findings_when_the_layers_change(
    plans: Plans, in_the_forest: SurveyReturn
) -> None:
    assert conflicts(in_the_forest) == {"forest": 15_000}
    ruling = send_back(plans, in_the_forest)
    Feature.objects.filter(edition__layer__code="forest").delete()
    answer = check_of_return(SurveyReturn.objects.get(pk=in_the_forest.pk))
    assert (answer.kept, answer.problem) == (True, None)
    assert conflicts(in_the_forest) == {"forest": 15_000}
    (finding,) = [finding for finding in answer.findings if finding.outcome == "conflict"]
    assert ("forest", finding.source_key, "conflict") not in answer.before
    assert str(finding.title)
    assert ruling.checked["geom_hash"] == in_the_forest.geom_hash
    event = Event.objects.get(verb="return_survey")
    assert (event.data["verdict"], event.data["findings_hash"]) == (
        ruling.checked["verdict"], ruling.checked["findings_hash"],
    )  # fmt: skip


def test_the_kept_answer_is_the_one_that_accepting_would_have_kept(plans: Plans, in_the_forest: SurveyReturn) -> None:
    sent_back = send_back(plans, in_the_forest)
    again = plans.send(in_the_forest.order, in_the_forest.geom)
    run = accept(plans, again, note="Theo mốc cũ.").run
    assert run is not None
    assert sent_back.checked["verdict"] == run.verdict
    assert sent_back.checked["basis"]["editions"] == run.basis["editions"]
    kept = [(row["rule_code"], row["source_key"], row["outcome"], row["data"]) for row in sent_back.checked["findings"]]
    assert kept == list(
        run.findings.order_by("order").values_list("rule_code", "source_key", "outcome", "data")
    )  # fmt: skip
    assert json.dumps(sent_back.checked, allow_nan=False)


def test_a_replaced_return_is_asked_about_anew(plans: Plans, in_the_forest: SurveyReturn) -> None:
    plans.send(in_the_forest.order, in_the_forest.version.geom)
    answer = check_of_return(SurveyReturn.objects.get(pk=in_the_forest.pk))
    assert not answer.kept
    assert conflicts(in_the_forest) == {"forest": 15_000}


def test_a_ruling_from_before_nothing_was_kept_is_asked_about_anew(
    plans: Plans, in_the_forest: SurveyReturn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[services.return_survey.__module__], "_checked", lambda _returned: {})
    send_back(plans, in_the_forest)
    answer = check_of_return(SurveyReturn.objects.get(pk=in_the_forest.pk))
    assert not answer.kept
    assert conflicts(in_the_forest)


def test_an_answer_that_cannot_be_computed_keeps_nobody_from_sending_back(
    plans: Plans, in_the_forest: SurveyReturn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_computable(_returned: SurveyReturn) -> None:
        raise NotComputable("x", code="OVERLAY_FAILED", where="forest")

    monkeypatch.setattr(sys.modules[services.return_survey.__module__], "report_of_return", not_computable)
    assert send_back(plans, in_the_forest).checked == {"refused": {"code": "OVERLAY_FAILED", "where": "forest"}}
    answer = check_of_return(SurveyReturn.objects.get(pk=in_the_forest.pk))
    assert (answer.kept, answer.findings) == (True, ())
    assert answer.problem is not None and answer.problem.code == "OVERLAY_FAILED"


def test_an_accepted_return_shows_the_run_that_was_kept(plans: Plans, in_the_forest: SurveyReturn) -> None:
    accept(plans, in_the_forest, note="Theo mốc cũ.")
    assert check_of_return(SurveyReturn.objects.get(pk=in_the_forest.pk)).kept
    assert conflicts(in_the_forest) == {"forest": 15_000}
