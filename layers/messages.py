"""What does a person read when a geometry or a file is refused or mended? One sentence and one thing to do per code.

The codes are those of the bad-input catalogue; this file decides nothing, it only speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from layers.numbers import number_format
from layers.said import gettext as _

# code -> (what happened, what to do). ``gettext_noop`` marks; the lookup translates at the moment of speaking.
GEOMETRY: dict[str, tuple[str, str]] = {
    "GEOM_EMPTY": (gettext_noop("The boundary encloses nothing."), gettext_noop("Draw it again.")),
    "GEOM_CORRUPT": (gettext_noop("The geometry cannot be read."), gettext_noop("Export it again.")),
    "GEOM_TYPE": (
        gettext_noop("An area is needed, but this is %(found)s."),
        gettext_noop("Send closed boundaries (polygons)."),
    ),
    "GEOM_DEGENERATE": (
        gettext_noop("The boundary has fewer than three distinct points."),
        gettext_noop("Draw it again with at least three corners."),
    ),
    "GEOM_TOO_SMALL": (
        gettext_noop("The area is smaller than 1 m² or narrower than 5 cm."),
        gettext_noop("Draw a larger area, or delete this one."),
    ),
    "GEOM_TOO_COMPLEX": (
        gettext_noop("The boundary crosses itself too often to be computed."),
        gettext_noop("Draw it again, or split it."),
    ),
    "TOO_MANY_VERTICES": (
        gettext_noop("The boundary has %(count)s points; at most %(limit)s are accepted."),
        gettext_noop("Simplify the boundary, or split it."),
    ),
    "TOO_MANY_RINGS": (
        gettext_noop("The boundary has %(count)s rings; at most %(limit)s are accepted."),
        gettext_noop("Split it into several areas."),
    ),
    "TOO_MANY_PIECES": (
        gettext_noop("The lines cut the area into %(count)s pieces; at most %(limit)s are accepted."),
        gettext_noop("Draw fewer lines."),
    ),
    "COORD_NOT_FINITE": (
        gettext_noop("Point %(vertex)s has a coordinate that is not a number."),
        gettext_noop("Correct the point and send it again."),
    ),
    "SELF_INTERSECTION": (
        gettext_noop("The boundary crosses itself."),
        gettext_noop("Move the corner at the marked place."),
    ),
    "RING_SELF_TOUCH": (gettext_noop("The boundary touches itself."), gettext_noop("Move the corner a little.")),
    "SPIKE": (gettext_noop("The boundary has a spike without area."), gettext_noop("Delete the corner at its tip.")),
    "HOLE_OUTSIDE": (
        gettext_noop("A hole lies outside its boundary."),
        gettext_noop("Delete the hole or move it inside."),
    ),
    "HOLE_CROSSES": (
        gettext_noop("A hole crosses the boundary."),
        gettext_noop("Move the hole inside, or cut the boundary there."),
    ),
    "HOLES_OVERLAP": (gettext_noop("Holes overlap each other."), gettext_noop("Join the holes into one.")),
    "SHELLS_NESTED": (gettext_noop("One part lies inside another."), gettext_noop("Delete the inner part.")),
    "PARTS_OVERLAP": (gettext_noop("Parts overlap each other."), gettext_noop("Join the parts.")),
    "PARTS_SHARE_EDGE": (gettext_noop("Parts share an edge."), gettext_noop("Join the parts.")),
    "REPAIR_AMBIGUOUS": (
        gettext_noop(
            "The boundary encloses some ground twice; two readings are possible: %(area_ha)s or %(other_ha)s ha."
        ),
        gettext_noop("Choose one of the two readings, or draw the place again."),
    ),
    "RING_ROLE": (
        gettext_noop(
            "Feature %(feature)s: a ring drawn as an outer boundary lies inside another and was read as a hole;"
            " %(before_ha)s ha become %(after_ha)s ha."
        ),
        "",
    ),
    "RING_CLOSED": (
        gettext_noop("%(count)s boundaries whose ends did not meet were closed; the widest gap was %(gap_m)s m."),
        "",
    ),
    "LINE_NOT_CLOSED": (
        gettext_noop("A boundary is not closed: its ends lie %(gap_m)s m apart."),
        gettext_noop("Let the boundary end where it begins."),
    ),
    "GEOM_DEPTH": (
        gettext_noop("Collections lie in collections too deeply in feature %(feature)s."),
        gettext_noop("Export the areas themselves, without groups."),
    ),
    "GEOM_COLLECTION": (gettext_noop("A collection was taken apart; only its areas are kept."), ""),
    "SLIVER_DROPPED": (gettext_noop("A ring without area was left out."), ""),
    "TOUCH_AFTER_TRANSFORM": (gettext_noop("Points that touch after rounding to 1 mm were set apart."), ""),
    "SLIVER_NOTICE": (gettext_noop("There is a sliver of less than 1 m² or 5 cm here."), ""),
    "OUTSIDE_PROVINCE": (
        gettext_noop("It lies outside the province."),
        gettext_noop("Check the coordinate system, or leave it out."),
    ),
    "PARTLY_OUTSIDE": (
        gettext_noop("%(outside_ha)s ha lie outside the province, up to %(beyond)s m beyond its border."),
        gettext_noop("Keep only what lies inside, or correct the boundary."),
    ),
    "BORDER_SNAP": (
        gettext_noop("It runs up to %(beyond)s m beyond the border of the province; it is kept as it is."),
        "",
    ),
    "OUTSIDE_UNIT": (gettext_noop("%(outside_ha)s ha lie outside %(unit)s."), ""),
    "FEATURES_OVERLAP": (
        gettext_noop("It overlaps area %(other)s by %(common_m2)s m²; common ground is counted once."),
        "",
    ),
    "DUPLICATE_FEATURE": (gettext_noop("It is the same as area %(other)s; it is counted once."), ""),
    "NEIGHBOURS_NOT_COMPARED": (
        gettext_noop("Too many areas lie over one another; their overlaps were not compared."),
        "",
    ),
    "NARROW_NOTICE": (gettext_noop("The area is narrower than 1 m here."), ""),
}
OUTCOMES: dict[str, tuple[str, str]] = {
    "busy": (gettext_noop("The server is computing for others."), gettext_noop("Wait a moment and try again.")),
    "timeout": GEOMETRY["GEOM_TOO_COMPLEX"],
    "memory": GEOMETRY["GEOM_TOO_COMPLEX"],
    "died": GEOMETRY["GEOM_TOO_COMPLEX"],
    "failed": GEOMETRY["GEOM_CORRUPT"],
}


def sentence(code: str, params: Mapping[str, Any], table: Mapping[str, tuple[str, str]] = GEOMETRY) -> tuple[str, str]:
    """Return (what happened, what to do) in the active language; an unknown code is shown as itself."""
    message, todo = table.get(code, (code, ""))
    shown = {key: _shown(key, value) for key, value in params.items()}
    for key, value in params.items():
        if key.endswith("_m2") and isinstance(value, int | float):
            shown[f"{key.removesuffix('_m2')}_ha"] = number_format(value / 10_000, 2)
    return _(message) % shown, _(todo) % shown if todo else ""


def place_text(at: tuple[float, float] | None) -> str:
    """Write a storage coordinate as a corner table does: X (northing) first, metres to 0.01."""
    if at is None:
        return ""
    x, y = (number_format(value, 2, force_grouping=True) for value in (at[1], at[0]))
    return _("X %(northing)s, Y %(easting)s") % {"northing": x, "easting": y}


def _shown(key: str, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return number_format(value, 0 if isinstance(value, int) else 2, force_grouping=True)
