"""Drop parts and tiles of editions retired long ago: ``script/manage slim_editions``. Features and reports stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from layers.services.derive import KEEP_AFTER_RETIREMENT, drop_old_derived


class Command(BaseCommand):
    """Slim retired editions; what is needed again is rebuilt on demand."""

    help = "Drop what is derived from editions that retired long ago; it is rebuilt on demand."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the number of days."""
        parser.add_argument("--after-days", type=int, default=KEEP_AFTER_RETIREMENT.days)

    def handle(self, *args: Any, **options: Any) -> None:
        """Drop and count."""
        day = timezone.localdate() - timedelta(days=options["after_days"])
        self.stdout.write(f"{drop_old_derived(day)} editions slimmed.")
