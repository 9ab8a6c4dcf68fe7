"""Do the documents point at what exists? Relative links, pictures, scripts and commands they name."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


def test_every_relative_link_and_picture_exists() -> None:
    gone = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not gone


def test_every_script_and_command_named_exists() -> None:
    gone = [
        f"{page.relative_to(ROOT)}: {script} {command}"
        for page in PAGES
        for script, command in re.findall(r"\b(script/[a-z/._-]*[a-z])(?: ([a-z_]+_[a-z_]+))?", page.read_text())
        if not (ROOT / script).exists() or (script == "script/manage" and command and command not in get_commands())
    ]
    assert not gone
