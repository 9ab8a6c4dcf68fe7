"""May a sweep still be believed? Which one belongs to an edition, what moved since, and asking again about that.

It promotes nothing: `planning.proposals.services.confirm_edition` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.batches.queries import Progress, progress
from layers.errors import Conflict, TransitionRefused
from layers.models import Batch, BatchState, Chunk, ChunkState, Edition
from planning.proposals.sweep import KIND, basis_stamp, register_stamp, rows_of, seal_of, stamps_now, sweep_rows

# Asked again while the person waits: half a second. More than that is a sweep of its own.
MENDED_AT_ONCE = 40


@dataclass(frozen=True)
class Moved:
    """Say what changed since a sweep. *asked_again*: subjects that are new or not as they were; *gone*: not live."""

    asked_again: tuple[str, ...]
    gone: tuple[str, ...]
    stamps: dict[str, str]
    register: str

    def __bool__(self) -> bool:
        return bool(self.asked_again or self.gone)


def latest_sweep(edition: Edition) -> Batch | None:
    """Return the newest sweep of an edition."""
    return Batch.objects.filter(kind=KIND, params__edition=edition.pk).order_by("-created_at", "-id").first()


def state_of(batch: Batch) -> Progress:
    """Return how far a sweep is."""
    return progress(batch)


def require_finished(edition: Edition, batch: Batch | None) -> Batch:
    """Return the sweep when it is a finished one of *edition*. Raises TransitionRefused saying what is missing."""
    if batch is None or batch.kind != KIND or batch.params.get("edition") != edition.pk:
        raise TransitionRefused(
            _("This edition was not swept: nobody has seen whose verdict would change."),
            code="SWEEP_MISSING",
            todo=_("Start the sweep and look at its list before you confirm."),
        )
    if batch.state == BatchState.RUNNING:
        raise TransitionRefused(
            _("The sweep of this edition is not finished."),
            code="SWEEP_RUNNING",
            todo=_("Wait until it is, and look at its list before you confirm."),
        )
    if batch.state != BatchState.DONE:
        raise TransitionRefused(
            _("The sweep of this edition was stopped before its end."),
            code="SWEEP_INCOMPLETE",
            todo=_("Sweep again and look at the whole list before you confirm."),
        )
    return batch


def moved_since(batch: Batch, day: date) -> Moved:
    """Return what moved since a sweep.

    Raises TransitionRefused (SWEEP_BASIS) when rules or another edition changed: then no row of it can be believed.
    """
    if basis_stamp(day) != batch.params["basis"]:
        raise TransitionRefused(
            _("Swept against another basis: rules or another layer changed since. Sweep again."),
            code="SWEEP_BASIS",
            todo=_("Start the sweep once more and look at its list before you confirm."),
        )
    was: dict[str, str] = batch.params["stamps"]
    now, register = stamps_now(day), register_stamp(day)
    everything = register != batch.params["register"]
    again = tuple(name for name, stamp in now.items() if everything or was.get(name) != stamp)
    return Moved(again, tuple(name for name in was if name not in now), now, register)


def mend(batch: Batch) -> bool:
    """Ask again about what moved since a finished sweep, and seal it anew; tell whether it says something else now.

    Raises TransitionRefused: SWEEP_BASIS, and SWEEP_STALE when more moved than is asked while a person waits.
    """
    day = timezone.localdate()
    with transaction.atomic():
        row = Batch.objects.select_for_update().get(pk=batch.pk)
        moved = moved_since(row, day)
        if not moved and moved.register == row.params["register"]:
            return False
        if len(moved.asked_again) > MENDED_AT_ONCE:
            raise TransitionRefused(
                _("%(count)s proposals or clusters changed since the sweep, or the books they are compared with.")
                % {"count": len(moved.asked_again)},
                code="SWEEP_STALE",
                todo=_("Sweep again and look at its list before you confirm."),
            )
        before = row.params["seal"]
        row.total += 1
        Chunk.objects.create(
            batch=row,
            number=row.total,
            state=ChunkState.DONE,
            params={"subjects": list(moved.asked_again)},
            result={"rows": sweep_rows(int(row.params["edition"]), day, moved.asked_again, whole=True)},
            done_at=timezone.now(),
        )
        row.params = {**row.params, "day": day.isoformat(), "stamps": moved.stamps, "register": moved.register}
        row.params["seal"] = seal_of(rows_of(row))
        row.save(update_fields=["params", "total"])
    batch.refresh_from_db()
    return bool(batch.params["seal"] != before)


def require_seen(batch: Batch, seal: str) -> None:
    """Refuse a confirmation that refers to another list than the sweep's. Raises Conflict (SWEEP_CHANGED)."""
    if seal != batch.params["seal"]:
        raise Conflict(
            _("The list of changed verdicts is not the one you saw: proposals or books changed meanwhile."),
            code="SWEEP_CHANGED",
            todo=_("Look at the list again, then confirm."),
        )
