"""How does every verb begin and end? Lock, ask the table, write, record: the frame that all verbs share.

It knows no verb in particular.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import OperationalError, transaction
from django.utils import timezone

from layers.errors import Conflict, NotFound
from layers.said import gettext as _
from planning.people.models import User
from planning.people.services import record_event
from planning.proposals.models import Proposal, State
from planning.proposals.workflow import Step, Verb, check

LOCK_NOT_AVAILABLE = "55P03"


@contextmanager
def locked(proposal: Proposal) -> Iterator[Proposal]:
    """Open a transaction and give the proposal's row, locked and fresh.

    Raises Conflict(BUSY) when somebody else holds the row longer than the lock time-out, NotFound when it is gone.
    """
    try:
        with transaction.atomic():
            row = Proposal.objects.select_for_update(of=("self",)).select_related("unit", "need").filter(pk=proposal.pk)
            fresh = row.first()
            if fresh is None:
                raise NotFound(_("There is no such proposal."), where=proposal.code)
            yield fresh
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
            raise
        raise Conflict(
            _("Somebody else is working on this proposal at this moment."),
            code="BUSY",
            where=proposal.code,
            todo=_("Wait a few seconds and try again; nothing of yours was written."),
        ) from error


@contextmanager
def act(actor: User, proposal: Proposal, verb: Verb) -> Iterator[tuple[Proposal, Step]]:
    """Lock the proposal, refuse what the table forbids, and give (fresh row, row of the table) to the verb."""
    with locked(proposal) as row:
        yield row, check(actor, row, verb)


def move(proposal: Proposal, step: Step, to: State | None = None, **changes: object) -> None:
    """Write the new state (the only one of *step*, or *to*) and *changes* of fields; row version + 1.

    Raises ValueError when *to* is not one of the states the table allows.
    """
    target = to if to is not None else (step.to[0] if len(step.to) == 1 else None)
    if target is None or target not in step.to:
        raise ValueError(f"{step.verb} does not lead to {target}")
    write(proposal, state=target, **changes)


def write(proposal: Proposal, **changes: object) -> None:
    """Write *changes* of fields; row version + 1, changed now."""
    for field, value in changes.items():
        setattr(proposal, field, value)
    proposal.row_version += 1
    proposal.changed_at = timezone.now()
    proposal.save(update_fields=[*changes, "row_version", "changed_at"])


def record(actor: User, verb: str, proposal: Proposal, data: Mapping[str, object] | None = None) -> None:
    """Record the event of an act on *proposal*; its code, state and round are always among the details."""
    record_event(
        actor,
        verb,
        proposal,
        {"code": proposal.code, "state": str(proposal.state), "round": proposal.round, **dict(data or {})},
    )
