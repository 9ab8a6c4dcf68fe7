"""How is the rest of a draft filled in? Details, funding links, dossier items, kept versions, answers to comments.

Each view answers with its own part of the page (htmx) or leads back to the board.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from layers.errors import InputRefused
from mapping.desks.draw.body import read_object
from mapping.desks.draw.drawn import drawn_json
from mapping.desks.draw.file_tabs import (
    comments_context,
    details_context,
    dossier_context,
    funding_context,
    versions_context,
)
from mapping.desks.draw.files import may_change, own, person
from mapping.desks.draw.forms import DetailsForm, FundingForm, ItemForm
from planning.proposals.models import Comment, Draft, Proposal
from planning.proposals.services import (
    ApplicantData,
    answer_comment,
    attach_item,
    edit_details,
    keep_version,
    link_funding,
    unlink_funding,
)
from planning.registers.models import FundedProject


def _part(
    request: HttpRequest, proposal: Proposal, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer with one part of the board; without htmx lead back to the board."""
    if not getattr(request, "htmx", False):
        return HttpResponseRedirect(f"{reverse('draw:edit', args=[proposal.code])}#{name}")
    proposal.refresh_from_db()
    editable = may_change(person(request), proposal)
    shown = {"proposal": proposal, "editable": editable, "swapped": True, **context}
    return render(request, f"draw/parts/{name}.html", shown)


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, code: str) -> HttpResponse:
    """Show or write the details."""
    proposal = own(request, code)
    if request.method == "GET":
        return _part(request, proposal, "details", details_context(proposal))
    form = DetailsForm(proposal, request.POST)
    if not form.is_valid():
        return _part(request, proposal, "details", details_context(proposal, form))
    data = form.cleaned_data
    applicant = None
    if data["applicant_name"].strip():
        applicant = ApplicantData(
            name=data["applicant_name"],
            registration_number=data["applicant_number"],
            address=data["applicant_address"],
            capital_vnd=data["applicant_capital"],
        )
    changed = edit_details(
        person(request),
        proposal,
        name=data["name"],
        need_statement=data["need_statement"],
        plan_entry=data["plan_entry"],
        applicant=applicant,
        demand_ha=data["demand_ha"],
        declared=form.declared(),
        row_version=data["row_version"],
    )
    response = _part(request, changed, "details", {**details_context(own(request, code)), "saved": True})
    response.headers["HX-Trigger"] = "details-saved"
    return response


@require_http_methods(["GET", "POST"])
def funding(request: HttpRequest, code: str) -> HttpResponse:
    """Show, link or unlink funded projects."""
    proposal = own(request, code)
    if request.method == "GET":
        return _part(request, proposal, "funding", funding_context(proposal))
    if request.POST.get("unlink"):
        project = get_object_or_404(FundedProject, code=request.POST["unlink"])
        unlink_funding(person(request), proposal, funded_project=project)
        return _part(request, proposal, "funding", funding_context(proposal))
    form = FundingForm(proposal, request.POST)
    if not form.is_valid():
        return _part(request, proposal, "funding", funding_context(proposal, form))
    link_funding(
        person(request),
        proposal,
        funded_project=form.cleaned_data["funded_project"],
        role=form.cleaned_data["role"],
        share=(form.cleaned_data["share_percent"] / Decimal(100)).quantize(Decimal("0.001")),
    )
    return _part(request, proposal, "funding", funding_context(proposal))


@require_http_methods(["GET", "POST"])
def dossier(request: HttpRequest, code: str) -> HttpResponse:
    """Show the dossier, or attach the file of one item."""
    proposal = own(request, code)
    if request.method == "GET":
        if not getattr(request, "htmx", False):
            context = {
                "swapped": False,
                "proposal": proposal,
                "editable": may_change(person(request), proposal),
                **dossier_context(proposal),
            }
            return render(request, "draw/dossier.html", context)
        return _part(request, proposal, "dossier", dossier_context(proposal))
    form = ItemForm(request.POST, request.FILES)
    if not form.is_valid():
        raise InputRefused(
            " ".join(str(error) for errors in form.errors.values() for error in errors),
            code="FILE_MISSING",
            todo=_("Choose the file again."),
        )
    attach_item(
        person(request), proposal, requirement=request.POST.get("requirement", ""), file=form.cleaned_data["file"]
    )
    if request.POST.get("page") == "dossier":
        return HttpResponseRedirect(reverse("draw:dossier", args=[code]))
    return _part(request, proposal, "dossier", dossier_context(proposal))


@require_http_methods(["GET", "POST"])
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """Show the kept versions (htmx), or keep one (JSON: ``reason``, ``row_version``)."""
    proposal = own(request, code)
    if request.method == "GET":
        return _part(request, proposal, "versions", versions_context(proposal, person(request)))
    body = read_object(request)
    row_version = body.get("row_version")
    version = keep_version(
        person(request),
        proposal,
        reason=str(body.get("reason", ""))[:240],
        row_version=row_version if isinstance(row_version, int) else None,
    )
    draft = Draft.objects.get(proposal=proposal)
    return JsonResponse(
        {
            "number": version.number,
            "area_m2": version.area_m2,
            "row_version": draft.row_version,
            "saved_at": draft.saved_at.isoformat(),
            **drawn_json(draft.geom, draft.cuts, draft.uses),
        }
    )


@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest, code: str) -> HttpResponse:
    """Show the threads, or answer one."""
    proposal = own(request, code)
    if request.method == "POST":
        comment = get_object_or_404(Comment, pk=_number(request.POST.get("comment")), proposal=proposal)
        answer_comment(person(request), proposal, comment=comment, text=request.POST.get("text", ""))
    return _part(request, proposal, "comments", comments_context(proposal))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else 0
