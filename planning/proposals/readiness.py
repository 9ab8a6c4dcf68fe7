"""What still stands between a draft and its submission? Five checks, every reason of each, all at once.

It writes nothing and never runs the check engine: the report it judges is the kept one.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from layers.numbers import number_format
from planning.checks.models import Severity
from planning.checks.types import Outcome
from planning.proposals.disputes import left_out
from planning.proposals.dossier import missing_items
from planning.proposals.freshness import freshness_of, identical, latest_run
from planning.proposals.models import CheckRun, Draft, Proposal, ProposalKind, ZoneVersion
from planning.proposals.reasons import Reason, Topic
from planning.proposals.threads import unanswered

KINDS_WITH_OWNER = (ProposalKind.NEW_CLUSTER, ProposalKind.EXPANSION, ProposalKind.CRAFT_VILLAGE_CLUSTER)
MAX_NAMED = 5


@dataclass(frozen=True)
class Check:
    """One check before submission: its topic, its title, and the reasons against it (none: green)."""

    topic: Topic
    title: str
    reasons: tuple[Reason, ...]

    @property
    def ok(self) -> bool:
        """Tell whether nothing stands against submission here."""
        return not self.reasons


def submit_checks(proposal: Proposal) -> list[Check]:
    """Return the checks before submission, each with all its reasons, in the order a planner mends them."""
    version, run = _kept(proposal)
    return [
        Check(Topic.BOUNDARY, _("Boundary"), tuple(_boundary(proposal, version))),
        Check(Topic.DETAILS, _("Details"), tuple(_details(proposal))),
        Check(Topic.REPORT, _("Check report"), tuple(_report(run, version))),
        Check(Topic.DOSSIER, _("Dossier items"), tuple(_dossier(proposal))),
        Check(Topic.COMMENTS, _("Comments answered"), tuple(_comments(proposal))),
    ]


def submit_reasons(proposal: Proposal) -> list[Reason]:
    """Return everything that stands against submitting *proposal* now; empty when it may be submitted."""
    return [reason for check in submit_checks(proposal) for reason in check.reasons]


def _kept(proposal: Proposal) -> tuple[ZoneVersion | None, CheckRun | None]:
    version = proposal.current_version
    return version, latest_run(version) if version is not None else None


def _boundary(proposal: Proposal, version: ZoneVersion | None) -> list[Reason]:
    draft = Draft.objects.filter(proposal=proposal).first()
    if draft is None or draft.geom is None:
        return [
            Reason("NO_BOUNDARY", Topic.BOUNDARY, _("No boundary is drawn."), todo=_("Draw or upload the boundary."))
        ]
    if version is None:
        return [
            Reason(
                "NO_VERSION",
                Topic.BOUNDARY,
                _("No version of the boundary was kept."),
                todo=_("Keep a version: it is checked and becomes part of the dossier."),
            )
        ]
    if not identical(draft, version):
        return [
            Reason(
                "VERSION_BEHIND_DRAFT",
                Topic.BOUNDARY,
                _("The boundary was changed after version %(number)d was kept.") % {"number": version.number},
                todo=_("Keep a new version."),
            )
        ]
    return []


def _details(proposal: Proposal) -> list[Reason]:
    reasons = []
    if not proposal.need.statement.strip():
        reasons.append(
            Reason(
                "NEED_MISSING",
                Topic.DETAILS,
                _("The need statement is empty."),
                todo=_("Write why the cluster is needed."),
            )
        )
    if proposal.kind in KINDS_WITH_OWNER and proposal.applicant_id is None:
        reasons.append(
            Reason(
                "APPLICANT_MISSING",
                Topic.DETAILS,
                _("No applicant for the infrastructure is named."),
                todo=_("Name the enterprise or co-operative that asks to own the infrastructure."),
            )
        )
    return reasons


def _report(run: CheckRun | None, version: ZoneVersion | None) -> list[Reason]:
    if version is None:
        return []
    if run is None:
        return [
            Reason("NO_REPORT", Topic.REPORT, _("This version has no check report."), todo=_("Keep the version again."))
        ]
    reasons = _staleness(run)
    blocking = (
        run.findings.filter(severity=Severity.PROHIBITED, outcome=Outcome.CONFLICT)
        .exclude(pk__in=left_out(run, open_too=True))
        .order_by("order")
    )
    for finding in blocking[:MAX_NAMED]:
        reasons.append(
            Reason(
                "PROHIBITED_CONFLICT",
                Topic.REPORT,
                _("Prohibited: %(title)s.") % {"title": finding.title},
                where=_finding_place(finding.feature_name, finding.overlap_m2),
                todo=_("Change the boundary and keep a new version, or disagree with the row in the report."),
            )
        )
    rest = blocking.count() - MAX_NAMED
    if rest > 0:
        reasons.append(
            Reason(
                "PROHIBITED_CONFLICT",
                Topic.REPORT,
                ngettext("%(count)d more prohibited conflict.", "%(count)d more prohibited conflicts.", rest)
                % {"count": rest},
                todo=_("See the check report."),
            )
        )
    for finding in run.findings.filter(outcome=Outcome.NOT_COMPUTABLE).order_by("order")[:MAX_NAMED]:
        reasons.append(
            Reason(
                "CHECK_NOT_COMPUTABLE",
                Topic.REPORT,
                _("Could not be computed: %(title)s.") % {"title": finding.title},
                where=finding.feature_name,
                todo=_("Simplify the boundary there, or ask the data steward; then keep a new version."),
            )
        )
    return reasons


def _staleness(run: CheckRun) -> list[Reason]:
    fresh = freshness_of(run)
    if fresh.fresh:
        return []
    if not fresh.same_boundary:
        text = _("The check report is about another boundary.")
    elif not fresh.same_question:
        text = _("The kind, unit, plan-list entry or parts were changed after the check.")
    else:
        text = _("Rules or layers were renewed after the check.")
    return [Reason("REPORT_OUT_OF_DATE", Topic.REPORT, text, todo=_("Keep the version again; it is checked anew."))]


def _dossier(proposal: Proposal) -> list[Reason]:
    return [
        Reason(
            "ITEM_MISSING",
            Topic.DOSSIER,
            _("A dossier item is missing: %(title)s.") % {"title": line.title},
            where=line.requirement.code,
            todo=_("Keep a version; the system makes this paper from it.")
            if line.requirement.generated
            else _("Attach the file."),
        )
        for line in missing_items(proposal)
    ]


def _comments(proposal: Proposal) -> list[Reason]:
    return [
        Reason(
            "COMMENT_UNANSWERED",
            Topic.COMMENTS,
            _("A comment of %(name)s has no answer.") % {"name": comment.author.get_full_name()},
            where=_excerpt(comment.text),
            todo=_("Answer it."),
        )
        for comment in unanswered(proposal)
    ]


def _excerpt(text: str, length: int = 80) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else f"{flat[: length - 1]}…"


def _finding_place(name: str, overlap_m2: float | None) -> str:
    if overlap_m2 is None:
        return name
    hectares = f"{number_format(overlap_m2 / 10_000, 2)} ha"
    return f"{name} ({hectares})" if name else hectares
