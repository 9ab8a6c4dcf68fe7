"""How far is long work, and is anybody still doing it? Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from layers.models import Batch, BatchState, ChunkState

SILENT = timedelta(seconds=60)


@dataclass(frozen=True)
class Progress:
    """State how much of a batch is done. *share*: 0–1. *seconds_left*: an estimate, None while there is none."""

    state: str
    total: int
    done: int
    failed: int
    seconds_left: int | None
    is_stalled: bool

    @property
    def share(self) -> float:
        """Return the share done; a batch without chunks is all done."""
        return self.done / self.total if self.total else 1.0

    @property
    def percent(self) -> int:
        """Return the share done in whole percent, never 100 before the end."""
        return 100 if self.done >= self.total else int(self.share * 100)

    @property
    def is_running(self) -> bool:
        """Tell whether more is to come."""
        return self.state == BatchState.RUNNING


def progress(batch: Batch) -> Progress:
    """Return how far *batch* is, read anew."""
    batch.refresh_from_db(fields=["state", "started_at", "seen_at", "total"])
    counted = batch.chunks.aggregate(
        done=Count("id", filter=Q(state=ChunkState.DONE)), failed=Count("id", filter=Q(state=ChunkState.FAILED))
    )
    done, left = counted["done"], batch.total - counted["done"] - counted["failed"]
    seconds = None
    if batch.state == BatchState.RUNNING and batch.started_at is not None and done:
        spent = (timezone.now() - batch.started_at).total_seconds()
        seconds = round(spent / done * left)
    return Progress(batch.state, batch.total, done, counted["failed"], seconds, _silent(batch))


def stalled() -> list[Batch]:
    """Return running batches without a sign of life for `SILENT`: their runner was ended."""
    return [batch for batch in Batch.objects.filter(state=BatchState.RUNNING) if _silent(batch)]


def _silent(batch: Batch) -> bool:
    last = batch.seen_at or batch.started_at or batch.created_at
    return batch.state == BatchState.RUNNING and timezone.now() - last > SILENT
