"""Does long work give the same on a Dask cluster, and what does a killed worker cost? Real scheduler, real workers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from layers.batches.services import run_batch, start_batch
from layers.models import BatchState
from tests.layers.batches.cluster import Cluster, dask_cluster
from tests.layers.batches.test_batches import numbers, squares, until
from tests.layers.batches.work import FAILING, KIND, WAITING

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cluster(tmp_path: Path, settings: Any) -> Iterator[Cluster]:
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default", "batches"]}
    }
    with dask_cluster(tmp_path) as started:
        settings.DASK_SCHEDULER = started.address
        yield started
    connections.close_all()


def test_two_workers_give_what_one_process_gives_errors_too(cluster: Cluster, settings: Any) -> None:
    batch = run_batch(start_batch(KIND, {"times": 3}, numbers(20)).pk)
    assert {chunk.result["process"] for chunk in batch.chunks.all()} == {worker.pid for worker in cluster.workers}
    failing = run_batch(start_batch(FAILING, {"bad": 3}, numbers(4)).pk)
    settings.DASK_SCHEDULER = ""
    alone = run_batch(start_batch(KIND, {"times": 3}, numbers(20)).pk)
    assert squares(batch) == squares(alone)
    assert failing.state == BatchState.FAILED
    assert failing.chunks.get(number=3).error == "ValueError: number 3 is not liked"


def test_a_killed_worker_costs_time_and_one_chunk(cluster: Cluster, tmp_path: Path) -> None:
    batch = start_batch(WAITING, {"folder": str(tmp_path)}, numbers(6))

    def run() -> None:
        run_batch(batch.pk)
        connection.close()

    runner = threading.Thread(target=run)
    runner.start()
    until(lambda: len(list(tmp_path.glob("doing-*"))) == 2)
    killed = cluster.workers[0]
    killed.kill()
    killed.wait()
    (tmp_path / "go").touch()
    runner.join(timeout=90)
    assert not runner.is_alive()
    batch.refresh_from_db()
    assert (batch.state, squares(batch)) == (BatchState.DONE, [n * n for n in range(1, 7)])
    done_again = [chunk.number for chunk in batch.chunks.all() if chunk.attempts > 1]
    assert done_again == [int(mark.name.split("-")[1]) for mark in tmp_path.glob(f"doing-*-{killed.pid}")]
    assert len(done_again) == 1
