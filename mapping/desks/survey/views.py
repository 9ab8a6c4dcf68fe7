"""What does a survey team see through its link? The order, the boundary, the package. No account, no way further in.

Measurements come back by `mapping.desks.survey.views_return`.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.crs import operation_name, zone_label
from mapping.desks.survey.door import unseen
from mapping.glass.geojson import feature, feature_collection, to_geojson
from mapping.papers.corner_table import corner_blocks, corner_count
from mapping.papers.survey_package import survey_package
from planning.proposals.models import State, SurveyOrder
from planning.proposals.queries import order_by_token, returns_of
from planning.proposals.services import open_survey_link, record_survey_download


@require_safe
@unseen
def order(request: HttpRequest, token: str) -> HttpResponse:
    """Show the order: place, area, what the package holds, until when the link works."""
    found = open_survey_link(token, what=_("survey order"))
    blocks = corner_blocks(found.version.geom)
    context = {
        "order": found,
        "token": token,
        "proposal": found.proposal,
        "version": found.version,
        "decision": found.proposal.decisions.order_by("decided_on", "id").last(),
        "blocks": blocks,
        "corner_count": corner_count(blocks),
        "crs": zone_label(),
        "operation": operation_name(),
        "downloads_left": found.downloads_left,
        "map_data": _map_data(found),
        "takes_returns": found.proposal.state == State.BEING_SURVEYED,
        "returns": returns_of(found.proposal),
    }
    return render(request, "survey/order.html", context)


@require_safe
@unseen
def package(request: HttpRequest, token: str) -> HttpResponse:
    """Send the package and put the download on record. A HEAD request is answered without being counted."""
    found = order_by_token(token) if request.method == "HEAD" else open_survey_link(token, what=_("survey package"))
    built = survey_package(found.version)
    if request.method != "HEAD":
        record_survey_download(found, what=built.filename, sha256=built.sha256)
    response = HttpResponse(built.content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{built.filename}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Content-SHA256"] = built.sha256
    return response


def _map_data(found: SurveyOrder) -> dict[str, object]:
    parts = [
        feature(part.geom, {"use": part.use, "label": str(part.get_use_display())})
        for part in found.version.parts.all()
    ]
    return {"boundary": to_geojson(found.version.geom), "parts": feature_collection(parts)}
