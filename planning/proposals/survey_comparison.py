"""How does a returned boundary compare with the approved one? Corners, sides, areas, and the land gained and lost.

Nothing is written. What is asked of rules and layers about the measured boundary is the check's matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.utils import timezone

from layers.errors import InputRefused
from layers.vetting import call
from planning.checks.basis import basis_on
from planning.checks.engine import check_report
from planning.checks.report import Report
from planning.checks.rules import Figure, parameters_on
from planning.checks.types import Level
from planning.proposals.freshness import subject_for
from planning.proposals.measured import Corner, CornerComparison, CornerState, Ring, compare_corners
from planning.proposals.measured_parts import measured_parts
from planning.proposals.models import SurveyReturn

TOLERANCE = "survey_corner_{scale}_m"
# The overlay runs on whole boundaries, in the child that is ended when it takes longer.
OVERLAY_SECONDS = 5.0


class PieceKind(StrEnum):
    """Which way the boundary moved over a piece of land."""

    GAINED = "gained"  # measured, not approved
    LOST = "lost"  # approved, not measured


@dataclass(frozen=True)
class Piece:
    """A piece of land between the two boundaries; a *sliver* is nowhere wider than the tolerance, on average."""

    kind: PieceKind
    geom: Polygon
    area_m2: float
    width_m: float
    sliver: bool


@dataclass(frozen=True)
class ReturnComparison:
    """Everything an appraiser looks at. ``pieces`` None: the overlay could not be computed in the time allowed."""

    returned: SurveyReturn
    tolerance: Figure | None
    corners: CornerComparison
    approved_m2: float
    measured_m2: float
    common_m2: float | None
    pieces: tuple[Piece, ...] | None

    @property
    def difference_m2(self) -> float:
        """Return measured minus approved area."""
        return self.measured_m2 - self.approved_m2

    @property
    def difference_share(self) -> float:
        """Return the difference of the areas as a share of the approved one (0–1, negative when land was lost)."""
        return self.difference_m2 / self.approved_m2

    @property
    def gained_m2(self) -> float:
        """Return the area measured outside the approved boundary."""
        return sum(piece.area_m2 for piece in self.pieces or () if piece.kind == PieceKind.GAINED)

    @property
    def lost_m2(self) -> float:
        """Return the approved area left out by the measured boundary."""
        return sum(piece.area_m2 for piece in self.pieces or () if piece.kind == PieceKind.LOST)

    def summary(self) -> dict[str, object]:
        """Return the figures a ruling is made on, for keeping with it; metres to 1 mm, areas to 0.1 m²."""
        return {
            "scale": self.returned.order.scale,
            "tolerance_m": self.corners.tolerance_m,
            "citation": self.tolerance.citation if self.tolerance is not None else "",
            "within": self.corners.within,
            "largest_m": None if self.corners.largest_m is None else round(self.corners.largest_m, 3),
            "corners": {state.value: self.corners.count(state) for state in CornerState},
            "extra": len(self.corners.extra),
            "approved_m2": round(self.approved_m2, 1),
            "measured_m2": round(self.measured_m2, 1),
            "gained_m2": round(self.gained_m2, 1) if self.pieces is not None else None,
            "lost_m2": round(self.lost_m2, 1) if self.pieces is not None else None,
        }


def rings_of(geom: Polygon | MultiPolygon) -> tuple[Ring, ...]:
    """Return the rings of a boundary, corners numbered on from 1 as they are stored; the papers number otherwise."""
    rings: list[Ring] = []
    number = 1
    for polygon in _polygons(geom):
        for ring in polygon:
            places = [(east, north) for east, north, *_z in ring.coords][:-1]
            rings.append(tuple(Corner(number + offset, east, north) for offset, (east, north) in enumerate(places)))
            number += len(places)
    return tuple(rings)


def tolerance_of(returned: SurveyReturn) -> Figure | None:
    """Return the tolerance of a corner at the order's map scale, on the day of measuring; None: no row says it."""
    return parameters_on(returned.measured_on).get(TOLERANCE.format(scale=returned.order.scale))


def comparison_of_return(
    returned: SurveyReturn, approved: Sequence[Ring] | None = None, measured: Sequence[Ring] | None = None
) -> ReturnComparison:
    """Compare a return with the version it was ordered for.

    *approved*, *measured*: the rings with the numbers the papers print, when the caller has them; as stored otherwise.
    """
    version = returned.version
    tolerance = tolerance_of(returned)
    corners = compare_corners(
        rings_of(version.geom) if approved is None else approved,
        rings_of(returned.geom) if measured is None else measured,
        tolerance.value if tolerance is not None else None,
    )
    slack = tolerance.value if tolerance is not None else 0.0
    try:
        gained = _pieces(PieceKind.GAINED, returned.geom, version.geom, slack)
        lost = _pieces(PieceKind.LOST, version.geom, returned.geom, slack)
    except InputRefused:  # two thousand corners against each other took too long: the corners still are compared
        return ReturnComparison(returned, tolerance, corners, version.area_m2, returned.area_m2, None, None)
    common = version.area_m2 - sum(piece.area_m2 for piece in lost)
    return ReturnComparison(returned, tolerance, corners, version.area_m2, returned.area_m2, common, (*gained, *lost))


def report_of_return(returned: SurveyReturn) -> Report:
    """Ask the check about a measured boundary as it stands today; nothing is kept.

    The same that accepting it keeps: with the land-use parts cut anew.
    """
    parts = measured_parts(returned.version, returned.geom)
    subject = subject_for(returned.proposal, returned.geom, parts, own_cluster=True)
    return check_report(subject, basis_on(timezone.localdate()), level=Level.STORED)


def _pieces(kind: PieceKind, whole: GEOSGeometry, other: GEOSGeometry, slack: float) -> tuple[Piece, ...]:
    found = call("difference", whole, other, timeout=OVERLAY_SECONDS).geoms
    polygons = [polygon for geom in found for polygon in _polygons(geom)]
    pieces = [_piece(kind, polygon, slack) for polygon in polygons]
    return tuple(sorted(pieces, key=lambda piece: (-piece.area_m2, piece.geom.extent)))


def _piece(kind: PieceKind, polygon: Polygon, slack: float) -> Piece:
    width = 2 * polygon.area / polygon.length if polygon.length else 0.0
    return Piece(kind, polygon, float(polygon.area), float(width), width <= slack)


def _polygons(geom: GEOSGeometry) -> list[Polygon]:
    members = geom if isinstance(geom, MultiPolygon) else [geom]
    return [member for member in members if isinstance(member, Polygon)]
