"""Which work of the intake runs in the worker? Large files, and clearing up; each job bears being run twice.

Small files never pass here: the page waits for them.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from django.db import transaction
from django.utils import timezone, translation
from django_tasks import task

from mapping.desks.intake.flow import advance, is_large
from mapping.desks.intake.kept import clear_abandoned
from mapping.desks.intake.models import Arrival, ArrivalState
from mapping.desks.intake.taking import take_in_worker

# Longer than any reading may last, so that nobody's folder is taken from under a child.
TEMPORARY_KEPT_S = 600
TEMPORARY = ("intake", "arrival", "export", "survey")


def start(arrival: Arrival) -> None:
    """Read on: a small file now, a large one in the worker once the row is committed."""
    if not is_large(arrival):
        advance(arrival)
        return
    arrival.move(ArrivalState.QUEUED, answers=arrival.answers, facts=arrival.facts, picture=None)
    language = translation.get_language() or "vi"
    transaction.on_commit(lambda: read_arrival.enqueue(arrival.pk, language))


def start_taking(arrival: Arrival, told: dict[str, str]) -> None:
    """Have a large file taken by the worker."""
    arrival.move(ArrivalState.TAKING, problem={})
    language = translation.get_language() or "vi"
    transaction.on_commit(lambda: take_arrival.enqueue(arrival.pk, told, language))


@task()
def read_arrival(arrival_id: int, language: str) -> str:
    """Read a large file on; return the state reached."""
    arrival = Arrival.objects.select_related("person").get(pk=arrival_id)
    if arrival.state not in {ArrivalState.QUEUED, ArrivalState.READING}:
        return arrival.state
    with translation.override(language):
        advance(arrival)
    return arrival.state


@task()
def take_arrival(arrival_id: int, told: dict[str, str], language: str) -> str:
    """Take a large file; return the state reached."""
    with translation.override(language):
        if Arrival.objects.get(pk=arrival_id).state == ArrivalState.TAKING:
            take_in_worker(arrival_id, told)
    return Arrival.objects.get(pk=arrival_id).state


@task()
def clear_up() -> int:
    """Forget abandoned and stray files, and temporary folders whose process was ended; return how many."""
    with translation.override("vi"):
        return clear_abandoned(timezone.now()) + clear_temporary(Path(tempfile.gettempdir()))


def clear_temporary(folder: Path) -> int:
    """Delete our own temporary files and folders in *folder* that nobody wrote to for ten minutes; return how many.

    A process that is ended from outside leaves its own behind: what was sent in, and boundaries on their way out.
    """
    cleared = 0
    for path in (found for room in TEMPORARY for found in folder.glob(f"datnghe-{room}-*")):
        try:
            old = time.time() - _written_last(path) > TEMPORARY_KEPT_S
        except FileNotFoundError:  # its own process was quicker
            continue
        if not old or path.is_symlink():
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        cleared += 1
    return cleared


def _written_last(path: Path) -> float:
    """Return when *path* or, for a folder, anything right inside it was written last."""
    inside = path.iterdir() if path.is_dir() and not path.is_symlink() else ()
    times: list[float] = [item.lstat().st_mtime for item in (path, *inside)]
    return max(times)
