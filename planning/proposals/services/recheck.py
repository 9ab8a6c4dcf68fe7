"""How does the house notice that the land around a proposal changed? It asks again and keeps a differing answer.

It changes no state and refuses nothing: people read the new report and act.
"""

from __future__ import annotations

from django.utils import timezone

from planning.checks.basis import basis_on
from planning.checks.types import Basis
from planning.people.services import record_event
from planning.proposals.freshness import latest_run
from planning.proposals.models import CheckRun, Decision, DecisionOutcome, Proposal, State, ZoneVersion
from planning.proposals.services._check_run import keep_run, run_report
from planning.proposals.services._frame import locked

LIVE_STATES = (State.DRAFT, State.SUBMITTED, State.UNDER_REVIEW, State.APPRAISED, State.FORWARDED)
NEIGHBOUR_M = 1_000


def recheck(proposal: Proposal, against: Basis | None = None) -> CheckRun | None:
    """Ask the check about the current version once more; keep and return the run when the answer is another one.

    *against*: today's basis when the caller has it at hand. Asking twice keeps one run: the second time the answer is
    the same.
    """
    with locked(proposal) as row:
        version = row.current_version
        kept = latest_run(version) if version is not None else None
        if version is None or kept is None or row.state not in LIVE_STATES:
            return None
        subject, report = run_report(row, version, against or basis_on(timezone.localdate()))
        if report.findings_hash == kept.findings_hash:
            return None
        run = keep_run(None, version, subject, report)
        record_event(
            None,
            "recheck",
            row,
            {
                "code": row.code,
                "state": row.state,
                "round": row.round,
                "version": version.number,
                "verdict_before": kept.verdict,
                "verdict": run.verdict,
                "run": run.pk,
            },
        )
    return run


def neighbours_of(decision: Decision) -> list[Proposal]:
    """Return the live proposals of other needs whose current version lies within 1 km of an approved zone."""
    if decision.outcome != DecisionOutcome.APPROVED:
        return []
    near = ZoneVersion.objects.filter(geom__dwithin=(decision.version.geom, NEIGHBOUR_M))
    proposals = Proposal.objects.filter(current_version__in=near, state__in=LIVE_STATES)
    return list(proposals.exclude(need_id=decision.proposal.need_id).order_by("pk"))
