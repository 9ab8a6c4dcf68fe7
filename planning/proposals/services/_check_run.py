"""How is an answer of the check kept? Asked about a kept version, written row by row, append-only."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from planning.checks.engine import check_report
from planning.checks.report import Report
from planning.checks.sources import figures_of, unit_hashes
from planning.checks.types import Basis, Finding, Level, Subject
from planning.people.models import User
from planning.proposals.freshness import subject_of_version
from planning.proposals.models import CheckFinding, CheckRun, Proposal, ZoneVersion


def run_report(proposal: Proposal, version: ZoneVersion, against: Basis) -> tuple[Subject, Report]:
    """Ask the check about a kept *version* at the stored level; nothing is written."""
    subject = subject_of_version(proposal, version)
    return subject, check_report(subject, against, level=Level.STORED)


def write_run(actor: User | None, proposal: Proposal, version: ZoneVersion, against: Basis) -> CheckRun:
    """Ask the check and keep the run with its findings; *actor* None: the house asked of itself."""
    subject, report = run_report(proposal, version, against)
    return keep_run(actor, version, subject, report)


def keep_run(actor: User | None, version: ZoneVersion, subject: Subject, report: Report) -> CheckRun:
    """Keep a report that was just given about *version*."""
    run = CheckRun.objects.create(
        version=version,
        by=actor,
        verdict=report.verdict,
        basis=kept_basis(report),
        subject=subject.as_data(),
        engine=dict(report.engine),
        geom_hash=report.geom_hash,
        findings_hash=report.findings_hash,
        land_use=[row.as_data() for row in report.land_use],
        ratios=[ratio.as_data() for ratio in report.ratios],
        size=report.size.as_data(),
        totals=[
            {
                "rule": total.rule,
                "title_vi": total.title.vi,
                "title_en": total.title.en,
                "features": total.features,
                "overlap_m2": round(total.overlap_m2, 2),
                "share": round(total.share_of_zone, 6),
            }
            for total in report.totals
        ],
    )
    srid = version.geom.srid
    CheckFinding.objects.bulk_create(
        _finding(run, order, finding, srid) for order, finding in enumerate(report.findings, start=1)
    )
    return run


def kept_basis(report: Report) -> dict[str, Any]:
    """Return what *report* was asked against and what it read, for repeating it years later.

    ``figures``: the thresholds of every rule; ``read``: what the books said, with a hash of each unit's area.
    """
    return {
        **report.basis.as_data(),
        "figures": figures_of(report.basis.rules),
        "read": {**report.sources, "unit_hashes": unit_hashes(report.sources.get("units", {}))},
    }


def report_as_data(report: Report) -> dict[str, Any]:
    """Return *report* ready for JSON, for keeping with an act that makes no version; pieces are left out.

    Basis, figures and hashes are kept, so that the pieces can be asked for again. `planning.proposals.measured_check`
    reads it.
    """
    return {
        "verdict": report.verdict,
        "basis": kept_basis(report),
        "engine": dict(report.engine),
        "geom_hash": report.geom_hash,
        "findings_hash": report.findings_hash,
        "findings": [_facts(order, finding) for order, finding in enumerate(report.findings, start=1)],
    }


def _finding(run: CheckRun, order: int, finding: Finding, srid: int | None) -> CheckFinding:
    return CheckFinding(
        run=run,
        piece=_geometry(finding.piece, srid),
        nearest_line=_geometry(finding.nearest_line, srid),
        **_facts(order, finding),
    )


def _facts(order: int, finding: Finding) -> dict[str, Any]:
    return {
        "order": order,
        "rule_code": finding.rule,
        "severity": finding.severity,
        "outcome": finding.outcome,
        "layer_code": finding.layer_code,
        "edition_id_at": finding.edition_id,
        "source_key": finding.source_key[:120],
        "source_hash": finding.source_hash,
        "feature_name": finding.feature_name[:240],
        "overlap_m2": finding.overlap_m2,
        "share_of_zone": finding.share_of_zone,
        "distance_m": finding.distance_m,
        "unchecked_share": finding.unchecked_share,
        "data": finding.as_data(),
    }


def _geometry(wkb: bytes | None, srid: int | None) -> GEOSGeometry | None:
    return GEOSGeometry(memoryview(wkb), srid=srid) if wkb else None
