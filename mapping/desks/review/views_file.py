"""How is one proposal opened? One page, one tab of it, for everybody who may see it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mapping.desks.review.door import visible_proposal
from mapping.desks.review.file_page import file_page


@require_safe
def file(request: HttpRequest, code: str) -> HttpResponse:
    """Show the file of a proposal on the tab ``?tab=``."""
    user, proposal = visible_proposal(request, code)
    return render(
        request,
        "review/file.html",
        file_page(user, proposal, request.GET.get("tab", ""), row=request.GET.get("dong", "")),
    )
