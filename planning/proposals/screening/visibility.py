"""Who sees screenings and searches for sites? Planners and the department; a search only its owner and the department.

It does not say who may start one: the verbs do.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from layers.errors import NotFound
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import capabilities_of
from planning.proposals.models import Screening, SiteSearch

# Those who appraise, sign, or inspect.
DEPARTMENT = frozenset({Capability.APPRAISE, Capability.SIGN_OFF, Capability.SEE_EVERYTHING})
SEES_SCREENINGS = DEPARTMENT | {Capability.DRAW_PROPOSAL}
# Names of rules over restricted layers tell where those layers are.
SEES_RESTRICTED = frozenset({Capability.SEE_SUBMITTED, Capability.SEE_EVERYTHING, Capability.SEE_RESTRICTED})


def may_see_screenings(user: User | AnonymousUser) -> bool:
    """Tell whether *user* may look at screenings of the province."""
    return bool(user.is_authenticated and capabilities_of(user) & SEES_SCREENINGS)


def sees_restricted(user: User | AnonymousUser) -> bool:
    """Tell whether *user* may be told which restricted layer lies in a cell."""
    return bool(user.is_authenticated and capabilities_of(user) & SEES_RESTRICTED)


def screening_for(user: User | AnonymousUser, number: int) -> Screening:
    """Return a screening that *user* may see. Raises NotFound otherwise, whether it exists or not."""
    found = Screening.objects.select_related("batch", "created_by").filter(pk=number).first()
    if found is None or not may_see_screenings(user):
        raise NotFound(_("There is no such screening, or it is not yours to see."), where=str(number)[:20])
    return found


def searches_for(user: User | AnonymousUser) -> QuerySet[SiteSearch]:
    """Return the searches for sites that *user* may see: the own ones, and all of them for the department."""
    searches = SiteSearch.objects.select_related("batch", "created_by")
    if not isinstance(user, User):
        return searches.none()
    held = capabilities_of(user)
    if held & DEPARTMENT:
        return searches
    return searches.filter(created_by=user) if Capability.DRAW_PROPOSAL in held else searches.none()


def search_for(user: User | AnonymousUser, number: int) -> SiteSearch:
    """Return a search that *user* may see. Raises NotFound otherwise, whether it exists or not."""
    found = searches_for(user).filter(pk=number).first()
    if found is None:
        raise NotFound(_("There is no such search, or it is not yours to see."), where=str(number)[:20])
    return found
