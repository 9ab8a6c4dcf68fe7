"""How does autosave write what is being drawn? Optimistically: a stale save is refused and loses nothing.

It does not vet: a draft may cross itself while it is being drawn. Vetting comes when a version is kept.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from django.contrib.gis.geos import GEOSGeometry, MultiLineString, MultiPolygon
from django.utils import timezone

from layers.errors import Conflict, InputRefused, LimitExceeded
from layers.grid import on_grid
from layers.said import gettext as _
from planning.people.models import User
from planning.proposals.models import Draft, LandUse, Proposal
from planning.proposals.services._frame import act, record
from planning.proposals.workflow import Verb

MAX_VERTICES = 10_000
MAX_USES = 500
Use = dict[str, object]


def save_draft(
    actor: User,
    proposal: Proposal,
    *,
    row_version: int,
    geom: GEOSGeometry | None,
    cuts: GEOSGeometry | None = None,
    uses: Sequence[Mapping[str, object]] = (),
) -> Draft:
    """Write the drawn state of *proposal* when nobody wrote since *row_version* of the draft.

    *geom* (multi)polygon and *cuts* (multi)line in the storage CRS, metres; *uses* a list of
    ``{"at": [easting, northing], "use": LandUse}``. The same content sent twice is written once. Raises Conflict
    DRAFT_STALE with ``detail`` mine, theirs (geometries), mine_cuts, theirs_cuts, mine_uses, theirs_uses, row_version,
    saved_by, saved_at when somebody else saved meanwhile; LimitExceeded above 10,000 vertices; InputRefused for
    anything that is not a zone.
    """
    zone = as_zone(geom)
    lines = as_cuts(cuts)
    points = as_uses(uses)
    with act(actor, proposal, Verb.SAVE_DRAFT) as (row, _step):
        draft, _created = Draft.objects.select_for_update().get_or_create(
            proposal=row, defaults={"row_version": 1, "saved_by": actor}
        )
        if _same(draft, zone, lines, points):
            return draft
        if draft.row_version != row_version:
            raise _stale(draft, zone, lines, points)
        draft.geom, draft.cuts, draft.uses = zone, lines, points
        draft.row_version += 1
        draft.saved_by, draft.saved_at = actor, timezone.now()
        draft.save()
        record(actor, Verb.SAVE_DRAFT, row, {"row_version": draft.row_version, "area_m2": _area(zone)})
    return draft


def as_zone(geom: GEOSGeometry | None) -> MultiPolygon | None:
    """Return *geom* as a multipolygon on the grid; None for nothing drawn.

    Raises InputRefused for another type or SRID, LimitExceeded above the vertex cap.
    """
    if geom is None or geom.empty:
        return None
    _cap(geom)
    if geom.geom_type not in {"Polygon", "MultiPolygon"}:
        raise InputRefused(
            _("A boundary is an area, not a point or a line."), code="GEOM_TYPE", where=str(geom.geom_type)
        )
    snapped = on_grid(geom)
    if isinstance(snapped, MultiPolygon):
        return snapped
    return MultiPolygon(snapped, srid=snapped.srid)


def as_cuts(cuts: GEOSGeometry | None) -> MultiLineString | None:
    """Return cutting lines as one multi-line on the grid; None for no cuts. Raises like `as_zone`."""
    if cuts is None or cuts.empty:
        return None
    _cap(cuts)
    if cuts.geom_type not in {"LineString", "MultiLineString"}:
        raise InputRefused(_("A cut is a line."), code="GEOM_TYPE", where=str(cuts.geom_type))
    snapped = on_grid(cuts)
    if isinstance(snapped, MultiLineString):
        return snapped
    return MultiLineString(snapped, srid=snapped.srid)


def as_uses(uses: Sequence[Mapping[str, object]]) -> list[Use]:
    """Return the uses with places rounded to 1 mm and known land uses. Raises InputRefused, LimitExceeded."""
    if len(uses) > MAX_USES:
        raise LimitExceeded(_("Too many land-use parts."), where=str(len(uses)), todo=_("Draw fewer parts."))
    return [_as_use(number, use) for number, use in enumerate(uses, start=1)]


def _as_use(number: int, use: Mapping[str, object]) -> Use:
    at = use.get("at")
    if (
        not isinstance(at, list | tuple)
        or len(at) != 2
        or not all(isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v) for v in at)
    ):
        raise InputRefused(
            _("The place of a land use is not a pair of coordinates."), code="COORD_INVALID", where=str(number)
        )
    kind = use.get("use")
    if kind not in LandUse.values:
        raise InputRefused(
            _("This land use is not in the list."),
            code="LAND_USE_UNKNOWN",
            where=str(kind),
            todo=_("Choose a use from the list."),
        )
    return {"at": [round(float(value), 3) for value in at], "use": str(kind)}


def _cap(geom: GEOSGeometry) -> None:
    if geom.num_coords > MAX_VERTICES:
        raise LimitExceeded(
            _("The boundary has more than %(limit)d points.") % {"limit": MAX_VERTICES},
            code="TOO_MANY_VERTICES",
            where=str(geom.num_coords),
            todo=_("Simplify the boundary, or load it as a file of a layer."),
        )


def _same(draft: Draft, zone: MultiPolygon | None, lines: MultiLineString | None, points: list[Use]) -> bool:
    return _wkb(draft.geom) == _wkb(zone) and _wkb(draft.cuts) == _wkb(lines) and draft.uses == points


def _wkb(geom: GEOSGeometry | None) -> bytes | None:
    return bytes(geom.wkb) if geom is not None else None


def _area(zone: MultiPolygon | None) -> float | None:
    return round(zone.area, 2) if zone is not None else None


def _stale(draft: Draft, zone: MultiPolygon | None, lines: MultiLineString | None, points: list[Use]) -> Conflict:
    name = draft.saved_by.get_full_name()
    return Conflict(
        _("%(name)s saved this draft at %(time)s, after you opened it. Nothing was overwritten.")
        % {"name": name, "time": f"{timezone.localtime(draft.saved_at):%H:%M %d/%m/%Y}"},
        code="DRAFT_STALE",
        where=draft.proposal.code,
        todo=_("Compare the two boundaries and choose: keep yours, take the other, or open both."),
        detail={
            "mine": zone,
            "theirs": draft.geom,
            "mine_cuts": lines,
            "theirs_cuts": draft.cuts,
            "mine_uses": points,
            "theirs_uses": draft.uses,
            "row_version": draft.row_version,
            "saved_by": name,
            "saved_at": draft.saved_at,
        },
    )
