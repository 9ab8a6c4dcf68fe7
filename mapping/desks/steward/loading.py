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
from mapping.desks.steward.forms import LoadForm
from mapping.desks.steward.jobs import load_file
from mapping.desks.steward.models import LayerLoad, LoadState
from mapping.desks.steward.pages import door, person
from planning.people.capabilities import Capability
from planning.people.queries import require

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
    load = LayerLoad.objects.create(
        layer=given["layer"],
        filename=Path(given["file"].name or "").name[:200],
        stored=stored,
        options={
            **{name: given[name] for name in _OPTIONS},
            "effective_from": given["effective_from"].isoformat(),
        },
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
    return render(request, template, {"load": load, "question": load.question, "problem": load.problem})


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
