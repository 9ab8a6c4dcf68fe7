"""What does the page of one file show and take? Progress, the open question, the verdicts, the refusal, the log.

Each act asks anew whose file it is and whether the purpose is still open to the person.
"""

from __future__ import annotations

import json
from pathlib import Path

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from layers.errors import DatNgheError, InputRefused, NotFound, TransitionRefused
from mapping.desks.intake import kept
from mapping.desks.intake.answers import record
from mapping.desks.intake.door import holder_of, own_arrival
from mapping.desks.intake.flow import is_large
from mapping.desks.intake.jobs import start, start_taking
from mapping.desks.intake.models import ArrivalState
from mapping.desks.intake.pages import arrival_answer, read_answer
from mapping.desks.intake.purposes.registry import purpose_of
from mapping.desks.intake.rejects import rejected_again, rejected_csv
from mapping.desks.intake.shown import addresses
from mapping.desks.intake.taking import problem_facts, take
from mapping.papers.xlsx import CSV
from mapping.rate import limit_rate


@require_safe
def arrival_page(request: HttpRequest, pk: int, token: str = "") -> HttpResponse:
    """Show where a file stands; htmx asks for the same address and gets the moving part only."""
    htmx = bool(getattr(request, "htmx", False))
    holder = holder_of(request, token, follows=htmx)
    arrival = own_arrival(holder, pk)
    if htmx and not arrival.is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if htmx:
        return render(request, "intake/running.html", {"arrival": arrival, "at": addresses(holder, arrival)})
    return arrival_answer(request, holder, arrival, asked=request.GET.get("buoc", ""))


@require_POST
def answer(request: HttpRequest, pk: int, token: str = "") -> HttpResponse:
    """Take the answer to one step and read on."""
    limit_rate(request, "intake")
    holder = holder_of(request, token)
    step = request.POST.get("step", "")
    try:
        with transaction.atomic():
            arrival = own_arrival(holder, pk, lock=True)
            if not arrival.is_waiting:
                raise TransitionRefused(_("This file asks nothing now."), where=arrival.get_state_display())
            purpose_of(arrival.purpose).door(holder.person, arrival.target)
            record(arrival, step, request.POST)
            arrival.move(ArrivalState.READING, answers=arrival.answers, facts=arrival.facts, picture=None, problem={})
    except InputRefused as problem:
        return arrival_answer(
            request, holder, own_arrival(holder, pk), asked=step, problem=problem_facts(problem), status=problem.status
        )
    start(arrival)
    return read_answer(request, holder, arrival)


@require_POST
def take_file(request: HttpRequest, pk: int, token: str = "") -> HttpResponse:
    """Take the file as the person sees it: ticked rows, chosen readings."""
    limit_rate(request, "intake")
    holder = holder_of(request, token)
    try:
        with transaction.atomic():
            arrival = own_arrival(holder, pk, lock=True)
            if arrival.state != ArrivalState.READY:
                raise TransitionRefused(_("This file is not waiting to be taken."), where=arrival.get_state_display())
            purpose = purpose_of(arrival.purpose)
            purpose.door(holder.person, arrival.target)
            record(arrival, "verdicts", request.POST)
            arrival.save(update_fields=["answers", "changed_at"])
            told = {name: request.POST.get(name, "")[:20] for name in purpose.seen(arrival.target)}
            large = is_large(arrival)
            if large:
                start_taking(arrival, told)
        if large:
            return redirect(holder.address("arrival", pk))
        taken = take(pk, told)
    except TransitionRefused:
        raise
    except DatNgheError as problem:
        if problem.status in {401, 403, 404, 410}:
            raise
        return arrival_answer(
            request,
            holder,
            own_arrival(holder, pk),
            asked="verdicts",
            problem=problem_facts(problem),
            status=problem.status,
        )
    if not holder.by_link:  # behind a link there is no session to carry them; the receipt says the same
        messages.success(request, taken.message)
        for remark in taken.remarks:
            messages.info(request, remark)
    if own_arrival(holder, pk).rejected:
        return redirect(holder.address("arrival", pk))  # what was left out can be fetched there
    return redirect(holder.whole(taken.address))


@require_POST
def drop(request: HttpRequest, pk: int, token: str = "") -> HttpResponse:
    """Give a file up: its content is deleted, its log stays."""
    holder = holder_of(request, token)
    with transaction.atomic():
        arrival = own_arrival(holder, pk, lock=True)
        if arrival.is_open and not (arrival.is_running and not arrival.is_stuck):
            kept.forget_files(arrival)
            arrival.move(ArrivalState.DROPPED, stored="", rejected="", facts={}, picture=None, answers={}, problem={})
            arrival.note("DROPPED", "", holder.person)
    return redirect(holder.whole(purpose_of(arrival.purpose).back(arrival.target)))


@require_POST
def restart(request: HttpRequest, pk: int, token: str = "") -> HttpResponse:
    """Start a reading again whose worker was ended; the stored file is read anew, nothing had been taken."""
    holder = holder_of(request, token)
    with transaction.atomic():
        arrival = own_arrival(holder, pk, lock=True)
        stuck = arrival.is_stuck
        if stuck:
            arrival.move(ArrivalState.QUEUED)
            arrival.note("RESTARTED", "", holder.person)
    if stuck:
        start(arrival)
    return read_answer(request, holder, arrival)


@require_safe
def picture(request: HttpRequest, pk: int, token: str = "") -> HttpResponse:
    """Give the features for the map, as GeoJSON."""
    arrival = own_arrival(holder_of(request, token, follows=True), pk)
    found = arrival.picture or {"type": "FeatureCollection", "features": []}
    return JsonResponse(found, headers={"Cache-Control": "private, no-store"})


@require_safe
def rejected(request: HttpRequest, pk: int, kind: str, token: str = "") -> HttpResponse:
    """Give the rows that were not taken, with the reason of each."""
    arrival = own_arrival(holder_of(request, token), pk)
    if not arrival.rejected or kind not in {"geojson", "csv"}:
        raise NotFound(_("No row of this file was left out."))
    with default_storage.open(arrival.rejected, "rb") as stored:
        collection = rejected_again(stored.read())
    content, media = json.dumps(collection, ensure_ascii=False).encode(), "application/geo+json"
    if kind == "csv":
        content, media = rejected_csv(collection), CSV
    stem = Path(arrival.filename).stem or "file"
    answer = HttpResponse(content, content_type=media, headers={"Cache-Control": "private, no-store"})
    answer.headers["Content-Disposition"] = _attachment(f"{stem}-khong-nhan.{kind}")
    return answer


@require_safe
def original(request: HttpRequest, pk: int, token: str = "") -> FileResponse:
    """Give the file back as it was sent."""
    arrival = own_arrival(holder_of(request, token), pk)
    if not arrival.stored or not default_storage.exists(arrival.stored):
        raise NotFound(_("The file is not kept any more."))
    answer = FileResponse(
        default_storage.open(arrival.stored, "rb"), content_type="application/octet-stream", as_attachment=True
    )
    answer.headers["Content-Disposition"] = _attachment(arrival.filename)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _attachment(filename: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(as_attachment=True, filename=filename) or "attachment"
