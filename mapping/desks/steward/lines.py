"""What became of each feature of an edition? The full lists of the loading report, paged, and as one table."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.crs import point_to_wgs84
from layers.models import Edition, EditionLine, LineKind
from layers.models.layer import GeometryKind
from mapping.desks.steward.pages import door, edition_named
from mapping.papers.xlsx import CSV, Column, Table, csv_table

ON_A_PAGE = 100
# The largest changes are drawn as points: more would be a heap.
ON_THE_MAP = 300


@require_safe
def lines_page(request: HttpRequest, pk: int) -> HttpResponse:
    """List one kind of lines of an edition, largest first."""
    door(request)
    edition = edition_named(pk)
    kinds = kinds_of(edition)
    asked = request.GET.get("loai", "")
    kind = asked if asked in LineKind.values else next(iter(kinds), LineKind.ADDED)
    page = Paginator(edition.lines.filter(kind=kind), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "edition": edition,
        "layer": edition.layer,
        "kinds": [(name, LineKind(name).label, count) for name, count in kinds.items()],
        "kind": kind,
        "page_obj": page,
        "points": [point_of(line) for line in page if line.at is not None],
        "in_ha": edition.layer.geometry_kind == GeometryKind.POLYGON,
    }
    return render(request, "steward/lines.html", context)


@require_safe
def lines_table(request: HttpRequest, pk: int) -> HttpResponse:
    """Give all lines of an edition, or one kind of them, as CSV with VN-2000 coordinates of where to look."""
    door(request)
    edition = edition_named(pk)
    lines = edition.lines.all()
    if request.GET.get("loai") in LineKind.values:
        lines = lines.filter(kind=request.GET["loai"])
    titles = (
        _("What became of it"),
        _("Row of the file"),
        _("Identifier at the source"),
        _("Name"),
        _("Name before"),
        _("Class"),
        _("Class before"),
        _("Size before (m², m)"),
        _("Size after (m², m)"),
        _("Gained (m², m)"),
        _("Lost (m², m)"),
        _("What was mended"),
        _("Easting, m"),
        _("Northing, m"),
    )
    content = csv_table(Table(_("Changes"), tuple(Column(title) for title in titles), list(_rows(lines.iterator()))))
    answer = HttpResponse(content, content_type=CSV)
    answer["Content-Disposition"] = f'attachment; filename="thay-doi-{edition.layer.code}-{edition.number}.csv"'
    return answer


def _rows(lines: Iterator[EditionLine]) -> Iterator[list[object]]:
    for line in lines:
        yield [
            line.get_kind_display(),
            "" if line.row is None else line.row,
            line.source_id,
            line.name,
            line.name_before,
            line.class_code,
            line.class_before,
            "" if line.size_before is None else round(line.size_before, 2),
            "" if line.size_after is None else round(line.size_after, 2),
            round(line.gained, 2),
            round(line.lost, 2),
            line.text,
            "" if line.at is None else round(line.at.x, 3),
            "" if line.at is None else round(line.at.y, 3),
        ]


def kinds_of(edition: Edition) -> dict[str, int]:
    """Count the lines of an edition by kind, in the order of the kinds; kinds without a line are left out."""
    counted = dict(edition.lines.order_by().values_list("kind").annotate(count=Count("id")))
    return {kind: counted[kind] for kind in LineKind.values if kind in counted}


def largest_on_map(edition: Edition) -> list[dict[str, object]]:
    """Return the largest changes and repairs as points for the map of the edition."""
    lines = edition.lines.filter(at__isnull=False).exclude(kind=LineKind.RELABELLED).order_by("-weight", "id")
    return [point_of(line) for line in lines[:ON_THE_MAP]]


def point_of(line: EditionLine) -> dict[str, object]:
    """Return one line as a point: longitude, latitude, kind, and what to say about it."""
    lon, lat = point_to_wgs84(line.at.x, line.at.y)
    name = line.name or line.name_before or line.source_id or line.class_code
    title = ": ".join(piece for piece in (str(line.get_kind_display()), name) if piece)
    return {"at": [lon, lat], "kind": line.kind, "title": title}
