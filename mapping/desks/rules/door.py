"""Who may do what at the desk of the rules? The rules in force are law and open to all; drafts are their writers'.

The verbs of `planning.checks.services` guard themselves; here a page is refused before it is built.
"""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.errors import NotAllowed, NotFound
from planning.checks.models import RuleSet
from planning.checks.rule_sets import draft_of
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import capabilities_of, require

# Who reads drafts and trials beside those who write them: the inspector reads everything.
DRAFT_READERS = frozenset({Capability.WRITE_RULES, Capability.PUBLISH_RULES, Capability.SEE_EVERYTHING})


def writer(request: HttpRequest) -> User:
    """Return the signed-in person who may write rules. Raises NotAllowed."""
    require(request.user, Capability.WRITE_RULES)
    return cast(User, request.user)


def reader(request: HttpRequest) -> frozenset[Capability]:
    """Return what a person who may look at drafts may do besides. Raises NotAllowed."""
    held = capabilities_of(request.user)
    if not held & DRAFT_READERS:
        raise NotAllowed(
            _("Drafts of rules are read by those who write them and by the inspector."),
            todo=_("The rules in force are open to everybody."),
        )
    return held


def open_one() -> RuleSet:
    """Return the open draft. Raises NotFound (NO_DRAFT)."""
    draft = draft_of()
    if draft is None:
        raise NotFound(
            _("No draft of the rules is open."),
            code="NO_DRAFT",
            todo=_("Open one from the list of the rules in force."),
        )
    return draft
