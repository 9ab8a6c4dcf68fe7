"""Are the lock files exact, free of addresses, and without what must never come in? It does not install anything."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys

import pytest

from .shell import ROOT

REQUIREMENTS = (ROOT / "requirements.txt").read_text()
PACKAGE_LOCK = json.loads((ROOT / "package-lock.json").read_text())


def entries() -> list[str]:
    """Return the lock's entries, one text each, without comment lines."""
    lines = [line for line in REQUIREMENTS.splitlines() if line and not line.lstrip().startswith("#")]
    return re.findall(r"^\S.*(?:\n\s.*)*", "\n".join(lines), re.MULTILINE)


def test_every_python_package_is_exact_and_hashed() -> None:
    assert len(entries()) > 50
    for entry in entries():
        assert re.match(r"^[a-z0-9][a-z0-9._-]*==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_every_direct_dependency_is_locked() -> None:
    locked = {entry.split("==")[0] for entry in entries()}
    wanted = {
        re.split(r"[<>=\[]", line)[0].strip().lower()
        for line in (ROOT / "requirements.in").read_text().splitlines()
        if line and not line.startswith("#")
    }
    assert wanted <= locked


def test_the_python_lock_names_no_address() -> None:
    assert not re.search(r"https?:|file:|--(?:extra-)?index|--find-links", REQUIREMENTS)


def test_the_front_end_lock_has_hashes_and_no_download_address() -> None:
    packages = {name: entry for name, entry in PACKAGE_LOCK["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry.get("integrity", "").startswith("sha512-"), name
        assert "resolved" not in entry, name
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()
    assert "registry=" not in (ROOT / ".npmrc").read_text().replace("registry-resolved=", "")


def test_psycopg3_is_not_locked_and_cannot_be_imported() -> None:
    assert importlib.util.find_spec("psycopg") is None
    assert not re.search(r"^psycopg(?:-binary|-c|-pool)?==", REQUIREMENTS, re.MULTILINE)
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert not is_psycopg3


# shapely is not among them: it costs 0.17 s and every check needs it
HEAVY = (
    "geopandas",
    "pandas",
    "pyogrio",
    "matplotlib",
    "openpyxl",
    "docx",
    "docxtpl",
    "distributed",
    "dask",
)


@pytest.mark.parametrize("entrance", ["project.wsgi", "django_setup"])
def test_no_heavy_library_is_imported_at_start_up(entrance: str) -> None:
    start = "import django; django.setup()" if entrance == "django_setup" else "import project.wsgi"
    # the address patterns are part of the start: the first request reads them
    code = f"{start}; import importlib, sys; importlib.import_module('project.urls')"
    code += f"; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
