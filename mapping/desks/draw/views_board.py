"""Where is a boundary drawn? The board of a proposal, and the same board without an account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from layers.errors import NotFound
from mapping.desks.draw.board import proposal_board, trial_board
from mapping.desks.draw.file_tabs import file_context
from mapping.desks.draw.files import may_change, person, seen
from planning.proposals.models import Draft
from planning.proposals.visibility import may_see_draft


@require_safe
@ensure_csrf_cookie
def trial(request: HttpRequest) -> HttpResponse:
    """Show the board without an account; nothing is stored."""
    return render(request, "draw/trial.html", {"board": trial_board()})


@require_safe
@ensure_csrf_cookie
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Show the board of a proposal: to its planners for work, to the inspector for reading."""
    proposal = seen(request, code)
    user = person(request)
    if not may_see_draft(user, proposal):
        raise NotFound(str(code))
    draft = Draft.objects.filter(proposal=proposal).first()
    editable = may_change(user, proposal)
    context = {
        "proposal": proposal,
        "editable": editable,
        "board": proposal_board(proposal, draft, editable=editable),
        **file_context(proposal, user, editable=editable),
    }
    return render(request, "draw/edit.html", context)
