"""Which answer does an act on a file end in? Its page, with the status of what happened.

The page has one address; an answer to a form names it, so that a reload looks again instead of sending again.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapping.desks.intake.door import Holder
from mapping.desks.intake.models import Arrival, ArrivalState
from mapping.desks.intake.shown import page_context


def arrival_answer(
    request: HttpRequest,
    holder: Holder,
    arrival: Arrival,
    *,
    asked: str = "",
    problem: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page of a file at the step *asked* for, with *problem* instead of the one it keeps."""
    posted = request.POST if request.method == "POST" else None
    context = page_context(holder, arrival, asked, posted)
    if problem is not None:
        context["problem"] = problem
    if posted is not None:
        own = holder.address("arrival", arrival.pk)
        context["address"] = f"{own}?buoc={asked}" if asked in arrival.facts.get("steps", []) else own
    answer = render(request, "intake/arrival.html", context, status=status)
    if posted is not None:
        answer.headers["Content-Location"] = context["address"]
    return answer


def read_answer(request: HttpRequest, holder: Holder, arrival: Arrival) -> HttpResponse:
    """Answer after reading: go to the file's page, or tell a refusal at once with its status of the catalogue."""
    if arrival.state != ArrivalState.REFUSED:
        return redirect(holder.address("arrival", arrival.pk))
    return arrival_answer(request, holder, arrival, status=int(arrival.problem["status"]))
