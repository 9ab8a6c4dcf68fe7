"""How much memory do the reader children of one test take? Watched from outside while they run, each on its own.

What the system says of ended children (`resource.RUSAGE_CHILDREN`) is no answer: it is the largest ever, and it counts
a child for as much as its parent until the child runs its own program. The peak the kernel keeps per program is.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

READER = b"layers.intake.reader"
MOST_KB = 600_000
_EVERY_S = 0.005
_PEAK = re.compile(rb"^VmHWM:\s+(\d+) kB", re.MULTILINE)


class Watch:
    """Hold the largest peak seen, kB; 0 when no reader ran."""

    def __init__(self) -> None:
        self.peak_kb = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="memory of readers", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no further."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_EVERY_S):
            for process in Path("/proc").iterdir():
                if process.name.isdigit():
                    self.peak_kb = max(self.peak_kb, _peak_of_reader(process))


@contextmanager
def little_memory(most_kb: int = MOST_KB) -> Iterator[Watch]:
    """Assert that no reader child of this process that runs meanwhile takes more than *most_kb*."""
    watch = Watch()
    try:
        yield watch
    finally:
        watch.stop()
    assert watch.peak_kb <= most_kb, f"{watch.peak_kb} kB in a reader"


def _peak_of_reader(process: Path) -> int:
    try:
        # first the command line: until it runs its own program a child wears its parent's, and its parent's memory
        if READER not in (process / "cmdline").read_bytes():
            return 0
        status = (process / "status").read_bytes()
    except OSError:  # it ended meanwhile
        return 0
    found = _PEAK.search(status) if f"\nPPid:\t{os.getpid()}\n".encode() in status else None
    return int(found[1]) if found else 0
