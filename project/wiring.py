"""Which event of a lower floor starts which job of an upper one? The only place that knows both.

A job gets the event's number and nothing else. With the database queue its row is written in the transaction of the
act, so that act and job stand or fall together and the worker sees it after the commit; a queue that runs at once is
asked after the commit. Jobs must bear being run twice.
"""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks.base import Task
from django_tasks_db import DatabaseBackend

from planning.people.models import Event
from planning.people.services import listen

WIRING: dict[str, tuple[str, ...]] = {
    "decision_recorded": ("planning.proposals.jobs.recheck_neighbours",),
    "order_survey": ("mapping.papers.survey.jobs.build_ordered_package",),
    "renew_survey": ("mapping.papers.survey.jobs.build_ordered_package",),
    "start_screening": ("planning.proposals.jobs.clear_overtaken_screenings",),
    "edition_staged": ("planning.proposals.jobs.sweep_staged_edition",),
    "edition_promoted": (
        "planning.proposals.jobs.recheck_after_promotion",
        "planning.proposals.jobs.slim_retired_editions",
    ),
}


def jobs_for(verb: str) -> tuple[Task[[int], object], ...]:
    """Return the jobs that an event of *verb* starts, in the order of the table."""
    return tuple(import_string(path) for path in WIRING.get(verb, ()))


def dispatch(event: Event) -> None:
    """Queue the jobs of *event*. Called inside the transaction of the act."""
    for job in jobs_for(event.verb):
        if isinstance(job.get_backend(), DatabaseBackend):
            job.enqueue(event.pk)
        else:
            transaction.on_commit(partial(job.enqueue, event.pk))


def connect() -> None:
    """Listen to every event of the table; calling again changes nothing."""
    for verb in WIRING:
        listen(verb, dispatch)
