"""Long work for the tests, importable by any process: it counts, fails, sleeps on a file, or ends its process."""

from __future__ import annotations

import os
import signal
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from layers.batches.kinds import register
from layers.models import Batch, Holiday

KIND, FAILING, ENDING, WAITING = "test_square", "test_failing", "test_ending", "test_waiting"


def square(params: dict[str, Any], chunk: dict[str, Any]) -> dict[str, Any]:
    return {"square": chunk["n"] ** 2 * params.get("times", 1), "process": os.getpid()}


def fail(params: dict[str, Any], chunk: dict[str, Any]) -> dict[str, Any]:
    if chunk["n"] == params["bad"]:
        raise ValueError("number 3 is not liked")
    return {"square": chunk["n"] ** 2}


def end_once(params: dict[str, Any], chunk: dict[str, Any]) -> dict[str, Any]:
    """End the process like the kernel does when memory runs out: once for the bad chunk, or each time."""
    mark = Path(params["mark"])
    if chunk["n"] == params["bad"] and (params.get("always") or not mark.exists()):
        mark.write_text("ended")
        os.kill(os.getpid(), signal.SIGKILL)
    return {"square": chunk["n"] ** 2}


def wait_for_file(params: dict[str, Any], chunk: dict[str, Any]) -> dict[str, Any]:
    """Tell by a file that the chunk is being done and by whom, then wait for the word to go on."""
    folder = Path(params["folder"])
    (folder / f"doing-{chunk['n']}-{os.getpid()}").touch()
    pause = threading.Event()
    while not (folder / "go").exists():
        pause.wait(0.02)
    return {"square": chunk["n"] ** 2}


def write_holiday(batch: Batch) -> None:
    Holiday.objects.create(day=date(2031, 1, 1) + timedelta(days=batch.pk), name="finished")


HERE = __name__
register(KIND, work=f"{HERE}.square", finish=f"{HERE}.write_holiday")
register(FAILING, work=f"{HERE}.fail")
register(ENDING, work=f"{HERE}.end_once")
register(WAITING, work=f"{HERE}.wait_for_file")
