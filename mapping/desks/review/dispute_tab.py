"""What stands on the tab of disagreements? What was disagreed with, what was ruled, and the forms of who may act.

It decides nothing: states and rights come from `planning.proposals`.
"""

from __future__ import annotations

from typing import Any

from django import forms

from mapping.desks.review.forms import DisputeForm, RulingForm, WithdrawDisputeForm
from mapping.glass.geojson import feature, feature_collection
from mapping.severity import severity_code
from planning.people.models import User
from planning.proposals.disputes import DISPUTABLE
from planning.proposals.models import CheckFinding, CheckRun, Proposal
from planning.proposals.queries import Disputed, disputes_in
from planning.proposals.workflow import Verb

CODE = "khong-dong-y"


def dispute_lines(user: User, proposal: Proposal, run: CheckRun | None) -> list[tuple[int, Disputed]]:
    """Return the disagreements this person may see, numbered in the order they were written."""
    return list(enumerate(disputes_in(proposal, run, user), start=1))


def dispute_pins(lines: list[tuple[int, Disputed]]) -> dict[str, Any]:
    """Return where disagreements are pinned, as a FeatureCollection in WGS 84."""
    return feature_collection(
        [
            feature(
                line.dispute.place,
                {"number": number, "state": line.state.value, "text": line.dispute.reason[:160]},
            )
            for number, line in lines
            if line.dispute.place is not None
        ]
    )


def dispute_context(
    lines: list[tuple[int, Disputed]],
    run: CheckRun | None,
    choices: dict[Verb, Any],
    row: str,
    failed: tuple[Verb, forms.Form] | None,
) -> dict[str, Any]:
    """Return the tab's content; *row*: number of the report's row to disagree with; *failed*: a form to show again."""
    may = {verb: verb in choices and choices[verb].enabled for verb in Verb}
    mistaken = failed[1] if failed is not None and failed[0] == Verb.DISPUTE_FINDING else None
    rows = _disputable(run, lines) if may[Verb.DISPUTE_FINDING] else []
    chosen = _chosen(rows, row, mistaken)
    return {
        "disputes": [
            {
                "number": number,
                "line": line,
                "sev": severity_code(line.dispute.finding.outcome),
                "ruling": RulingForm(initial={"dispute": line.dispute.pk}, auto_id=f"id_ruling_{number}_%s")
                if line.open and may[Verb.RULE_ON_DISPUTE]
                else None,
                "withdraw": WithdrawDisputeForm(
                    initial={"dispute": line.dispute.pk}, auto_id=f"id_withdraw_{number}_%s"
                )
                if may[Verb.WITHDRAW_DISPUTE] and not hasattr(line.dispute, "ruling")
                else None,
            }
            for number, line in lines
        ],
        "dispute_rows": rows,
        "dispute_row": chosen,
        "dispute_form": mistaken
        or (DisputeForm(initial={"finding": chosen.pk}, auto_id="id_dispute_%s") if chosen is not None else None),
        "may_dispute": may[Verb.DISPUTE_FINDING],
    }


def _disputable(run: CheckRun | None, lines: list[tuple[int, Disputed]]) -> list[CheckFinding]:
    if run is None:
        return []
    taken = {line.finding.pk for _number, line in lines if line.finding is not None and line.open}
    return list(run.findings.filter(outcome__in=DISPUTABLE).exclude(pk__in=taken).order_by("order"))


def _chosen(rows: list[CheckFinding], row: str, mistaken: forms.Form | None) -> CheckFinding | None:
    if mistaken is not None:
        key = str(mistaken.data.get("finding", ""))
        return next((finding for finding in rows if str(finding.pk) == key), None)
    return next((finding for finding in rows if str(finding.order) == row), None)
