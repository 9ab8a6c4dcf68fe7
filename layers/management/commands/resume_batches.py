"""Ask the worker again for long work whose runner was ended: ``script/manage resume_batches``. It does none itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from layers.batches.services import resume_stalled


class Command(BaseCommand):
    """Queue batches that are running on paper only."""

    help = "Queue long work that was interrupted; what is done stays done."

    def handle(self, *args: Any, **options: Any) -> None:
        """Queue and count."""
        self.stdout.write(f"{resume_stalled()} batches queued again.")
