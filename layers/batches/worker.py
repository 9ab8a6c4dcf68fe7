"""How is one chunk done in whatever process it lands in? It knows nothing of pools and clusters.

Importing this file must not need Django to be ready: a worker process unpickles a reference to it first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layers.models import Chunk

MAX_ATTEMPTS = 3
DONE, SKIPPED, FAILED = "done", "skipped", "failed"


def do_chunk(chunk_id: int, work: str, database: str = "") -> str:
    """Do one chunk by the function *work* (dotted path), mark it done in the same transaction; tell what became of it.

    A chunk that is done, that another worker holds, or whose batch was cancelled is *skipped*. An error of the work
    itself is kept on the chunk; after `MAX_ATTEMPTS` the chunk has *failed*. *database* names the database when it is
    not the one of the settings (a process of its own reads the settings anew).
    """
    _make_ready(database)
    from django.db import connection, transaction
    from django.utils import timezone
    from django.utils.module_loading import import_string

    from layers.models import Batch, BatchState, Chunk, ChunkState

    if not _claim(chunk_id):
        return SKIPPED
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # There is a process for every core already; a query's own helpers would take them from other chunks.
                cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
            # The lock, not the claim, keeps two workers apart; it ends with the process that held it.
            chunk = (
                Chunk.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(pk=chunk_id, state=ChunkState.WAITING)
                .first()
            )
            if chunk is None:
                return SKIPPED
            batch = Batch.objects.get(pk=chunk.batch_id)
            if batch.state != BatchState.RUNNING:
                return SKIPPED
            chunk.result = import_string(work)(batch.params, chunk.params)
            chunk.state, chunk.done_at, chunk.error = ChunkState.DONE, timezone.now(), ""
            chunk.save(update_fields=["result", "state", "done_at", "error"])
    except Exception as problem:  # noqa: BLE001  # whatever the work raises is the chunk's answer; it is kept and told
        return _keep_error(chunk_id, problem)
    return DONE


def give_up(chunk: Chunk, reason: str) -> None:
    """Mark a chunk failed for a reason outside the work, such as a process that ended each time."""
    from layers.models import ChunkState

    type(chunk).objects.filter(pk=chunk.pk, state=ChunkState.WAITING).update(state=ChunkState.FAILED, error=reason)


def _claim(chunk_id: int) -> bool:
    """Count the attempt before the work begins: a process that dies of it leaves the count behind."""
    from django.db.models import F

    from layers.models import BatchState, Chunk, ChunkState

    open_ones = Chunk.objects.filter(pk=chunk_id, state=ChunkState.WAITING, batch__state=BatchState.RUNNING)
    return bool(open_ones.update(attempts=F("attempts") + 1))


def _keep_error(chunk_id: int, problem: Exception) -> str:
    import logging

    from layers.models import Chunk, ChunkState

    chunk = Chunk.objects.get(pk=chunk_id)
    logging.getLogger(__name__).warning("chunk %s, attempt %s", chunk, chunk.attempts, exc_info=problem)
    chunk.error = f"{type(problem).__name__}: {problem}"[:2000]
    chunk.state = ChunkState.FAILED if chunk.attempts >= MAX_ATTEMPTS else ChunkState.WAITING
    chunk.save(update_fields=["error", "state"])
    return chunk.state


def _make_ready(database: str) -> None:
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from django.db import connection

    if database and connection.settings_dict["NAME"] != database:
        connection.close()
        connection.settings_dict["NAME"] = database
