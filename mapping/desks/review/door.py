"""Who comes in? Fetches a proposal and authorises in one call; asks strangers to sign in."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.errors import NotAllowed
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import capabilities_of
from planning.proposals.models import Proposal
from planning.proposals.queries import proposal_for


def signed_in(request: HttpRequest) -> User:
    """Return the person. Raises NotAllowed for a visitor, who is led to the sign-in page."""
    if isinstance(request.user, User):
        return request.user
    raise NotAllowed(_("Sign in to see this."), code="SIGN_IN", todo=_("Sign in and open the page again."))


def reviewer(request: HttpRequest) -> User:
    """Return the person when the queue is theirs to see. Raises NotAllowed otherwise."""
    user = signed_in(request)
    if not {Capability.SEE_SUBMITTED, Capability.SEE_EVERYTHING} & capabilities_of(user):
        raise NotAllowed(
            _("The review queue belongs to the department and the committee's office."),
            todo=_("Your own proposals are on your own page."),
        )
    return user


def visible_proposal(request: HttpRequest, code: str) -> tuple[User, Proposal]:
    """Return the person and the proposal. Raises NotFound when it is not theirs to see, whether it exists or not."""
    user = signed_in(request)
    return user, proposal_for(user, code)
