"""Which comments wait for an answer, and does the place they were pinned to still look the same?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db.models import Exists, F, OuterRef, QuerySet

from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import can
from planning.proposals.models import Comment, Proposal, ZoneVersion

PLACE_RADIUS_M = 50.0


@dataclass(frozen=True)
class Thread:
    """One thread: the comment that opened it, its answers in order, and whether its place changed since."""

    number: int
    opening: Comment
    answers: tuple[Comment, ...]
    waits_for_answer: bool
    place_changed: bool

    @property
    def closed(self) -> bool:
        """Tell whether the thread was closed with an outcome."""
        return self.opening.closed_at is not None


def _openings(proposal: Proposal) -> QuerySet[Comment]:
    return Comment.objects.filter(proposal=proposal, parent__isnull=True).order_by("at", "id")


def unanswered(proposal: Proposal) -> list[Comment]:
    """Return the open threads of reviewers that nobody but their author wrote in; they block resubmission."""
    answered = Comment.objects.filter(parent=OuterRef("pk")).exclude(author=OuterRef("author"))
    rows = _openings(proposal).filter(closed_at__isnull=True).filter(~Exists(answered)).select_related("author")
    return [comment for comment in rows if not _own_side(comment.author, proposal)]


def threads_of(proposal: Proposal, version: ZoneVersion | None = None) -> list[Thread]:
    """Return the threads of *proposal*, numbered in order of opening; *version* is what places are compared with."""
    shown = version or proposal.current_version
    waiting = {comment.pk for comment in unanswered(proposal)}
    answers: dict[int, list[Comment]] = {}
    for answer in (
        Comment.objects.filter(proposal=proposal, parent__isnull=False).select_related("author").order_by("at", "id")
    ):
        answers.setdefault(answer.parent_id or 0, []).append(answer)
    return [
        Thread(
            number=number,
            opening=comment,
            answers=tuple(answers.get(comment.pk, ())),
            waits_for_answer=comment.pk in waiting,
            place_changed=_place_changed(comment, shown),
        )
        for number, comment in enumerate(_openings(proposal).select_related("author", "closed_by", "version"), start=1)
    ]


def count_unanswered(proposals: QuerySet[Proposal]) -> dict[int, int]:
    """Count the threads without an answer by proposal, in one query; those its author opened are left out."""
    answered = Comment.objects.filter(parent=OuterRef("pk")).exclude(author=OuterRef("author"))
    rows = (
        Comment.objects.filter(proposal__in=proposals, parent__isnull=True, closed_at__isnull=True)
        .filter(~Exists(answered))
        .exclude(author=F("proposal__created_by"))
        .values_list("proposal_id", flat=True)
        .order_by()
    )
    counts: dict[int, int] = {}
    for key in rows:
        counts[key] = counts.get(key, 0) + 1
    return counts


def place_hash(zone: GEOSGeometry, place: Point) -> str:
    """Return a hash of the boundary within 50 m of *place* (storage CRS): the state of the place when it was pinned."""
    import shapely

    shape = shapely.from_wkb(bytes(zone.wkb))
    near = shapely.clip_by_rect(
        shape.boundary,
        place.x - PLACE_RADIUS_M,
        place.y - PLACE_RADIUS_M,
        place.x + PLACE_RADIUS_M,
        place.y + PLACE_RADIUS_M,
    )
    inside = shape.covers(shapely.Point(place.x, place.y))
    rounded = shapely.normalize(shapely.set_precision(near, 0.001, mode="pointwise"))
    return hashlib.sha256(bytes([inside]) + shapely.to_wkb(rounded, byte_order=1)).hexdigest()


def _place_changed(comment: Comment, version: ZoneVersion | None) -> bool:
    if version is None or comment.place is None or not comment.place_hash or comment.version_id == version.pk:
        return False
    return place_hash(version.geom, comment.place) != comment.place_hash


def _own_side(author: User, proposal: Proposal) -> bool:
    return can(author, Capability.DRAW_PROPOSAL, proposal.unit)
