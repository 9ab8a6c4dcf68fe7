"""How does a report read on paper or in a terminal? Plain lines in the active language, the same figures as the panel.

It leaves nothing out: what is not checked stands in its own group.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers.crs import operation_name, zone_label
from planning.checks.report import Report
from planning.checks.types import Finding, Outcome
from planning.checks.wording import number

_GROUPS = (
    Outcome.CONFLICT,
    Outcome.NOT_COMPUTABLE,
    Outcome.CONDITION,
    Outcome.ADVICE,
    Outcome.NOT_CHECKED,
    Outcome.CONTACT,
    Outcome.CLEAR,
)


def report_lines(report: Report) -> Iterator[str]:
    """Write the report line by line: area, verdict, findings by outcome, land use, planned ratios, basis."""
    yield _("Area: %(area)s ha") % {"area": _shown(report.area_ha, 2)} + _limits(report)
    yield _("Verdict: %(verdict)s") % {"verdict": report.verdict.label}
    for outcome in _GROUPS:
        findings = [finding for finding in report.findings if finding.outcome == outcome]
        if findings:
            yield ""
            yield f"{outcome.label.upper()} ({len(findings)})"
            for finding in findings:
                yield from _finding_lines(finding)
    yield ""
    yield _("Existing land use inside the boundary").upper()
    for row in report.land_use:
        yield "  {code:<4} {area:>12} ha {share:>8} %  {name}".format(
            code=row.code or "–",
            area=_shown(row.area_m2 / 10_000, 4),
            share=_shown(row.share * 100, 2),
            name=row.name,
        )
    yield "  {code:<4} {area:>12} ha".format(
        code="Σ", area=_shown(sum(row.area_m2 for row in report.land_use) / 10_000, 4)
    )
    yield ""
    yield from _basis_lines(report)


def _finding_lines(finding: Finding) -> Iterator[str]:
    yield f"  • {finding.title}: {finding.text}"
    if finding.outcome in {Outcome.CLEAR, Outcome.CONTACT}:
        return
    if next_step := str(finding.next_step):
        yield f"      → {next_step}"
    source = finding.citation + ("" if finding.verified else " " + _("(figures not yet compared with the text)"))
    body = str(finding.body)
    yield "      " + " · ".join(piece for piece in (source, body, finding.edition) if piece)


def _limits(report: Report) -> str:
    size = report.size
    if size.min_ha is None or size.max_ha is None:
        return ""
    limits = _("allowed %(low)s–%(high)s ha, %(reason)s") % {
        "low": _shown(size.min_ha, 2),
        "high": _shown(size.max_ha, 2),
        "reason": size.reason,
    }
    if abs(size.area_ha - report.area_m2 / 10_000) > 0.005:
        limits = _("whole cluster %(area)s ha") % {"area": _shown(size.area_ha, 2)} + "; " + limits
    return f" ({limits})"


def _basis_lines(report: Report) -> Iterator[str]:
    basis = report.basis
    yield _("Rule set v%(version)s, as of %(day)s") % {
        "version": basis.rule_set_version,
        "day": f"{basis.date:%d/%m/%Y}",
    }
    yield f"{zone_label()} · {operation_name()}"
    yield " · ".join(f"{name} {version}" for name, version in report.engine.items())
    yield (
        _("Boundary %(hash)s") % {"hash": report.geom_hash[:16]}
        + " · "
        + _("Findings %(hash)s") % {"hash": report.findings_hash[:16]}
    )


def _shown(value: float, decimals: int) -> str:
    return number(value, decimals, vietnamese=not (get_language() or "vi").startswith("en"))
