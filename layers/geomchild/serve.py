"""What does the geometry child do all day? Read a request, set its CPU limit, run one operation, answer.

It imports no Django and opens no file or socket; hostile geometry can cost it its life, which the pool expects.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any

from layers.geomchild import clearing, cutting, placing, protocol, vet

Operation = Callable[[list[bytes], dict[str, Any]], tuple[dict[str, Any], list[bytes]]]


def _ping(blobs: list[bytes], params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    return {"pid": os.getpid()}, blobs


def _spin(blobs: list[bytes], params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Compute for ever; the tests of the limits need something that does."""
    while True:
        pass


def _hoard(blobs: list[bytes], params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Ask for more memory than the limit allows; for the tests of the limits."""
    return {"size": len(bytearray(64 * 1024**3))}, []


OPERATIONS: dict[str, Operation] = {
    "ping": _ping,
    "spin": _spin,
    "hoard": _hoard,
    "vet": vet.vet_blobs,
    "cut": cutting.cut,
    "difference": cutting.difference,
    "union": cutting.union,
    "intersection": cutting.intersection,
    "inset": cutting.inset,
    "outset": cutting.outset,
    "clear_away": clearing.clear_away,
    "beyond": placing.beyond,
    "overlaps": placing.overlaps,
}


def _limit_cpu(seconds: float) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 1, hard))


def main(memory_bytes: int) -> None:
    """Serve requests from stdin on stdout until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the parent
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        frame = protocol.read_frame(requests)
        if frame is None:
            return
        head, blobs = frame
        _limit_cpu(float(head["cpu"]))
        try:
            result, out = OPERATIONS[head["operation"]](blobs, head["params"])
            answer = protocol.encode({"result": result}, out)
        except MemoryError:
            answer = protocol.encode({"error": "memory"}, [])
        except vet.Refusal as refusal:
            answer = protocol.encode({"refused": refusal.as_dict()}, refusal.blobs)
        except Exception as error:  # noqa: BLE001 – whatever hostile geometry breaks, the parent gets an answer
            answer = protocol.encode({"error": f"{type(error).__name__}: {error}"[:500]}, [])
        answers.write(answer)
        answers.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
