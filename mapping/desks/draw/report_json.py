"""How does a report of the check reach the browser? Numbers, texts in the reader's language, pieces as GeoJSON.

It adds no judgement: what is not checked stays not checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from layers.crs import zone_label
from mapping import formats
from mapping.glass.geojson import to_geojson
from mapping.glass.pieces import Pieces, json_text
from mapping.severity import severity_code, severity_word, verdict_severity
from planning.checks.asks import LAND_LAYER
from planning.checks.report import LandUseRow, Ratio, Report
from planning.checks.taking import can_be_cut
from planning.checks.types import Basis, Finding, Part, Verdict, speaks_english


def report_json(report: Report, **more: Any) -> str:
    """Return the report as JSON text with the members *more*; geometry in WGS 84."""
    pieces = Pieces()
    counts = {severity_code(outcome): number for outcome, number in report.counts().items()}
    words = {code: severity_word(code) for code in counts}
    english = speaks_english()
    return pieces.written(
        {
            "area_m2": round(report.area_m2, 2),
            "area_ha": report.area_ha,
            "size": {
                "min_ha": report.size.min_ha,
                "max_ha": report.size.max_ha,
                "ok": report.size.ok,
                "reason": str(report.size.reason),
            },
            "verdict": {
                "code": report.verdict.value,
                "sev": verdict_severity(report.verdict),
                "text": verdict_sentence(report, counts),
            },
            "counts": counts,
            "findings": [
                _finding(finding, report.basis, pieces, words, english=english) for finding in report.findings
            ],
            "land_use": [_land_use_json(row) for row in report.land_use],
            "parts": [part_json(number, part, report.area_m2) for number, part in enumerate(report.parts, start=1)],
            "ratios": [_ratio_json(ratio) for ratio in report.ratios],
            "basis": pieces.place_text(_basis_text(report.basis, english=english)),
            "engine": dict(report.engine),
            "geom_hash": report.geom_hash,
            **more,
        }
    )


def verdict_sentence(report: Report, counts: dict[str, int]) -> str:  # noqa: PLR0911  # one return per verdict
    """Say the verdict as one sentence with the figures that matter."""
    unchecked = counts.get("not_checked", 0)
    rest = _(" %(n)s questions could not be checked for lack of data.") % {"n": unchecked} if unchecked else ""
    if report.verdict == Verdict.PROHIBITED:
        overlap = _conflict_area(report)
        if overlap >= 1:
            return (
                _("Not allowed as drawn: %(ha)s lie on land where clusters are forbidden.")
                % {"ha": formats.hectares_of_m2(overlap) if overlap >= 50 else formats.square_metres(overlap)}
                + rest
            )
        return _("Not allowed as drawn: %(n)s forbidden points.") % {"n": counts["prohibited"]} + rest
    if report.verdict == Verdict.NOT_COMPUTABLE:
        return _("A part of the check could not be computed reliably; nothing may be concluded from it.")
    if report.verdict == Verdict.INCOMPLETE:
        return _("No forbidden overlap was found, but the check is incomplete:") + rest
    if report.verdict == Verdict.CONDITIONAL:
        return _("Possible under conditions: %(n)s to be met.") % {"n": counts["condition"]} + rest
    if report.verdict == Verdict.ADVISORY:
        return _("No forbidden overlap; %(n)s points to note.") % {"n": counts["advice"]} + rest
    return _("Nothing stands against this boundary in the data that was checked.") + rest


def _conflict_area(report: Report) -> float:
    rules = {finding.rule for finding in report.findings if finding.outcome == "conflict"}
    areas = [total.overlap_m2 for total in report.totals if total.rule in rules]
    return max(areas, default=0.0)


def _finding(
    finding: Finding, basis: Basis, pieces: Pieces, words: Mapping[str, str], *, english: bool
) -> dict[str, Any] | str:
    """Return one finding for `Pieces.written`; a standing one is written once for each language."""
    if finding.standing is None:
        return _finding_json(finding, pieces, words, english=english)
    return pieces.place_text(
        basis.once(
            ("as JSON", english, finding.standing),
            lambda: json_text(_finding_json(finding, pieces, words, english=english)),
        )
    )


def _finding_json(finding: Finding, pieces: Pieces, words: Mapping[str, str], *, english: bool) -> dict[str, Any]:
    """Return one finding for `Pieces.written`; *words* by severity code. The language is asked for once a report."""
    sev = severity_code(finding.outcome)
    return {
        "key": finding.key,
        "rule": finding.rule,
        "question": finding.question,
        "title": finding.title.said(english=english),
        "severity": severity_code(finding.severity),
        "outcome": sev,
        "word": words[sev],
        "text": finding.text.said(english=english),
        "next_step": finding.next_step.said(english=english),
        "citation": finding.citation,
        "verified": finding.verified,
        "body": finding.body.said(english=english),
        "feature": finding.feature_name,
        "feature_count": finding.feature_count,
        "layer": finding.layer.said(english=english),
        "edition": finding.edition,
        "schematic": finding.schematic,
        "overdue_days": finding.overdue_days,
        "overlap_m2": finding.overlap_m2,
        "overlap_ha": finding.overlap_ha,
        "share_of_zone": finding.share_of_zone,
        "distance_m": finding.distance_m,
        "required_m": finding.required_m,
        "unchecked_share": finding.unchecked_share,
        "geometry": pieces.place(finding.piece),
        "nearest_line": pieces.place(finding.nearest_line),
        "ways_out": sev in {"prohibited", "condition"} and can_be_cut(finding),
    }


def _land_use_json(row: LandUseRow) -> dict[str, Any]:
    data = row.as_data()
    return {**data, "name": str(row.name)}


def part_json(number: int, part: Part, whole_m2: float) -> dict[str, Any]:
    """Return one land-use part as plain data for JSON."""
    inside = part.geom.point_on_surface
    inside.srid = part.geom.srid
    return {
        "number": number,
        "use": part.use,
        "area_m2": round(part.area_m2, 2),
        "area_ha": round(part.area_m2 / 10_000, 2),
        "share": part.area_m2 / whole_m2 if whole_m2 else None,
        "geometry": to_geojson(part.geom),
        "at": to_geojson(inside)["coordinates"],
    }


def _ratio_json(ratio: Ratio) -> dict[str, Any]:
    return {**ratio.as_data(), "title": str(ratio.title)}


def _basis_text(basis: Basis, *, english: bool) -> str:
    """Return the basis as JSON, written once for each language."""
    return basis.once(("basis as JSON", english), lambda: json_text(basis_json(basis)))


def basis_json(basis: Basis) -> dict[str, Any]:
    """Return what the check was run against: rule set, day, editions of the layers its rules ask, coordinate system."""
    asked = {rule.layer_code for rule in basis.rules} | {LAND_LAYER}
    english = speaks_english()
    return {
        "ruleset": basis.rule_set_version,
        "date": formats.date(basis.date),
        "crs": zone_label(),
        "editions": [
            {
                "layer": edition.layer.said(english=english),
                "number": edition.number,
                "from": formats.date(edition.effective_from),
                "schematic": edition.schematic,
                "source": edition.source,
                "overdue_days": edition.overdue_days,
            }
            for code, edition in sorted(basis.editions.items())
            if code in asked
        ],
        "missing": list(basis.missing_layers),
    }
