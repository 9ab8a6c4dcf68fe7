"""What has to be taken out of a zone to end a conflict? The feature itself, so that the new edge is shared exactly.

It cuts nothing: the vetting child does.
"""

from __future__ import annotations

from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.crs import storage_srid
from layers.errors import NotFound
from layers.models import FeaturePart
from planning.checks.basis import basis_on
from planning.checks.engine import check_report
from planning.checks.types import Finding, Subject

# One grid step more than the rule asks for, so that rounding does not leave the corner inside again.
MARGIN_M = 0.002
# Without the feature at hand its common piece with the zone is widened a little with straight corners.
PIECE_MARGIN_M = 0.005
MITRE = 2


def taken_by(subject: Subject, key: str) -> tuple[list[GEOSGeometry], float]:
    """Return the areas to take out for the finding *key* of *subject*, and how far they are to be widened, in metres.

    Raises NotFound when the boundary no longer has that finding.
    """
    report = check_report(subject, basis_on(timezone.localdate()))
    finding = next((one for one in report.findings if one.key == key and one.piece is not None), None)
    if finding is None:
        raise NotFound(
            _("The boundary no longer runs into this."), code="FINDING_GONE", todo=_("Wait for the report to refresh.")
        )
    distance = finding.required_m or 0.0
    parts = _feature_parts(finding, subject.zone, distance)
    if parts:
        return parts, distance + MARGIN_M if distance else 0.0
    piece = GEOSGeometry(memoryview(finding.piece or b""), srid=storage_srid())
    widened = piece.buffer_with_style(PIECE_MARGIN_M, quadsegs=1, join_style=MITRE, mitre_limit=2.0)
    widened.srid = storage_srid()
    return [widened], 0.0


def _feature_parts(finding: Finding, zone: GEOSGeometry, distance: float) -> list[GEOSGeometry]:
    if finding.feature_id is None:
        return []
    near = zone.envelope.buffer(distance + 1.0) if distance else zone
    near.srid = zone.srid
    rows = FeaturePart.objects.filter(feature_id=finding.feature_id, geom__bboverlaps=near)
    return [row.geom for row in rows[:2_000]]
