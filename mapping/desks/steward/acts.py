"""What does a steward do with a staged edition? Discard it, on record in its transaction.

Staging and confirming are verbs of the procedure: `planning.proposals.services.stage_edition`, `confirm_edition`.
"""

from __future__ import annotations

from django.db import transaction

from layers.models import Edition
from layers.services import discard_staged
from planning.people.capabilities import Capability
from planning.people.models import Event, User
from planning.people.queries import require
from planning.people.services import record_event, subject_of

DISCARDED = "edition_discarded"


def discard(actor: User, edition: Edition) -> None:
    """Discard a staged edition; raises NotAllowed, and TransitionRefused when it was promoted."""
    require(actor, Capability.LOAD_EDITION)
    with transaction.atomic():
        subject = subject_of(edition)
        data = {"layer": edition.layer.code, "number": edition.number}
        discard_staged(edition)
        record_event(actor, DISCARDED, subject, data)


def history(edition: Edition) -> list[Event]:
    """Return the acts on an edition, oldest first."""
    kind, key = subject_of(edition)
    return list(Event.objects.filter(subject_type=kind, subject_id=key).order_by("at", "id"))
