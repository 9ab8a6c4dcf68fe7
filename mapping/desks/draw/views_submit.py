"""How does a dossier leave the planner's hands? Five checks, a note, a summary; and back again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from layers.errors import TransitionRefused
from mapping.desks.draw.file_tabs import dossier_context, funding_context
from mapping.desks.draw.files import own, person
from mapping.desks.draw.thumbnail import outline
from mapping.verdict_words import verdict_shown
from planning.proposals.clocks import clock_of
from planning.proposals.disputes import verdicts_of
from planning.proposals.freshness import latest_run
from planning.proposals.kept_runs import report_number
from planning.proposals.models import Proposal, State
from planning.proposals.readiness import submit_checks
from planning.proposals.reasons import Topic
from planning.proposals.services import submit as submit_proposal
from planning.proposals.services import withdraw as withdraw_proposal

# Where a reason is mended: the tab of the board, by topic.
TAB_OF = {
    Topic.BOUNDARY: "phuong-an",
    Topic.REPORT: "ket-qua",
    Topic.DETAILS: "thong-tin",
    Topic.DOSSIER: "thanh-phan",
    Topic.FUNDING: "de-an",
    Topic.COMMENTS: "gop-y",
}


@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Show the checks before submission, or submit."""
    proposal = own(request, code)
    refused = None
    if request.method == "POST":
        try:
            submit_proposal(person(request), proposal, note=request.POST.get("note", ""))
        except TransitionRefused as error:
            refused = error
        else:
            messages.success(request, _("The dossier was submitted."))
            return HttpResponseRedirect(reverse("draw:submit", args=[code]))
    return render(request, "draw/submit.html", _context(proposal, refused, request), status=409 if refused else 200)


@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take a submitted dossier back."""
    proposal = own(request, code)
    withdraw_proposal(person(request), proposal, note=request.POST.get("note", ""))
    messages.success(request, _("The dossier was withdrawn."))
    return HttpResponseRedirect(reverse("draw:submit", args=[code]))


def _context(proposal: Proposal, refused: TransitionRefused | None, request: HttpRequest) -> dict[str, Any]:
    version = proposal.current_version
    run = latest_run(version) if version else None
    board = reverse("draw:edit", args=[proposal.code])
    checks = [
        {"check": check, "fix": f"{board}#{TAB_OF.get(check.topic, 'ket-qua')}"}
        for check in (submit_checks(proposal) if proposal.state == State.DRAFT else ())
    ]
    return {
        "proposal": proposal,
        "version": version,
        "run": run,
        "report_number": report_number(run) if run else "",
        "shown": verdict_shown(verdicts_of(run)) if run else None,
        "outline": outline(version.geom) if version else "",
        "checks": checks,
        "ready": bool(checks) and all(entry["check"].ok for entry in checks),  # type: ignore[attr-defined]  # a mixed table
        "refused": refused,
        "note": request.POST.get("note", ""),
        "submission": proposal.submissions.order_by("-round").first(),
        "clock": clock_of(proposal),
        "is_draft": proposal.state == State.DRAFT,
        "can_withdraw": proposal.state == State.SUBMITTED,
        **dossier_context(proposal),
        **funding_context(proposal),
    }
