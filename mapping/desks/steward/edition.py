"""What is in this edition, what changes with it, and for whom? Its page, and the button that promotes it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from layers.changes import drawn
from layers.crs import storage_srid
from layers.models import EditionStatus
from layers.queries import overdue_days
from mapping.desks.steward.acts import history
from mapping.desks.steward.downloads import offered
from mapping.desks.steward.lines import kinds_of, largest_on_map, offered_lines
from mapping.desks.steward.pages import door, edition_named, map_layer, person
from mapping.desks.steward.sweep_view import SweepView, sweep_view
from mapping.desks.steward.sweeps import SWEEPERS, batch_context, offered_sweep
from mapping.glass.geojson import to_geojson
from planning.people.capabilities import Capability
from planning.proposals.services.confirm_edition import confirm_edition, loaded_by

SHOWN = 50


@require_safe
def edition_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one edition: counts, repairs, changes, the sweep; and the buttons this person has."""
    held = door(request)
    edition = edition_named(pk)
    report = edition.report or {}
    staged = edition.status == EditionStatus.STAGED
    mine = loaded_by(edition) == person(request).pk
    sweep = sweep_view(edition, person(request))
    everything = "tat-ca" in request.GET
    may_confirm = staged and Capability.CONFIRM_EDITION in held and not mine
    context: dict[str, Any] = {
        "edition": edition,
        "layer": edition.layer,
        "files": offered(edition),
        "line_files": offered_lines(edition),
        "sweep_files": offered_sweep(edition, sweep) if sweep else None,
        "report": report,
        "changes": report.get("changes") or {},
        "kinds": kinds_of(edition),
        "repairs": report.get("repairs", [])[:SHOWN],
        "more_repairs": max(0, report.get("repair_count", 0) - SHOWN),
        "overdue_days": overdue_days(edition) if edition.status == EditionStatus.CURRENT else 0,
        "history": history(edition),
        "coverage": to_geojson(edition.coverage.simplify(100, preserve_topology=True)),
        "coverage_change": _coverage_change(report),
        "points": largest_on_map(edition),
        "map_layer": map_layer(edition),
        "sweep": sweep,
        "sweep_rows": [row for row in sweep.rows if everything or row.differs] if sweep else [],
        "sweep_points": _places(sweep),
        "everything": everything,
        "may_sweep": staged and bool(held & SWEEPERS),
        "may_promote": may_confirm and sweep is not None and bool(sweep.seal),
        "must_sweep": may_confirm and (sweep is None or not sweep.seal),
        "may_discard": staged and Capability.LOAD_EDITION in held,
        "waits_for_second": staged and (mine or Capability.CONFIRM_EDITION not in held),
    }
    if sweep is not None:
        context |= batch_context(pk, sweep)
    return render(request, "steward/edition.html", context)


@require_POST
def promote(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the promotion of a staged edition by the sweep the form names."""
    door(request)
    sweep = request.POST.get("sweep", "")
    edition = confirm_edition(
        person(request),
        edition_named(pk),
        sweep_id=int(sweep) if sweep.isdecimal() and len(sweep) < 16 else None,
        seal=request.POST.get("seal", ""),
    )
    messages.success(
        request,
        _("Edition %(number)s of “%(layer)s” is now the current one. Every live proposal is being asked again.")
        % {"number": edition.number, "layer": edition.layer},
    )
    return redirect("steward:edition", pk=pk)


def _coverage_change(report: dict[str, Any]) -> dict[str, Any]:
    """Return the ground that only one of the two coverages holds as GeoJSON, for the map."""
    change = (report.get("changes") or {}).get("coverage") or {}
    shapes = {name: drawn(change.get(f"{name}_shape", ""), storage_srid()) for name in ("gained", "lost")}
    return {name: to_geojson(shape) for name, shape in shapes.items() if shape is not None and not shape.empty}


def _places(sweep: SweepView | None) -> list[dict[str, Any]]:
    if sweep is None:
        return []
    return [
        {
            "at": list(row.at),
            "severity": row.after.severity,
            "title": f"{row.code} {row.name}: {row.before.word} → {row.after.word}",
        }
        for row in sweep.rows
        if row.differs and row.at is not None
    ]
