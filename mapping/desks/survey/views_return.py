"""How do measurements come in through a survey link? Read apart, shown where they land, sent when the team says so.

It judges nothing: the department compares. What the team sees before sending is the same comparison.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from layers.errors import DatNgheError, Gone, InputRefused, NotFound
from layers.intake.cad.options import CLOSE_M, CadOptions
from layers.intake.candidates import CrsCandidate
from layers.intake.read import Intake, read_vector_file, to_zone
from layers.vetting import VettedZone
from mapping.desks.survey import held
from mapping.desks.survey.door import unseen, unseen_form
from mapping.desks.survey.forms import ReturnForm
from mapping.desks.survey.held import Held
from mapping.glass.geojson import to_geojson
from mapping.papers.measured_rings import printed_comparison
from mapping.rate import limit_rate
from planning.proposals.models import State, SurveyOrder, SurveyReturn
from planning.proposals.queries import returns_of
from planning.proposals.services import Measured, open_survey_link, send_return

# Each reading that lands in the province is vetted and compared; a drawing rarely has more than two.
READINGS_COMPARED = 4


@require_http_methods(["GET", "POST"])
@unseen_form
def send(request: HttpRequest, token: str) -> HttpResponse:
    """Take a file and how it was measured, show each reading beside the approved boundary, send the chosen one."""
    order = open_survey_link(token, what=_("sending measurements"))
    step = request.POST.get("step", "")
    form = ReturnForm()
    try:
        if step == "read":
            limit_rate(request, "upload")
            form = ReturnForm(request.POST, request.FILES)
            if form.is_valid():
                return _shown(request, token, order, held.keep(order, form.cleaned_data["file"], form.facts()))
        elif step == "answer":
            waiting = held.opened(order, request.POST.get("held", ""))
            return _shown(request, token, order, _answered(waiting, request.POST))
        elif step == "send":
            limit_rate(request, "upload")
            waiting = held.opened(order, request.POST.get("held", ""))
            return _sent(token, order, waiting, request.POST.get("candidate", ""))
    except (Gone, NotFound):
        raise
    except DatNgheError as problem:
        return _asked(request, token, order, form, problem=problem)
    return _asked(request, token, order, form)


@require_safe
@unseen
def receipt(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Show what the department received, and what became of it."""
    order = open_survey_link(token, what=_("receipt"))
    returned = SurveyReturn.objects.filter(order=order, number=number).select_related("version").first()
    if returned is None:
        raise NotFound(_("There is no such return."), where=str(number))
    context = {
        "order": order,
        "token": token,
        "returned": returned,
        "proposal": order.proposal,
        "comparison": printed_comparison(returned),
    }
    return render(request, "survey/receipt.html", context)


def _asked(
    request: HttpRequest, token: str, order: SurveyOrder, form: ReturnForm, *, problem: DatNgheError | None = None
) -> HttpResponse:
    context = {
        "order": order,
        "token": token,
        "proposal": order.proposal,
        "form": form,
        "problem": problem,
        "takes": order.proposal.state == State.BEING_SURVEYED,
        "returns": returns_of(order.proposal),
    }
    status = problem.status if problem is not None else 422 if form.is_bound else 200
    return render(request, "survey/return.html", context, status=status)


def _answered(waiting: Held, posted: QueryDict) -> Held:
    """Put what was answered about the file with it. Raises InputRefused for an answer that was never offered."""
    try:
        answered = replace(
            waiting,
            layer=posted.get("layer", waiting.layer)[:200],
            units=posted.get("units", waiting.units),
            close_m=float(posted.get("close_m", waiting.close_m)),
        )
        _drawing(answered)
    except ValueError as error:
        raise InputRefused(
            _("This answer was not among those offered."), code="ANSWER_UNKNOWN", todo=_("Choose the file again.")
        ) from error
    return answered


def _drawing(waiting: Held) -> CadOptions:
    """Return how to read a drawing. Raises ValueError for a unit nobody knows or a gap nobody should close."""
    return CadOptions(units=waiting.units, close_m=waiting.close_m or CLOSE_M)


def _read(order: SurveyOrder, waiting: Held) -> Intake:
    with held.local_copy(waiting) as path:
        return read_vector_file(
            path,
            waiting.filename,
            declared_unit=order.proposal.unit,
            layer=waiting.layer,
            kind="polygon",
            cad=_drawing(waiting),
        )


def _shown(request: HttpRequest, token: str, order: SurveyOrder, waiting: Held) -> HttpResponse:
    """Show where the file lands, or ask what is not clear: which of its layers, which unit, which gaps to close."""
    context: dict[str, Any] = {
        "order": order,
        "token": token,
        "proposal": order.proposal,
        "waiting": waiting,
        "sealed": held.sealed(order, waiting),
    }
    try:
        intake = _read(order, waiting)
    except InputRefused as problem:
        asked = {name: problem.detail.get(name) for name in ("layers", "offers")}
        if not any(asked.values()):
            raise
        return render(request, "survey/return_question.html", {**context, **asked, "problem": problem})
    readings = [
        _reading(intake, one, order, waiting, compare=index < READINGS_COMPARED)
        for index, one in enumerate(intake.candidates)
    ]
    best = next((reading for reading in readings if reading["comparison"] is not None), None)
    for reading in readings:
        reading["best"] = reading is (best or readings[0])
    context |= {
        "intake": intake,
        "readings": readings,
        "map_data": {
            "approved": to_geojson(order.version.geom),
            "ghosts": [{"key": reading["one"].key, "geometry": reading["geometry"]} for reading in readings],
        },
    }
    return render(request, "survey/return_confirm.html", context)


def _reading(intake: Intake, one: CrsCandidate, order: SurveyOrder, waiting: Held, *, compare: bool) -> dict[str, Any]:
    """Return one reading of the coordinates with the comparison it would give; None when it shares no land."""
    ghost = intake.ghost(one)
    reading: dict[str, Any] = {
        "one": one,
        "geometry": to_geojson(ghost) if ghost is not None else None,
        "comparison": None,
        "refused": None,
        "zone": None,
    }
    if not compare:
        return reading
    try:
        zone = to_zone(intake, one)
    except InputRefused as refused:
        return {**reading, "refused": refused}
    if zone.geom.intersects(order.version.geom):
        reading |= {"comparison": printed_comparison(_draft(order, waiting, zone)), "zone": zone}
    return reading


def _draft(order: SurveyOrder, waiting: Held, zone: VettedZone) -> SurveyReturn:
    """Return the row that sending would write, for looking at only."""
    return SurveyReturn(
        order=order,
        proposal=order.proposal,
        version=order.version,
        measured_on=date.fromisoformat(waiting.facts["measured_on"]),
        geom=zone.geom,
        area_m2=zone.area_m2,
    )


def _sent(token: str, order: SurveyOrder, waiting: Held, key: str) -> HttpResponse:
    intake = _read(order, waiting)
    candidate = intake.candidate(key)
    zone = to_zone(intake, candidate)
    facts = {**waiting.facts, "measured_on": date.fromisoformat(waiting.facts["measured_on"])}
    with default_storage.open(waiting.stored, "rb") as stored:
        returned = send_return(
            order,
            geom=zone.geom,
            file=File(stored, name=waiting.filename),
            how=Measured(**facts),
            reading=candidate.label,
            notices=zone.notices,
        )
    held.forget(order)
    return HttpResponseRedirect(reverse("survey:receipt", args=[token, returned.number]))
