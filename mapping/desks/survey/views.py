"""What does a survey team see through its link? The order, the boundary, the package. No account, no way further in.

The package is built by the worker, never here: what is sent is the kept file whose hash was checked.
Measurements come back by the intake desk, under the same link.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib.gis.geos import Point
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.crs import operation_name, storage_srid, zone_label
from layers.errors import DatNgheError, NotFound
from mapping.errors import problem_response
from mapping.glass.geojson import feature, feature_collection, to_geojson
from mapping.papers.corner_table import Block, corner_blocks, corner_count
from mapping.papers.measured_rings import printed_comparison
from mapping.papers.models import PackageBuild
from mapping.papers.survey.choice import choice_from
from mapping.papers.survey.jobs import build_again
from mapping.papers.survey.ordered import Stage, newest_build, stage_of
from mapping.papers.survey.progress import progress_shown
from mapping.papers.survey.store import kept_file
from mapping.unseen import unseen
from planning.proposals.models import ReturnState, State, SurveyOrder, SurveyReturn
from planning.proposals.queries import order_by_token, require_downloads, returns_of
from planning.proposals.services import open_survey_link, record_survey_download
from planning.proposals.standing import standing_of

RETRY_AFTER_S = "10"
# What the page adds to its address when it asks again by itself; older than this it is an opening like any other.
AGAIN = "tiep"
AGAIN_FOR = timedelta(minutes=1)
# More numbers than this would hide the boundary they belong to.
NUMBERED = 200


class PackageNotReady(DatNgheError):
    """Say that the package of a survey link is still being made, or could not be."""

    status = 503
    default_code = "PACKAGE_NOT_READY"


@require_safe
@unseen
def order(request: HttpRequest, token: str) -> HttpResponse:
    """Show the order: place, area, what the package holds and how far it is, until when the link works.

    htmx asks for the same address and gets the moving part only; once nothing moves it is led to the whole page.
    """
    found = open_survey_link(token, what=_("survey order"), again=_asks_by_itself(request, token))
    if getattr(request, "htmx", False):
        return _moving(request, found, token)
    blocks = corner_blocks(found.version.geom)
    returns = returns_of(found.proposal)
    choice = choice_from(found.package)
    context = {
        **_package_state(found, token),
        "order": found,
        "token": token,
        "proposal": found.proposal,
        "version": found.version,
        "stand": standing_of(found.version),
        "decision": found.proposal.decisions.order_by("decided_on", "id").last(),
        "blocks": blocks,
        "corner_count": corner_count(blocks),
        "crs": zone_label(),
        "package_crs": zone_label(choice.zone) if choice.srid else "",
        "operation": operation_name(),
        "downloads_left": found.downloads_left,
        "map_data": _map_data(found, blocks, returns),
        "takes_returns": found.proposal.state == State.BEING_SURVEYED,
        "returns": returns,
    }
    return render(request, "survey/order.html", context)


def _package_state(found: SurveyOrder, token: str) -> dict[str, object]:
    """Return what the page says of the package, and the address by which it asks again by itself."""
    build, stage = _progress(found)
    progress = build.progress if build is not None else {}
    return {
        "build": build,
        "stage": stage,
        "shown": progress_shown(choice_from(found.package), progress, verified=stage == Stage.READY),
        "again": urlencode({AGAIN: _again(token)}),
    }


def _moving(request: HttpRequest, found: SurveyOrder, token: str) -> HttpResponse:
    state = _package_state(found, token)
    if state["stage"] == Stage.WAITING:
        return render(request, "survey/package_state.html", state)
    return HttpResponse(headers={"HX-Redirect": f"?{state['again']}"})


@require_safe
@unseen
def package(request: HttpRequest, token: str) -> HttpResponse:
    """Send the kept package and put the download on record; 503 while it is not ready, which uses nothing up.

    A HEAD request is answered without being counted.
    """
    found = _asked_for(request, token)
    built, stage = _progress(found)
    content = kept_file(built) if built is not None and stage == Stage.READY else None
    if built is None or content is None:
        if stage == Stage.READY:  # cleared away since, or spoilt on the disk
            build_again(found, found.ordered_by, instead_of=built)
        return _not_ready(request, stage)
    if request.method != "HEAD":
        record_survey_download(found, what=built.filename, sha256=built.sha256)
    response = HttpResponse(content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{built.filename}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Content-SHA256"] = built.sha256
    return response


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


def _again(token: str) -> str:
    """Return the proof that the page of *token* is open already: time and signature, without the token."""
    return TimestampSigner(salt=AGAIN).sign(token).removeprefix(f"{token}:")


def _asks_by_itself(request: HttpRequest, token: str) -> bool:
    try:
        TimestampSigner(salt=AGAIN).unsign(f"{token}:{request.GET.get(AGAIN, '')}", max_age=AGAIN_FOR)
    except BadSignature:
        return False
    return True


def _asked_for(request: HttpRequest, token: str) -> SurveyOrder:
    """Return the order whose package is asked for, of which downloads must be left; a HEAD request is not recorded."""
    if request.method != "HEAD":
        return open_survey_link(token, what=_("survey package"), to_download=True)
    found = order_by_token(token)
    require_downloads(found)
    return found


def _progress(found: SurveyOrder) -> tuple[PackageBuild | None, Stage]:
    """Return the package of an order and how far it is; one that nobody ever asked for is asked for now."""
    build = newest_build(found)
    stage = stage_of(found, build)
    if build is None and stage == Stage.SILENT:  # ordered before the worker built packages
        build_again(found, found.ordered_by, instead_of=None)
        return newest_build(found), Stage.WAITING
    return build, stage


def _not_ready(request: HttpRequest, stage: Stage) -> HttpResponse:
    if stage in {Stage.FAILED, Stage.SILENT}:
        problem = PackageNotReady(
            _("The package could not be made."), todo=_("Ask the department; it sees why and can have it made again.")
        )
    else:
        problem = PackageNotReady(
            _("The package is still being made."),
            todo=_("Open the page of the order; it says when the package is ready."),
        )
    response = problem_response(request, problem)
    response.headers["Retry-After"] = RETRY_AFTER_S
    return response


def _map_data(found: SurveyOrder, blocks: Sequence[Block], returns: Sequence[SurveyReturn]) -> dict[str, object]:
    """Return the boundary with parts and numbered corners, and where the newest measurements are to be repeated."""
    parts = [
        feature(part.geom, {"use": part.use, "label": str(part.get_use_display())})
        for part in found.version.parts.all()
    ]
    sent_back = returns and returns[0].state == ReturnState.SENT_BACK
    marks = [
        feature(_point(*mark["at"]), {"number": mark["corner"], "of": mark["of"], "text": mark["text"]})
        for mark in (returns[0].ruling.marks if sent_back else ())
    ]
    corners = [
        feature(_point(corner.y_m, corner.x_m), {"number": corner.number})
        for block in (blocks if corner_count(tuple(blocks)) <= NUMBERED else ())
        for corner in block.corners[:-1]
    ]
    return {
        "boundary": to_geojson(found.version.geom),
        "parts": feature_collection(parts),
        "corners": feature_collection(corners),
        "marks": feature_collection(marks),
    }


def _point(east: float, north: float) -> Point:
    return Point(east, north, srid=storage_srid())
