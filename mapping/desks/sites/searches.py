"""Where else? The pages of a search: home of the desk, a new search, its ranked sites, and what is done with them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from layers.batches.queries import progress
from layers.models import AdminUnit, BatchState
from mapping.desks.sites.door import may_start, searcher
from mapping.desks.sites.forms import ROAD_NAMES, SearchForm
from mapping.desks.sites.shown import card, funnel_rows, site_features
from planning.checks.screening.weigh import CRITERIA, MAX_WEIGHT, weights_from
from planning.people.capabilities import Capability
from planning.people.queries import scope_units
from planning.proposals.models import Screening, SiteSearch
from planning.proposals.screening.visibility import search_for, searches_for
from planning.proposals.sites.open_site import open_site
from planning.proposals.sites.ranking import is_outdated, ranked
from planning.proposals.sites.search import continue_search, start_search, stop_search
from planning.proposals.sites.work import funnel_of

SHOWN = 30


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the person's searches and the screenings of the province."""
    user = searcher(request)
    return render(
        request,
        "sites/home.html",
        {
            "searches": searches_for(user)[:SHOWN],
            "screenings": Screening.objects.select_related("batch", "created_by")[:SHOWN],
            "may_start": may_start(user),
        },
    )


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for the wishes and start a search."""
    user = searcher(request)
    form = SearchForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        search = start_search(user, form.wishes(), title=form.cleaned_data["title"])
        return HttpResponseRedirect(reverse("sites:search", args=[search.pk]))
    return render(request, "sites/new.html", {"form": form}, status=422 if request.method == "POST" else 200)


@require_safe
def search_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sites of a search, ranked by the weights in the address."""
    user = searcher(request)
    search = search_for(user, pk)
    weights = weights_from({**search.weights, **_weights_in(request)})
    cards = [card(row) for row in ranked(search, weights)]
    reach = set(scope_units(user, Capability.DRAW_PROPOSAL).values_list("pk", flat=True))
    context = {
        "search": search,
        "wished": _wished(search),
        "cards": cards,
        "sites": site_features(cards),
        "funnel": funnel_rows(search, search.funnel or (funnel_of(search.batch) if search.batch else [])),
        "weights": [(criterion, weights[criterion.code]) for criterion in CRITERIA],
        "max_weight": int(MAX_WEIGHT),
        "outdated": is_outdated(search),
        "done": search.batch is not None and search.batch.state == BatchState.DONE,
        "openable": {card.ranked.site.number for card in cards if card.ranked.site.unit_id in reach},
        "may_draw": bool(reach),
        **_batch(search),
    }
    return render(request, "sites/search.html", context)


@require_safe
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the moving part of a search; the whole page once it ended."""
    search = search_for(searcher(request), pk)
    if search.batch is None or not progress(search.batch).is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "components/batch.html", _batch(search))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a search under way; what was found stays."""
    user = searcher(request)
    stop_search(user, search_for(user, pk))
    return redirect("sites:search", pk=pk)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a search that was stopped."""
    user = searcher(request)
    continue_search(user, search_for(user, pk))
    return redirect("sites:search", pk=pk)


@require_POST
def repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the same again against today's rules and editions."""
    from planning.checks.screening.wishes import Wishes

    user = searcher(request)
    search = search_for(user, pk)
    again = start_search(user, Wishes.of_data(search.wishes), title=search.title, weights=search.weights)
    return redirect("sites:search", pk=again.pk)


@require_POST
def open_draft(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Open a site as a draft proposal and lead to the drawing board."""
    user = searcher(request)
    proposal = open_site(user, search_for(user, pk), number)
    return HttpResponseRedirect(reverse("draw:edit", args=[proposal.code]))


def _weights_in(request: HttpRequest) -> dict[str, str]:
    return {name.removeprefix("w_"): str(value) for name, value in request.GET.items() if name.startswith("w_")}


def _batch(search: SiteSearch) -> dict[str, Any]:
    if search.batch is None:
        return {}
    return {
        "batch": search.batch,
        "progress": progress(search.batch),
        "poll_url": reverse("sites:follow", args=[search.pk]),
        "cancel_url": reverse("sites:cancel", args=[search.pk]),
        "resume_url": reverse("sites:resume", args=[search.pk]),
    }


def _wished(search: SiteSearch) -> dict[str, Any]:
    wishes = search.wishes
    units = AdminUnit.objects.filter(pk__in=wishes["units"]).defer("geom").order_by("name")
    return {
        **wishes,
        "unit_names": [unit.full_name for unit in units],
        "road_names": [str(ROAD_NAMES[code]) for code in wishes["roads"]],
    }
