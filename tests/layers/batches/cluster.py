"""How do tests get a Dask cluster? A real scheduler and workers as processes of their own, on loopback only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Cluster:
    """Name the scheduler's address and hold the workers' processes, one thread each."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def dask_cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """Start a scheduler and *workers*; all are ended and waited for. No nanny: a killed worker stays away."""
    card = folder / "scheduler.json"
    started = [_start(folder, "dask_scheduler", "--port", "0", "--scheduler-file", str(card))]
    try:
        address = _address(card)
        hands = [
            _start(folder, "dask_worker", address, "--nthreads", "1", "--no-nanny", "--memory-limit", "0")
            for _number in range(workers)
        ]
        started += hands
        _await(address, workers)
        yield Cluster(address, hands)
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def _start(folder: Path, program: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.{program}", *arguments, "--host", "127.0.0.1", "--no-dashboard"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}
    log = (folder / f"{program}.log").open("ab")
    with log:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)


def _address(card: Path) -> str:
    pause = threading.Event()
    for _number in range(600):
        if card.exists() and card.read_text().strip():
            return str(json.loads(card.read_text())["address"])
        pause.wait(0.1)
    raise AssertionError("the scheduler did not come up")


def _await(address: str, workers: int) -> None:
    from distributed import Client

    with Client(address, timeout="20s", set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)
