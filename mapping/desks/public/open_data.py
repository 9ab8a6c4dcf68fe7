"""How does anybody take the public books home? Each public view as CSV and GeoJSON; columns are the views' columns.

Nothing else can be downloaded here: a column that is not in the view does not exist for this file.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from layers.errors import NotFound
from mapping.glass.geojson import to_geojson
from planning.registers.queries.public_books import whole_view

GEOMETRY = ("location", "boundary")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class OpenSet:
    """One set offered: the name in the address, the view behind it, what to call it."""

    name: str
    view: str
    title: object
    about: object
    has_place: bool = True


SETS = (
    OpenSet(
        "lang-nghe",
        "public_village",
        gettext_lazy("Craft villages"),
        gettext_lazy("One row per village with recognition, latest figures and support received."),
    ),
    OpenSet(
        "cum-cong-nghiep",
        "public_cluster",
        gettext_lazy("Industrial clusters"),
        gettext_lazy("One row per cluster with areas, occupancy, wastewater and boundary."),
    ),
    OpenSet(
        "de-an-khuyen-cong",
        "public_funded_project",
        gettext_lazy("Funded projects"),
        gettext_lazy("One row per funded project; households are named by their place only."),
    ),
    OpenSet(
        "san-pham",
        "public_product",
        gettext_lazy("Products"),
        gettext_lazy("Products of the villages with OCOP stars."),
        has_place=False,
    ),
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List what can be downloaded, with the columns."""
    offered = []
    for one in SETS:
        columns, rows = whole_view(one.view)
        offered.append({"set": one, "columns": columns, "rows": len(rows)})
    return render(request, "public/open_data.html", {"offered": offered})


@require_safe
def download(request: HttpRequest, name: str, suffix: str) -> HttpResponse:
    """Send one set. Raises NotFound for anything that is not offered."""
    chosen = next((one for one in SETS if one.name == name), None)
    if chosen is None or suffix not in ("csv", "geojson") or (suffix == "geojson" and not chosen.has_place):
        raise NotFound(_("There is no such open-data file."), todo=_("Choose one of the list under Open data."))
    columns, rows = whole_view(chosen.view)
    if suffix == "csv":
        body, kind = as_csv(columns, rows), "text/csv; charset=utf-8"
    else:
        body, kind = as_geojson(columns, rows), "application/geo+json"
    headers = {"Content-Disposition": f'attachment; filename="{chosen.name}.{suffix}"'}
    return HttpResponse(body, content_type=kind, headers=headers)


def as_csv(columns: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Write CSV with a byte-order mark (Excel reads UTF-8 by it): the place as lon and lat, without the boundary."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    plain = [column for column in columns if column not in GEOMETRY]
    writer.writerow([*plain, *(["lon", "lat"] if "location" in columns else [])])
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        line = [harmless(values[column]) for column in plain]
        if "location" in columns:
            at = to_geojson(GEOSGeometry(values["location"]))["coordinates"] if values["location"] else ("", "")
            line += [*at]
        writer.writerow(line)
    return out.getvalue()


def as_geojson(columns: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Write a FeatureCollection in WGS 84 (RFC 7946); a boundary takes the place of the point where there is one."""
    return json.dumps(
        {"type": "FeatureCollection", "features": list(features(columns, rows))},
        ensure_ascii=False,
        default=str,
        separators=(",", ":"),
    )


def features(columns: list[str], rows: list[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """Yield one feature per row."""
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        drawn = values.pop("boundary", None) or values.get("location")
        values.pop("location", None)
        geometry = to_geojson(GEOSGeometry(drawn)) if drawn else None
        yield {"type": "Feature", "id": values.get("id"), "geometry": geometry, "properties": values}


def harmless(value: Any) -> Any:
    """Keep a spreadsheet from reading a text as a formula."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value
