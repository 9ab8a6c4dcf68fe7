"""Who comes in? Planners and the department; a stranger is asked to sign in, others are told whose desk it is."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.errors import NotAllowed
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import capabilities_of
from planning.proposals.screening.visibility import may_see_screenings


def searcher(request: HttpRequest) -> User:
    """Return the person when the desk is theirs. Raises NotAllowed otherwise."""
    if not isinstance(request.user, User):
        raise NotAllowed(_("Sign in to see this."), code="SIGN_IN", todo=_("Sign in and open the page again."))
    if not may_see_screenings(request.user):
        raise NotAllowed(
            _("The search for sites belongs to planners and the department."),
            todo=_("Ask the administrator for an assignment if you need it."),
        )
    return request.user


def may_start(user: User) -> bool:
    """Tell whether the person may start searches and screenings; others of the desk only read."""
    return bool(capabilities_of(user) & {Capability.DRAW_PROPOSAL, Capability.APPRAISE})
