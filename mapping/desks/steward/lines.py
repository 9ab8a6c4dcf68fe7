"""What became of each feature of an edition? The full lists of the loading report, paged, and as one table."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from layers.crs import point_to_wgs84
from layers.models import Edition, EditionLine, LineKind
from layers.models.layer import GeometryKind
from mapping.desks.steward.pages import door, edition_named
from mapping.downloads import Downloads, downloads, given
from mapping.papers.export import TYPES, Column, Kind, Query, checked

ON_A_PAGE = 100
# The largest changes are drawn as points: more would be a heap.
ON_THE_MAP = 300
SIZE_FORMAT = "#,##0.00"
COLUMNS = checked(
    [
        Column("kind", "thay_doi", gettext_lazy("What became of it"), width=20, words=dict(LineKind.choices)),
        Column("row", "dong", gettext_lazy("Row of the file"), Kind.WHOLE, width=10),
        Column("source_id", "ma_nguon", gettext_lazy("Identifier at the source"), width=20),
        Column("name", "ten", gettext_lazy("Name"), width=34),
        Column("name_before", "ten_truoc", gettext_lazy("Name before"), width=34),
        Column("class_code", "loai", gettext_lazy("Class"), width=14),
        Column("class_before", "loai_truoc", gettext_lazy("Class before"), width=14),
        Column("size_before", "truoc", gettext_lazy("Size before (m², m)"), Kind.NUMBER, SIZE_FORMAT, 16),
        Column("size_after", "sau", gettext_lazy("Size after (m², m)"), Kind.NUMBER, SIZE_FORMAT, 16),
        Column("gained", "them", gettext_lazy("Gained (m², m)"), Kind.NUMBER, SIZE_FORMAT, 16),
        Column("lost", "mat", gettext_lazy("Lost (m², m)"), Kind.NUMBER, SIZE_FORMAT, 16),
        Column("text", "sua_chua", gettext_lazy("What was mended"), width=40),
        Column("easting", "x_dong", gettext_lazy("Easting, m"), Kind.NUMBER, "0.000", 14),
        Column("northing", "y_bac", gettext_lazy("Northing, m"), Kind.NUMBER, "0.000", 14),
    ]
)
LINES = """
    SELECT line.id, line.kind, line.weight, line.row, line.source_id, line.name, line.name_before, line.class_code,
           line.class_before, round(line.size_before::numeric, 2) AS size_before,
           round(line.size_after::numeric, 2) AS size_after, round(line.gained::numeric, 2) AS gained,
           round(line.lost::numeric, 2) AS lost, line.text, round(ST_X(line.at)::numeric, 3) AS easting,
           round(ST_Y(line.at)::numeric, 3) AS northing, line.at AS geom
    FROM layers_editionline line WHERE line.edition_id = %s AND line.kind = ANY(%s)
"""


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
        "files": offered_lines(edition, kind),
        "points": [point_of(line) for line in page if line.at is not None],
        "in_ha": edition.layer.geometry_kind == GeometryKind.POLYGON,
    }
    return render(request, "steward/lines.html", context)


@require_safe
def lines_table(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """Give all lines of an edition, or one kind of them, as a file; the place of each is where to look."""
    door(request)
    edition = edition_named(pk)
    asked = request.GET.get("loai", "")
    kinds = [asked] if asked in LineKind.values else LineKind.values
    query = Query(LINES, (edition.pk, kinds), "point", order="q.kind, q.weight DESC, q.id")
    name = f"thay-doi-{edition.layer.code}-{edition.number}"
    return given(request, query, COLUMNS, kind, name=name, title=_("Changes"))


def offered_lines(edition: Edition, kind: str = "") -> Downloads:
    """Return the download control of the lines of an edition, or of one kind of them."""
    count = sum(kinds_of(edition).values()) if not kind else kinds_of(edition).get(kind, 0)
    asked = {"loai": kind} if kind else {}
    return downloads(
        lambda file: reverse("steward:lines_table", args=[edition.pk, file]), asked, tuple(TYPES),
        count=count, by_map=bool(kind),
    )  # fmt: skip


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
