"""Whose file is this? Each person sees the own files only; another's is told exactly like one that does not exist.

Whether the purpose is still open to the person is asked by the purpose itself, at every act.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.errors import NotFound
from mapping.desks.intake.models import Arrival
from mapping.desks.intake.purposes.base import signed_in
from planning.people.models import User


def person_of(request: HttpRequest) -> User:
    """Return the signed-in person; raises NotAllowed (401) for nobody."""
    return signed_in(request.user if request.user.is_authenticated else None)


def own_arrival(request: HttpRequest, pk: int, *, lock: bool = False) -> Arrival:
    """Return the person's own arrival; raises NotFound for any other."""
    person = person_of(request)
    arrivals = Arrival.objects.select_for_update(of=("self",)) if lock else Arrival.objects.defer("picture")
    arrival = arrivals.select_related("person").filter(pk=pk, person=person).first()
    if arrival is None:
        raise NotFound(_("There is no such file."))
    return arrival
