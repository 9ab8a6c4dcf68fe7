"""Whose file is this? A person sees the own files only, a survey link those that came by it; another's are not there.

Whether the purpose is still open is asked by the purpose itself, at every act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import NotFound
from mapping.desks.intake.models import Arrival
from mapping.desks.intake.purposes.base import KEY, signed_in
from mapping.rate import limit_rate
from planning.people.models import User
from planning.proposals.models import SurveyOrder, UseKind
from planning.proposals.services import open_survey_link
from planning.proposals.survey_links import order_of

# What a page asks by itself (its map, how far reading is) is part of the opening it follows, for so long.
PART_OF_OPENING = timedelta(minutes=1)


@dataclass(frozen=True)
class Holder:
    """Who holds a file: a signed-in person, or whoever has the survey link of an order; the *token* is never kept."""

    person: User | None = None
    order: SurveyOrder | None = None
    token: str = ""

    @property
    def by_link(self) -> bool:
        """Tell whether there is no account behind this, only a link."""
        return self.order is not None

    def arrivals(self) -> QuerySet[Arrival]:
        """Return the holder's own files."""
        return Arrival.objects.filter(person=self.person, order=self.order)

    def address(self, name: str, *more: object) -> str:
        """Return the address of a page of this desk, on the way this holder came."""
        if self.order is None:
            return reverse(f"intake:{name}", args=more)
        return reverse(f"intake:link_{name}", args=[self.token, *more])

    def whole(self, address: str) -> str:
        """Return an address that a purpose gave, with the link's key where the purpose could not know it."""
        return address.replace(f"/{KEY}/", f"/{self.token}/", 1) if self.order is not None else address

    def home(self) -> str:
        """Return where this holder's files are listed."""
        return self.address("home")


def holder_of(request: HttpRequest, token: str = "", *, follows: bool = False) -> Holder:
    """Return who asks; every opening by a link is put on record.

    *follows*: the page asks by itself, which is no opening of its own within a minute of one. Raises NotAllowed (401)
    for nobody, and what `open_survey_link` raises: a link answers as it does everywhere.
    """
    if not token:
        return Holder(person=signed_in(request.user if request.user.is_authenticated else None))
    again = False
    if follows:
        limit_rate(request, "link")
        since = timezone.now() - PART_OF_OPENING
        again = order_of(token).uses.filter(kind=UseKind.OPENED, at__gt=since).exists()
    return Holder(order=open_survey_link(token, what=_("sending measurements"), again=again), token=token)


def own_arrival(holder: Holder, pk: int, *, lock: bool = False) -> Arrival:
    """Return the holder's own arrival; raises NotFound for any other."""
    arrivals = holder.arrivals()
    arrivals = arrivals.select_for_update(of=("self",)) if lock else arrivals.defer("picture")
    arrival = arrivals.select_related("person", "order").filter(pk=pk).first()
    if arrival is None:
        raise NotFound(_("There is no such file."))
    return arrival
