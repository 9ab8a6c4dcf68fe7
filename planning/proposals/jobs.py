"""Which work of the procedure runs outside a request? Jobs by identifier, safe to run twice.

They are started by the table in `project.wiring`, never from here.
"""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from layers.models import Edition, EditionStatus
from layers.services import drop_old_derived
from planning.people.models import Event
from planning.proposals.after_promotion import start_recheck
from planning.proposals.models import Decision
from planning.proposals.screening.clearing import clear_screenings
from planning.proposals.services.recheck import neighbours_of, recheck
from planning.proposals.sweep import start_sweep


@task()
def recheck_neighbours(event_id: int) -> int:
    """Ask the check again about live proposals near a zone just approved; return how many answers changed."""
    event = Event.objects.get(pk=event_id)
    decision = Decision.objects.select_related("version", "proposal").get(pk=event.data["decision"])
    return sum(recheck(proposal) is not None for proposal in neighbours_of(decision))


@task()
def sweep_staged_edition(event_id: int) -> int | None:
    """Start the sweep of an edition just staged; return its batch, None when it was discarded meanwhile."""
    event = Event.objects.get(pk=event_id)
    edition = Edition.objects.filter(pk=int(event.subject_id), status=EditionStatus.STAGED).first()
    return start_sweep(edition, timezone.localdate()).pk if edition is not None else None


@task()
def recheck_after_promotion(event_id: int) -> int:
    """Start asking every live proposal again after a promotion; return the batch."""
    event = Event.objects.get(pk=event_id)
    return start_recheck(int(event.subject_id), f"{event.data['layer']} {event.data['number']}").pk


@task()
def slim_retired_editions(event_id: int) -> int:
    """Drop parts and tiles of editions that retired long ago; return how many. Every promotion is an occasion."""
    return drop_old_derived()


@task()
def clear_overtaken_screenings(event_id: int) -> int:
    """Clear the cells of screenings long overtaken; return how many. Every new screening is an occasion."""
    return clear_screenings(timezone.now())
