"""Is the Vietnamese catalogue complete? Extracts every message anew in a copy and looks for holes.

It does not judge the wording; `docs/glossary.md` does.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("project", "mapping", "planning", "layers", "templates", "locale")


def extracted(tmp_path: Path, domain: str) -> str:
    """Extract all messages of a domain into a copy of the catalogue and return its text."""
    for name in SOURCES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("vendor", "__pycache__", "*.mo"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    extensions = ["-e", "html,txt,py"] if domain == "django" else ["-e", "js"]
    run = subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", "vi", "-d", domain, "--no-location", *extensions],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "project.settings_test", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return (tmp_path / "locale" / "vi" / "LC_MESSAGES" / f"{domain}.po").read_text()


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_message_has_a_vietnamese_text(tmp_path: Path, domain: str) -> None:
    catalogue = extracted(tmp_path, domain)
    holes = []
    for entry in catalogue.split("\n\n")[1:]:
        if entry.lstrip().startswith("#~"):
            continue
        texts = re.findall(r'^msgstr(?:\[\d\])? ((?:"[^\n]*"\n?)+)', entry + "\n", re.MULTILINE)
        empty = not texts or any(re.sub(r'["\n]', "", text) == "" for text in texts)
        if empty or "#, fuzzy" in entry:
            holes.append(entry)
    assert holes == [], f"{len(holes)} messages without a Vietnamese text:\n\n" + "\n\n".join(holes[:40])


def test_messages_are_marked_by_names_the_extractor_knows() -> None:
    """`makemessages` reads `_` and Django's own names; a text marked by any other alias drops out of the catalogue."""
    aliases = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for folder in SOURCES[:4]
        for path in (ROOT / folder).rglob("*.py")
        for match in re.finditer(r"\b[nd]?p?gettext\w* as (?!_\b)\w+", path.read_text())
    ]
    assert aliases == []
