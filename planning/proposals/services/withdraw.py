"""How does a planner take a submitted dossier back? Before it is accepted, with a reason; the record stays."""

from __future__ import annotations

from planning.people.models import User
from planning.proposals.models import Proposal
from planning.proposals.services._frame import act, move, record
from planning.proposals.workflow import Verb


def withdraw(actor: User, proposal: Proposal, *, note: str = "") -> Proposal:
    """Withdraw a submitted proposal for good."""
    with act(actor, proposal, Verb.WITHDRAW) as (row, step):
        move(row, step)
        record(actor, Verb.WITHDRAW, row, {"note": note.strip()})
    return row
