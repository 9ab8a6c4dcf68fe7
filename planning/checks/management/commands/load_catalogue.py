"""Publish the rule catalogue that comes with the house: ``script/manage load_catalogue``.

It edits no published rule.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from planning.checks.services import load_catalogue
from planning.checks.wording import CATALOGUE


class Command(BaseCommand):
    """Publish the rules of a folder as a new version, unless they are in force already."""

    help = "Publish the rule catalogue as a new rule-set version; does nothing when it is in force already."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder and a note."""
        parser.add_argument("--folder", type=Path, default=CATALOGUE)
        parser.add_argument("--note", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and tell what happened."""
        loaded = load_catalogue(options["folder"], note=options["note"])
        state = "published" if loaded.published else "in force already"
        self.stdout.write(
            f"Rule set {loaded.rule_set}: {state}; {loaded.rules} rules, {loaded.parameters_added} parameters added."
        )
        for code in loaded.parameters_kept:
            self.stdout.write(f"  {code}: the register holds another value and keeps it.")
        for code in loaded.rules_kept:
            self.stdout.write(f"  {code}: kept as an administrator wrote it.")
