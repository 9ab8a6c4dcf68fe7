"""What do all findings come to? One explicit cascade, worst first; it weighs nothing and forgets nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from planning.checks.models import Severity
from planning.checks.types import Outcome, Verdict


class Answered(Protocol):
    """What the cascade reads of a finding, fresh or kept."""

    @property
    def severity(self) -> str:
        """Return the severity of the rule."""

    @property
    def outcome(self) -> str:
        """Return what the rule came to."""


# The outcome of a rule that fires, by its severity. A severity without a place here cannot be in a rule set.
FIRES: dict[str, Outcome] = {
    Severity.PROHIBITED.value: Outcome.CONFLICT,
    Severity.CONDITIONAL.value: Outcome.CONDITION,
    Severity.ADVISORY.value: Outcome.ADVICE,
}
# Severities whose unanswered questions leave the verdict open; an unanswered advice does not.
MUST_BE_ANSWERED = frozenset({Severity.PROHIBITED.value, Severity.CONDITIONAL.value})


def verdict_of(findings: Iterable[Answered]) -> Verdict:
    """Return the verdict of *findings*.

    The order: a prohibited conflict settles the matter; then what could not be computed, because nothing may be read
    into it; then a question of weight that was not checked; then conditions; then advice; then nothing found.
    """
    seen = {(finding.severity, finding.outcome) for finding in findings}
    outcomes = {outcome for _severity, outcome in seen}
    if Outcome.CONFLICT in outcomes:
        return Verdict.PROHIBITED
    if Outcome.NOT_COMPUTABLE in outcomes:
        return Verdict.NOT_COMPUTABLE
    if any(outcome == Outcome.NOT_CHECKED and severity in MUST_BE_ANSWERED for severity, outcome in seen):
        return Verdict.INCOMPLETE
    if Outcome.CONDITION in outcomes:
        return Verdict.CONDITIONAL
    if Outcome.ADVICE in outcomes:
        return Verdict.ADVISORY
    return Verdict.CLEAR
