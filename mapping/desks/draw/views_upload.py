"""How does a boundary file become the draft? Read, placed, shown with every reading, confirmed by a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from layers.errors import Conflict, DatNgheError, InputRefused
from layers.intake.candidates import CrsCandidate
from layers.intake.read import Intake, read_vector_file, storage_shapes, to_zone
from layers.vetting import REPAIR, vet_features
from mapping import formats
from mapping.desks.draw import pending
from mapping.desks.draw.files import own, person
from mapping.desks.draw.forms import UploadForm
from mapping.glass.geojson import to_geojson
from mapping.rate import limit_rate
from planning.proposals.models import Draft, Proposal, State
from planning.proposals.services import save_draft

FEATURES_SHOWN = 60
WELL_INSIDE = 0.5


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Take a file, show where it lands, and on confirmation make it the draft."""
    proposal = own(request, code)
    if proposal.state != State.DRAFT:
        return HttpResponseRedirect(reverse("draw:edit", args=[code]))
    step = request.POST.get("step", "")
    form = UploadForm()
    try:
        if step == "send":
            limit_rate(request, "upload")
            form = UploadForm(request.POST, request.FILES)
            if form.is_valid():
                pending.keep(request, code, form.cleaned_data["file"])
                return HttpResponseRedirect(reverse("draw:upload", args=[code]))
        elif step == "layer":
            held = pending.waiting(request, code)
            if held is not None:
                pending.remember(request, code, replace(held, layer=request.POST.get("layer", "")))
            return HttpResponseRedirect(reverse("draw:upload", args=[code]))
        elif step == "drop":
            pending.forget(request, code)
            return HttpResponseRedirect(reverse("draw:upload", args=[code]))
        return _shown(request, proposal, form, confirm=step == "confirm")
    except Conflict:
        raise
    except InputRefused as problem:
        return _refused(request, proposal, problem)


def _shown(request: HttpRequest, proposal: Proposal, form: UploadForm, *, confirm: bool) -> HttpResponse:
    """Show the form, or the waiting file with its readings; with *confirm* make the chosen reading the draft."""
    held = pending.waiting(request, proposal.code)
    if held is None:
        status = 422 if form.is_bound else 200
        return render(request, "draw/upload.html", {"proposal": proposal, "form": form}, status=status)
    with pending.local_copy(held) as path:
        intake = read_vector_file(path, held.filename, declared_unit=proposal.unit, layer=held.layer)
    if confirm:
        return _taken(request, proposal, intake)
    draft = Draft.objects.filter(proposal=proposal).first()
    chosen = intake.best
    context = {
        "proposal": proposal,
        "held": held,
        "intake": intake,
        "readings": [_reading(intake, one, proposal) for one in intake.candidates],
        "features": _features(intake, chosen) if chosen else [],
        "more": max(0, len(intake.shapes) - FEATURES_SHOWN),
        "row_version": draft.row_version if draft else 1,
        "drawn_ha": draft.geom.area / 10_000 if draft and draft.geom else None,
    }
    ghosts = [_ghost(intake, one) for one in intake.candidates]
    return render(request, "draw/upload_confirm.html", {**context, "ghosts": ghosts})


def _taken(request: HttpRequest, proposal: Proposal, intake: Intake) -> HttpResponse:
    """Make the confirmed reading the draft."""
    candidate = intake.candidate(request.POST.get("candidate", ""))
    chosen = sorted({int(n) for n in request.POST.getlist("feature") if n.isascii() and n.isdigit() and len(n) < 8})
    features = [index for index, number in enumerate(intake.numbers) if number in chosen] if chosen else None
    if features == [] or (not chosen and len(intake.shapes) > 1 and request.POST.get("choosing")):
        raise InputRefused(_("No area of the file is ticked."), code="NO_FEATURES", todo=_("Tick at least one."))
    zone = to_zone(intake, candidate, features=features)
    row_version = request.POST.get("row_version", "")
    save_draft(
        person(request),
        proposal,
        row_version=int(row_version) if row_version.isdigit() else 0,
        geom=zone.geom,
        cuts=None,
        uses=[],
    )
    pending.forget(request, proposal.code)
    messages.success(
        request,
        _("The boundary was taken from %(file)s: %(area)s.")
        % {"file": intake.filename, "area": formats.hectares_of_m2(zone.area_m2)},
    )
    for notice in zone.notices[:5]:
        messages.info(request, notice.message)
    return HttpResponseRedirect(reverse("draw:edit", args=[proposal.code]))


def _refused(request: HttpRequest, proposal: Proposal, problem: DatNgheError) -> HttpResponse:
    """Say why the file cannot be used; several layers are offered for choice."""
    layers = problem.detail.get("layers") if problem.code == "MULTIPLE_LAYERS" else None
    if layers is None:
        pending.forget(request, proposal.code)
    context = {"proposal": proposal, "form": UploadForm(), "problem": problem, "layers": layers}
    return render(request, "draw/upload.html", context, status=problem.status)


def _reading(intake: Intake, one: CrsCandidate, proposal: Proposal) -> dict[str, Any]:
    if one.share_in_unit >= WELL_INSIDE:
        lands = _("lands in %(place)s") % {"place": proposal.unit.full_name}
    elif one.share_in_province >= WELL_INSIDE:
        lands = _("lands in the province, outside %(place)s") % {"place": proposal.unit.full_name}
    else:
        lands = _("lands outside the province")
    return {"one": one, "lands": lands, "best": one is intake.best}


def _ghost(intake: Intake, one: CrsCandidate) -> dict[str, Any]:
    outline = intake.ghost(one)
    return {"key": one.key, "geometry": to_geojson(outline) if outline is not None else None}


def _features(intake: Intake, candidate: CrsCandidate) -> list[dict[str, Any]]:
    """Vet the first features one by one and say what became of each."""
    import shapely

    shapes = storage_shapes(intake, candidate)[:FEATURES_SHOWN]
    blobs = [shapely.to_wkb(shape, byte_order=1) for shape in shapes]
    found = []
    for index, vetted in enumerate(vet_features(blobs, "polygon", REPAIR)):
        words = [str(value) for value in intake.attributes(index).values() if isinstance(value, str) and value.strip()]
        found.append(
            {
                "number": intake.numbers[index],
                "label": words[0][:80] if words else "",
                "area_m2": vetted.area_m2 if vetted.refused is None else None,
                "refused": vetted.refused,
                "notices": vetted.notices,
            }
        )
    return found
