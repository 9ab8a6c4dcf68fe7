"""What runs into what? The one entry of the check: facts from one round trip, judged rule by rule, nothing stored.

It deliberately answers no permission question and keeps no result; `planning.proposals` stores runs.
"""

from __future__ import annotations

from planning.checks.types import Basis, Finding, LandUseRow, Level, Report, Subject


def run_checks(subject: Subject, against: Basis, *, level: Level = Level.LIVE) -> tuple[Finding, ...]:
    """Return the findings of *subject* against *against*, worst first; see `check_report`."""
    return check_report(subject, against, level=level).findings


def land_use_inside(zone: Subject, against: Basis) -> tuple[LandUseRow, ...]:
    """Return the existing land use inside the zone; rows sum to the zone to 1 m², unknown land is a row."""
    return check_report(zone, against).land_use


def check_report(subject: Subject, against: Basis, *, level: Level = Level.LIVE) -> Report:
    """Answer every rule of *against* about *subject*: findings, verdict, land use, ratios, size, totals."""
    raise NotImplementedError
