"""What does the drawing board need to start? Everything the browser modules read, as one JSON object.

It fetches nothing that the person may not see; the trial board gets an empty drawing.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from layers.crs import meridian_label, point_to_wgs84, zone_label
from layers.models import AdminUnit
from mapping.desks.draw.drawn import drawn_json
from mapping.glass.geojson import to_geojson
from planning.proposals.models import Draft, LandUse, Proposal, ProposalKind
from planning.proposals.queries import threads_of

EMPTY: dict[str, Any] = {"zone": None, "cuts": None, "uses": []}
LAND_USE_COLOURS = {
    LandUse.FACTORY: "#faaaa0",
    LandUse.CRAFT_FACTORY: "#f2c48d",
    LandUse.ROAD: "#ffaa32",
    LandUse.GREEN: "#8fce7e",
    LandUse.TECHNICAL: "#b9a9d6",
    LandUse.SERVICE: "#8fb8e8",
    LandUse.UNASSIGNED: "#d9d9d2",
}


def trial_board() -> dict[str, Any]:
    """Return the board without an account: nothing is stored, nothing is sent but questions."""
    return {**_common(), "mode": "trial", "editable": True, "kind": ProposalKind.NEW_CLUSTER, "drawn": EMPTY}


def proposal_board(proposal: Proposal, draft: Draft | None, *, editable: bool) -> dict[str, Any]:
    """Return the board of one proposal with its draft."""
    return {
        **_common(),
        "mode": "proposal",
        "editable": editable,
        "code": proposal.code,
        "kind": proposal.kind,
        "unit": proposal.unit_id,
        "view": _box(proposal.unit),
        "row_version": draft.row_version if draft else 0,
        "saved_at": draft.saved_at.isoformat() if draft else None,
        "drawn": drawn_json(draft.geom, draft.cuts, draft.uses) if draft else EMPTY,
        "draft_url": reverse("draw:draft_api", args=[proposal.code]),
        "versions_url": reverse("draw:versions", args=[proposal.code]),
        "dispute_url": _dispute_url(proposal),
        "dossier_url": reverse("draw:dossier", args=[proposal.code]),
        "pins": [
            {
                "number": thread.number,
                "at": to_geojson(thread.opening.place)["coordinates"],
                "text": thread.opening.text,
                "waits": thread.waits_for_answer,
            }
            for thread in threads_of(proposal)
            if thread.opening.place is not None and not thread.closed
        ],
    }


def _dispute_url(proposal: Proposal) -> str:
    """Return where to disagree with a row of the kept report; empty before a version was kept."""
    kept = proposal.current_version_id is not None
    return f"{reverse('review:file', args=[proposal.code])}?tab=khong-dong-y" if kept else ""


def _common() -> dict[str, Any]:
    return {
        "check_url": reverse("draw:check_api"),
        "combine_url": reverse("draw:cut_out_api"),
        "ways_url": reverse("draw:ways_out_api"),
        "corners_url": reverse("draw:corners_api"),
        "crs": zone_label(),
        "meridian": meridian_label(),
        "land_uses": [{"code": use.value, "name": str(use.label), "colour": LAND_USE_COLOURS[use]} for use in LandUse],
    }


def _box(unit: AdminUnit) -> list[float]:
    west, south, east, north = unit.geom.extent
    corners = [point_to_wgs84(x, y) for x in (west, east) for y in (south, north)]
    lons, lats = [c[0] for c in corners], [c[1] for c in corners]
    return [min(lons), min(lats), max(lons), max(lats)]
