"""Which job runs a batch outside a request? One job of the batch queue; safe to run twice."""

from __future__ import annotations

from django_tasks import task

from layers.batches.run import run_batch

QUEUE = "batches"


@task(queue_name=QUEUE)
def work_through(batch_id: int) -> str:
    """Run a batch to its end, and say how it ended."""
    return run_batch(batch_id).state
