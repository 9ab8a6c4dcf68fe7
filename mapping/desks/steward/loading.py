"""How does a file become a staged edition on the page? Upload, progress, questions; the worker does the work."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from layers.errors import NotFound
from layers.models import Layer
from mapping.desks.steward.forms import ClassesForm, LoadForm
from mapping.desks.steward.jobs import load_file
from mapping.desks.steward.models import LayerLoad, LoadState
from mapping.desks.steward.pages import door, person
from planning.people.capabilities import Capability
from planning.people.queries import require

# No ground is steeper, in per cent: a slope layer with larger values holds heights.
STEEPEST = 300
_OPTIONS = ("source", "licence", "coverage", "schematic", "note")


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file with what its publisher says, and hand it to the worker."""
    require(request.user, Capability.LOAD_EDITION)
    if request.method != "POST":
        layer = Layer.objects.filter(code=request.GET.get("lop", "")).first()
        return render(request, "steward/upload.html", {"form": LoadForm(initial={"layer": layer})})
    form = LoadForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "steward/upload.html", {"form": form}, status=422)
    given = form.cleaned_data
    stored = default_storage.save(f"loads/{secrets.token_hex(16)}", given["file"])
    options = {name: given[name] for name in _OPTIONS} | {"effective_from": given["effective_from"].isoformat()}
    if given["looked_on"]:
        options["looked_on"] = given["looked_on"].isoformat()
    if given["coverage"] == "unit":
        options["coverage"] = f"unit:{given['coverage_unit'].pk}"
    elif given["coverage"] == "file":
        cover = given["coverage_file"]
        options["coverage_stored"] = default_storage.save(f"loads/{secrets.token_hex(16)}", cover)
        options["coverage_filename"] = Path(cover.name or "").name[:200]
    load = LayerLoad.objects.create(
        layer=given["layer"],
        filename=Path(given["file"].name or "").name[:200],
        stored=stored,
        options=options,
        loaded_by=person(request),
    )
    start(load)
    return redirect("steward:load", pk=load.pk)


def start(load: LayerLoad) -> None:
    """Queue the loading after the row is committed; the page shows it in the person's language."""
    language = translation.get_language() or "vi"
    transaction.on_commit(lambda: load_file.enqueue(load.pk, language))


@require_safe
def load_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where a loading stands; htmx asks for the same address and gets the moving part only."""
    door(request)
    load = _load(pk)
    if load.state == LoadState.DONE and load.edition_id is not None:
        if getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Redirect": _edition_address(load)})
        return redirect("steward:edition", pk=load.edition_id)
    if getattr(request, "htmx", False) and not load.is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    template = "steward/load_state.html" if getattr(request, "htmx", False) else "steward/load.html"
    context = {"load": load, "question": load.question, "problem": load.problem}
    if load.state == LoadState.ASKING_CLASSES:
        context["form"] = classes_form(load)
    return render(request, template, context)


def classes_form(load: LayerLoad) -> ClassesForm:
    """Return the question about classes with what is usual for the layer filled in."""
    heights = load.layer.code == "slope" and load.question.get("max", 0) > STEEPEST
    return ClassesForm(initial={"breaks": load.question.get("breaks", ""), "slope": heights})


@require_POST
def classes(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the classes of a raster and go on."""
    require(request.user, Capability.LOAD_EDITION)
    with transaction.atomic():
        load = _load(pk, lock=True)
        if load.state != LoadState.ASKING_CLASSES:
            return redirect("steward:load", pk=pk)
        form = ClassesForm(request.POST)
        if not form.is_valid():
            context = {"load": load, "question": load.question, "form": form}
            return render(request, "steward/load.html", context, status=422)
        given = form.cleaned_data
        chosen = {
            "breaks": list(given["breaks"]),
            "derive": "slope" if given["slope"] else "",
            "min_area_m2": float(given["min_area_ha"]) * 10_000,
        }
        load.move(LoadState.QUEUED, options={**load.options, "classes": chosen}, question={})
        start(load)
    return redirect("steward:load", pk=pk)


def _edition_address(load: LayerLoad) -> str:
    from django.urls import reverse

    return reverse("steward:edition", args=[load.edition_id])


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the steward's answer to a question (layer of the file, coordinate system) and go on."""
    require(request.user, Capability.LOAD_EDITION)
    with transaction.atomic():
        load = _load(pk, lock=True)
        if load.state == LoadState.ASKING_LAYER and request.POST.get("layer", "") in load.question.get("layers", []):
            load.move(LoadState.QUEUED, options={**load.options, "file_layer": request.POST["layer"]}, question={})
            start(load)
        elif load.state == LoadState.ASKING_CRS and request.POST.get("candidate", "") in {
            item["key"] for item in load.question.get("candidates", [])
        }:
            load.move(LoadState.QUEUED, options={**load.options, "candidate": request.POST["candidate"]}, question={})
            start(load)
    return redirect("steward:load", pk=pk)


@require_POST
def restart(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a loading again whose worker was ended; the stored file is read anew."""
    require(request.user, Capability.LOAD_EDITION)
    with transaction.atomic():
        load = _load(pk, lock=True)
        if load.is_stuck:
            load.move(LoadState.QUEUED)
            start(load)
    return redirect("steward:load", pk=pk)


def _load(pk: int, *, lock: bool = False) -> LayerLoad:
    loads = LayerLoad.objects.select_for_update() if lock else LayerLoad.objects.select_related("layer", "loaded_by")
    load = loads.filter(pk=pk).first()
    if load is None:
        raise NotFound(_("There is no such loading."))
    return load
