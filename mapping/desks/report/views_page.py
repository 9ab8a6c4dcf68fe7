"""How is a kept report read? One page under a permanent address, with its map, its files and its place in time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from layers.crs import operation_name, storage_srid, zone_label
from mapping.desks.report.door import visible_report
from mapping.desks.report.views_files import KINDS
from mapping.glass.geojson import feature, feature_collection, to_geojson
from mapping.papers.report_pdf import is_decided
from mapping.papers.stored_report import finding_pieces, nearest_lines, stored_report
from planning.people.models import User
from planning.proposals.models import CheckRun
from planning.proposals.queries import allowed_verbs, freshness_of, report_number, reports_of
from planning.proposals.rerun import Rerun, rerun
from planning.proposals.workflow import Verb

MOST_RUNS = 40


@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Show the kept report *number*."""
    user, run = visible_report(request, number)
    return render(request, "report/page.html", _context(user, run))


@require_POST
def ask_again(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the same question again of the same boundary, rules and editions, and say whether the answer is the same.

    Nothing is kept. Open to whoever may read the report, the inspector too.
    """
    user, run = visible_report(request, number)
    again = rerun(run)
    if getattr(request, "htmx", False):
        return render(request, "report/again.html", {"again": again, "run": run})
    return render(request, "report/page.html", _context(user, run, again))


def _may_dispute(user: User, run: CheckRun) -> bool:
    proposal = run.version.proposal
    if proposal.current_version_id != run.version_id:
        return False
    return any(choice.verb == Verb.DISPUTE_FINDING and choice.enabled for choice in allowed_verbs(user, proposal))


def _context(user: User, run: CheckRun, again: Rerun | None = None) -> dict[str, Any]:
    version = run.version
    runs = list(reports_of(user, version.proposal)[:MOST_RUNS])
    newest = next((each for each in runs if each.version_id == run.version_id), run)
    ready = stored_report(run)
    return {
        "run": run,
        "number": report_number(run),
        "version": version,
        "proposal": version.proposal,
        "report": ready,
        "edition_of": {edition.key: edition for edition in ready.editions},
        "fresh": freshness_of(run),
        "runs": [{"run": each, "number": report_number(each), "here": each.pk == run.pk} for each in runs],
        "newer": report_number(newest) if newest.pk != run.pk else "",
        "newest": newest,
        "decided": is_decided(run),
        "may_dispute": newest.pk == run.pk and _may_dispute(user, run),
        "again": again,
        "kinds": KINDS,
        "crs": zone_label(),
        "srid": storage_srid(),
        "operation": operation_name(),
        "engine": sorted(run.engine.items()),
        "map_data": {
            "boundary": to_geojson(version.geom),
            "parts": feature_collection(
                [
                    feature(part.geom, {"use": part.use, "label": str(part.get_use_display())})
                    for part in version.parts.order_by("number")
                ]
            ),
            "pieces": finding_pieces(run),
            "lines": nearest_lines(run),
        },
    }
