"""What has to be taken out of a zone to end a finding? The source row itself, so that the new edge is shared exactly.

It cuts nothing: the geometry child does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry

from layers.crs import storage_srid
from layers.models import FeaturePart
from planning.checks.models import Question
from planning.checks.rules import CompiledRule
from planning.checks.types import Finding, Outcome

# Questions that an area of the zone gives rise to; size, ratios, lists and occupancy are about the whole.
PLACED = frozenset(
    {
        Question.OVERLAP.value,
        Question.SETBACK.value,
        Question.CONTAINMENT.value,
        Question.SHARE.value,
        Question.REGISTER_OVERLAP.value,
        Question.COUNT_INSIDE.value,
    }
)
FIRED = frozenset({Outcome.CONFLICT, Outcome.CONDITION, Outcome.ADVICE})
# Without the source row at hand its common piece with the zone is widened a little, with straight corners.
PIECE_MARGIN_M = 0.005
MITRE = 2
# The check draws its corridors with 8 chords to a quarter of a circle; they lie inside the arc by this share of it.
CHORD_SHARE = 0.005
MOST_PARTS = 2_000


@dataclass(frozen=True)
class Taken:
    """Name one area (storage CRS) to keep clear of, and how far it is to be widened, in metres."""

    geom: GEOSGeometry
    distance_m: float


def can_be_cut(finding: Finding) -> bool:
    """Tell whether *finding* fires because of a place that may be left out: it has an area inside the zone."""
    return (
        finding.outcome in FIRED
        and finding.question in PLACED
        and finding.piece is not None
        and bool(finding.overlap_m2 or _polygonal(finding.piece))
    )


def taken_by(findings: Iterable[Finding], zone: GEOSGeometry, rules: Mapping[str, CompiledRule]) -> list[Taken]:
    """Return what *zone* has to keep clear of to end *findings* of *rules*, each with the distance its rule asks for.

    Of a rule that looks in one direction only (upstream of an intake) the piece it found is taken, not all round.
    """
    return [taken for finding in findings for taken in _taken(finding, zone, rules)]


def _taken(finding: Finding, zone: GEOSGeometry, rules: Mapping[str, CompiledRule]) -> list[Taken]:
    distance = finding.required_m or 0.0
    directed = finding.rule in rules and bool(rules[finding.rule].settings.get("flow_attribute"))
    parts = [] if directed else _source_parts(finding, zone, distance)
    if parts:
        return [Taken(part, distance) for part in parts]
    piece = GEOSGeometry(memoryview(finding.piece or b""), srid=storage_srid())
    margin = PIECE_MARGIN_M + (CHORD_SHARE * distance if directed else 0.0)
    widened = piece.buffer_with_style(margin, quadsegs=1, join_style=MITRE, mitre_limit=2.0)
    widened.srid = storage_srid()
    return [Taken(widened, 0.0)]


def _source_parts(finding: Finding, zone: GEOSGeometry, distance: float) -> list[GEOSGeometry]:
    if finding.feature_id is None:
        return []
    near = zone.envelope.buffer(distance + 1.0) if distance else zone
    near.srid = zone.srid
    rows = FeaturePart.objects.filter(feature_id=finding.feature_id, geom__bboverlaps=near).order_by("pk")
    return [row.geom for row in rows[:MOST_PARTS]]


def _polygonal(piece: bytes) -> bool:
    return bool(GEOSGeometry(memoryview(piece)).area > 0)
