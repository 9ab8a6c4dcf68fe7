"""How does a person start, follow, stop and take home a sweep? The pages; the worker does the work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from layers.batches.services import cancel_batch, resume_batch
from layers.errors import NotAllowed, NotFound, TransitionRefused
from layers.models import Batch, BatchState, Edition, EditionStatus
from mapping.desks.steward.pages import door, edition_named, person
from mapping.desks.steward.sweep_view import ShownRow, SweepView, sweep_view
from mapping.papers.xlsx import CSV, Column, Table, csv_table
from planning.people.capabilities import Capability
from planning.proposals.sweep import start_sweep
from planning.proposals.sweep_state import latest_sweep

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
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the rows of a sweep as CSV, one line per rule that answers otherwise, or one per subject without any."""
    door(request)
    edition = edition_named(pk)
    view = sweep_view(edition, person(request))
    if view is None:
        raise NotFound(_("This edition was not swept yet."))
    answer = HttpResponse(csv_table(_table(view)), content_type=CSV)
    answer["Content-Disposition"] = f'attachment; filename="ra-soat-lai-{edition.layer.code}-{edition.number}.csv"'
    return answer


def batch_context(pk: int, view: SweepView) -> dict[str, object]:
    """Return what the component of long work needs."""
    from django.urls import reverse

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


def _table(view: SweepView) -> Table:
    titles = (
        _("Code"),
        _("Name"),
        _("Administrative unit"),
        _("State"),
        _("Verdict now"),
        _("Verdict then"),
        _("Verdict changes"),
        _("Rule"),
        _("Outcome now"),
        _("Outcome then"),
        _("Overlap now, ha"),
        _("Overlap then, ha"),
        _("Distance now, m"),
        _("Distance then, m"),
        _("Share not checked now"),
        _("Share not checked then"),
        _("Features"),
    )
    rows = [line for row in view.rows for line in _lines(row)]
    return Table(_("Sweep"), tuple(Column(title) for title in titles), rows)


def _lines(row: ShownRow) -> list[list[object]]:
    head: list[object] = [row.code, row.name, row.unit, row.state, row.before.word, row.after.word]
    head.append(_("yes") if row.changed else _("no"))
    if not row.rules:
        return [[*head, *[""] * 10]]
    return [
        [
            *head,
            rule.title,
            rule.before.word if rule.before else "",
            rule.after.word if rule.after else "",
            *("" if value is None else value for value in (*rule.hectares, *rule.metres, *rule.unchecked)),
            "; ".join(rule.features),
        ]
        for rule in row.rules
    ]
