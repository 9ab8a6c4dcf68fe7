"""Who may read a kept report? Whoever sees its boundary; a stranger is asked to sign in, whatever the number."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.errors import NotAllowed
from planning.people.models import User
from planning.proposals.models import CheckRun
from planning.proposals.queries import report_for


def visible_report(request: HttpRequest, number: str) -> tuple[User, CheckRun]:
    """Return the person and the kept run. Raises NotAllowed for a visitor, NotFound when it is not theirs to see."""
    if not isinstance(request.user, User):
        raise NotAllowed(_("Sign in to see this."), code="SIGN_IN", todo=_("Sign in and open the page again."))
    return request.user, report_for(request.user, number)
