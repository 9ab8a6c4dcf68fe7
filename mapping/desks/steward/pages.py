"""What does the steward see? The layers with their age and coverage, one layer's editions, one edition's report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.gis.db.models.functions import Area
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from layers.errors import NotAllowed, NotFound
from layers.models import AdminUnit, Edition, EditionStatus, Layer
from mapping.desks.steward.acts import discard
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import capabilities_of

READERS = frozenset({Capability.LOAD_EDITION, Capability.CONFIRM_EDITION, Capability.SEE_EVERYTHING})
SHOWN = 200


@dataclass(frozen=True)
class LayerRow:
    """One line of the list of layers."""

    layer: Layer
    current: Edition | None
    staged: int
    age_days: int | None
    overdue_days: int
    covered: float | None


def door(request: HttpRequest) -> frozenset[Capability]:
    """Return what the person may do here; raises NotAllowed for who has nothing to do with layers."""
    held = capabilities_of(request.user)
    if not held & READERS:
        raise NotAllowed(
            _("Only data stewards and appraisers work with layers."),
            todo=_("If it belongs to your work, ask the administrator to check your assignment."),
        )
    return held


def person(request: HttpRequest) -> User:
    """Return the signed-in person; call it behind `door` only."""
    return cast(User, request.user)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """List the layers: current edition, age against the review interval, share of the province covered."""
    held = door(request)
    today = timezone.localdate()
    province = (
        AdminUnit.objects.valid_on(today).of_level("province").annotate(m2=Area("geom")).values_list("m2", flat=True)
    )
    whole = float(province[0].sq_m) if province else 0.0
    current = {
        edition.layer_id: edition
        for edition in Edition.objects.filter(status=EditionStatus.CURRENT)
        .annotate(covered=Area("coverage"))
        .defer("coverage", "report")
    }
    staged: dict[int, int] = {}
    for layer_id in Edition.objects.filter(status=EditionStatus.STAGED).values_list("layer_id", flat=True):
        staged[layer_id] = staged.get(layer_id, 0) + 1
    rows = []
    for layer in Layer.objects.all():
        edition = current.get(layer.pk)
        age = (today - edition.known_as_of).days if edition else None
        covered = getattr(edition, "covered", None)
        rows.append(
            LayerRow(
                layer=layer,
                current=edition,
                staged=staged.get(layer.pk, 0),
                age_days=age,
                overdue_days=max(0, age - layer.review_after_days) if age is not None else 0,
                covered=min(1.0, float(covered.sq_m) / whole) if covered is not None and whole else None,
            )
        )
    context = {
        "rows": rows,
        "waiting": Edition.objects.filter(status=EditionStatus.STAGED).select_related("layer").defer("coverage"),
        "may_load": Capability.LOAD_EDITION in held,
        "overdue": sum(row.overdue_days > 0 for row in rows),
        "missing": sum(row.current is None for row in rows),
    }
    return render(request, "steward/home.html", context)


@require_safe
def layer_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one layer with all its editions."""
    held = door(request)
    layer = Layer.objects.filter(code=code).first()
    if layer is None:
        raise NotFound(_("There is no such layer."))
    editions = layer.editions.defer("coverage")
    context = {"layer": layer, "editions": editions, "may_load": Capability.LOAD_EDITION in held}
    return render(request, "steward/layer.html", context)


@require_POST
def discard_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Discard a staged edition."""
    door(request)
    edition = edition_named(pk)
    code = edition.layer.code
    discard(person(request), edition)
    messages.success(request, _("The staged edition was discarded."))
    return redirect("steward:layer", code=code)


def edition_named(pk: int) -> Edition:
    """Return an edition with its layer; raises NotFound."""
    edition = Edition.objects.select_related("layer").filter(pk=pk).first()
    if edition is None:
        raise NotFound(_("There is no such edition."))
    return edition


def map_layer(edition: Edition) -> dict[str, object]:
    """Describe an edition for the map the way ``/api/map/`` does; staged ones too."""
    layer = edition.layer
    return {
        "code": layer.code,
        "title": layer.name_vi,
        "theme": layer.theme,
        "kind": layer.geometry_kind,
        "edition": edition.pk,
        "minzoom": layer.min_zoom,
        "maxzoom": 15,
        "style": layer.style,
        "tiles": f"/tiles/{layer.code}/{edition.pk}/{{z}}/{{x}}/{{y}}.mvt",
    }
