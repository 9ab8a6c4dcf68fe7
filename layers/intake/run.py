"""How is the reader child run? One process per file, ended by the clock; what it says is data, never code."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from layers.geomchild import protocol
from layers.intake.limits import CHILD_MEMORY_BYTES, IntakeLimits
from layers.intake.refusals import place_in_file, refusal

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
    """Read one unpacked file in a child; return its facts and one WKB (perhaps empty) per feature.

    *more*: what only this kind of file needs (rasters: classes).

    Raises the refusal the child names; FILE_TOO_COMPLEX when it runs out of time or memory, FILE_UNREADABLE when it
    dies or fails in another way.
    """
    request = protocol.encode(
        {
            "path": str(path),
            "format": kind,
            "layer": layer,
            "features": limits.features,
            "vertices": limits.vertices,
            "seconds": limits.seconds,
            "memory": CHILD_MEMORY_BYTES,
            "become_nobody": _hand_over(path),
            **(more or {}),
        },
        [],
    )
    root = Path(__file__).resolve().parents[2]
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "layers.intake.reader"],
            input=request,
            capture_output=True,
            timeout=limits.seconds + _START_UP_S,
            check=False,
            cwd=root,
            env=_environment(root),
        )
    except subprocess.TimeoutExpired as error:
        raise refusal("FILE_TOO_COMPLEX") from error
    if done.returncode < 0 and not done.stdout:  # ended by a signal: CPU limit, memory, or a crash of the library
        raise refusal("FILE_TOO_COMPLEX" if done.returncode in {-24, -9, -6} else "FILE_UNREADABLE")
    return _answer(done.stdout, filename)


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


def _answer(data: bytes, filename: str) -> tuple[dict[str, Any], list[bytes]]:
    size = protocol.head_size()
    try:
        text_length, total = protocol.body_size(data[:size])
        if len(data) != size + total:
            raise protocol.ProtocolError("short answer")
        head, blobs = protocol.decode(data[size:], text_length)
    except (protocol.ProtocolError, ValueError, struct.error) as error:  # struct.error: no answer at all
        raise refusal("FILE_UNREADABLE") from error
    if "refused" in head:
        refused = head["refused"]
        params = dict(refused["params"])
        raise refusal(
            refused["code"], where=_where(params, filename), detail={"layers": params.get("layers", [])}, **params
        )
    if "error" in head:
        raise refusal("FILE_UNREADABLE", detail={"reason": head["error"]})
    return head["result"], blobs


def _where(params: dict[str, Any], filename: str) -> str:
    place = place_in_file(params)
    if params.get("line"):
        return f"{filename}:{params['line']}"
    if params.get("layers"):
        return ", ".join(str(name) for name in params["layers"])[:300]
    if params.get("name"):
        return str(params["name"])
    return place
