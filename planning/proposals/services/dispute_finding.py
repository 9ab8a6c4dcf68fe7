"""How does a planner disagree with a finding? With a reason, a file, a place; the department then rules on it."""

from __future__ import annotations

from django.contrib.gis.geos import Point
from django.core.files.base import File
from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused, NotFound
from layers.grid import on_grid
from planning.people.models import User
from planning.proposals.disputes import DISPUTABLE, Disputed, DisputeState, disputes_of
from planning.proposals.freshness import latest_run
from planning.proposals.models import CheckFinding, Dispute, Proposal, ZoneVersion
from planning.proposals.services._files import receive, removed_on_failure
from planning.proposals.services._frame import act, record
from planning.proposals.services.add_comment import FARTHEST_PIN_M
from planning.proposals.workflow import Verb


def dispute_finding(
    actor: User,
    proposal: Proposal,
    *,
    finding: CheckFinding,
    reason: str,
    place: Point | None = None,
    file: File[bytes] | None = None,
) -> Dispute:
    """Record that the planner disagrees with *finding* of the newest report about the current version.

    *place*: a point in the storage CRS near the boundary. The kept run stays as it is; until an appraiser rules, the
    verdict has two values. Raises InputRefused without a reason, for a finding that did not fire or a far pin,
    FormatRefused or LimitExceeded for the file, NotFound for another proposal's row, Conflict for a row of an older
    report, one already disagreed with, or one ruled on in this round.
    """
    clean = reason.strip()
    if not clean:
        raise InputRefused(
            _("A disagreement needs a reason."), code="REASON_MISSING", todo=_("Write what is wrong and how you know.")
        )
    received = receive(file) if file is not None else None
    with removed_on_failure() as stored, act(actor, proposal, Verb.DISPUTE_FINDING) as (row, _step):
        version = _version(row)
        _require_current(row, version, finding)
        _require_new(row, finding)
        if place is not None and place.distance(version.geom) > FARTHEST_PIN_M:
            raise InputRefused(
                _("The pin lies far away from the boundary."),
                code="PLACE_FAR",
                todo=_("Put the pin near the boundary."),
            )
        pin = on_grid(place) if place is not None else None
        dispute = Dispute(proposal=row, round=row.round, finding=finding, reason=clean, place=pin, by=actor)
        if received is not None and file is not None:
            dispute.file_name, dispute.file_sha256 = received.name, received.sha256
            dispute.file_size = received.size
            dispute.file.save(f"{row.code}-{finding.rule_code}{received.suffix}", file, save=False)
            stored.append(dispute.file)
        dispute.save()
        record(
            actor,
            Verb.DISPUTE_FINDING,
            row,
            {
                "dispute": dispute.pk,
                "rule": finding.rule_code,
                "version": version.number,
                "run": finding.run_id,
                "file": dispute.file_name,
                "sha256": dispute.file_sha256,
            },
        )
    return dispute


def _version(proposal: Proposal) -> ZoneVersion:
    version = proposal.current_version
    if version is None:
        raise NotFound(_("There is no such row of the report."), where=proposal.code)
    return version


def _require_current(proposal: Proposal, version: ZoneVersion, finding: CheckFinding) -> None:
    run = latest_run(version)
    if finding.run.version.proposal_id != proposal.pk:
        raise NotFound(_("There is no such row of the report."), where=proposal.code)
    if run is None or finding.run_id != run.pk:
        raise Conflict(
            _("There is a newer report of this proposal."),
            code="REPORT_OUT_OF_DATE",
            where=proposal.code,
            todo=_("Open the report again; disagree with the row there if it is still in it."),
        )
    if finding.outcome not in DISPUTABLE:
        raise InputRefused(
            _("This row states nothing that could be disagreed with."), code="NOT_DISPUTABLE", where=finding.title
        )


def _require_new(proposal: Proposal, finding: CheckFinding) -> None:
    for line in disputes_of(finding.run):
        if line.finding is None or line.finding.pk != finding.pk:
            continue
        if line.state in {DisputeState.OPEN, DisputeState.ACCEPTED} or _ruled_this_round(line, proposal):
            raise Conflict(
                _("There is a disagreement about this row already."),
                code="DISPUTED_ALREADY",
                where=finding.title,
                todo=_("It is on the tab Disagreements; withdraw it there to write it anew.")
                if line.open
                else _("The department has ruled on it in this round."),
            )


def _ruled_this_round(line: Disputed, proposal: Proposal) -> bool:
    return line.state == DisputeState.UPHELD and line.dispute.round == proposal.round
