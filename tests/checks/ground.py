"""On what ground do the checks' tests stand? Layers published through the real loader, in metres from the origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, LineString, Point

from layers.models import Edition, Layer
from layers.services import LayerRow, stage_rows
from layers.services.promote import promote_edition
from planning.checks.basis import basis_on, forget_basis
from planning.checks.engine import check_report
from planning.checks.report import Report
from planning.checks.types import Basis, Finding, Level, Outcome, Subject
from tests.cast import EAST0, NORTH0, TODAY, multi, rectangle

EVERYWHERE = (-5_000.0, -5_000.0, 60_000.0, 30_000.0)
KINDS = {
    **dict.fromkeys(("road", "power_line", "railway", "coastline", "canal"), "line"),
    "intake_point": "point",
}


def row(geom: GEOSGeometry, name: str = "", class_code: str = "", **attributes: Any) -> LayerRow:
    """Make one published object."""
    return LayerRow(geom, name, class_code, attributes)


def line(*points: tuple[float, float]) -> LineString:
    """Build a line by points in metres from the origin."""
    from django.conf import settings

    return LineString(*[(EAST0 + e, NORTH0 + n) for e, n in points], srid=settings.STORAGE_SRID)


def publish(
    code: str,
    rows: Iterable[LayerRow],
    *,
    coverage: tuple[float, float, float, float] = EVERYWHERE,
    effective_from: date = date(2025, 1, 1),
    kind: str | None = None,
) -> Edition:
    """Publish a new edition of a layer and make it current."""
    layer, _made = Layer.objects.get_or_create(
        code=code,
        defaults={
            "name_vi": f"Lớp {code}",
            "name_en": f"Layer {code}",
            "theme": "land",
            "geometry_kind": kind or KINDS.get(code, "polygon"),
        },
    )
    staged = stage_rows(layer, rows, effective_from=effective_from, source="test", coverage=multi(rectangle(*coverage)))
    return promote_edition(staged, on=TODAY)


def basis(day: date = TODAY) -> Basis:
    """Return the basis of the day, freshly built."""
    forget_basis()
    return basis_on(day)


def check(zone: GEOSGeometry, *, level: Level = Level.LIVE, day: date = TODAY, **subject: Any) -> Report:
    """Check a zone (polygon or multipolygon) against what is published."""
    return check_report(
        Subject(zone if zone.geom_type == "MultiPolygon" else multi(zone), **subject), basis(day), level=level
    )


def of(report: Report, rule: str) -> list[Finding]:
    """Return the findings of one rule."""
    return [finding for finding in report.findings if finding.rule == rule]


def one(report: Report, rule: str) -> Finding:
    """Return the only finding of one rule."""
    (finding,) = of(report, rule)
    return finding


def outcomes(report: Report, rule: str) -> list[str]:
    """Return the outcomes of one rule, sorted."""
    return sorted(finding.outcome.value for finding in of(report, rule))


def facts_of(finding: Finding) -> Mapping[str, Any]:
    """Return the figures of a finding."""
    return finding.facts


__all__ = ["Outcome", "Point", "basis", "check", "facts_of", "line", "of", "one", "outcomes", "publish", "row"]
