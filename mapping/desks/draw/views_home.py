"""Where does a planner begin? The home with three lists, and the form of a new proposal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from mapping.desks.draw.files import person
from mapping.desks.draw.forms import NewProposalForm
from mapping.desks.draw.home_lists import home_lists
from planning.people.capabilities import Capability
from planning.people.queries import require
from planning.proposals.models import Draft
from planning.proposals.services import save_draft, start_proposal


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the planner."""
    user = person(request)
    require(user, Capability.DRAW_PROPOSAL)
    return render(request, "draw/home.html", {"lists": home_lists(user)})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Start a proposal and lead to the board, the upload or the coordinates."""
    user = person(request)
    require(user, Capability.DRAW_PROPOSAL)
    initial = {"how": request.GET.get("cach") or "draw", "rival_of": None}
    form = NewProposalForm(user, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        proposal = start_proposal(
            user,
            kind=data["kind"],
            unit=data["unit"],
            name=data["name"],
            need_statement=data["need_statement"],
            rival_of=data["rival_of"],
            expands=data["expands"],
        )
        if data["how"] == "copy":
            _copy(request, proposal.code, data["source"])
        if data["how"] == "upload":
            return HttpResponseRedirect(reverse("intake:new", args=["zone", proposal.code]))
        hash_ = "#toa-do" if data["how"] == "corners" else ""
        return HttpResponseRedirect(reverse("draw:edit", args=[proposal.code]) + hash_)
    return render(request, "draw/new.html", {"form": form}, status=422 if request.method == "POST" else 200)


def _copy(request: HttpRequest, code: str, source: object) -> None:
    """Copy boundary, lines and uses of another proposal's draft, else of its current version."""
    from mapping.desks.draw.files import own
    from planning.proposals.models import Proposal

    assert isinstance(source, Proposal)  # noqa: S101  # the form gives a proposal
    target = own(request, code)
    draft = Draft.objects.filter(proposal=source).first()
    held = draft if draft is not None and draft.geom is not None else source.current_version
    if held is None or held.geom is None:
        return
    mine = Draft.objects.get(proposal=target)
    save_draft(person(request), target, row_version=mine.row_version, geom=held.geom, cuts=held.cuts, uses=held.uses)
