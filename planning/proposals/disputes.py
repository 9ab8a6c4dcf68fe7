"""Which findings does the planner disagree with, what was ruled, and what would the verdict be without them?

Both values are worked out from the kept run, which is never altered. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from layers.errors import NotFound
from planning.checks.contact import Contact
from planning.checks.types import Outcome, Verdict
from planning.checks.verdict import verdict_of
from planning.people.models import User
from planning.proposals.freshness import latest_run
from planning.proposals.models import (
    CheckFinding,
    CheckRun,
    Dispute,
    DisputeRuling,
    Proposal,
    RulingOutcome,
    State,
    ZoneVersion,
)
from planning.proposals.visibility import may_see_draft, shown_version, versions_for

# What can be disagreed with: a rule that fired. What was not computed or not checked holds no statement to dispute.
DISPUTABLE = frozenset({Outcome.CONFLICT.value, Outcome.CONDITION.value, Outcome.ADVICE.value})


class DisputeState(StrEnum):
    """Where a disagreement stands, seen from one run."""

    OPEN = "open"
    UPHELD = "upheld"
    ACCEPTED = "accepted"
    OUTGROWN = "outgrown"  # accepted once, but the finding or its source has changed since: it counts again
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # the run has no such finding any more


@dataclass(frozen=True)
class Disputed:
    """One disagreement seen from one run; *finding* is that run's row, None when it has none any more."""

    dispute: Dispute
    finding: CheckFinding | None
    state: DisputeState

    @property
    def open(self) -> bool:
        """Tell whether it waits for a ruling."""
        return self.state == DisputeState.OPEN


@dataclass(frozen=True)
class Verdicts:
    """Hold the values of one verdict: as found, with rulings counted, and if open disagreements were accepted, too."""

    as_found: Verdict
    effective: Verdict
    if_accepted: Verdict
    open: int = 0
    accepted: int = 0

    @property
    def contested(self) -> bool:
        """Tell whether both values must be shown: a disagreement is open."""
        return self.open > 0


def disputes_of(run: CheckRun) -> list[Disputed]:
    """Return the disagreements about findings of *run*, oldest first, whatever became of them.

    They carry over from earlier runs of the same proposal when the rule and the source row are the same, never back.
    """
    return [line for line in _lines(run, list(run.findings.order_by("order"))) if line.finding is not None]


def disputes_in(proposal: Proposal, run: CheckRun | None, reader: User | None = None) -> list[Disputed]:
    """Return every disagreement of *proposal* seen from *run*, oldest first; lapsed ones, too.

    With *reader*, those about boundaries that this person may not see (never submitted) are left out, unless they
    stand in a run of one that was.
    """
    if run is None:
        return []
    lines = _lines(run, list(run.findings.order_by("order")))
    if reader is None or may_see_draft(reader, proposal):
        return lines
    seen = set(versions_for(reader, proposal).values_list("pk", flat=True))
    stands = run.version_id in seen
    return [
        line for line in lines if (stands and line.finding is not None) or line.dispute.finding.run.version_id in seen
    ]


def dispute_for(reader: User, proposal: Proposal, key: int) -> Dispute:
    """Return the disagreement *key* of *proposal* when *reader* may see it. Raises NotFound otherwise."""
    version = shown_version(reader, proposal)
    run = latest_run(version) if version is not None else None
    for line in disputes_in(proposal, run, reader):
        if line.dispute.pk == key:
            return line.dispute
    raise NotFound(_("There is no such disagreement."), where=proposal.code)


def open_disputes(run: CheckRun) -> list[Disputed]:
    """Return the disagreements about findings of *run* that wait for a ruling."""
    return [line for line in disputes_of(run) if line.open]


def verdicts_of(run: CheckRun) -> Verdicts:
    """Return both values of the verdict of *run*."""
    return verdicts_by_run([run])[run.pk]


def verdicts_by_run(runs: Iterable[CheckRun]) -> dict[int, Verdicts]:
    """Return both values for many runs by key; findings are read only of runs whose proposal has a disagreement."""
    runs = list(runs)
    disputed = _disputes_by_version(runs)
    concerned = [run.pk for run in runs if disputed.get(run.version_id)]
    findings: dict[int, list[CheckFinding]] = {}
    for finding in CheckFinding.objects.filter(run__in=concerned).order_by("run_id", "order").select_related("run"):
        findings.setdefault(finding.run_id, []).append(finding)
    return {run.pk: _verdicts(run, disputed.get(run.version_id, []), findings.get(run.pk, [])) for run in runs}


def rulings_by_proposal(proposals: Iterable[Proposal]) -> dict[int, list[DisputeRuling]]:
    """Return what the department ruled of late by proposal, oldest first: who disagreed is to learn of it.

    Of late: in the round under way, and in the one before while the boundary is being mended.
    """
    since = {row.pk: row.round - (row.state == State.DRAFT) for row in proposals}
    rows = DisputeRuling.objects.filter(dispute__proposal__in=since).exclude(outcome=RulingOutcome.WITHDRAWN)
    found: dict[int, list[DisputeRuling]] = {}
    for ruling in rows.select_related("dispute__by", "dispute__finding", "by").order_by("at", "id"):
        if ruling.dispute.round >= since[ruling.dispute.proposal_id]:
            found.setdefault(ruling.dispute.proposal_id, []).append(ruling)
    return found


def left_out(run: CheckRun, *, open_too: bool) -> frozenset[int]:
    """Return the keys of findings of *run* that rulings set aside; *open_too*: and those disagreed with."""
    states = {DisputeState.ACCEPTED, *({DisputeState.OPEN} if open_too else ())}
    return frozenset(line.finding.pk for line in disputes_of(run) if line.finding is not None and line.state in states)


def same_matter(disputed: CheckFinding, found: CheckFinding) -> bool:
    """Tell whether *found*, of a later run, is the finding that was disagreed with: same rule about the same source."""
    return (
        disputed.rule_code == found.rule_code
        and found.outcome in DISPUTABLE
        and disputed.source_key == found.source_key
    )


def ruling_holds(disputed: CheckFinding, found: CheckFinding) -> bool:
    """Tell whether an accepted ruling about *disputed* still covers *found*: no more than was ruled on.

    The source row must be unchanged and the overlap not larger, the distance not smaller, the severity the same. A
    finding about the zone as a whole is covered only for the very same boundary.
    """
    if disputed.source_hash != found.source_hash or disputed.severity != found.severity:
        return False
    if not found.source_hash and disputed.run.geom_hash != found.run.geom_hash:
        return False
    contact = Contact.of(found.run.basis.get("contact"))  # grown by no more than what touching is
    grown = (found.overlap_m2 or 0.0) > (disputed.overlap_m2 or 0.0) + contact.area_m2
    nearer = (found.distance_m or 0.0) < (disputed.distance_m or 0.0) - contact.width_m
    return not grown and not nearer


def _verdicts(run: CheckRun, disputes: list[Dispute], findings: list[CheckFinding]) -> Verdicts:
    as_found = Verdict(run.verdict)
    lines = _matched(disputes, findings)
    accepted = {line.finding.pk for line in lines if line.finding and line.state == DisputeState.ACCEPTED}
    waiting = {line.finding.pk for line in lines if line.finding and line.open} - accepted
    if not accepted and not waiting:
        return Verdicts(as_found, as_found, as_found)
    effective = verdict_of(finding for finding in findings if finding.pk not in accepted)
    best = verdict_of(finding for finding in findings if finding.pk not in accepted | waiting)
    return Verdicts(as_found, effective, best, len(waiting), len(accepted))


def _lines(run: CheckRun, findings: list[CheckFinding]) -> list[Disputed]:
    return _matched(_disputes_by_version([run]).get(run.version_id, []), findings)


def _disputes_by_version(runs: Iterable[CheckRun]) -> Mapping[int, list[Dispute]]:
    """Return, by version of *runs*, the disagreements written about it or an earlier version, oldest first.

    Never a later one: the department looks at what was submitted while the planner disagrees with a new draft.
    """
    versions = list(ZoneVersion.objects.filter(check_runs__in=list(runs)).distinct().only("proposal_id", "number"))
    rows = Dispute.objects.filter(proposal__in={version.proposal_id for version in versions}).order_by("at", "id")
    disputes = list(rows.select_related("finding__run__version", "by", "ruling", "ruling__by"))
    found: dict[int, list[Dispute]] = {}
    for version in versions:
        for dispute in disputes:
            about = dispute.finding.run.version
            if about.proposal_id == version.proposal_id and about.number <= version.number:
                found.setdefault(version.pk, []).append(dispute)
    return found


def _matched(disputes: list[Dispute], findings: list[CheckFinding]) -> list[Disputed]:
    lines = []
    for dispute in disputes:
        found = next((finding for finding in findings if same_matter(dispute.finding, finding)), None)
        lines.append(Disputed(dispute, found, _state(dispute, found)))
    return lines


def _state(dispute: Dispute, found: CheckFinding | None) -> DisputeState:
    ruling = getattr(dispute, "ruling", None)
    if ruling is not None and ruling.outcome == RulingOutcome.WITHDRAWN:
        return DisputeState.WITHDRAWN
    if found is None:
        return DisputeState.LAPSED
    if ruling is None:
        return DisputeState.OPEN
    if ruling.outcome == RulingOutcome.UPHELD:
        return DisputeState.UPHELD
    return DisputeState.ACCEPTED if ruling_holds(dispute.finding, found) else DisputeState.OUTGROWN
