"""What may be done with long work? Start it, cancel it, resume it. Who may do so is asked by the caller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks_db import DatabaseBackend

from layers.batches.jobs import work_through
from layers.batches.kinds import kind_named
from layers.batches.queries import stalled
from layers.batches.run import run_batch
from layers.models import Batch, BatchState, Chunk, ChunkState

__all__ = ["cancel_batch", "resume_batch", "resume_stalled", "run_batch", "start_batch"]


def start_batch(kind: str, params: Mapping[str, Any], chunks: Iterable[Mapping[str, Any]], *, title: str = "") -> Batch:
    """Write a batch with its chunks and ask the worker to run it, in the caller's transaction.

    *params* and *chunks* are JSON. A batch without chunks is finished by the worker at once.
    Raises LookupError when no floor does this kind of work.
    """
    kind_named(kind)
    with transaction.atomic():
        batch = Batch.objects.create(kind=kind, params=dict(params), title=title[:200])
        rows = [Chunk(batch=batch, number=number, params=dict(chunk)) for number, chunk in enumerate(chunks, start=1)]
        Chunk.objects.bulk_create(rows, batch_size=1000)
        batch.total = len(rows)
        batch.save(update_fields=["total"])
        _enqueue(batch)
    return batch


def cancel_batch(batch: Batch) -> Batch:
    """Cancel a running batch: chunks being done are finished, no other is begun, nothing done is undone."""
    with transaction.atomic():
        row = Batch.objects.select_for_update().get(pk=batch.pk)
        if row.state == BatchState.RUNNING:
            row.state, row.finished_at = BatchState.CANCELLED, timezone.now()
            row.save(update_fields=["state", "finished_at"])
    return row


def resume_batch(batch: Batch) -> Batch:
    """Run again what a cancelled, failed or interrupted batch left open; what is done stays done."""
    with transaction.atomic():
        row = Batch.objects.select_for_update().get(pk=batch.pk)
        if row.state == BatchState.DONE:
            return row
        row.chunks.exclude(state=ChunkState.DONE).update(state=ChunkState.WAITING, attempts=0, error="")
        row.state, row.finished_at = BatchState.RUNNING, None
        row.save(update_fields=["state", "finished_at"])
        _enqueue(row)
    return row


def resume_stalled() -> int:
    """Ask the worker again for batches whose runner gave no sign of life; return how many.

    Run it when a worker starts.
    """
    waiting = stalled()
    for batch in waiting:
        _enqueue(batch)
    return len(waiting)


def _enqueue(batch: Batch) -> None:
    # the database queue writes the job in this transaction; a queue that runs at once is asked after the commit
    if isinstance(work_through.get_backend(), DatabaseBackend):
        work_through.enqueue(batch.pk)
    else:
        transaction.on_commit(partial(work_through.enqueue, batch.pk))
