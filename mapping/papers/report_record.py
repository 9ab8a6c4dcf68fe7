"""How does a stored report read by machine? One JSON document of a written schema: figures, basis, hashes, pieces.

Numbers are those of the storage CRS, as kept; only the GeoJSON pieces are in WGS 84. The schema is
``mapping/static/schema/check-report-2.json``; what it promises is changed by a new number only.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from layers.crs import operation_name, storage_srid, zone_of
from layers.grid import canonical_wkb
from mapping.glass.geojson import feature, feature_collection, to_geojson
from planning.checks.types import Outcome
from planning.proposals.models import CheckFinding, CheckRun
from planning.proposals.queries import Disputed, disputes_of, report_number, verdicts_of

SCHEMA = "datnghe/check-report/2"


def report_json(run: CheckRun, address: str) -> bytes:
    """Write *run* as JSON (UTF-8, keys sorted): the same bytes at the same *address* until somebody disagrees."""
    return json.dumps(report_record(run, address), ensure_ascii=False, sort_keys=True, indent=1).encode()


def report_record(run: CheckRun, address: str) -> dict[str, Any]:
    """Return *run* as plain data after the schema. Areas in m², distances in m, shares 0–1, dates ISO 8601.

    ``zone.wkb`` is the canonical WKB in the storage CRS whose SHA-256 is ``zone.sha256``: anybody can verify it.
    """
    version = run.version
    proposal = version.proposal
    zone = zone_of(storage_srid())
    findings = list(run.findings.order_by("order"))
    return {
        "schema": SCHEMA,
        "number": report_number(run),
        "address": address,
        "asked_at": run.at.isoformat(),
        "asked_by": run.by.get_full_name() if run.by is not None else None,
        "proposal": {
            "code": proposal.code,
            "name": proposal.name,
            "kind": proposal.kind,
            "alternative": proposal.alternative,
            "unit": {"code": proposal.unit.code, "name": proposal.unit.full_name},
        },
        "crs": {
            "srid": zone.srid,
            "name": zone.name,
            "meridian": zone.meridian,
            "operation_to_wgs84": operation_name(),
        },
        "zone": {
            "version": version.number,
            "kept_at": version.at.isoformat(),
            "area_m2": round(version.area_m2, 2),
            "sha256": run.geom_hash,
            "wkb": canonical_wkb(version.geom).hex(),
            "geometry": to_geojson(version.geom),
        },
        "parts": [
            {
                "number": part.number,
                "use": part.use,
                "area_m2": round(part.area_m2, 2),
                "geometry": to_geojson(part.geom),
            }
            for part in version.parts.order_by("number")
        ],
        "verdict": run.verdict,
        "verdicts": asdict(verdicts_of(run)),
        "counts": {outcome.value: sum(finding.outcome == outcome for finding in findings) for outcome in Outcome},
        "size": run.size,
        "totals": run.totals,
        "land_use": run.land_use,
        "ratios": run.ratios,
        "subject": run.subject,
        "basis": run.basis,
        "engine": run.engine,
        "findings_sha256": run.findings_hash,
        "findings": [_finding(finding) for finding in findings],
        "disputes": [_dispute(line.finding, line) for line in disputes_of(run) if line.finding is not None],
        "pieces": feature_collection(
            [_piece(finding, finding.piece, "overlap") for finding in findings if finding.piece is not None]
            + [
                _piece(finding, finding.nearest_line, "nearest")
                for finding in findings
                if finding.nearest_line is not None
            ]
        ),
    }


def _finding(finding: CheckFinding) -> dict[str, Any]:
    data = finding.data
    return {
        "number": finding.order,
        "rule": finding.rule_code,
        "question": data.get("question", ""),
        "severity": finding.severity,
        "outcome": finding.outcome,
        "title": _words(data, "title"),
        "text": _words(data, "text"),
        "next_step": _words(data, "next_step"),
        "body": {"code": data.get("body", ""), **_words(data, "body")},
        "citation": data.get("citation", ""),
        "verified": bool(data.get("verified", True)),
        "layer": finding.layer_code,
        "edition": finding.edition_id_at,
        "schematic": bool(data.get("schematic", False)),
        "feature": {
            "key": finding.source_key,
            "sha256": finding.source_hash,
            "name": finding.feature_name,
            "class": data.get("class", ""),
            "count": int(data.get("count") or 0),
        },
        "overlap_m2": finding.overlap_m2,
        "share_of_zone": finding.share_of_zone,
        "distance_m": finding.distance_m,
        "required_m": data.get("required_m"),
        "unchecked_share": finding.unchecked_share,
        "facts": data.get("facts", {}),
    }


def _dispute(finding: CheckFinding, line: Disputed) -> dict[str, Any]:
    ruling = getattr(line.dispute, "ruling", None)
    return {
        "finding": finding.order,
        "state": line.state.value,
        "reason": line.dispute.reason,
        "by": line.dispute.by.get_full_name(),
        "at": line.dispute.at.isoformat(),
        "ruling": ruling and {"outcome": ruling.outcome, "reason": ruling.reason, "at": ruling.at.isoformat()},
    }


def _words(data: dict[str, Any], name: str) -> dict[str, str]:
    return {"vi": data.get(f"{name}_vi", ""), "en": data.get(f"{name}_en", "")}


def _piece(finding: CheckFinding, geom: GEOSGeometry, role: str) -> dict[str, Any]:
    return feature(geom, {"finding": finding.order, "role": role, "outcome": finding.outcome})
