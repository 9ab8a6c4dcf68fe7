"""Is long work done once, whatever dies meanwhile? Inline, in local processes, cancelled, resumed, twice at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from layers.batches import executors
from layers.batches.kinds import register
from layers.batches.queries import progress, stalled
from layers.batches.services import cancel_batch, resume_batch, resume_stalled, run_batch, start_batch
from layers.batches.worker import do_chunk
from layers.models import Batch, BatchState, Chunk, ChunkState, Holiday
from tests.layers.batches.work import ENDING, FAILING, HERE, KIND, WAITING


def squares(batch: Batch) -> list[int]:
    return [chunk.result["square"] for chunk in batch.chunks.order_by("number")]


def numbers(count: int) -> list[dict[str, int]]:
    return [{"n": n} for n in range(1, count + 1)]


class Ending(Executor):
    """End only together with another one."""

    def __init__(self, both: threading.Barrier) -> None:
        self.both = both

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.both.wait(timeout=10)


def test_places_end_together_and_none_waits_for_another(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    both = threading.Barrier(2)
    settings.DASK_SCHEDULER, settings.BATCH_WORKERS = "", 2
    monkeypatch.setattr(executors, "_process", lambda: Ending(both))
    with executors.places() as found:
        assert len(found) == 2
    assert not both.broken


@pytest.mark.django_db
class TestInOneProcess:
    def test_every_chunk_is_done_once_and_the_end_is_told_once(self) -> None:
        batch = run_batch(start_batch(KIND, {"times": 2}, numbers(3)).pk)
        run_batch(batch.pk)
        assert (batch.state, squares(batch)) == (BatchState.DONE, [2, 8, 18])
        assert list(Chunk.objects.values_list("attempts", flat=True)) == [1, 1, 1]
        assert Holiday.objects.count() == 1

    def test_a_batch_without_chunks_is_done(self) -> None:
        batch = start_batch(KIND, {}, [])
        assert run_batch(batch.pk).state == BatchState.DONE
        assert progress(batch).percent == 100

    def test_an_error_is_tried_three_times_and_kept_and_the_rest_is_done(self) -> None:
        batch = run_batch(start_batch(FAILING, {"bad": 3}, numbers(4)).pk)
        bad = batch.chunks.get(number=3)
        assert batch.state == BatchState.FAILED
        assert (bad.state, bad.attempts, bad.error) == (ChunkState.FAILED, 3, "ValueError: number 3 is not liked")
        assert batch.chunks.filter(state=ChunkState.DONE).count() == 3
        assert (progress(batch).done, progress(batch).failed, progress(batch).total) == (3, 1, 4)

    def test_a_query_of_a_chunk_takes_no_cores_from_other_chunks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from tests.layers.batches import work

        def helpers(params: dict[str, Any], chunk: dict[str, Any]) -> dict[str, Any]:
            with connection.cursor() as cursor:
                cursor.execute("SHOW max_parallel_workers_per_gather")
                return {"square": int(cursor.fetchone()[0])}

        monkeypatch.setattr(work, "fail", helpers)
        assert squares(run_batch(start_batch(FAILING, {}, numbers(2)).pk)) == [0, 0]

    def test_what_the_work_wrote_goes_with_its_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from tests.layers.batches import work

        def write_and_fail(params: dict[str, Any], chunk: dict[str, Any]) -> dict[str, Any]:
            Holiday.objects.create(day="2032-01-01", name="half")
            raise ValueError("after writing")

        monkeypatch.setattr(work, "fail", write_and_fail)
        run_batch(start_batch(FAILING, {"bad": 0}, numbers(1)).pk)
        assert not Holiday.objects.exists()

    def test_a_cancelled_batch_begins_no_chunk_and_keeps_what_is_done(self) -> None:
        batch = start_batch(KIND, {}, numbers(3))
        do_chunk(batch.chunks.get(number=1).pk, f"{HERE}.square")
        cancel_batch(batch)
        assert do_chunk(batch.chunks.get(number=2).pk, f"{HERE}.square") == "skipped"
        assert run_batch(batch.pk).state == BatchState.CANCELLED
        assert (progress(batch).done, Holiday.objects.count()) == (1, 0)

    def test_a_resumed_batch_does_only_what_was_left(self) -> None:
        batch = start_batch(KIND, {}, numbers(3))
        do_chunk(batch.chunks.get(number=1).pk, f"{HERE}.square")
        resume_batch(cancel_batch(batch))
        assert run_batch(batch.pk).state == BatchState.DONE
        assert batch.chunks.get(number=1).attempts == 1

    def test_cancelling_what_is_done_changes_nothing(self) -> None:
        batch = run_batch(start_batch(KIND, {}, numbers(1)).pk)
        assert cancel_batch(batch).state == resume_batch(batch).state == BatchState.DONE

    def test_work_nobody_does_is_refused_at_the_door(self) -> None:
        with pytest.raises(LookupError, match="knitting"):
            start_batch("knitting", {}, [])
        assert not Batch.objects.exists()

    def test_a_kind_belongs_to_one_floor(self) -> None:
        with pytest.raises(ValueError, match="taken"):
            register(KIND, work="somebody.else")

    def test_silence_is_seen_and_ended(self) -> None:
        batch = start_batch(KIND, {}, numbers(1))
        assert stalled() == []
        Batch.objects.filter(pk=batch.pk).update(created_at="2026-01-01T00:00:00Z")
        assert stalled() == [batch]
        batch.refresh_from_db()
        assert progress(batch).is_stalled
        assert resume_stalled() == 1


@pytest.fixture
def two_processes(settings: Any) -> Iterator[None]:
    settings.BATCH_WORKERS = 2
    # the tests run the batch themselves, when they are ready
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default", "batches"]}
    }
    yield
    connections.close_all()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("two_processes")
class TestInProcesses:
    def test_local_processes_give_what_one_gives(self) -> None:
        batch = run_batch(start_batch(KIND, {}, numbers(20)).pk)
        assert squares(batch) == [n * n for n in range(1, 21)]
        done_by = {chunk.result["process"] for chunk in batch.chunks.all()}
        assert len(done_by) == 2
        assert os.getpid() not in done_by

    def test_a_killed_process_costs_one_chunk_one_try(self, tmp_path: Path) -> None:
        params = {"bad": 3, "mark": str(tmp_path / "mark")}
        batch = run_batch(start_batch(ENDING, params, numbers(8)).pk)
        assert (batch.state, squares(batch)) == (BatchState.DONE, [n * n for n in range(1, 9)])
        assert {chunk.number: chunk.attempts for chunk in batch.chunks.all() if chunk.attempts > 1} == {3: 2}

    def test_a_chunk_that_ends_every_process_is_given_up_and_the_rest_is_done(self, tmp_path: Path) -> None:
        params = {"bad": 2, "mark": str(tmp_path / "mark"), "always": True}
        batch = run_batch(start_batch(ENDING, params, numbers(4)).pk)
        bad = batch.chunks.get(number=2)
        assert (batch.state, bad.state, bad.attempts) == (BatchState.FAILED, ChunkState.FAILED, 3)
        assert "ended" in bad.error
        assert batch.chunks.filter(state=ChunkState.DONE).count() == 3

    def test_chunks_are_given_up_when_no_process_can_begin(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def stillborn() -> Executor:
            spawn = multiprocessing.get_context("spawn")
            return ProcessPoolExecutor(max_workers=1, mp_context=spawn, initializer=os._exit, initargs=(9,))

        monkeypatch.setattr(executors, "_process", stillborn)
        batch = run_batch(start_batch(KIND, {}, numbers(2)).pk)
        assert batch.state == BatchState.FAILED
        assert [(chunk.state, chunk.attempts) for chunk in batch.chunks.all()] == [(ChunkState.FAILED, 3)] * 2

    def test_two_runners_share_the_chunks_and_finish_once(self) -> None:
        batch = start_batch(KIND, {}, numbers(12))

        def run() -> None:
            run_batch(batch.pk)
            connection.close()

        runners = [threading.Thread(target=run) for _number in range(2)]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()
        assert squares(batch) == [n * n for n in range(1, 13)]
        assert Holiday.objects.count() == 1

    def test_a_killed_runner_is_followed_by_another(self, tmp_path: Path) -> None:
        batch = start_batch(WAITING, {"folder": str(tmp_path)}, numbers(3))
        runner = _runner(batch.pk)
        until(lambda: list(tmp_path.glob("doing-*")))
        os.killpg(runner.pid, signal.SIGKILL)
        runner.wait()
        assert Batch.objects.get(pk=batch.pk).state == BatchState.RUNNING
        (tmp_path / "go").touch()
        assert run_batch(batch.pk).state == BatchState.DONE
        assert squares(batch) == [1, 4, 9]


def _runner(batch_id: int) -> Any:
    """Run a batch in a process group of its own, as the worker does."""
    import subprocess
    import sys

    code = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "from django.db import connection\n"
        "if __name__ == '__main__':\n"
        f"    connection.settings_dict['NAME'] = {connection.settings_dict['NAME']!r}\n"
        "    settings.BATCH_WORKERS = 1\n"
        "    import tests.layers.batches.work\n"
        "    from layers.batches.services import run_batch\n"
        f"    run_batch({batch_id})\n"
    )
    return subprocess.Popen([sys.executable, "-c", code], start_new_session=True)


def until(holds: Any) -> None:
    pause = threading.Event()
    for _number in range(1_000):
        if holds():
            return
        pause.wait(0.02)
    raise AssertionError("it never came to that")
