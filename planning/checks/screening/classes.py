"""Which classes can a cell have, and by which number are they kept? The verdicts, best first.

No library for arrays is needed to read them, so pages may.
"""

from __future__ import annotations

from planning.checks.types import Verdict

# The place in this list is the number that is stored: never reorder, only append.
CLASSES: tuple[Verdict, ...] = (
    Verdict.CLEAR,
    Verdict.ADVISORY,
    Verdict.CONDITIONAL,
    Verdict.INCOMPLETE,
    Verdict.NOT_COMPUTABLE,
    Verdict.PROHIBITED,
)
CODE = {verdict: code for code, verdict in enumerate(CLASSES)}
# How many times cells are gathered by four for maps at small scale.
LEVELS = 8
SHARE_STEPS = 250
UNCHECKED = 128


def shares_of(data: bytes) -> list[tuple[int, float, bool]]:
    """Read what a kept cell says: number of the rule, share (0–1), and whether that share was *not checked*."""
    return [
        (rule & (UNCHECKED - 1), share / SHARE_STEPS, rule >= UNCHECKED)
        for rule, share in zip(data[::2], data[1::2], strict=True)
    ]
