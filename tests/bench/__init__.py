"""How fast is the house, beside the best the same machine can do in the same minute? Figures, never absolute times.

A bench is a module of this package with a function ``figures() -> Iterable[Figure]``; its name is the name on the
command line. Every value stands beside a baseline of the same run, because the machine is shared and differs.
"""

from tests.bench.figure import Figure, Timing, interleaved

__all__ = ["Figure", "Timing", "interleaved"]
