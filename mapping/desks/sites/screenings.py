"""What do the rules say about the whole province? The pages of a screening: start it, see it, ask about one cell."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from layers.batches.queries import progress
from layers.crs import to_storage
from layers.errors import InputRefused, NotFound
from layers.models import Batch, BatchState
from mapping.desks.sites.door import may_start, searcher
from mapping.desks.sites.forms import ScreeningForm
from mapping.desks.sites.shown import cell_rows, class_rows, error_rows
from mapping.glass.map_settings import view_box
from planning.proposals.models import Screening, ScreeningCell
from planning.proposals.screening.start import (
    MAX_EXACT,
    answer_cells,
    continue_screening,
    start_screening,
    stop_screening,
)
from planning.proposals.screening.visibility import screening_for, sees_restricted
from planning.proposals.sites.ranking import is_outdated


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for the cells and start a screening, or lead to the one that answers the same."""
    user = searcher(request)
    form = ScreeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        screening = start_screening(user, shape=data["shape"], cell_ha=float(data["cell_ha"]))
        return HttpResponseRedirect(reverse("sites:screening", args=[screening.pk]))
    return render(request, "sites/new_screening.html", {"form": form}, status=422 if request.method == "POST" else 200)


@require_safe
def screening_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a screening on the map, with legend, error of the raster and the rules asked and not asked."""
    user = searcher(request)
    screening = screening_for(user, pk)
    english = request.LANGUAGE_CODE == "en"
    done = screening.batch is not None and screening.batch.state == BatchState.DONE
    live = done and screening.cleared_at is None
    context = {
        "screening": screening,
        "classes": class_rows(screening),
        "errors": error_rows(screening),
        "sample": screening.errors.get("cells", 0),
        "rules": [rule["title_en" if english else "title_vi"] for rule in screening.rules],
        "unused": [rule["title_en" if english else "title_vi"] for rule in screening.unused],
        "outdated": is_outdated(screening),
        "done": done,
        "may_start": may_start(user),
        "map_data": {
            "tiles": f"/tiles/sang-loc/{screening.pk}/{screening.exact_round}/{{z}}/{{x}}/{{y}}.mvt",
            "cell": reverse("sites:cell", args=[screening.pk]),
            "exact": reverse("sites:exact", args=[screening.pk]) if live and may_start(user) else "",
        },
        **_batch(screening),
    }
    return render(request, "sites/screening.html", context)


@require_safe
def cell(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what one cell says: ``?i=…&j=…``. Raises InputRefused for anything but two whole numbers."""
    user = searcher(request)
    screening = screening_for(user, pk)
    try:
        i, j = int(request.GET.get("i", "")), int(request.GET.get("j", ""))
    except ValueError as error:
        raise InputRefused(_("A cell has two whole numbers."), code="CELL_UNKNOWN") from error
    found = None
    if max(abs(i), abs(j)) < 2**31:
        found = ScreeningCell.objects.filter(screening=screening, i=i, j=j).first()
    if found is None:
        raise NotFound(_("The screening has no such cell."), code="CELL_UNKNOWN", where=f"{i}, {j}"[:40])
    shown = cell_rows(screening, found, restricted=sees_restricted(user))
    return render(request, "sites/cell.html", {"screening": screening, "cell": found, **shown})


@require_POST
def exact(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the cells of the view answered by the exact engine; ``box``: west,south,east,north in degrees."""
    user = searcher(request)
    screening = screening_for(user, pk)
    box = view_box(request.POST.get("box", ""))
    if box is None:
        raise InputRefused(_("The view is not four numbers."), code="VIEW_INVALID")
    batch = answer_cells(user, screening, cells_in(screening, box))
    if batch is None:
        return JsonResponse({"open": 0, "follow": ""})
    return JsonResponse({"open": batch.total, "follow": reverse("sites:exact_state", args=[pk, batch.pk])})


@require_safe
def exact_state(request: HttpRequest, pk: int, batch: int) -> HttpResponse:
    """Tell how far an exact pass is, and the address of the tiles."""
    screening = screening_for(searcher(request), pk)
    found = Batch.objects.filter(pk=batch, kind="screening_exact", params__screening=screening.pk).first()
    if found is None:
        raise NotFound(_("There is no such work."))
    state = progress(found)
    return JsonResponse(
        {
            "state": state.state,
            "share": state.share,
            "tiles": f"/tiles/sang-loc/{screening.pk}/{screening.exact_round}/{{z}}/{{x}}/{{y}}.mvt",
        }
    )


@require_safe
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the moving part of a screening; the whole page once it ended."""
    screening = screening_for(searcher(request), pk)
    if screening.batch is None or not progress(screening.batch).is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "components/batch.html", _batch(screening))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a screening under way; what is screened stays."""
    user = searcher(request)
    stop_screening(user, screening_for(user, pk))
    return redirect("sites:screening", pk=pk)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a screening that was stopped."""
    user = searcher(request)
    continue_screening(user, screening_for(user, pk))
    return redirect("sites:screening", pk=pk)


def cells_in(screening: Screening, box: Any) -> list[tuple[int, int]]:
    """Return the cells whose centre lies in *box* (WGS 84); one more than `MAX_EXACT` when there are too many."""
    import numpy as np

    from planning.checks.screening.grid import Grid

    grid = Grid(screening.shape, screening.cell_ha * 10_000)
    west, south, east, north = to_storage(box).extent
    across, up = grid.step
    columns = np.arange(int(west // across) - 1, int(east // across) + 2)
    rows = np.arange(int(south // up) - 1, int(north // up) + 2)
    if len(columns) * len(rows) > 2 * MAX_EXACT:
        return [(0, number) for number in range(MAX_EXACT + 1)]
    i, j = (part.ravel() for part in np.meshgrid(columns, rows))
    x, y = grid.centres(i, j)
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return list(zip(i[inside].tolist(), j[inside].tolist(), strict=True))


def _batch(screening: Screening) -> dict[str, Any]:
    if screening.batch is None:
        return {}
    return {
        "batch": screening.batch,
        "progress": progress(screening.batch),
        "poll_url": reverse("sites:screening_follow", args=[screening.pk]),
        "cancel_url": reverse("sites:screening_cancel", args=[screening.pk]),
        "resume_url": reverse("sites:screening_resume", args=[screening.pk]),
    }
