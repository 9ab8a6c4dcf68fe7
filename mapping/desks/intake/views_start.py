"""Which files of mine are on their way, and how does a new one begin? The list, and the page that takes a file.

A file is only stored here; reading it is the flow's.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from layers.errors import InputRefused, LimitExceeded
from layers.intake.refusals import ACCEPTED
from mapping.desks.intake.door import Holder, holder_of
from mapping.desks.intake.forms import StartForm
from mapping.desks.intake.models import OPEN, Arrival
from mapping.desks.intake.pages import read_answer
from mapping.desks.intake.purposes.base import Purpose, signed_in
from mapping.desks.intake.purposes.registry import PURPOSES, purpose_of
from mapping.desks.intake.receiving import receive
from mapping.rate import limit_rate
from planning.people.models import User

PER_PAGE = 25
SENDERS_OFFERED = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """List the person's own files, what waits for an answer first."""
    holder = holder_of(request)
    mine = holder.arrivals().defer("picture", "facts", "answers")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("trang") or request.GET.get("page"))
    context = {
        "waiting": [_row(one) for one in mine.filter(state__in=OPEN)] if page.number == 1 else [],
        "page_obj": page,
        "rows": [_row(one) for one in page if not one.is_open],
        "starts": _starts(signed_in(holder.person)),
    }
    return render(request, "intake/home.html", context)


def _row(arrival: Arrival) -> dict[str, Any]:
    return {"arrival": arrival, "title": purpose_of(arrival.purpose).title(arrival.target)}


def _starts(person: User) -> list[dict[str, str]]:
    """Return the purposes this person may start without coming from somewhere."""
    offered = []
    for purpose in PURPOSES.values():
        if purpose.key == "zone":
            continue
        try:
            purpose.door(person, "")
        except Exception as problem:
            if not hasattr(problem, "todo"):
                raise
            continue
        offered.append({"key": purpose.key, "title": purpose.title("")})
    return offered


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, purpose: str, target: str = "") -> HttpResponse:
    """Take a file for a purpose and begin to read it."""
    holder = holder_of(request)
    wanted = purpose_of(purpose)
    wanted.door(holder.person, target)
    about = wanted.about_form(request, target)
    if request.method != "POST":
        return _start_page(request, holder, (wanted, target), (StartForm(), about))
    limit_rate(request, "upload")
    form = StartForm(request.POST, request.FILES)
    valid = form.is_valid()
    if not valid or (about is not None and not about.is_valid()):
        return _start_page(request, holder, (wanted, target), (form, about), status=422)
    try:
        arrival = receive(
            holder, wanted, target, form.cleaned_data["file"], about=about, sender=form.cleaned_data["sender"]
        )
    except (LimitExceeded, InputRefused) as problem:
        form.add_error("file", f"{problem.message} {problem.todo}".strip())
        return _start_page(request, holder, (wanted, target), (form, about), status=problem.status)
    return read_answer(request, holder, arrival)


def _start_page(
    request: HttpRequest, holder: Holder, about: tuple[Purpose, str], asked: tuple[StartForm, Any], status: int = 200
) -> HttpResponse:
    purpose, target = about
    senders = (
        holder.arrivals()
        .exclude(sender="")
        .order_by("sender")
        .values_list("sender", flat=True)
        .distinct()[:SENDERS_OFFERED]
    )
    context = {
        "purpose": purpose,
        "title": purpose.title(target),
        "form": asked[0],
        "about": asked[1],
        "senders": list(senders),
        "back": purpose.back(target),
        "accepted": _(ACCEPTED),
    }
    return render(request, "intake/new.html", context, status=status)
