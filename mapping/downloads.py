"""How does a list on a page become a file in somebody's hands? One control to offer it, one answer to give it.

It asks no permission: the desk has let the person in before it calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.crs import zone_choices, zone_label
from mapping.papers.export import TYPES, Column, Query, formats_of, stream
from mapping.rate import limit_rate

NOTES = {
    "xlsx": ("XLSX", _("for Excel")),
    "csv": ("CSV", _("for any program, UTF-8")),
    "geojson": ("GeoJSON", _("for web maps, WGS 84")),
    "gpkg": ("GeoPackage", _("for QGIS, VN-2000")),
    "shp": ("Shapefile", _("zipped, VN-2000")),
}
# Formats that are written in a VN-2000 zone; GeoJSON is WGS 84 (RFC 7946).
ZONED = frozenset({"gpkg", "shp"})
# What only says which page of a list is open is no part of what is listed.
PAGING = ("page",)


@dataclass(frozen=True)
class Offered:
    """One format in the menu."""

    title: str
    note: Any
    href: str
    zoned: bool = False


@dataclass(frozen=True)
class Downloads:
    """What the control of a page needs: formats, number of rows, what may narrow them, zones of map files."""

    files: tuple[Offered, ...]
    count: int
    by_map: bool = False
    by_ticks: bool = False
    zones: tuple[tuple[int, str], ...] = ()


def downloads(
    address: Callable[[str], str], asked: QueryDict | Mapping[str, str], kinds: Sequence[str], *, count: int,
    by_map: bool = False, by_ticks: bool = False,
) -> Downloads:  # fmt: skip
    """Offer a list in *kinds*: *address* gives the URL of a format, *asked* is the filter of the page that goes along.

    *count* is how many rows the list has now: an empty one offers nothing. *by_map* lets the person take only what the
    map of the page shows, or what lies in an area drawn on it, *by_ticks* only the rows ticked.
    """
    query = QueryDict(mutable=True)
    for name, value in asked.items():
        if name not in PAGING:
            query[name] = str(value)
    tail = f"?{query.urlencode()}" if query else ""
    files = tuple(Offered(*NOTES[kind], href=f"{address(kind)}{tail}", zoned=kind in ZONED) for kind in kinds)
    zones = tuple((srid, f"{zone_label(srid)} · EPSG:{srid}") for srid in zone_choices()) if ZONED & set(kinds) else ()
    return Downloads(files, count, by_map, by_ticks, zones)


def given(
    request: HttpRequest, query: Query, columns: Sequence[Column], kind: str, *, name: str, title: str
) -> FileResponse:
    """Write the rows of *query*, narrowed by the address (`Query.narrowed`), and send them as an attachment.

    A map file in another zone than the province's says so in its name.
    Raises what `mapping.papers.export.stream` raises, and TooManyRequests.
    """
    limit_rate(request, "download")
    narrowed = query.narrowed({key: request.GET.get(key, "") for key in ("ids", "bbox", "area", "srid")})
    zone = f"-epsg{narrowed.srid}" if narrowed.srid and kind in ZONED else ""
    export = stream(narrowed, columns, kind, name=f"{name}-{timezone.localdate():%Y%m%d}{zone}", title=title)
    response = FileResponse(export.file, as_attachment=True, filename=export.name, content_type=TYPES[kind][1])
    response["Cache-Control"] = "private, no-store"
    return response


__all__ = ["Downloads", "Offered", "downloads", "formats_of", "given"]
