"""How do a corner table and a boundary turn into each other? Paste → geometry with the meridian named; zone → rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from layers.crs import operation_name, storage_srid, zone_label
from layers.errors import InputRefused
from layers.intake.corners.columns import EASTING, NORTHING
from layers.intake.corners.facts import CornerFacts, facts_of
from layers.intake.corners.place import Placed, placed
from layers.intake.corners.table import RowRemark, read_corner_table
from layers.models import AdminUnit
from layers.vetting import LIVE, vet
from mapping.desks.draw.body import read_object
from mapping.desks.draw.drawn import read_drawn, require_zone
from mapping.desks.draw.files import seen
from mapping.glass.geojson import position, to_geojson
from mapping.papers.corner_table import Block, corner_blocks
from mapping.rate import limit_rate


@require_POST
def corners_api(request: HttpRequest) -> HttpResponse:
    """Read a pasted table (``text``), give the table of a zone (``zone``), or place one corner (``point``: [X, Y])."""
    limit_rate(request, "corners" if not request.user.is_authenticated else "check")
    body = read_object(request)
    if "text" in body:
        return JsonResponse(_understood(request, body))
    if "point" in body:
        return JsonResponse({"at": _placed(body["point"])})
    zone = vet(require_zone(read_drawn(body)), LIVE).geom
    blocks = corner_blocks(zone)
    return JsonResponse(
        {
            "crs": zone_label(),
            "operation": operation_name(),
            "area_m2": round(zone.area, 2),
            "blocks": [_block(block, alone=len(blocks) == 1) for block in blocks],
        }
    )


def _block(block: Block, *, alone: bool) -> dict[str, Any]:
    return {
        "title": "" if alone else block.title,
        "area_m2": round(block.area_m2, 2),
        "rows": [
            {
                "name": str(corner.number),
                "x": corner.x_m,
                "y": corner.y_m,
                "side": corner.side_m,
                "at": _lonlat(corner.y_m, corner.x_m),
            }
            for corner in block.corners[:-1]  # the closing row is for paper
        ],
    }


def _understood(request: HttpRequest, body: dict[str, Any]) -> dict[str, Any]:
    table = read_corner_table(str(body["text"]))
    facts = facts_of(table)
    ranking, found = placed(table, _unit(request, body)) if table.blocks else (None, [])
    if ranking is None or not found:
        raise InputRefused(
            _("No area could be read from the table."),
            code="TABLE_NO_AREA",
            todo=_("Check the rows that are marked."),
            detail={"remarks": _remarks(table.remarks)},
        )
    return {
        "corners": table.corners,
        "blocks": _rings(facts),
        "swapped": table.swapped,
        "degrees": table.degrees,
        "system": table.system,
        "hint": ranking.hint,
        "area_m2": facts.area_m2,
        "remarks": _remarks(list(facts.remarks)),
        "candidates": [_candidate(one) for one in found],
    }


def _rings(facts: CornerFacts) -> list[dict[str, Any]]:
    """Return the rings as read, row by row, in the table's own coordinates."""
    return [
        {
            "title": block.title,
            "hole": block.is_hole,
            "rows": [
                {
                    "line": row.line,
                    "name": row.name,
                    "x": row.x,
                    "y": row.y,
                    "side": row.side_m,
                    "stated": row.side_stated,
                }
                for row in block.rows
            ],
        }
        for block in facts.blocks
    ]


def _candidate(one: Placed) -> dict[str, Any]:
    candidate = one.candidate
    return {
        "srid": candidate.srid,
        "label": candidate.label,
        "accuracy": candidate.accuracy,
        "own": candidate.srid == storage_srid(),
        "stated": candidate.declared,
        "lands": one.lands,
        "place": one.place,
        "zone": to_geojson(one.zone),
        "area_m2": round(one.zone.area, 2),
    }


def _remarks(remarks: list[RowRemark]) -> list[dict[str, Any]]:
    return [
        {"line": r.line, "text": r.text, "bad": r.bad, "code": r.code} for r in sorted(remarks, key=lambda r: r.line)
    ]


def _unit(request: HttpRequest, body: dict[str, Any]) -> AdminUnit | None:
    if body.get("proposal"):
        return seen(request, str(body["proposal"])).unit
    unit = body.get("unit")
    return AdminUnit.objects.filter(pk=unit).first() if isinstance(unit, int) else None


def _placed(value: Any) -> list[float]:
    good = (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in value)
    )
    if not good or not (NORTHING[0] <= value[0] <= NORTHING[1] and EASTING[0] <= value[1] <= EASTING[1]):
        raise InputRefused(
            _("This is not a coordinate in Viet Nam."),
            code="COORD_INVALID",
            todo=_("X is the northing, Y the easting, in metres."),
        )
    return _lonlat(round(value[1], 3), round(value[0], 3))


def _lonlat(east: float, north: float) -> list[float]:
    return position((east, north)) or []
