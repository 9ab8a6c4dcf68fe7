"""In what do two answers of the check about one boundary differ? Rule by rule, with hectares and metres on both sides.

It compares findings and knows neither why the answers differ nor where they are shown.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from planning.checks.types import Finding, Outcome, rounded

NAMED = 5
_WORST_FIRST = (
    Outcome.CONFLICT,
    Outcome.NOT_COMPUTABLE,
    Outcome.NOT_CHECKED,
    Outcome.CONDITION,
    Outcome.ADVICE,
    Outcome.CONTACT,
    Outcome.CLEAR,
)


def rule_changes(before: Iterable[Finding], after: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return one JSON object per rule whose answer differs, in the order of *after*, then of *before*.

    ``outcome``: the worst on each side (empty: the rule was not asked); ``overlap_ha``: m² of its findings in ha, to
    0.0001 ha; ``distance_m``: the nearest; ``unchecked``: share 0–1; ``features``: those answered otherwise, at most
    five by name, with what became of them (``new``, ``gone``, ``changed``).
    """
    sides: list[dict[str, list[Finding]]] = [defaultdict(list), defaultdict(list)]
    for side, findings in zip(sides, (before, after), strict=True):
        for finding in findings:
            side[finding.rule].append(finding)
    rules = list(dict.fromkeys([*sides[1], *sides[0]]))
    pairs = [(rule, sides[0][rule], sides[1][rule]) for rule in rules]
    return [_rule(rule, was, now) for rule, was, now in pairs if _content(was) != _content(now)]


def _content(findings: Iterable[Finding]) -> list[str]:
    return sorted(json.dumps(finding.canonical(), sort_keys=True) for finding in findings)


def _rule(rule: str, before: Sequence[Finding], after: Sequence[Finding]) -> dict[str, Any]:
    spoken = (after or before)[0]
    return {
        "rule": rule,
        "title_vi": spoken.title.vi,
        "title_en": spoken.title.en,
        "severity": spoken.severity,
        "outcome": [_worst(before), _worst(after)],
        "overlap_ha": [_hectares(before), _hectares(after)],
        "distance_m": [_nearest(before), _nearest(after)],
        "unchecked": [_unchecked(before), _unchecked(after)],
        "features": _features(before, after),
    }


def _worst(findings: Sequence[Finding]) -> str:
    seen = {finding.outcome for finding in findings}
    return next((outcome.value for outcome in _WORST_FIRST if outcome in seen), "")


def _hectares(findings: Sequence[Finding]) -> float | None:
    areas = [finding.overlap_m2 for finding in findings if finding.overlap_m2 is not None]
    return rounded(math.fsum(areas) / 10_000, 4) if areas else None


def _nearest(findings: Sequence[Finding]) -> float | None:
    return rounded(min((f.distance_m for f in findings if f.distance_m is not None), default=None), 2)


def _unchecked(findings: Sequence[Finding]) -> float | None:
    return rounded(max((f.unchecked_share for f in findings if f.unchecked_share is not None), default=None), 6)


def _features(before: Sequence[Finding], after: Sequence[Finding]) -> list[dict[str, Any]]:
    was = {finding.key: finding for finding in before if finding.source_hash}
    now = {finding.key: finding for finding in after if finding.source_hash}
    rows: list[dict[str, Any]] = [
        {
            "name": finding.feature_name,
            "class": finding.feature_class,
            "change": "changed" if key in was else "new",
            "overlap_ha": _hectares([finding]),
            "distance_m": rounded(finding.distance_m, 2),
        }
        for key, finding in now.items()
        if key not in was or finding.canonical() != was[key].canonical()
    ]
    rows += [
        {
            "name": finding.feature_name,
            "class": finding.feature_class,
            "change": "gone",
            "overlap_ha": _hectares([finding]),
            "distance_m": rounded(finding.distance_m, 2),
        }
        for key, finding in was.items()
        if key not in now
    ]
    rows.sort(key=lambda row: (-(row["overlap_ha"] or 0.0), row["distance_m"] or 0.0, row["name"]))
    return rows[:NAMED]
