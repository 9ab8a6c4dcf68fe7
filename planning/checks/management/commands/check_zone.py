"""Check a boundary from a file in a terminal: ``script/manage check_zone FILE``. Nothing is stored."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from layers.errors import DatNgheError
from layers.intake import read_vector_file, to_zone
from layers.models import AdminUnit
from planning.checks.basis import basis_on
from planning.checks.engine import check_report
from planning.checks.printed import report_lines
from planning.checks.types import Level, Subject


class Command(BaseCommand):
    """Read a boundary, say where it lies, print the report of the check."""

    help = (
        "Check a boundary (zipped shapefile, GeoPackage, GeoJSON, KML) against the rules in force and print the report."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and what the check must know about the proposal."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", default="new_cluster", help="kind of proposal, for example expansion")
        parser.add_argument("--unit", default="", help="code or name of the unit, for example 24373 or 'Ea Kar'")
        parser.add_argument("--entry", type=int, help="number of the plan-list entry")
        parser.add_argument("--crs", default="", help="which of the coordinate systems offered, by its key")
        parser.add_argument("--on", type=date.fromisoformat, help="day of the check, YYYY-MM-DD")
        parser.add_argument("--live", action="store_true", help="as while drawing, without the verified overlay")
        parser.add_argument("--language", choices=["vi", "en"], default="vi")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report in the language asked for; a refusal ends with its sentence."""
        with translation.override(options["language"]):
            try:
                self._check(options)
            except DatNgheError as refused:
                pieces = (refused.message, refused.where, refused.todo)
                raise CommandError(" ".join(piece for piece in pieces if piece)) from refused

    def _check(self, options: dict[str, Any]) -> None:
        day = options["on"] or timezone.localdate()
        unit = _unit(options["unit"], day)
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no such file: %(path)s") % {"path": path})
        intake = read_vector_file(path, path.name, declared_unit=unit)
        candidate = intake.candidate(options["crs"]) if options["crs"] else intake.best
        if candidate is None:
            raise CommandError(intake.question_text or _("The coordinate system of the file is not known."))
        self.stdout.write(_("Read as: %(crs)s") % {"crs": candidate.label})
        if intake.question and not options["crs"]:
            self.stdout.write(self.style.WARNING(f"{intake.question_text} {intake.question_todo}".strip()))
            offered = ", ".join(f"{other.key} ({other.label})" for other in intake.candidates[:5])
            self.stdout.write(_("Choose with --crs: %(offered)s") % {"offered": offered})
        subject = Subject(
            zone=to_zone(intake, candidate).geom,
            kind=options["kind"],
            unit_id=unit.pk if unit else None,
            plan_entry_id=options["entry"],
        )
        level = Level.LIVE if options["live"] else Level.STORED
        for line in report_lines(check_report(subject, basis_on(day), level=level)):
            self.stdout.write(line)


def _unit(wanted: str, day: date) -> AdminUnit | None:
    """Find the unit by code or name among those of the day, then among abolished ones (former districts)."""
    if not wanted:
        return None
    for units in (AdminUnit.objects.valid_on(day), AdminUnit.objects.all()):
        found = units.filter(code=wanted) if wanted.isdigit() else units.filter(name__iexact=wanted)
        # Of several units of one name the smallest level is meant: a commune before its former district.
        unit = found.order_by("-level__rank", "-valid_from").first()
        if unit is not None:
            return unit
    raise CommandError(_("No administrative unit has the code or name %(wanted)s.") % {"wanted": wanted})
