"""What does the check say of a measured boundary? Kept when it was ruled on, asked anew while it waits or was replaced.

It writes nothing: `planning.proposals.services.rule_on_return` keeps the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import NotComputable
from planning.checks.types import Finding
from planning.proposals.models import CheckFinding, CheckRun, SurveyReturn, SurveyRuling
from planning.proposals.survey_comparison import report_of_return

Key = tuple[str, str, str]


@dataclass(frozen=True)
class MeasuredCheck:
    """The answer about one return: *findings*, the *day* they are of, whether they are *kept* with a ruling.

    *before*: rule, source row and outcome of what was said of the approved boundary by then. *problem*: why there is no
    answer.
    """

    findings: tuple[CheckFinding | Finding, ...]
    day: date
    kept: bool
    before: frozenset[Key]
    problem: NotComputable | None = None


def check_of_return(returned: SurveyReturn) -> MeasuredCheck:
    """Return what the check said when *returned* was ruled on; without a kept answer, what it says today."""
    ruling = SurveyRuling.objects.select_related("run").filter(survey_return=returned).first()
    before = _said_of_approved(returned, ruling)
    if ruling is not None and ruling.run is not None:
        return MeasuredCheck(_of_run(ruling.run), _day(ruling.run.basis, ruling), True, before)
    if ruling is not None and ruling.checked:
        return _of_data(ruling, before)
    today = timezone.localdate()
    try:
        return MeasuredCheck(report_of_return(returned).findings, today, False, before)
    except NotComputable as problem:
        return MeasuredCheck((), today, False, before, problem)


def _of_run(run: CheckRun) -> tuple[CheckFinding, ...]:
    return tuple(run.findings.order_by("order"))


def _of_data(ruling: SurveyRuling, before: frozenset[Key]) -> MeasuredCheck:
    """Read what `report_as_data` kept; rows of it are never saved."""
    refused: Mapping[str, str] | None = ruling.checked.get("refused")
    if refused is not None:
        problem = NotComputable(
            _("The check of the measured boundary could not be computed when it was sent back."),
            code=refused["code"],
            where=refused["where"],
        )
        return MeasuredCheck((), timezone.localdate(ruling.at), True, before, problem)
    findings = tuple(CheckFinding(**row) for row in ruling.checked["findings"])
    return MeasuredCheck(findings, _day(ruling.checked["basis"], ruling), True, before)


def _day(basis: Mapping[str, Any], ruling: SurveyRuling) -> date:
    return date.fromisoformat(basis["date"]) if basis.get("date") else timezone.localdate(ruling.at)


def _said_of_approved(returned: SurveyReturn, ruling: SurveyRuling | None) -> frozenset[Key]:
    runs: QuerySet[CheckRun] = returned.version.check_runs.order_by("-at", "-id")
    run = (runs if ruling is None else runs.filter(at__lte=ruling.at)).first()
    if run is None:
        return frozenset()
    return frozenset(run.findings.values_list("rule_code", "source_key", "outcome"))
