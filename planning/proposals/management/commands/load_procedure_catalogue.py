"""How does an operator load time limits and dossier requirements? ``manage.py load_procedure_catalogue``."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from planning.proposals.services import load_procedure_catalogue


class Command(BaseCommand):
    """Load the catalogue of the procedure; loading again changes nothing."""

    help = "Load time limits and dossier requirements."

    def handle(self, *args: object, **options: object) -> None:
        """Load and print how many rows changed."""
        for kind, count in load_procedure_catalogue().items():
            self.stdout.write(f"{kind}: {count}")
