"""Where do chunks run? In this process, in local processes, or on a Dask cluster: `concurrent.futures` each time.

It schedules nothing itself: `layers.batches.run` hands out chunks as places become free.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

from django.conf import settings


class Inline(Executor):
    """Do the work at once in the calling thread, in the caller's transaction; for tests and small batches."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call *fn* and return its finished future."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class Place:
    """Offer room for some chunks at once; a place that broke is made anew, and what it held is handed out again."""

    def __init__(self, make: Callable[[], Executor], width: int) -> None:
        self._make = make
        self._executor = make()
        self.width = width

    def submit(self, fn: Callable[..., Any], *args: Any) -> Future[Any]:
        """Hand over one call."""
        return self._executor.submit(fn, *args)

    def renew(self) -> None:
        """Replace an executor whose process died."""
        self._executor.shutdown(wait=False)
        self._executor = self._make()

    def close(self) -> None:
        """Wait for what is running and let go."""
        self._executor.shutdown(wait=True)


@contextmanager
def places(*, here: bool = False) -> Iterator[list[Place]]:
    """Open the places that the settings ask for: ``DASK_SCHEDULER``, else ``BATCH_WORKERS`` local processes.

    *here*: one place in this thread, whatever they ask for.

    One pool of one process for each place, because a pool gives up all its processes when one dies: so a killed process
    costs the chunk it was doing and no other.
    """
    with ExitStack() as stack:
        if here or (settings.BATCH_WORKERS == 0 and not settings.DASK_SCHEDULER):
            found = [Place(Inline, 1)]
        elif settings.DASK_SCHEDULER:
            found = [_on_cluster(stack, settings.DASK_SCHEDULER)]
        else:
            found = [Place(_process, 1) for _number in range(settings.BATCH_WORKERS)]
        stack.callback(_close, found)
        yield found


def _close(found: list[Place]) -> None:
    # a process takes a quarter of a second to end: all of them at once
    with ThreadPoolExecutor(len(found)) as closing:
        list(closing.map(Place.close, found))


def _process() -> Executor:
    # spawn: a forked child would share database connections and locks of the parent's threads
    return ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn"))


def _on_cluster(stack: ExitStack, address: str) -> Place:
    from distributed import Client

    client = stack.enter_context(Client(address, timeout="10s", set_as_default=False))
    # twice the threads of the cluster: a worker finds its next chunk waiting; new workers are found when we look again
    width = 2 * max(1, sum(client.ncores().values()))
    return Place(lambda: client.get_executor(pure=False), width)
