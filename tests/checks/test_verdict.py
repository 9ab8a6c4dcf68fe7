"""Does the cascade put the worst first? Every pair of outcomes, both ways round."""

from __future__ import annotations

import itertools

import pytest

from planning.checks.models import Severity
from planning.checks.types import Finding, Outcome, Verdict, Words
from planning.checks.verdict import FIRES, verdict_of

P, C, A = Severity.PROHIBITED.value, Severity.CONDITIONAL.value, Severity.ADVISORY.value
# (severity, outcome) from the worst to the best, with the verdict of a report that holds only this.
CASCADE = [
    ((P, Outcome.CONFLICT), Verdict.PROHIBITED),
    ((C, Outcome.NOT_COMPUTABLE), Verdict.NOT_COMPUTABLE),
    ((A, Outcome.NOT_COMPUTABLE), Verdict.NOT_COMPUTABLE),
    ((P, Outcome.NOT_CHECKED), Verdict.INCOMPLETE),
    ((C, Outcome.NOT_CHECKED), Verdict.INCOMPLETE),
    ((C, Outcome.CONDITION), Verdict.CONDITIONAL),
    ((A, Outcome.ADVICE), Verdict.ADVISORY),
    ((A, Outcome.NOT_CHECKED), Verdict.CLEAR),
    ((P, Outcome.CONTACT), Verdict.CLEAR),
    ((P, Outcome.CLEAR), Verdict.CLEAR),
]


def finding(severity: str, outcome: Outcome) -> Finding:
    return Finding("k", "r", "overlap", severity, outcome, Words("a", "b"), Words("c", "d"))


@pytest.mark.parametrize(("pair", "expected"), CASCADE)
def test_alone(pair: tuple[str, Outcome], expected: Verdict) -> None:
    assert verdict_of([finding(*pair)]) == expected


def test_the_worse_one_wins_in_any_order() -> None:
    for (first, worse), (second, _better) in itertools.combinations(CASCADE, 2):
        assert verdict_of([finding(*second), finding(*first)]) == worse
        assert verdict_of([finding(*first), finding(*second)]) == worse


def test_nothing_asked_is_clear_of_nothing() -> None:
    assert verdict_of([]) == Verdict.CLEAR


def test_every_severity_has_a_place() -> None:
    assert set(FIRES) == set(Severity.values)
