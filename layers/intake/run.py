"""How is the reader child run? One process per file, ended by the clock; what it says is data, never code."""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from layers.errors import DatNgheError
from layers.geomchild import protocol
from layers.intake.cad.messages import drawing_place, drawn, offered
from layers.intake.in_turns import Frames, in_turns
from layers.intake.limits import CHILD_MEMORY_BYTES, IntakeLimits
from layers.intake.packed import Columns
from layers.intake.refusals import place_in_file, refusal
from layers.said import join

_START_UP_S = 15.0


def read_in_child(
    path: Path,
    kind: str,
    *,
    limits: IntakeLimits,
    layer: str = "",
    filename: str = "",
    more: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], list[bytes]]:
    """Read one unpacked file in a child; return its facts (with ``rows``) and one WKB (perhaps empty) per feature.

    For what is small; `stream_from_child` holds only a batch at a time. Raises what that raises.
    """
    facts: dict[str, Any] = {"notices": []}
    rows: list[list[Any]] = []
    blobs: list[bytes] = []
    for head, batch in stream_from_child(path, kind, limits=limits, layer=layer, filename=filename, more=more):
        facts.update(head.get("start") or head.get("result") or {})
        facts["notices"] = [*facts["notices"], *head.get("end", {}).get("notices", [])]
        if "columns" in head:
            rows += head["columns"].rows()
        blobs += batch
    return {"rows": rows, **facts}, blobs


@contextlib.contextmanager
def waiting_child(reads: str = "head") -> Generator[subprocess.Popen[bytes], None, None]:
    """Start a reader child, which loads its libraries while the file is unpacked; it ends with the block.

    *reads*: ``rest`` for one that reads no head of a file (`layers.intake.in_turns`).
    """
    root = Path(__file__).resolve().parents[2]
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "layers.intake.reader"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=root,
        env={**_environment(root), "DATNGHE_READS": reads},
    )
    try:
        yield child
    finally:
        child.kill()
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                _pipe(pipe).close()
        child.wait()


def stream_from_child(
    path: Path,
    kind: str,
    *,
    limits: IntakeLimits,
    layer: str = "",
    filename: str = "",
    more: Mapping[str, Any] | None = None,
    child: subprocess.Popen[bytes] | None = None,
    shared: bool = False,
) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """Read one unpacked file in a child; yield its frames (see `reader.frames`), ``isolated`` said in the first.

    Columns come as `layers.intake.packed.Columns`.

    *more*: what only this kind of file needs (rasters: classes; texts: a chosen code page); *child*: one that waits
    already; *shared*: where the reader and the file allow it, a second child reads every other batch, and each may cost
    half. The children end with the generator. Raises the refusal a child names; FILE_TOO_COMPLEX when it runs out of
    time or memory, FILE_UNREADABLE when it dies or fails in another way.
    """
    asked = {
        "path": str(path),
        "format": kind,
        "layer": layer,
        "features": limits.features,
        "vertices": limits.vertices,
        "seconds": limits.seconds,
        "memory": CHILD_MEMORY_BYTES,
        "become_nobody": _hand_over(path),
        **(more or {}),
    }
    with contextlib.ExitStack() as stack:
        first = child if child is not None else stack.enter_context(waiting_child())
        if not shared:
            yield from _answer(first, asked, limits.seconds, filename)
            return
        second = stack.enter_context(waiting_child("rest"))

        def ask_second(rest: dict[str, Any]) -> Frames:
            half = {**asked, "rest": rest, "seconds": limits.seconds / 2, "memory": CHILD_MEMORY_BYTES // 2}
            return _answer(second, half, limits.seconds, filename)

        yield from in_turns(_answer(first, {**asked, "shared": True}, limits.seconds, filename), ask_second)


def _answer(child: subprocess.Popen[bytes], asked: Mapping[str, Any], seconds: float, filename: str) -> Frames:
    """Ask a child and yield what it says; end it *seconds* after it has started up."""
    late = threading.Event()

    def end_late() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(seconds + _START_UP_S, end_late)
    timer.daemon = True
    timer.start()
    try:
        with contextlib.suppress(BrokenPipeError):  # it died at start: what it said, or did not, tells
            _pipe(child.stdin).write(protocol.encode(dict(asked), []))
            _pipe(child.stdin).close()
        yield from _frames(child, filename, late)
    finally:
        timer.cancel()
        child.kill()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("no pipe")
    return pipe


def _frames(
    child: subprocess.Popen[bytes], filename: str, late: threading.Event
) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """Yield what the child says until it has said all; turn what it refuses, or its death, into a refusal."""
    out = _pipe(child.stdout)
    isolated: bool | None = None
    whole = False
    while True:
        try:
            frame = protocol.read_frame(out)
        except (protocol.ProtocolError, ValueError, struct.error) as error:
            raise _death(child, late) from error
        if frame is None:
            if whole:
                return
            raise _death(child, late)
        head, blobs = frame
        if "refused" in head:
            raise _refused(head["refused"], filename)
        if "error" in head:
            raise refusal("FILE_UNREADABLE", detail={"reason": head["error"]})
        if isolated is None and "isolated" in head:
            isolated = bool(head["isolated"])
            continue
        for key in ("start", "result"):
            if key in head:
                head[key]["isolated"] = bool(isolated)
        if head.pop("packed", False) and blobs:  # the columns of a batch, not taken apart yet, are its first blob
            head["columns"] = Columns(blobs[0], len(blobs) - 1)
            blobs = blobs[1:]
        whole = whole or "end" in head or "result" in head
        yield head, blobs


def _death(child: subprocess.Popen[bytes], late: threading.Event) -> DatNgheError:
    """Say why a child fell silent: ended by the clock, the CPU limit or memory, else it broke."""
    code = child.wait()
    return refusal("FILE_TOO_COMPLEX" if late.is_set() or code in {-24, -9, -6} else "FILE_UNREADABLE")


def _refused(refused: Mapping[str, Any], filename: str) -> DatNgheError:
    code, params = drawn(refused["code"], refused["params"])
    detail: dict[str, object] = {key: params[key] for key in ("layers", "cad", "places") if key in params}
    detail["offers"] = offered(params.get("offers", []))
    return refusal(code, where=_where(params, filename), detail={"layers": [], **detail}, **params)


def _environment(root: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "GDAL_DATA") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(root),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "GDAL_NUM_THREADS": "1",
        "PROJ_NETWORK": "OFF",
    }


def _hand_over(path: Path) -> bool:
    """Give the job folder to nobody when we are root; False when nobody could not reach it anyway."""
    if os.getuid() != 0:
        return False
    if not all(parent.stat().st_mode & 0o001 for parent in path.parent.parents):
        return False
    for item in (path.parent, *path.parent.iterdir()):
        os.chown(item, 65534, 65534)
    return True


def _where(params: dict[str, Any], filename: str) -> str:
    place = drawing_place(params) or place_in_file(params)
    if params.get("line"):
        return join(", ", [f"{filename}:{params['line']}", place])
    if params.get("layers"):
        return ", ".join(str(name) for name in params["layers"])[:300]
    if params.get("name"):
        return str(params["name"])
    return place
