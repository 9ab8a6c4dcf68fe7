"""Who computes with geometry nobody has vetted? One or two warm children per process, killed when they take too long.

It does not know what an operation means; it only moves frames and enforces time (measured: a round trip costs 0.05 ms).
"""

from __future__ import annotations

import atexit
import contextlib
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from layers.geomchild import protocol

POOL_SIZE = 2
MEMORY_BYTES = 2 * 1024**3
RECYCLE_AFTER = 20_000
WAIT_S = 2.0  # how long a person waits for a free child before being told to come back
HEAVY_S = 3.0  # work that may take longer leaves one child to the others
START_S = 15.0
_CHUNK = 1 << 18
_PING: dict[str, Any] = {"operation": "ping", "params": {}, "cpu": START_S}


class ChildError(Exception):
    """The child could not answer; *reason* is one of ``busy``, ``timeout``, ``died``, ``memory``, ``failed``."""

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(f"{reason} {text}".strip())
        self.reason = reason


class Child:
    """Hold one child process and its pipes."""

    def __init__(self) -> None:
        root = Path(__file__).resolve().parents[2]
        self.served = 0
        self.process = subprocess.Popen(  # noqa: S603 – our own interpreter and module
            [sys.executable, "-P", "-m", "layers.geomchild.serve", str(MEMORY_BYTES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=root,
            # Nothing of the parent's environment: no database address, no secret key.
            env={
                "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
                "PYTHONPATH": str(root),
                "PYTHONUTF8": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
            },
            bufsize=0,
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise ChildError("died")
        self._in, self._out = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._writable, self._readable = selectors.DefaultSelector(), selectors.DefaultSelector()
        self._writable.register(self._in, selectors.EVENT_WRITE)
        self._readable.register(self._out, selectors.EVENT_READ)

    def exchange(self, frame: bytes, deadline: float) -> tuple[dict[str, Any], list[bytes]]:
        """Send a frame and return the answer; raise ChildError when the deadline passes or the child dies."""
        self.served += 1
        view = memoryview(frame)
        while view:
            self._wait(self._writable, deadline)
            try:
                view = view[os.write(self._in, view[:_CHUNK]) :]
            except BrokenPipeError as error:
                raise ChildError("died") from error
        text_length, total = protocol.body_size(self._read(protocol.head_size(), deadline))
        return protocol.decode(self._read(total, deadline), text_length)

    def _read(self, size: int, deadline: float) -> bytes:
        pieces: list[bytes] = []
        missing = size
        while missing:
            self._wait(self._readable, deadline)
            piece = os.read(self._out, min(missing, _CHUNK))
            if not piece:
                raise ChildError("died", self._cause())
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    @staticmethod
    def _wait(selector: selectors.BaseSelector, deadline: float) -> None:
        rest = deadline - time.monotonic()
        if rest <= 0 or not selector.select(rest):
            raise ChildError("timeout")

    def _cause(self) -> str:
        try:
            return f"exit {self.process.wait(1)}"
        except subprocess.TimeoutExpired:
            return ""

    def close(self) -> None:
        """Kill the child and release its pipes; safe to call twice."""
        self.process.kill()
        self.process.wait()
        for selector in (self._writable, self._readable):
            selector.close()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


class Pool:
    """Lend warm children to threads; a child that failed is never lent again."""

    def __init__(self, size: int = POOL_SIZE) -> None:
        self._size = size
        self._reset()

    def _reset(self) -> None:
        self._pid = os.getpid()
        self._idle: list[Child] = []
        self._lent = 0
        self._heavy = 0
        self._changed = threading.Condition()

    def request(
        self, operation: str, blobs: Sequence[bytes], params: dict[str, Any], *, timeout: float, wait: float = WAIT_S
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Run one operation within *timeout* seconds of wall clock; return the answer's head and blobs.

        *wait*: seconds to wait for a free child first; they are not taken from the time to compute, or a person who
        waited behind a hostile shape would be told that the own one is too complex. Work that may take long leaves one
        child to the others. Raises ChildError: after it the child is dead and the next request gets a fresh one.
        """
        if self._pid != os.getpid():  # forked: the parent's children are not ours
            self._reset()
        frame = protocol.encode({"operation": operation, "params": params, "cpu": timeout}, blobs)
        heavy = timeout > HEAVY_S
        child = self._borrow(time.monotonic() + min(wait, timeout), heavy=heavy)
        kept = False
        try:
            if not child.served:  # starting is not computing: on a busy machine it takes seconds
                child.exchange(protocol.encode(_PING, []), time.monotonic() + START_S)
            head, out = child.exchange(frame, time.monotonic() + timeout)
            kept = child.served < RECYCLE_AFTER and head.get("error") != "memory"
        except protocol.ProtocolError as error:
            raise ChildError("failed", str(error)) from error
        finally:
            self._give_back(child, kept=kept, heavy=heavy)
        if head.get("error") == "memory":
            raise ChildError("memory")
        if "error" in head:
            raise ChildError("failed", head["error"])
        return head, out

    def prepare(self) -> None:
        """Start a child that loads its libraries while the caller is busy, unless one is idle or there is no room."""
        if self._pid != os.getpid():
            self._reset()
        with self._changed:
            if self._idle or self._lent >= self._size:
                return
            with contextlib.suppress(OSError, ChildError):  # whoever asks it something is told
                self._idle.append(Child())

    def _free(self, *, heavy: bool) -> bool:
        if heavy and self._heavy >= max(1, self._size - 1):
            return False
        return self._lent < self._size

    def _borrow(self, deadline: float, *, heavy: bool) -> Child:
        with self._changed:
            if not self._changed.wait_for(lambda: self._free(heavy=heavy), deadline - time.monotonic()):
                raise ChildError("busy")
            self._lent += 1
            self._heavy += heavy
            while self._idle:
                child = self._idle.pop()
                if child.process.poll() is None:
                    return child
                child.close()  # died while idle, killed from outside: nobody's geometry is to blame
        try:
            return Child()
        except OSError as error:
            with self._changed:
                self._lent -= 1
                self._heavy -= heavy
                self._changed.notify_all()
            raise ChildError("died", str(error)) from error

    def _give_back(self, child: Child, *, kept: bool, heavy: bool) -> None:
        if not kept:
            child.close()
            # The next person need not wait for its start: it loads its libraries meanwhile.
            with contextlib.suppress(OSError, ChildError):
                child = Child()
                kept = True
        with self._changed:
            self._lent -= 1
            self._heavy -= heavy
            if kept:
                self._idle.append(child)
            self._changed.notify_all()

    def close(self) -> None:
        """End the idle children."""
        with self._changed:
            idle, self._idle = self._idle, []
        for child in idle:
            child.close()


POOL = Pool()
atexit.register(POOL.close)
