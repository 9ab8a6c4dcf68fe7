"""How do rival plans compare, in numbers? One table of rows by proposal, the best and the worst cell of each row named.

It weighs nothing against anything else: there is no score, a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from planning.checks.models import Severity
from planning.checks.types import Outcome, Verdict
from planning.proposals.disputes import Verdicts, verdicts_of
from planning.proposals.freshness import latest_run
from planning.proposals.models import CheckFinding, CheckRun, LandUse, Proposal, ZoneVersion

MOST = 4


class Unit(StrEnum):
    """How a desk writes a cell."""

    HECTARES = "ha"
    METRES = "m"
    COUNT = "count"
    MONEY = "vnd"
    SHARE = "share"
    TEXT = "text"


@dataclass(frozen=True)
class Cell:
    """One value of a row (None: not known, not asked), and whether it is the best or the worst of its row."""

    value: float | str | None
    best: bool = False
    worst: bool = False


@dataclass(frozen=True)
class CompareRow:
    """One row. ``equal``: every known value is the same, so a desk may hide it."""

    group: str
    title: str
    unit: Unit
    cells: tuple[Cell, ...]

    @property
    def equal(self) -> bool:
        """Tell whether all cells say the same."""
        return len({cell.value for cell in self.cells}) <= 1


@dataclass(frozen=True)
class Column:
    """One compared plan: the proposal, the version looked at, its newest check run and findings."""

    proposal: Proposal
    version: ZoneVersion
    run: CheckRun | None
    findings: tuple[CheckFinding, ...]
    verdicts: Verdicts | None = None

    @property
    def eligible(self) -> bool:
        """Tell whether no prohibited conflict and nothing incomputable stands against the plan, rulings counted."""
        against = {Verdict.PROHIBITED, Verdict.NOT_COMPUTABLE}
        return self.verdicts is not None and self.verdicts.effective not in against


@dataclass(frozen=True)
class Comparison:
    """The table of a comparison: columns in the order asked for, rows grouped."""

    columns: tuple[Column, ...]
    rows: tuple[CompareRow, ...]


def comparison_of(plans: Sequence[tuple[Proposal, ZoneVersion]]) -> Comparison:
    """Compare up to four plans (proposal, version looked at). The caller fetched them as visible to the reader.

    Raises ValueError for no plan or more than four.
    """
    if not 1 <= len(plans) <= MOST:
        raise ValueError(f"{len(plans)} plans cannot be compared")
    columns = tuple(_column(proposal, version) for proposal, version in plans)
    rows = [*_areas(columns), *_findings(columns), *_land(columns), *_distances(columns), *_funding(columns)]
    return Comparison(columns, tuple(rows))


def _column(proposal: Proposal, version: ZoneVersion) -> Column:
    run = latest_run(version)
    findings = tuple(run.findings.order_by("order")) if run is not None else ()
    return Column(proposal, version, run, findings, verdicts_of(run) if run is not None else None)


def _row(group: str, title: str, unit: Unit, values: Sequence[float | str | None], better: str = "") -> CompareRow:
    """Build a row; *better* is ``low``, ``high`` or nothing when neither is better."""
    known = [value for value in values if isinstance(value, int | float)]
    if not better or len(set(known)) < 2:
        return CompareRow(group, title, unit, tuple(Cell(value) for value in values))
    low, high = min(known), max(known)
    best, worst = (low, high) if better == "low" else (high, low)
    return CompareRow(
        group,
        title,
        unit,
        tuple(Cell(value, best=value == best, worst=value == worst) for value in values),
    )


def _areas(columns: Sequence[Column]) -> list[CompareRow]:
    group = _("Area")
    rows = [_row(group, _("Area of the boundary"), Unit.HECTARES, [_ha(column.version.area_m2) for column in columns])]
    planned = [_by_use(column.version) for column in columns]
    for use in LandUse:
        if any(use in sums for sums in planned):
            rows.append(_row(group, str(use.label), Unit.HECTARES, [_ha(sums.get(use, 0.0)) for sums in planned]))
    return rows


def _by_use(version: ZoneVersion) -> dict[str, float]:
    sums: dict[str, float] = {}
    for part in version.parts.order_by("number"):
        sums[part.use] = sums.get(part.use, 0.0) + part.area_m2
    return sums


def _findings(columns: Sequence[Column]) -> list[CompareRow]:
    group = _("Check")

    def count(test: Callable[[CheckFinding], bool]) -> list[float | str | None]:
        return [sum(map(test, column.findings)) if column.run is not None else None for column in columns]

    def hectares(severity: str) -> list[float | str | None]:
        return [
            _ha(sum(f.overlap_m2 or 0.0 for f in column.findings if f.severity == severity and _fired(f)))
            if column.run is not None
            else None
            for column in columns
        ]

    return [
        _row(group, _("Prohibited conflicts"), Unit.COUNT, count(lambda f: f.outcome == Outcome.CONFLICT), "low"),
        _row(group, _("Prohibited overlap"), Unit.HECTARES, hectares(Severity.PROHIBITED), "low"),
        _row(group, _("Conditions"), Unit.COUNT, count(lambda f: f.outcome == Outcome.CONDITION), "low"),
        _row(group, _("Overlap with conditions"), Unit.HECTARES, hectares(Severity.CONDITIONAL), "low"),
        _row(group, _("Points to note"), Unit.COUNT, count(lambda f: f.outcome == Outcome.ADVICE), "low"),
        _row(group, _("Questions not checked"), Unit.COUNT, count(lambda f: f.outcome == Outcome.NOT_CHECKED), "low"),
        _row(group, _("Not computable"), Unit.COUNT, count(lambda f: f.outcome == Outcome.NOT_COMPUTABLE), "low"),
    ]


def _fired(finding: CheckFinding) -> bool:
    return finding.outcome in {Outcome.CONFLICT, Outcome.CONDITION, Outcome.ADVICE}


def _land(columns: Sequence[Column]) -> list[CompareRow]:
    group = _("Existing land taken")
    english = (get_language() or "vi").startswith("en")
    titles: dict[str, str] = {}
    sums: list[dict[str, float]] = []
    for column in columns:
        own: dict[str, float] = {}
        for row in column.run.land_use if column.run is not None else ():
            code = str(row["code"])
            titles.setdefault(code, str(row["name_en" if english else "name_vi"]))
            own[code] = own.get(code, 0.0) + float(row["area_m2"])
        sums.append(own)
    order = sorted(titles, key=lambda code: (code == "", -max(own.get(code, 0.0) for own in sums), code))
    return [
        _row(
            group,
            f"{code} · {titles[code]}" if code else titles[code],
            Unit.HECTARES,
            [
                _ha(own.get(code, 0.0)) if column.run is not None else None
                for own, column in zip(sums, columns, strict=True)
            ],
            "low" if code.startswith("LU") else "",
        )
        for code in order
    ]


def _distances(columns: Sequence[Column]) -> list[CompareRow]:
    group = _("Nearest distance")
    titles: dict[str, str] = {}
    nearest: list[dict[str, float]] = []
    for column in columns:
        own: dict[str, float] = {}
        for finding in column.findings:
            if finding.distance_m is None or not finding.layer_code:
                continue
            titles.setdefault(finding.rule_code, finding.title)
            own[finding.rule_code] = min(own.get(finding.rule_code, finding.distance_m), finding.distance_m)
        nearest.append(own)
    return [
        _row(group, title, Unit.METRES, [_metres(own.get(rule)) for own in nearest], "high")
        for rule, title in titles.items()
    ]


def _funding(columns: Sequence[Column]) -> list[CompareRow]:
    group = _("Funded projects")
    links = [list(column.proposal.funding.select_related("funded_project")) for column in columns]
    amounts = [float(sum((link.funded_project.granted_vnd * link.share for link in own), Decimal(0))) for own in links]
    counts: list[float | str | None] = [len(own) for own in links]
    return [
        _row(group, _("Linked funded projects"), Unit.COUNT, counts),
        _row(group, _("Support concerned"), Unit.MONEY, amounts),
    ]


def _ha(area_m2: float) -> float:
    return round(area_m2 / 10_000, 2)


def _metres(distance: float | None) -> float | None:
    return None if distance is None else round(distance, 1)
