"""How is a staged edition promoted by command? In the name of who confirms, by the sweep that person names.

Without ``--sweep`` it only prints what the sweep found and how to confirm exactly that.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from layers.errors import DatNgheError
from layers.models import Edition, EditionStatus
from planning.people.models import User
from planning.proposals.services.confirm_edition import confirm_edition
from planning.proposals.sweep import rows_of
from planning.proposals.sweep_state import latest_sweep, require_finished

SEAL_SHOWN = 8


class Command(BaseCommand):
    """Make a staged edition the current one."""

    help = "Promote a staged edition of a layer, confirmed by a person who may and who did not load it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the arguments."""
        parser.add_argument("layer", help="code of the layer")
        parser.add_argument("--number", type=int, default=0, help="number of the edition; the last staged when absent")
        parser.add_argument("--confirmed-by", required=True, help="username of the appraiser")
        parser.add_argument("--sweep", default="", help="number:seal of the sweep that was seen, as printed without it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Promote."""
        staged = Edition.objects.filter(layer__code=options["layer"], status=EditionStatus.STAGED).order_by("-number")
        edition = (staged.filter(number=options["number"]) if options["number"] else staged).first()
        if edition is None:
            raise CommandError(f"no such staged edition of {options['layer']!r}")
        actor = User.objects.filter(username=options["confirmed_by"]).first()
        if actor is None:
            raise CommandError(f"there is no user {options['confirmed_by']!r}")
        number, _colon, seal = options["sweep"].partition(":")
        try:
            if not number:
                self._tell(edition, options)
                return
            batch = require_finished(edition, latest_sweep(edition))
            whole = batch.params["seal"] if len(seal) >= SEAL_SHOWN and batch.params["seal"].startswith(seal) else seal
            named = int(number) if number.isdecimal() else None
            promoted = confirm_edition(actor, edition, sweep_id=named, seal=whole)
        except DatNgheError as problem:
            raise CommandError(f"{problem.code}: {problem.message} {problem.todo}".strip()) from problem
        self.stdout.write(f"{promoted.layer.code}: edition {promoted.number} is current")

    def _tell(self, edition: Edition, options: dict[str, Any]) -> None:
        """Print what the sweep found, and the line that confirms it."""
        batch = require_finished(edition, latest_sweep(edition))
        rows = rows_of(batch)
        self.stdout.write(f"{edition.layer.code}: edition {edition.number}, {len(rows)} asked")
        for row in rows:
            if row["differs"]:
                rules = ", ".join(rule["rule"] for rule in row["rules"])
                self.stdout.write(f"  {row['code']}: {row['before']} -> {row['after']} ({rules})")
        self.stdout.write(
            f"confirm with: promote_edition {edition.layer.code} --number {edition.number}"
            f" --confirmed-by {options['confirmed_by']} --sweep {batch.pk}:{batch.params['seal'][:SEAL_SHOWN]}"
        )
