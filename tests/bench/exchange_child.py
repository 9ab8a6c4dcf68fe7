"""How much memory does one export or import take, and how long the import? Run in a process of its own, which tells.

``python -m tests.bench.exchange_child export KIND COUNT`` · ``… import FILE``. Prints one JSON line: seconds, peak MB.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from datetime import date
from pathlib import Path
from types import ModuleType

EVERY_S = 0.02


def peak_mb(pid: int | str = "self") -> float:
    """Return the largest resident memory a process has had, MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


class Children:
    """Watch the peaks of the processes below this one until it is told to stop."""

    def __init__(self) -> None:
        self.peaks: dict[int, float] = {}
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def stop(self) -> list[float]:
        """Stop watching and return the peaks, largest first, MB."""
        self._ended.set()
        self._watcher.join()
        return sorted(self.peaks.values(), reverse=True)

    def _watch(self) -> None:
        while not self._ended.wait(EVERY_S):
            for task in Path("/proc/self/task").iterdir():
                try:
                    for pid in (task / "children").read_text().split():
                        self.peaks[int(pid)] = max(self.peaks.get(int(pid), 0.0), peak_mb(pid))
                except OSError:
                    continue  # it ended while we looked


def export(kind: str, count: int) -> dict[str, object]:
    """Write one file and let it go."""
    from mapping.papers.export import stream
    from tests.bench.exchange_rows import COLUMNS, query_of

    begun = time.perf_counter()
    with stream(query_of(count), COLUMNS, kind, name="bench") as made:
        rows = made.rows
    return {"rows": rows, "seconds": time.perf_counter() - begun, "peak_mb": peak_mb()}


def bring_in(path: Path) -> dict[str, object]:
    """Read, vet and stage one file as an edition, as the steward's worker does, and discard it again."""
    from layers.intake.limits import LAYER
    from layers.intake.read import read_vector_file, to_rows
    from layers.models import Layer
    from layers.services import discard_staged, stage
    from planning.proposals.services.stage_edition import stage_file

    # a layer of this run alone: without a current edition there is nothing to compare with, as there is not for
    # ogr2ogr; one that stays would be filled when the province is opened next, and compared with from then on
    layer = Layer.objects.create(
        code=f"bench_exchange_{os.getpid()}",
        name_vi="Bench",
        name_en="Bench",
        theme="land",
        geometry_kind="polygon",
        is_constraint=False,
    )
    children = Children()
    derived = _timed(stage, "build_derived")
    begun = time.perf_counter()
    intake = read_vector_file(path, path.name, kind="polygon", limits=LAYER)
    candidate = intake.best
    if candidate is None:
        raise RuntimeError("no coordinate system fits the bench file")
    read = time.perf_counter() - begun
    rows = to_rows(intake, candidate, layer)
    edition = stage_file(None, layer, intake, candidate, rows, effective_from=date(2026, 11, 22), source="bench")
    seconds = time.perf_counter() - begun
    below = children.stop()
    if edition.report["changes"]:
        raise RuntimeError("the bench file was compared with another edition")
    discard_staged(edition)
    layer.delete()
    return {
        "rows": edition.feature_count, "seconds": seconds, "read": read, "derived": derived[0], "peak_mb": peak_mb(),
        "child_mb": max(below, default=0.0),
    }  # fmt: skip


def _timed(module: ModuleType, name: str) -> list[float]:
    """Have what a function of a module takes added to the list that is returned, seconds.

    Nothing of it is left to the end of the transaction: what belongs to what is asked as its statements end.
    """
    real, spent = getattr(module, name), [0.0]

    def timed(*given: object) -> object:
        begun = time.perf_counter()
        made = real(*given)
        spent[0] += time.perf_counter() - begun
        return made

    setattr(module, name, timed)
    return spent


def main(words: list[str]) -> None:
    """Do what the words say and print what it took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    import django

    django.setup()
    said = export(words[1], int(words[2])) if words[0] == "export" else bring_in(Path(words[1]))
    print(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1:])
