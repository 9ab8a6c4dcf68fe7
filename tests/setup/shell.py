"""How do the set-up tests call a shell function? One helper; it never runs script/setup itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def call(
    code: str, *, local: Path | None = None, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run *code* with the library files read in, `LOCAL` pointing to a throw-away folder and a clean environment."""
    libraries = "\n".join(
        f'source "{ROOT}/script/lib/{name}.sh"' for name in ("common", "system", "cluster", "packages")
    )
    override = f'LOCAL="{local}"; ENV_FILE=$LOCAL/env' if local else ""
    clean = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        ["bash", "-c", f"{libraries}\n{override}\n{code}"],
        check=False,
        capture_output=True,
        text=True,
        env={**clean, **(environment or {})},
        timeout=60,
    )
