"""What is one row of a bench, and how are times taken? In turns, so that both sides meet the same load."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """State one measured value beside its baseline.

    *goal* is the largest ratio value ÷ baseline that passes (None: shown, not judged). *unit* is ms unless said.
    """

    name: str
    value: float
    baseline: float | None = None
    baseline_name: str = ""
    goal: float | None = None
    unit: str = "ms"

    @property
    def ratio(self) -> float | None:
        """Return value ÷ baseline, None without a baseline."""
        return self.value / self.baseline if self.baseline else None

    @property
    def met(self) -> bool:
        """Tell whether the figure reaches its goal; without a baseline the goal is for the value itself."""
        if self.goal is None:
            return True
        measured = self.ratio if self.baseline is not None else self.value
        return measured is not None and measured <= self.goal


@dataclass(frozen=True)
class Timing:
    """Hold the times of one thing, in ms."""

    times: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """Return the time that *share* (0–1) of all runs stayed within."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]

    @property
    def p50(self) -> float:
        """Return the median, in ms."""
        return self.percentile(0.5)

    @property
    def p95(self) -> float:
        """Return the time 95 of 100 runs stayed within, in ms."""
        return self.percentile(0.95)


def interleaved(
    runs: Mapping[str, Sequence[Callable[[], object]]], *, rounds: int = 3, warm_up: int = 1
) -> dict[str, Timing]:
    """Time things in turns: the first question of every side, the second of every side, and so on, *rounds* times.

    *runs*: by name, one callable per question; all sides have equally many. The order of sides alternates.
    """
    names = list(runs)
    count = len(runs[names[0]])
    times: dict[str, list[float]] = {name: [] for name in names}
    gc.collect()
    gc.disable()
    try:
        for turn in range(rounds + warm_up):
            for place in range(count):
                for name in names if (turn + place) % 2 == 0 else reversed(names):
                    begun = time.perf_counter()
                    runs[name][place]()
                    took = (time.perf_counter() - begun) * 1000
                    if turn >= warm_up:
                        times[name].append(took)
    finally:
        gc.enable()
    return {name: Timing(tuple(values)) for name, values in times.items()}
