"""What stands beside the drawing? Details, dossier, funding, versions and comments of one proposal, ready for the page.

It reads only; each part has a view that writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from mapping.desks.draw.forms import DetailsForm, FundingForm
from planning.people.models import User
from planning.proposals.dossier import dossier_state
from planning.proposals.freshness import identical, latest_run
from planning.proposals.kept_runs import report_number
from planning.proposals.models import Draft, Proposal, ProposalFunding, State, ZoneVersion
from planning.proposals.readiness import submit_checks
from planning.proposals.threads import threads_of, unanswered
from planning.proposals.visibility import versions_for
from planning.registers.queries.plan_list import Quota, quota_of

HA = Decimal(10_000)
PENDING_STATES = (State.SUBMITTED, State.UNDER_REVIEW, State.APPRAISED, State.FORWARDED)


@dataclass(frozen=True)
class VersionLine:
    """One kept version with verdict and number of its newest report; *is_drawn* when the draft still looks like it."""

    version: ZoneVersion
    verdict: str
    report: str
    is_drawn: bool


def file_context(proposal: Proposal, user: User, *, editable: bool) -> dict[str, Any]:
    """Return everything the tabs of the board show."""
    return {
        **details_context(proposal),
        **dossier_context(proposal),
        **funding_context(proposal),
        **versions_context(proposal, user),
        **comments_context(proposal),
        "submit_checks": submit_checks(proposal) if editable else (),
    }


def details_context(proposal: Proposal, form: DetailsForm | None = None) -> dict[str, Any]:
    """Return the details form and the quota of the chosen list entry."""
    return {"details_form": form or DetailsForm(proposal), "quota": quota(proposal)}


def quota(proposal: Proposal) -> Quota | None:
    """Return used, pending and mine against the chosen entry; None without an entry."""
    entry = proposal.plan_entry
    if entry is None:
        return None
    others = Proposal.objects.filter(state__in=PENDING_STATES).exclude(need_id=proposal.need_id)
    return quota_of(
        entry,
        timezone.localdate(),
        mine_ha=_drawn_ha(proposal),
        pending_ha=_area_ha(others.filter(plan_entry=entry)),
        plan_pending_ha=_area_ha(others.filter(plan_entry__plan_id=entry.plan_id)),
    )


def _drawn_ha(proposal: Proposal) -> Decimal:
    draft = Draft.objects.filter(proposal=proposal).first()
    return Decimal(draft.geom.area) / HA if draft and draft.geom else Decimal(0)


def _area_ha(proposals: QuerySet[Proposal]) -> Decimal:
    """Return what *proposals* ask for: of the alternatives of one need only one can win, so the largest counts."""
    largest = proposals.order_by().values("need_id").annotate(m2=Max("current_version__area_m2"))
    return sum((Decimal(row["m2"] or 0) for row in largest), Decimal(0)) / HA


def dossier_context(proposal: Proposal) -> dict[str, Any]:
    """Return the papers the dossier needs, with what is there."""
    lines = dossier_state(proposal)
    return {
        "dossier": lines,
        "dossier_missing": sum(1 for line in lines if line.requirement.mandatory and not line.ready),
    }


def funding_context(proposal: Proposal, form: FundingForm | None = None) -> dict[str, Any]:
    """Return the links to funded projects and the form for one more."""
    links = ProposalFunding.objects.filter(proposal=proposal).select_related("funded_project", "funded_project__unit")
    return {"funding_links": list(links), "funding_form": form or FundingForm(proposal)}


def versions_context(proposal: Proposal, user: User) -> dict[str, Any]:
    """Return the kept versions, newest first."""
    draft = Draft.objects.filter(proposal=proposal).first()
    lines = []
    for version in versions_for(user, proposal):
        run = latest_run(version)
        drawn = bool(draft and identical(draft, version))
        lines.append(VersionLine(version, run.verdict if run else "", report_number(run) if run else "", drawn))
    return {"versions": lines}


def comments_context(proposal: Proposal) -> dict[str, Any]:
    """Return the threads and how many wait for an answer."""
    return {
        "threads": threads_of(proposal),
        "unanswered": len(unanswered(proposal)),
        "last_return": proposal.returns.order_by("-round").first(),
    }
