"""Load the demo province. Say where it is shown: `--quiet` for set-up, `--units FILE` for real commune boundaries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from project.demo.frame import DEMO_SRID


class Command(BaseCommand):
    """Put the demo province together; running it again refreshes it."""

    help = "Load the demo province (idempotent)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--units", type=Path, help="GeoJSON or GeoPackage with commune boundaries (code, name)")
        parser.add_argument("--quiet", action="store_true", help="print no timings")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or stop with a sentence when the house stores another zone than the demo's."""
        from layers.crs import storage_srid

        if storage_srid() != DEMO_SRID:
            raise CommandError(f"The demo province lies in EPSG:{DEMO_SRID}; STORAGE_SRID is {storage_srid()}.")
        units: Path | None = options["units"]
        if units is not None and not units.is_file():
            raise CommandError(f"{units}: no such file")
        from project.demo.loader import load_demo

        load_demo(units=units, say=(lambda line: None) if options["quiet"] else self.stdout.write)
