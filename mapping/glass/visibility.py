"""Which layers and editions may this person see on the map? Public ones everybody; the others only who must judge them.

A planner learns from a check that a restricted layer is touched and by how much, but never its shape.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from layers.models import Edition, EditionStatus, Layer
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import capabilities_of

_SEES_RESTRICTED = frozenset(
    {
        Capability.SEE_SUBMITTED,
        Capability.SEE_EVERYTHING,
        Capability.SEE_RESTRICTED,
        Capability.LOAD_EDITION,
        Capability.CONFIRM_EDITION,
    }
)
_SEES_STAGED = frozenset({Capability.LOAD_EDITION, Capability.CONFIRM_EDITION, Capability.SEE_EVERYTHING})

Person = User | AnonymousUser


def visible_layers(user: Person) -> QuerySet[Layer]:
    """Return the layers this person may see on a map."""
    if user.is_authenticated and capabilities_of(user) & _SEES_RESTRICTED:
        return Layer.objects.all()
    return Layer.objects.filter(is_public=True)


def may_see_edition(user: Person, edition: Edition) -> bool:
    """Tell whether tiles of an edition may be sent to this person; public current and retired ones without asking."""
    if edition.layer.is_public and edition.status != EditionStatus.STAGED:
        return True
    if not user.is_authenticated:
        return False
    held = capabilities_of(user)
    if edition.status == EditionStatus.STAGED and not held & _SEES_STAGED:
        return False
    return edition.layer.is_public or bool(held & _SEES_RESTRICTED)
