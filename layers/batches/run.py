"""How does a batch get done? Open chunks are handed to free places until none is open; then the batch is finished once.

Two runners of one batch do no harm: a chunk is done under its row lock. It deliberately knows no kind of work.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from layers.batches.executors import Place, places
from layers.batches.kinds import kind_named
from layers.batches.worker import MAX_ATTEMPTS, do_chunk, give_up
from layers.models import Batch, BatchState, Chunk, ChunkState

LOOK_UP_S = 1.0


def run_batch(batch_id: int, *, here: bool = False) -> Batch:
    """Do every open chunk of a batch and finish it; call again to resume. Return the batch as it ended.

    *here*: in this thread instead of the places that the settings ask for, which take longer to begin than a small
    batch to do. Ends early when the batch is cancelled. A chunk that failed `MAX_ATTEMPTS` times leaves the batch
    *failed*; its other chunks are done all the same. Raises what the executor raises when no scheduler answers.
    """
    batch = Batch.objects.get(pk=batch_id)
    if batch.state == BatchState.RUNNING and _open(batch_id).exists():
        Batch.objects.filter(pk=batch_id, started_at=None).update(started_at=timezone.now())
        with places(here=here) as found:
            _hand_out(batch_id, kind_named(batch.kind).work, found)
    return _finish(batch_id)


def _open(batch_id: int) -> Any:
    return Chunk.objects.filter(batch_id=batch_id, state=ChunkState.WAITING).order_by("number")


def _hand_out(batch_id: int, work: str, found: list[Place]) -> None:
    database = str(connection.settings_dict["NAME"])
    known = dict(_open(batch_id).values_list("pk", "attempts"))
    queue = list(known)
    queue.reverse()
    held: dict[Future[Any], tuple[Place, int]] = {}
    free = [place for place in found for _number in range(place.width)]
    while queue or held:
        while free and queue:
            place, chunk_id = free.pop(), queue.pop()
            held[place.submit(do_chunk, chunk_id, work, database)] = (place, chunk_id)
        finished, _running = wait(held, timeout=LOOK_UP_S, return_when=FIRST_COMPLETED)
        broken: set[Place] = set()
        for future in finished:
            place, chunk_id = held.pop(future)
            free.append(place)
            lost = _lost(future)
            if lost:
                broken.add(place)
                known[chunk_id] = _counted(chunk_id, known[chunk_id])
            if lost or _again(chunk_id):
                _hand_out_again(queue, chunk_id)
        for place in broken:
            place.renew()
        if not _alive(batch_id):
            queue.clear()


def _lost(future: Future[Any]) -> bool:
    """Tell whether the process that held the chunk ended; the work's own errors are kept by `do_chunk`."""
    problem = None if future.cancelled() else future.exception()
    if problem is None:
        return future.cancelled()
    return isinstance(problem, BrokenExecutor | CancelledError) or type(problem).__name__ == "KilledWorker"


def _counted(chunk_id: int, before: int) -> int:
    """Count the attempt of a process that ended before it could; return how many there are.

    A process that cannot even begin (its libraries are gone, no memory is left) would be given the chunk for ever.
    """
    unclaimed = Chunk.objects.filter(pk=chunk_id, state=ChunkState.WAITING, attempts=before)
    unclaimed.update(attempts=F("attempts") + 1)
    return Chunk.objects.values_list("attempts", flat=True).get(pk=chunk_id)


def _again(chunk_id: int) -> bool:
    chunk = Chunk.objects.only("state", "attempts", "error").get(pk=chunk_id)
    # an error is tried again; skipped without an error means that another runner holds it
    return chunk.state == ChunkState.WAITING and bool(chunk.error)


def _hand_out_again(queue: list[int], chunk_id: int) -> None:
    chunk = Chunk.objects.get(pk=chunk_id)
    if chunk.state != ChunkState.WAITING:
        return
    if chunk.attempts >= MAX_ATTEMPTS:
        give_up(chunk, "The process ended while doing this part.")
        return
    queue.insert(0, chunk_id)


def _alive(batch_id: int) -> bool:
    """Leave a sign of life; false when the batch was cancelled meanwhile."""
    return bool(Batch.objects.filter(pk=batch_id, state=BatchState.RUNNING).update(seen_at=timezone.now()))


def _finish(batch_id: int) -> Batch:
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        if batch.state != BatchState.RUNNING or _open(batch_id).exists():
            return batch
        if batch.chunks.filter(state=ChunkState.FAILED).exists():
            batch.state = BatchState.FAILED
        else:
            finish = kind_named(batch.kind).finish_function()
            if finish is not None:
                finish(batch)
            batch.state = BatchState.DONE
        batch.finished_at = timezone.now()
        batch.save(update_fields=["state", "finished_at"])
    return batch
