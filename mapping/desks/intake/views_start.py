"""Which files of mine are on their way, and how does a new one begin? The list, and the page that takes a file.

A file is only stored here; reading it is the flow's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from layers.errors import InputRefused, LimitExceeded
from layers.intake.refusals import spoken
from mapping import formats
from mapping.desks.intake import kept
from mapping.desks.intake.door import person_of
from mapping.desks.intake.forms import StartForm
from mapping.desks.intake.jobs import clear_up, start
from mapping.desks.intake.models import OPEN, Arrival, ArrivalState
from mapping.desks.intake.pages import read_answer
from mapping.desks.intake.purposes.base import Purpose
from mapping.desks.intake.purposes.registry import PURPOSES, purpose_of
from mapping.rate import limit_rate
from planning.people.models import User

PER_PAGE = 25
SENDERS_OFFERED = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """List the person's own files, what waits for an answer first."""
    person = person_of(request)
    mine = Arrival.objects.filter(person=person).defer("picture", "facts", "answers")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("trang") or request.GET.get("page"))
    context = {
        "waiting": [_row(one) for one in mine.filter(state__in=OPEN)] if page.number == 1 else [],
        "page_obj": page,
        "rows": [_row(one) for one in page if not one.is_open],
        "starts": _starts(person),
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
    person = person_of(request)
    wanted = purpose_of(purpose)
    wanted.door(person, target)
    about = wanted.about_form(request, target)
    if request.method != "POST":
        return _start_page(request, wanted, target, (StartForm(), about))
    limit_rate(request, "upload")
    form = StartForm(request.POST, request.FILES)
    valid = form.is_valid()
    if not valid or (about is not None and not about.is_valid()):
        return _start_page(request, wanted, target, (form, about), status=422)
    files = form.cleaned_data["file"]
    try:
        kept.check_quota(person, sum(file.size for file in files))
        stored, filename, size, sha256 = kept.keep(files)
    except (LimitExceeded, InputRefused) as problem:
        form.add_error("file", f"{problem.message} {problem.todo}".strip())
        return _start_page(request, wanted, target, (form, about), status=problem.status)
    said: dict[str, Any] = {}
    if about is not None:
        named, said = wanted.about(about)
        target = named or target
        cover = about.cleaned_data.get("coverage_file")
        if cover is not None and said.get("coverage") == "file":
            said["coverage_stored"] = kept.keep([cover])[0]
            said["coverage_filename"] = Path(cover.name or "").name[:200]
    with transaction.atomic():
        arrival = Arrival.objects.create(
            person=person,
            purpose=wanted.key,
            target=target,
            sender=" ".join(form.cleaned_data["sender"].split()),
            filename=filename,
            stored=stored,
            size=size,
            sha256=sha256,
            answers={"about": said},
            facts=_duplicate(wanted, target, sha256),
        )
        arrival.note("SENT", formats.number(size) + " B", person)
        if arrival.facts:
            arrival.note("DUPLICATE_UPLOAD", spoken("DUPLICATE_UPLOAD", {})[0], person)
        transaction.on_commit(clear_up.enqueue)
    start(arrival)
    return read_answer(request, arrival)


def _duplicate(purpose: Purpose, target: str, sha256: str) -> dict[str, Any]:
    """Return when the very same file came for the very same thing before, if it was taken or still waits."""
    before = (
        Arrival.objects.filter(purpose=purpose.key, target=target, sha256=sha256)
        .filter(state__in=[*OPEN, ArrivalState.TAKEN])
        .order_by("-created_at")
        .values("created_at", "state", "filename")
        .first()
    )
    if before is None:
        return {}
    return {
        "duplicate": {
            "at": formats.moment(before["created_at"]),
            "taken": before["state"] == ArrivalState.TAKEN,
            "filename": before["filename"],
        }
    }


def _start_page(
    request: HttpRequest, purpose: Purpose, target: str, asked: tuple[StartForm, Any], status: int = 200
) -> HttpResponse:
    person = person_of(request)
    senders = (
        Arrival.objects.filter(person=person)
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
    }
    return render(request, "intake/new.html", context, status=status)
