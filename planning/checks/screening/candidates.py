"""Which sites does one unit offer? Sieved, grown, outlined, each answered by the exact check before it is shown.

The same wishes against the same basis give the same sites. It stores nothing and ranks nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection

from layers.crs import storage_srid
from planning.checks.engine import check_report
from planning.checks.report import Report
from planning.checks.screening.grow import grown
from planning.checks.screening.outline import as_zone, compactness, outline
from planning.checks.screening.question import Asked
from planning.checks.screening.suitable import Suitable, clusters_around, steep_classes, suitable
from planning.checks.screening.wishes import Wishes
from planning.checks.types import Level, Outcome, Subject, Verdict
from planning.checks.verdict import MUST_BE_ANSWERED

RICE = frozenset({"LUC", "LUK", "LUN"})
# Slopes from which building costs more, when no limit was wished for.
STEEP_FROM = 8.0
# Farther things are not looked for.
LOOK_M = 30_000.0
_APART_M = 2.0


@dataclass(frozen=True)
class Candidate:
    """Hold one site with the check's report on it and the figures that ranking weighs."""

    zone: MultiPolygon
    report: Report
    measures: dict[str, Any]


@dataclass
class Offer:
    """Hold what a unit offers: its candidates, and what became of its hectares; *dropped*: sites lost after growing."""

    candidates: list[Candidate] = field(default_factory=list)
    funnel: list[dict[str, Any]] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=dict)


def offer_of(unit: Any, wishes: Wishes, asked: Asked) -> Offer:
    """Return what *unit* (shapely area, metres) offers for *wishes*."""
    found = suitable(unit, wishes, asked)
    offer = Offer(funnel=found.funnel)
    for site in grown(found, wishes):
        shape = outline(site, found, wanted_m2=wishes.area_ha * 10_000, holes=wishes.holes)
        candidate, reason = _judged(shape, wishes, asked)
        if candidate is None:
            offer.dropped[reason] = offer.dropped.get(reason, 0) + 1
            continue
        offer.candidates.append(candidate)
        if len(offer.candidates) >= wishes.per_unit:
            break
    return offer


def _judged(shape: Any, wishes: Wishes, asked: Asked) -> tuple[Candidate | None, str]:
    """Check a shape; when it meets something prohibited, cut that out once and check what is left."""
    for again in (True, False):
        if shape is None or not wishes.min_ha <= shape.area / 10_000 <= wishes.max_ha:
            return None, "area"
        if compactness(shape) < wishes.compact:
            return None, "compact"
        zone = as_zone(shape)
        if zone is None:
            return None, "shape"
        report = check_report(Subject(zone, kind=asked.kind), asked.basis, level=Level.STORED)
        if report.verdict not in (Verdict.PROHIBITED, Verdict.NOT_COMPUTABLE):
            return _measured(zone, report, wishes, asked)
        if again:
            shape = _without(shape, report)
    return None, "check"


def _without(shape: Any, report: Report) -> Any | None:
    pieces = [
        shapely.from_wkb(finding.piece)
        for finding in report.findings
        if finding.outcome == Outcome.CONFLICT and finding.piece
    ]
    if not pieces:
        return None
    left = shapely.difference(shape, shapely.buffer(shapely.union_all(pieces), _APART_M))
    # a pass to and fro leaves no spike
    left = shapely.buffer(shapely.buffer(left, -_APART_M), _APART_M, quad_segs=2)
    parts = [part for part in shapely.get_parts(left) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area) if parts else None


def _measured(zone: MultiPolygon, report: Report, wishes: Wishes, asked: Asked) -> tuple[Candidate | None, str]:
    measures = measures_of(zone, report, wishes, asked)
    for name, most in (("road_m", wishes.road_m), ("power_m", wishes.power_m), ("cluster_m", wishes.cluster_m)):
        if most is not None and (measures[name] is None or measures[name] > most):
            return None, name
    if not wishes.conditions and measures["conditions"]:
        return None, "conditions"
    return Candidate(zone, report, measures), ""


def measures_of(zone: MultiPolygon, report: Report, wishes: Wishes, asked: Asked) -> dict[str, Any]:
    """Return the figures of a site that ranking weighs; distances in metres from its edge, None beyond `LOOK_M`."""
    editions = asked.basis.editions
    conditions = {finding.rule for finding in report.findings if finding.outcome == Outcome.CONDITION}
    unchecked = {
        finding.rule
        for finding in report.findings
        if finding.outcome == Outcome.NOT_CHECKED and finding.severity in MUST_BE_ANSWERED
    }
    shares = [total.share_of_zone for total in report.totals if total.rule in conditions]
    rice = math.fsum(row.area_m2 for row in report.land_use if row.code in RICE)
    unknown = math.fsum(row.area_m2 for row in report.land_use if not row.code)
    shape = shapely.from_wkb(bytes(zone.wkb))
    steep = None
    if "slope" in editions:
        edition = editions["slope"].id
        steep = _share_in(zone, edition, steep_classes(edition, wishes.slope_below or STEEP_FROM))
    return {
        "area_ha": report.area_ha,
        "wanted_ha": wishes.area_ha,
        "compactness": round(compactness(shape), 3),
        "conditions": len(conditions),
        "condition_share": round(min(1.0, math.fsum(shares)), 4),
        "unchecked": len(unchecked),
        "rice_share": round(rice / report.area_m2, 4) if unknown < report.area_m2 * 0.999 else None,
        "rice_ha": round(rice / 10_000, 2),
        "steep_share": steep,
        "road_m": _nearest(zone, editions["road"].id, wishes.roads) if "road" in editions else None,
        "power_m": _nearest(zone, editions["power_line"].id) if "power_line" in editions else None,
        "housing_m": _nearest(zone, editions["residential"].id) if "residential" in editions else None,
        "cluster_m": _nearest_cluster(shape, asked),
    }


def _nearest(zone: GEOSGeometry, edition: int, classes: Iterable[str] = ()) -> float | None:
    codes = list(classes)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Distance(p.geom, z.g) FROM (SELECT ST_GeomFromWKB(%s, %s) AS g) z, layers_featurepart p"
            " JOIN layers_feature f ON f.id = p.feature_id"
            " WHERE p.edition_id = %s AND (%s OR f.class_code = ANY(%s))"
            " AND layers_sheet(p.edition_id, p.geom) && layers_sheet(%s, ST_Expand(z.g, %s))"
            " ORDER BY ST_Distance(p.geom, z.g) LIMIT 1",
            [bytes(zone.wkb), storage_srid(), edition, not codes, codes, edition, LOOK_M],
        )
        row = cursor.fetchone()
    return None if row is None or row[0] > LOOK_M else round(float(row[0]), 1)


def _nearest_cluster(shape: Any, asked: Asked) -> float | None:
    clusters = clusters_around(asked, shape.bounds, LOOK_M)
    distances = shapely.distance(clusters, shape) if len(clusters) else []
    return round(float(min(distances)), 1) if len(distances) else None


def _share_in(zone: GEOSGeometry, edition: int, classes: list[str]) -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsBinary(p.geom) FROM layers_featurepart p JOIN layers_feature f ON f.id = p.feature_id"
            " WHERE p.edition_id = %s AND f.class_code = ANY(%s)"
            " AND layers_sheet(p.edition_id, p.geom) && layers_sheet(%s, ST_GeomFromWKB(%s, %s))",
            [edition, classes, edition, bytes(zone.wkb), storage_srid()],
        )
        parts = shapely.from_wkb([bytes(row[0]) for row in cursor.fetchall()])
    shape = shapely.from_wkb(bytes(zone.wkb))
    if not len(parts):
        return 0.0
    return round(min(1.0, float(shapely.area(shapely.intersection(parts, shape)).sum()) / shape.area), 4)


__all__ = ["Candidate", "Offer", "Suitable", "measures_of", "offer_of"]
