"""How is a proposal shown in the planner's lists? As a card: outline, hectares, verdict dot, saved time, days left.

It chooses nothing: `planning.proposals` says what belongs in which list.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import ngettext

from mapping.desks.draw.thumbnail import outline
from mapping.verdict_words import verdict_shown
from planning.people.models import User
from planning.proposals.models import RulingOutcome
from planning.proposals.queries import Row, planner_home


@dataclass(frozen=True)
class Card:
    """One row ready for the template; *path*: SVG outline; *sev* colours the verdict dot, *note*: its other value.

    *ruled*: what the department ruled on disagreements, empty when nothing.
    """

    row: Row
    path: str
    verdict: str
    sev: str
    note: str = ""
    ruled: str = ""


@dataclass(frozen=True)
class Lists:
    """The three columns."""

    returned: list[Card]
    drafts: list[Card]
    sent: list[Card]

    @property
    def empty(self) -> bool:
        """Tell whether the planner has nothing at all."""
        return not (self.returned or self.drafts or self.sent)


def home_lists(user: User) -> Lists:
    """Return the planner's three lists as cards."""
    home = planner_home(user)
    return Lists(
        returned=[_card(row) for row in home.returned],
        drafts=[_card(row) for row in home.drafts],
        sent=[_card(row) for row in home.sent],
    )


def _card(row: Row) -> Card:
    shown = verdict_shown(row.verdicts) if row.verdicts else None
    return Card(
        row=row,
        path=outline(row.zone),
        verdict=shown.text if shown else "",
        sev=shown.sev if shown else "",
        note=shown.note if shown else "",
        ruled=_ruled(row),
    )


def _ruled(row: Row) -> str:
    """Say what became of the disagreements of the file; who disagreed reads it in their list."""
    outcomes = Counter(ruling.outcome for ruling in row.rulings)
    said = []
    if accepted := outcomes[RulingOutcome.ACCEPTED]:
        said.append(ngettext("%(n)s disagreement accepted", "%(n)s disagreements accepted", accepted) % {"n": accepted})
    if upheld := outcomes[RulingOutcome.UPHELD]:
        said.append(ngettext("%(n)s finding upheld", "%(n)s findings upheld", upheld) % {"n": upheld})
    return ", ".join(said)
