"""How does a stored report reach the page? Findings grouped by outcome, pieces as GeoJSON; numbers as they were stored.

It recomputes nothing: the kept run is what the procedure decides on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from mapping.glass.geojson import feature, feature_collection
from mapping.severity import severity_code, verdict_severity
from planning.checks.types import Outcome, Verdict
from planning.proposals.models import CheckFinding, CheckRun

# Order of the groups on the page; *not checked* stands apart, always open, never green.
ORDER = (
    Outcome.CONFLICT,
    Outcome.NOT_COMPUTABLE,
    Outcome.CONDITION,
    Outcome.ADVICE,
    Outcome.CONTACT,
    Outcome.NOT_CHECKED,
    Outcome.CLEAR,
)


@dataclass(frozen=True)
class Group:
    """Findings of one outcome, as shown."""

    sev: str
    title: str
    findings: tuple[CheckFinding, ...]

    @property
    def folded(self) -> bool:
        """Tell whether the group begins folded: only what is clear does."""
        return self.sev == "clear"


@dataclass(frozen=True)
class StoredReport:
    """A kept run ready for a page."""

    run: CheckRun
    sev: str
    verdict: str
    counts: dict[str, int]
    groups: tuple[Group, ...]
    land_use: list[dict[str, Any]]
    ratios: list[dict[str, Any]]


def stored_report(run: CheckRun) -> StoredReport:
    """Prepare *run* for the report tab."""
    findings = list(run.findings.order_by("order"))
    groups = []
    for outcome in ORDER:
        rows = tuple(finding for finding in findings if finding.outcome == outcome)
        if rows:
            groups.append(Group(severity_code(outcome), str(outcome.label), rows))
    verdict = Verdict(run.verdict)
    return StoredReport(
        run=run,
        sev=verdict_severity(verdict),
        verdict=str(verdict.label),
        counts={group.sev: len(group.findings) for group in groups},
        groups=tuple(groups),
        land_use=[_worded(row, "name") for row in run.land_use],
        ratios=[_worded(row, "title") for row in run.ratios],
    )


def finding_pieces(run: CheckRun) -> dict[str, Any]:
    """Return the pieces of all findings as a FeatureCollection in WGS 84, keyed by the finding's number."""
    return feature_collection(
        [
            feature(finding.piece, {"finding": finding.order, "sev": severity_code(finding.outcome)})
            for finding in run.findings.order_by("order")
            if finding.piece is not None and finding.outcome != Outcome.CLEAR
        ]
    )


def _worded(row: dict[str, Any], name: str) -> dict[str, Any]:
    """Add ``words`` in the active language to a stored row."""
    english = (get_language() or "vi").startswith("en")
    return {**row, "words": row.get(f"{name}_en" if english else f"{name}_vi", "")}
