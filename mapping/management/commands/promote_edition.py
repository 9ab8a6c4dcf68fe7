"""How is a staged edition promoted by command? In the name of the person who confirms, with her capability checked."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from layers.errors import DatNgheError
from layers.models import Edition, EditionStatus
from mapping.desks.steward.acts import confirm_promotion
from planning.people.models import User


class Command(BaseCommand):
    """Make a staged edition the current one."""

    help = "Promote a staged edition of a layer, confirmed by a person who may and who did not load it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the arguments."""
        parser.add_argument("layer", help="code of the layer")
        parser.add_argument("--number", type=int, default=0, help="number of the edition; the last staged when absent")
        parser.add_argument("--confirmed-by", required=True, help="username of the appraiser")

    def handle(self, *args: Any, **options: Any) -> None:
        """Promote."""
        staged = Edition.objects.filter(layer__code=options["layer"], status=EditionStatus.STAGED).order_by("-number")
        edition = (staged.filter(number=options["number"]) if options["number"] else staged).first()
        if edition is None:
            raise CommandError(f"no such staged edition of {options['layer']!r}")
        actor = User.objects.filter(username=options["confirmed_by"]).first()
        if actor is None:
            raise CommandError(f"there is no user {options['confirmed_by']!r}")
        try:
            promoted = confirm_promotion(actor, edition)
        except DatNgheError as problem:
            raise CommandError(f"{problem.code}: {problem.message} {problem.todo}".strip()) from problem
        self.stdout.write(f"{promoted.layer.code}: edition {promoted.number} is current")
