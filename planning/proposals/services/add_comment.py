"""How does a reviewer say something about a place, a part or a row of the report? By opening a thread pinned to it."""

from __future__ import annotations

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from layers.errors import InputRefused
from planning.people.models import User
from planning.proposals.models import Anchor, Comment, Proposal
from planning.proposals.services._frame import act, record
from planning.proposals.services._threads import required_text
from planning.proposals.services._versions import version_at_the_department
from planning.proposals.threads import place_hash
from planning.proposals.workflow import Verb

PLACED = (Anchor.PLACE, Anchor.EDGE)
# A comment is about this boundary; a pin farther away is a slip of the pointer or a made-up request.
FARTHEST_PIN_M = 10_000


def add_comment(
    actor: User,
    proposal: Proposal,
    *,
    text: str,
    anchor: str = Anchor.WHOLE,
    place: Point | None = None,
    anchor_key: str = "",
) -> Comment:
    """Open a thread about the submitted version of *proposal*.

    *place* a point in the storage CRS, needed for a place or an edge; *anchor_key* names the part or the report's row.
    Raises InputRefused for an empty text, a pin without its place, or one more than 10 km away from the boundary.
    """
    clean = required_text(text)
    if anchor not in Anchor.values:
        raise InputRefused(_("A comment cannot be pinned to this."), code="ANCHOR_UNKNOWN", where=anchor)
    if anchor in PLACED and place is None:
        raise InputRefused(
            _("The comment is pinned to a place, but no place is given."),
            code="PLACE_MISSING",
            todo=_("Click the place on the map."),
        )
    with act(actor, proposal, Verb.ADD_COMMENT) as (row, _step):
        version = version_at_the_department(row)
        if place is not None and place.distance(version.geom) > FARTHEST_PIN_M:
            raise InputRefused(
                _("The pin lies far away from the boundary."),
                code="PLACE_FAR",
                todo=_("Put the pin near the boundary."),
            )
        comment = Comment.objects.create(
            proposal=row,
            version=version,
            anchor=anchor,
            anchor_key=anchor_key[:120],
            place=place,
            place_hash=place_hash(version.geom, place) if place is not None else "",
            text=clean,
            author=actor,
        )
        record(actor, Verb.ADD_COMMENT, row, {"comment": comment.pk, "anchor": anchor, "version": version.number})
    return comment
