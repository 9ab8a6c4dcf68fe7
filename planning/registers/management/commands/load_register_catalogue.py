"""How does an operator load the law's figures for the books? ``manage.py load_register_catalogue``."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from planning.registers.services import load_register_catalogue


class Command(BaseCommand):
    """Load the catalogue of the registers; loading again changes nothing."""

    help = "Load the figures of the law for craft villages and the fund."

    def handle(self, *args: object, **options: object) -> None:
        """Load and print how many rows were added."""
        for kind, count in load_register_catalogue().items():
            self.stdout.write(f"{kind}: {count}")
