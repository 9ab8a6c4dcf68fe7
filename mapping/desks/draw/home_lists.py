"""How is a proposal shown in the planner's lists? As a card: outline, hectares, verdict dot, saved time, days left.

It chooses nothing: `planning.proposals` says what belongs in which list.
"""

from __future__ import annotations

from dataclasses import dataclass

from mapping.desks.draw.thumbnail import outline
from mapping.verdict_words import verdict_shown
from planning.people.models import User
from planning.proposals.queries import Row, planner_home


@dataclass(frozen=True)
class Card:
    """One row ready for the template; *path*: SVG outline; *sev* colours the verdict dot, *note*: its other value."""

    row: Row
    path: str
    verdict: str
    sev: str
    note: str = ""


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
    )
