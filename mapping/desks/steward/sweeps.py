"""How does a person start, follow, stop and take home a sweep? The pages; the worker does the work."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from layers.batches.services import cancel_batch, resume_batch
from layers.crs import point_to_storage, storage_srid
from layers.errors import NotAllowed, NotFound, TransitionRefused
from layers.models import Batch, BatchState, Edition, EditionStatus
from mapping.desks.steward.pages import door, edition_named, person
from mapping.desks.steward.sweep_view import ShownRow, SweepView, sweep_view
from mapping.downloads import Downloads, downloads, given
from mapping.papers.export import TYPES, Column, Kind, checked, listed
from mapping.papers.xlsx import HECTARE_FORMAT
from planning.people.capabilities import Capability
from planning.proposals.sweep import start_sweep
from planning.proposals.sweep_state import latest_sweep

PERCENT_FORMAT = "0.0%"
COLUMNS = checked(
    [
        Column("code", "ma", gettext_lazy("Code"), width=16),
        Column("name", "ten", gettext_lazy("Name"), width=34),
        Column("unit", "xa", gettext_lazy("Administrative unit"), width=24),
        Column("state", "trang_thai", gettext_lazy("State"), width=20),
        Column("verdict", "kl_nay", gettext_lazy("Verdict now"), width=24),
        Column("verdict_then", "kl_sau", gettext_lazy("Verdict then"), width=24),
        Column("changes", "doi_kl", gettext_lazy("Verdict changes"), Kind.YES_NO, width=10),
        Column("rule", "quy_tac", gettext_lazy("Rule"), width=40),
        Column("outcome", "kq_nay", gettext_lazy("Outcome now"), width=20),
        Column("outcome_then", "kq_sau", gettext_lazy("Outcome then"), width=20),
        Column("overlap_ha", "chong_nay", gettext_lazy("Overlap now, ha"), Kind.NUMBER, HECTARE_FORMAT, 12),
        Column("overlap_then_ha", "chong_sau", gettext_lazy("Overlap then, ha"), Kind.NUMBER, HECTARE_FORMAT, 12),
        Column("distance_m", "cach_nay", gettext_lazy("Distance now, m"), Kind.NUMBER, "#,##0.00", 12),
        Column("distance_then_m", "cach_sau", gettext_lazy("Distance then, m"), Kind.NUMBER, "#,##0.00", 12),
        Column("unchecked", "chua_nay", gettext_lazy("Share not checked now"), Kind.NUMBER, PERCENT_FORMAT, 12),
        Column("unchecked_then", "chua_sau", gettext_lazy("Share not checked then"), Kind.NUMBER, PERCENT_FORMAT, 12),
        Column("features", "doi_tuong", gettext_lazy("Features"), width=50),
    ]
)
SWEEPERS = frozenset({Capability.LOAD_EDITION, Capability.CONFIRM_EDITION})


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Sweep a staged edition (again); a sweep under way goes on as it is."""
    edition = _swept_by(request, pk)
    if edition.status != EditionStatus.STAGED:
        raise TransitionRefused(_("Only a staged edition is swept."), where=edition.get_status_display())
    running = latest_sweep(edition)
    if running is None or running.state != BatchState.RUNNING:
        start_sweep(edition, timezone.localdate())
    return redirect("steward:edition", pk=pk)


@require_safe
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the moving part of a sweep; the whole page once it ended."""
    door(request)
    view = sweep_view(edition_named(pk), person(request))
    if view is None or not view.progress.is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "components/batch.html", batch_context(pk, view))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a sweep under way; what was asked stays."""
    cancel_batch(_batch(request, pk))
    return redirect("steward:edition", pk=pk)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a sweep that was stopped or whose worker ended."""
    resume_batch(_batch(request, pk))
    return redirect("steward:edition", pk=pk)


@require_safe
def table(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """Give the rows of a sweep as a file, one line per rule that answers otherwise, or one per subject without any."""
    door(request)
    edition = edition_named(pk)
    view = sweep_view(edition, person(request))
    if view is None:
        raise NotFound(_("This edition was not swept yet."))
    lines = [line for row in view.rows for line in _lines(row)]
    numbered = [{"id": number, **line} for number, line in enumerate(lines, start=1)]
    place = f"ST_SetSRID(ST_MakePoint(line.x, line.y), {storage_srid()})"
    query = listed(numbered, COLUMNS, place=place, geometry="point", more=("x float8", "y float8"))
    name = f"ra-soat-lai-{edition.layer.code}-{edition.number}"
    return given(request, query, COLUMNS, kind, name=name, title=_("Sweep"))


def offered_sweep(edition: Edition, view: SweepView) -> Downloads:
    """Return the download control of a sweep; its map may narrow the file."""
    return downloads(
        lambda kind: reverse("steward:sweep_table", args=[edition.pk, kind]), {}, tuple(TYPES),
        count=view.asked, by_map=True,
    )  # fmt: skip


def batch_context(pk: int, view: SweepView) -> dict[str, object]:
    """Return what the component of long work needs."""
    return {
        "batch": view.batch,
        "progress": view.progress,
        "poll_url": reverse("steward:sweep", args=[pk]),
        "cancel_url": reverse("steward:sweep_cancel", args=[pk]),
        "resume_url": reverse("steward:sweep_resume", args=[pk]),
    }


def _swept_by(request: HttpRequest, pk: int) -> Edition:
    if not door(request) & SWEEPERS:
        raise NotAllowed(_("Only data stewards and appraisers work with layers."))
    return edition_named(pk)


def _batch(request: HttpRequest, pk: int) -> Batch:
    batch = latest_sweep(_swept_by(request, pk))
    if batch is None:
        raise NotFound(_("This edition was not swept yet."))
    return batch


def _lines(row: ShownRow) -> list[dict[str, object]]:
    """Return a subject as rows of the file; who may not see it is told neither its name nor its place."""
    x, y = point_to_storage(*row.at) if row.at is not None else (None, None)
    head: dict[str, object] = {
        "code": row.code,
        "name": row.name,
        "unit": row.unit,
        "state": row.state,
        "verdict": row.before.word,
        "verdict_then": row.after.word,
        "changes": row.changed,
        "x": x,
        "y": y,
    }
    return [
        {
            **head,
            "rule": rule.title,
            "outcome": rule.before.word if rule.before else None,
            "outcome_then": rule.after.word if rule.after else None,
            "features": "; ".join(rule.features),
            **dict(zip(("overlap_ha", "overlap_then_ha"), rule.hectares, strict=True)),
            **dict(zip(("distance_m", "distance_then_m"), rule.metres, strict=True)),
            **dict(zip(("unchecked", "unchecked_then"), rule.unchecked, strict=True)),
        }
        for rule in row.rules
    ] or [head]
