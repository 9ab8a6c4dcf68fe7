"""What did the browser send? The drawn state (zone, cuts, uses) out of JSON, in the storage CRS on the grid.

It does not vet: a draft may be broken while it is drawn; whoever computes with it calls `layers.vetting` first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, LineString, MultiLineString, MultiPolygon
from django.utils.translation import gettext as _

from layers.crs import as_multi, point_to_storage, storage_srid
from layers.errors import InputRefused, LimitExceeded
from mapping.glass.geojson import LINES, LIVE_VERTICES, geometry_from_geojson, position, to_geojson
from planning.proposals.models import LandUse

MAX_CUTS = 100
MAX_USES = 300


@dataclass(frozen=True)
class Drawn:
    """The drawn state in the storage CRS; *zone* is None while nothing is closed."""

    zone: MultiPolygon | None
    cuts: MultiLineString | None
    uses: list[dict[str, Any]]

    @property
    def is_cut(self) -> bool:
        """Tell whether the zone is divided into land-use parts at all."""
        return self.cuts is not None or bool(self.uses)


def read_drawn(body: Mapping[str, Any], *, max_vertices: int = LIVE_VERTICES) -> Drawn:
    """Read ``zone``, ``cuts`` and ``uses`` of a request body.

    Raises InputRefused for anything malformed, LimitExceeded above the vertex, line or use caps.
    """
    zone = body.get("zone")
    return Drawn(
        zone=None if zone is None else _areas(zone, max_vertices),
        cuts=_lines([] if body.get("cuts") is None else body["cuts"], max_vertices),
        uses=_uses([] if body.get("uses") is None else body["uses"]),
    )


def require_zone(drawn: Drawn) -> MultiPolygon:
    """Return the zone; raise InputRefused when nothing is drawn."""
    if drawn.zone is None:
        raise InputRefused(_("No boundary is drawn."), code="NO_BOUNDARY", todo=_("Draw or upload the boundary."))
    return drawn.zone


def read_area(value: Any) -> GEOSGeometry:
    """Read one GeoJSON area, at most 2,000 vertices."""
    return _areas(value, LIVE_VERTICES)


def _areas(value: Any, max_vertices: int) -> MultiPolygon:
    return as_multi(geometry_from_geojson(value, max_vertices=max_vertices, path="$.zone"))


def _lines(value: Any, max_vertices: int) -> MultiLineString | None:
    several = value if isinstance(value, list) else [value]
    if len(several) > MAX_CUTS:
        raise LimitExceeded(_("Too many cut lines."), where=str(len(several)), todo=_("Draw fewer lines."))
    lines: list[LineString] = []
    for item in several:
        geom = geometry_from_geojson(item, max_vertices=max_vertices, kinds=LINES, path="$.cuts")
        lines.extend(
            line for line in (geom if isinstance(geom, MultiLineString) else [geom]) if isinstance(line, LineString)
        )
    return MultiLineString(lines, srid=storage_srid()) if lines else None


def _uses(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > MAX_USES:
        raise InputRefused(_("The list of land uses cannot be read."), code="JSON_INVALID", where="uses")
    return [_use(number, item) for number, item in enumerate(value, start=1)]


def _use(number: int, item: Any) -> dict[str, Any]:
    at = item.get("at") if isinstance(item, Mapping) else None
    if not (
        isinstance(at, Sequence)
        and len(at) == 2
        and all(_is_number(v) for v in at)
        and abs(at[0]) <= 180
        and abs(at[1]) <= 90
    ):
        raise InputRefused(
            _("The place of a land use is not a pair of coordinates."), code="COORD_INVALID", where=str(number)
        )
    if item.get("use") not in LandUse.values:
        raise InputRefused(
            _("This land use is not in the list."), code="LAND_USE_UNKNOWN", where=str(item.get("use"))[:40]
        )
    x, y = point_to_storage(float(at[0]), float(at[1]))
    return {"at": [round(x, 3), round(y, 3)], "use": item["use"]}


def _on_earth(at: Sequence[float]) -> bool:
    return abs(at[0]) <= 180 and abs(at[1]) <= 90


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def drawn_json(
    zone: GEOSGeometry | None, cuts: GEOSGeometry | None, uses: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Write a drawn state for the browser: WGS 84, nine decimals."""
    return {
        "zone": to_geojson(zone) if zone is not None else None,
        "cuts": to_geojson(cuts) if cuts is not None else None,
        "uses": [{"at": position(use["at"]), "use": use["use"]} for use in uses],
    }
