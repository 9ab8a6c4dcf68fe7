"""Which work of the procedure runs outside a request? Jobs by identifier, safe to run twice.

They are started by the table in `project.wiring`, never from here.
"""

from __future__ import annotations

from django_tasks import task

from planning.people.models import Event
from planning.proposals.models import Decision
from planning.proposals.services.recheck import neighbours_of, recheck


@task()
def recheck_neighbours(event_id: int) -> int:
    """Ask the check again about live proposals near a zone just approved; return how many answers changed."""
    event = Event.objects.get(pk=event_id)
    decision = Decision.objects.select_related("version", "proposal").get(pk=event.data["decision"])
    return sum(recheck(proposal) is not None for proposal in neighbours_of(decision))
