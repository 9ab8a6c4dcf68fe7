"""Ask a kept run of the check again: ``script/manage recheck RUN`` or ``--all``. Nothing is stored."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planning.proposals.models import CheckRun
from planning.proposals.rerun import Answer, Rerun, rerun


class Command(BaseCommand):
    """Repeat kept runs and say whether they answer the same; exit status 0 same, 1 changed, 2 cannot be repeated."""

    help = "Ask a kept run of the check again: same, source changed, engine changed, or cannot be repeated."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the run by its row number or the number on its report, or all of them."""
        parser.add_argument("run", nargs="?", default="", help="number of the run, for example 17 or 17-3f9ac0d1e2b4")
        parser.add_argument("--all", action="store_true", help="every kept run, with counts at the end")
        parser.add_argument("--language", choices=["vi", "en"], default="vi")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what became of each run; the exit status is that of the worst."""
        if bool(options["run"]) == options["all"]:
            raise CommandError("name one run, or --all", returncode=2)
        counted: Counter[Answer] = Counter()
        with translation.override(options["language"]):
            for run in _runs(options["run"]):
                again = rerun(run)
                counted[again.answer] += 1
                self._print(again)
            if options["all"]:
                self.stdout.write(_tally(counted))
        if counted[Answer.NOT_REPEATABLE]:
            sys.exit(2)
        if counted[Answer.SOURCE_CHANGED] or counted[Answer.ENGINE_CHANGED]:
            sys.exit(1)

    def _print(self, again: Rerun) -> None:
        run = again.run
        self.stdout.write(
            f"{run.pk}  {run.version}  {run.basis.get('date', '')}  {Answer(again.answer).label}\n  {again.sentence()}"
        )
        if again.engine_differs:
            before, now = (_versions(side) for side in (again.engine_before, again.engine_now))
            self.stdout.write(f"  {_('Software')}: {before} → {now}")
        for difference in again.differences:
            self.stdout.write(f"  - {difference}")


def _runs(number: str) -> Iterator[CheckRun]:
    runs = CheckRun.objects.select_related("version__proposal").order_by("pk")
    if not number:
        yield from runs.iterator()
        return
    key, _dash, digits = number.partition("-")
    run = runs.filter(pk=int(key), geom_hash__startswith=digits).first() if key.isdigit() else None
    if run is None:
        raise CommandError(_("There is no kept run %(number)s.") % {"number": number}, returncode=2)
    yield run


def _versions(versions: Any) -> str:
    return ", ".join(f"{name} {version}" for name, version in sorted(dict(versions or {}).items()))


def _tally(counted: Counter[Answer]) -> str:
    total = sum(counted.values())
    head = ngettext("%(count)d run", "%(count)d runs", total) % {"count": total}
    return f"{head}: " + ", ".join(f"{Answer(answer).label} {counted[answer]}" for answer in Answer)
