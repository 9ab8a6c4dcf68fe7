"""What does a stored report say? A kept run made ready for page and paper: groups, land, ratios, basis; nothing anew.

It recomputes nothing: the kept run is what the procedure decides on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from mapping.glass.geojson import feature, feature_collection
from mapping.severity import severity_code
from mapping.verdict_words import VerdictShown, verdict_shown
from planning.checks.types import Outcome
from planning.proposals.models import CheckFinding, CheckRun
from planning.proposals.queries import Disputed, disputes_of, report_number, verdicts_of

WHOLE = 0.995
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
# The layer behind the table of existing land use; no finding names its edition.
LAND_LAYER = "land_parcel"


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
class EditionUsed:
    """One edition of the run's basis; *asked* when a finding or the land-use table rests on it."""

    key: int | None
    title: str
    number: int
    effective_from: date | None
    source: str
    schematic: bool
    overdue_days: int
    asked: bool


@dataclass(frozen=True)
class StoredReport:
    """A kept run ready for a page or a paper.

    *both*: the verdict as it counts now and the other value while a finding is disagreed with; *sev* and *verdict* are
    the one that counts. *disputed*: the newest disagreement by key of the finding.
    """

    run: CheckRun
    number: str
    sev: str
    verdict: str
    both: VerdictShown
    disputed: dict[int, Disputed]
    counts: dict[str, int]
    groups: tuple[Group, ...]
    land_use: list[dict[str, Any]]
    ratios: list[dict[str, Any]]
    totals: list[dict[str, Any]]
    size: dict[str, Any]
    editions: tuple[EditionUsed, ...]
    missing_layers: tuple[str, ...]
    day: date | None

    @property
    def findings(self) -> tuple[CheckFinding, ...]:
        """Return all findings in the order shown."""
        return tuple(finding for group in self.groups for finding in group.findings)

    @property
    def land_use_m2(self) -> float:
        """Return the sum of the land-use table, m²."""
        return sum(float(row["area_m2"]) for row in self.land_use)

    @property
    def whole_cluster_ha(self) -> float | None:
        """Return the tested area when it is not the zone's own: an expansion is tested as the whole cluster."""
        tested = self.size.get("area_ha")
        own = self.run.version.area_m2 / 10_000
        return float(tested) if tested is not None and abs(float(tested) - own) > 0.005 else None


def stored_report(run: CheckRun) -> StoredReport:
    """Prepare *run* for a page or a paper, in the active language."""
    findings = list(run.findings.order_by("order"))
    groups = []
    for outcome in ORDER:
        rows = tuple(finding for finding in findings if finding.outcome == outcome)
        if rows:
            groups.append(Group(severity_code(outcome), str(outcome.label), rows))
    both = verdict_shown(verdicts_of(run))
    return StoredReport(
        run=run,
        number=report_number(run),
        sev=both.sev,
        verdict=both.text,
        both=both,
        disputed={line.finding.pk: line for line in disputes_of(run) if line.finding is not None},
        counts={group.sev: len(group.findings) for group in groups},
        groups=tuple(groups),
        land_use=[_worded(row, "name") for row in run.land_use],
        ratios=[_worded(row, "title") for row in run.ratios],
        totals=[_worded(row, "title") for row in run.totals],
        size=_worded(run.size, "reason"),
        editions=_editions(run, findings),
        missing_layers=tuple(run.basis.get("missing_layers", ())),
        day=_day(run.basis.get("date")),
    )


def finding_pieces(run: CheckRun) -> dict[str, Any]:
    """Return the pieces of all findings as a FeatureCollection in WGS 84, keyed by the finding's number.

    ``whole`` marks a piece that is practically all of the zone: drawn like the others it would hide them.
    """
    return feature_collection(
        [
            feature(
                finding.piece,
                {
                    "finding": finding.order,
                    "sev": severity_code(finding.outcome),
                    "whole": (finding.share_of_zone or 0.0) >= WHOLE,
                },
            )
            for finding in run.findings.order_by("order")
            if finding.piece is not None and finding.outcome != Outcome.CLEAR
        ]
    )


def nearest_lines(run: CheckRun) -> dict[str, Any]:
    """Return the lines between nearest points as a FeatureCollection in WGS 84, keyed by the finding's number."""
    return feature_collection(
        [
            feature(finding.nearest_line, {"finding": finding.order})
            for finding in run.findings.order_by("order")
            if finding.nearest_line is not None and finding.outcome != Outcome.CLEAR
        ]
    )


def _editions(run: CheckRun, findings: list[CheckFinding]) -> tuple[EditionUsed, ...]:
    asked = {finding.edition_id_at for finding in findings}
    rows = [
        EditionUsed(
            key=row.get("id"),
            title=str(_worded(row, "title")["words"] or row.get("layer", "")),
            number=int(row.get("number", 0)),
            effective_from=_day(row.get("effective_from")),
            source=str(row.get("source", "")),
            schematic=bool(row.get("schematic")),
            overdue_days=int(row.get("overdue_days") or 0),
            asked=row.get("id") in asked or row.get("layer") == LAND_LAYER,
        )
        for row in run.basis.get("editions", [])
    ]
    return tuple(sorted(rows, key=lambda row: (not row.asked, row.source)))


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _worded(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Add ``words`` in the active language to a stored row."""
    english = (get_language() or "vi").startswith("en")
    return {**row, "words": row.get(f"{name}_en" if english else f"{name}_vi", "")}
