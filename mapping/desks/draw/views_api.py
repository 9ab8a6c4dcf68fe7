"""What does the drawing board ask while somebody draws? Check, cut, draft: JSON in, JSON out.

Only the draft is ever written; everything else works without an account and stores nothing.
"""

from __future__ import annotations

import time
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from layers.errors import Conflict, InputRefused
from layers.vetting import LIVE, REPAIR, VettedZone, call, cut_out, vet
from mapping.desks.draw.body import read_object
from mapping.desks.draw.drawn import drawn_json, read_area, read_drawn, require_zone
from mapping.desks.draw.files import own, person
from mapping.desks.draw.question import asked_subject
from mapping.desks.draw.report_json import report_json
from mapping.glass.geojson import STORED_VERTICES, notice_to_json, to_geojson
from mapping.rate import limit_rate
from planning.checks.basis import basis_at_hand
from planning.checks.engine import check_live
from planning.proposals.models import Draft
from planning.proposals.services import save_draft

OPERATIONS = ("remove", "add", "repair")


@require_POST
def check_api(request: HttpRequest) -> HttpResponse:
    """Check a drawn boundary without saving it."""
    started = time.perf_counter()
    limit_rate(request, "check")
    body = read_object(request)
    against = basis_at_hand(timezone.localdate())
    subject = asked_subject(request, body, read_drawn(body), against)
    report = check_live(subject, against)
    took = round((time.perf_counter() - started) * 1000, 1)
    return HttpResponse(report_json(report, took_ms=took), content_type="application/json")


@require_POST
def cut_out_api(request: HttpRequest) -> HttpResponse:
    """Change a zone by an exact area operation in the vetting child; the browser makes one undoable step of it.

    ``op``: ``remove``, ``add`` (the area *shape*), ``repair``.
    """
    limit_rate(request, "check")
    body = read_object(request)
    op = body.get("op")
    if op not in OPERATIONS:
        raise InputRefused(_("This operation is unknown."), code="OP_UNKNOWN", where=str(op)[:40])
    drawn = read_drawn(body)
    zone = require_zone(drawn)
    notices: list[dict[str, Any]] = []
    if op == "repair":
        vetted = vet(zone, REPAIR)
        before = zone.area
        notices = [notice_to_json(notice) for notice in vetted.notices]
    else:
        before = vet(zone, LIVE).area_m2
        vetted = _changed(body, zone, op)
    return JsonResponse(
        {
            "zone": to_geojson(vetted.geom),
            "before_m2": before,
            "after_m2": vetted.area_m2,
            "lost_m2": before - vetted.area_m2,
            "notices": notices,
        }
    )


def _changed(body: dict[str, Any], zone: GEOSGeometry, op: object) -> VettedZone:
    shape = vet(read_area(body.get("shape")), LIVE).geom
    clean = vet(zone, LIVE).geom
    if op == "remove":
        return cut_out(clean, shape)[0]
    return vet(call("union", clean, shape).geoms[0], LIVE)


@require_http_methods(["GET", "PUT"])
def draft_api(request: HttpRequest, code: str) -> HttpResponse:
    """Give the draft, or save it: stale saves get 409 with both states and lose nothing."""
    proposal = own(request, code)
    if request.method == "GET":
        draft = Draft.objects.select_related("saved_by").get(proposal=proposal)
        return JsonResponse(_draft_json(draft))
    body = read_object(request)
    drawn = read_drawn(body, max_vertices=STORED_VERTICES)
    row_version = body.get("row_version")
    if not isinstance(row_version, int) or isinstance(row_version, bool):
        raise InputRefused(_("The row version is missing."), code="ROW_VERSION_MISSING")
    try:
        draft = save_draft(
            person(request), proposal, row_version=row_version, geom=drawn.zone, cuts=drawn.cuts, uses=drawn.uses
        )
    except Conflict as conflict:
        _both_states(conflict)
        raise
    return JsonResponse(_draft_json(draft))


def _draft_json(draft: Draft) -> dict[str, Any]:
    return {
        "row_version": draft.row_version,
        "saved_at": draft.saved_at.isoformat(),
        "saved_by": draft.saved_by.get_full_name(),
        **drawn_json(draft.geom, draft.cuts, draft.uses),
    }


def _both_states(conflict: Conflict) -> None:
    """Turn both states of a stale save into what the browser draws: uses at longitude and latitude, too."""
    for side in ("mine", "theirs"):
        if f"{side}_uses" in conflict.detail:
            state = drawn_json(
                conflict.detail.get(side),  # type: ignore[arg-type]  # geometry or None, set by save_draft
                conflict.detail.pop(f"{side}_cuts"),  # type: ignore[arg-type]  # likewise
                conflict.detail.pop(f"{side}_uses"),  # type: ignore[arg-type]  # likewise
            )
            conflict.detail[side] = state["zone"]
            conflict.detail[f"{side}_state"] = state
