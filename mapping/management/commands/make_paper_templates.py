"""Write the empty paper templates anew; an office that edited its own keeps them in MEDIA_ROOT/office."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from mapping.papers.office_templates import write_templates


class Command(BaseCommand):
    """Write the built-in DOCX templates."""

    help = "Write the built-in DOCX templates of the papers anew."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and name the files."""
        for path in write_templates():
            self.stdout.write(path.name)
