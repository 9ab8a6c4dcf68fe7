"""Write the page of all rules: ``script/manage rule_table``.

It reads the catalogue that comes with the house, not what a province made of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from planning.checks.rule_table import rule_table


class Command(BaseCommand):
    """Write the catalogue as a page for people."""

    help = "Write the rule catalogue as a page: docs/rules.md, or another file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file to write."""
        parser.add_argument("--to", type=Path, default=Path("docs/rules.md"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page in English, as all documents are."""
        with translation.override("en"):
            options["to"].write_text(rule_table(), encoding="utf-8")
        self.stdout.write(f"{options['to']} written")
