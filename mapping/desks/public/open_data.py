"""How does anybody take the public books home? Each public view, and the list beside the map, in every format there is.

Nothing else can be downloaded here: a column that is not in the view does not exist for this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from layers.errors import NotFound
from mapping.desks.public.open_columns import CLUSTER, FUNDED_PROJECT, PRODUCT, VILLAGE
from mapping.desks.public.places import card_of, read_filter
from mapping.downloads import downloads, given
from mapping.papers.export import Column, Kind, Query, checked, formats_of, listed
from mapping.papers.xlsx import MONEY_FORMAT
from planning.registers.queries.public_books import count_view, places

LON_LAT = ("lon", "lat")


@dataclass(frozen=True)
class OpenSet:
    """One set offered: the name in the address, the rows behind it, what to call it."""

    name: str
    view: str
    query: Query
    columns: tuple[Column, ...]
    title: Any
    about: Any


SETS = (
    OpenSet(
        "lang-nghe",
        "public_village",
        Query("SELECT *, location AS geom FROM public_village", (), "point", "q.slug", place_names=LON_LAT),
        VILLAGE,
        gettext_lazy("Craft villages"),
        gettext_lazy("One row per village with recognition, latest figures and support received."),
    ),
    OpenSet(
        "cum-cong-nghiep",
        "public_cluster",
        Query(
            "SELECT *, coalesce(boundary, location) AS geom FROM public_cluster", (), "mixed", "q.slug",
            place="q.location", place_names=LON_LAT,
        ),
        CLUSTER,
        gettext_lazy("Industrial clusters"),
        gettext_lazy("One row per cluster with areas, occupancy, wastewater and boundary."),
    ),
    OpenSet(
        "de-an-khuyen-cong",
        "public_funded_project",
        Query("SELECT *, location AS geom FROM public_funded_project", (), "point", "q.code", place_names=LON_LAT),
        FUNDED_PROJECT,
        gettext_lazy("Funded projects"),
        gettext_lazy("One row per funded project; households are named by their place only."),
    ),
    OpenSet(
        "san-pham",
        "public_product",
        Query("SELECT * FROM public_product"),
        PRODUCT,
        gettext_lazy("Products"),
        gettext_lazy("Products of the villages with OCOP stars."),
    ),
)  # fmt: skip
BY_NAME = {one.name: one for one in SETS}
PLACES = checked(
    [
        Column("kind", "loai", gettext_lazy("Kind"), width=20),
        Column("name", "ten", gettext_lazy("Name"), width=34),
        Column("state", "trang_thai", gettext_lazy("State"), width=24),
        Column("trade", "nghe", gettext_lazy("Trade"), width=24),
        Column("unit", "xa", gettext_lazy("Commune"), width=24),
        Column("district", "huyen_cu", gettext_lazy("Former district"), width=24),
        Column("projects", "so_de_an", gettext_lazy("Funded projects"), Kind.WHOLE, MONEY_FORMAT, 12),
        Column("granted_vnd", "kinh_phi", gettext_lazy("Support granted, đồng"), Kind.WHOLE, MONEY_FORMAT, 20),
        Column("last_year", "nam_cuoi", gettext_lazy("Last supported in"), Kind.WHOLE, width=12),
        Column("illustrative", "minh_hoa", gettext_lazy("Illustrative"), Kind.YES_NO, width=10),
    ]
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List what can be downloaded, with the columns."""
    offered = []
    for one in SETS:
        count = count_view(one.view)
        files = downloads(_address(one.name), {}, formats_of(one.query), count=count)
        names = [column.name for column in one.columns]
        offered.append({"set": one, "columns": names, "rows": count, "files": files})
    return render(request, "public/open_data.html", {"offered": offered})


@require_safe
def download(request: HttpRequest, name: str, suffix: str) -> FileResponse:
    """Send one set. Raises NotFound for anything that is not offered."""
    chosen = BY_NAME.get(name)
    if chosen is None:
        raise NotFound(_("There is no such open-data file."), todo=_("Choose one of the list under Open data."))
    return given(request, chosen.query, chosen.columns, suffix, name=chosen.name, title=str(chosen.title))


@require_safe
def download_places(request: HttpRequest, suffix: str) -> FileResponse:
    """Send the list beside the map, narrowed and in order as the page shows it."""
    rows: list[Mapping[str, Any]] = []
    for place in places(read_filter(request.GET)):
        card = card_of(place)
        rows.append(
            {
                "id": len(rows) + 1,
                "kind": _("craft village") if place.kind == "village" else _("industrial cluster"),
                "name": place.name,
                "state": card.state,
                "trade": card.trade,
                "unit": place.unit_name,
                "district": place.district_name,
                "projects": place.funded_projects,
                "granted_vnd": place.funded_vnd,
                "last_year": place.funded_last_year,
                "illustrative": place.illustrative,
                "hex": place.location.hexewkb.decode(),
            }
        )
    query = listed(rows, PLACES, place="line.hex::geometry", geometry="point", more=("hex text",))
    return given(request, query, PLACES, suffix, name="lang-nghe-va-cum-cong-nghiep", title=_("Places"))


def _address(name: str) -> Any:
    return lambda kind: reverse("public:open_data_file", args=[name, kind])
