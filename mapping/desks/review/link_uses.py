"""How was a survey link used, said so that a person can read it? Like uses one after another on a day are one line.

It drops none: a line tells how many uses it stands for, and the log of uses keeps each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from planning.proposals.models import SurveyOrder, SurveyUse, UseKind

REFUSED = frozenset({UseKind.EXPIRED, UseKind.REVOKED, UseKind.USED_UP})
# The newest lines on the page, of the newest uses.
LINES_SHOWN, USES_READ = 50, 2_000


@dataclass(frozen=True)
class UseLine:
    """*count* uses of the same kind for the same thing between *first* and *last*; *refused*: the link was dead."""

    words: str
    what: str
    first: datetime
    last: datetime
    count: int
    refused: bool


def use_lines(order: SurveyOrder) -> list[UseLine]:
    """Return the newest uses of the link of *order*, newest first."""
    newest = order.uses.all()[:USES_READ]
    groups = [list(group) for _key, group in groupby(newest, _alike)]
    return [_line(group) for group in groups[:LINES_SHOWN]]


def _alike(use: SurveyUse) -> tuple[object, ...]:
    return (use.kind, use.what, use.sha256, timezone.localdate(use.at))


def _line(group: list[SurveyUse]) -> UseLine:
    newest, oldest = group[0], group[-1]
    words = str(newest.get_kind_display())
    return UseLine(words, newest.what, oldest.at, newest.at, len(group), newest.kind in REFUSED)
