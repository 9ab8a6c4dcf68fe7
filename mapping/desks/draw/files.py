"""Which proposal does this request mean, and may this person see or change it? Fetch and authorise in one call.

It writes nothing; an invisible proposal is told exactly like one that does not exist.
"""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from mapping.desks.draw.answers import require_sign_in
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import can, require
from planning.proposals.models import Proposal, State
from planning.proposals.queries import proposal_for


def person(request: HttpRequest) -> User:
    """Return the signed-in person; raise NotSignedIn otherwise."""
    require_sign_in(request)
    return cast(User, request.user)


def seen(request: HttpRequest, code: str) -> Proposal:
    """Return the proposal when the person may see it; raise NotSignedIn or NotFound."""
    return proposal_for(person(request), code)


def own(request: HttpRequest, code: str) -> Proposal:
    """Return the proposal when the person draws in its unit; NotFound when invisible, NotAllowed when only a reader."""
    proposal = seen(request, code)
    require(person(request), Capability.DRAW_PROPOSAL, proposal.unit)
    return proposal


def may_change(user: User, proposal: Proposal) -> bool:
    """Tell whether the person may change the draft now."""
    return proposal.state == State.DRAFT and can(user, Capability.DRAW_PROPOSAL, proposal.unit)
