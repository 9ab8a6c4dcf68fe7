"""By which name is a kept report found again, and by whom? A number that stays, open to whoever sees the version.

It changes nothing; a report of a boundary that was never submitted stays with the planners and the inspector.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from layers.errors import NotFound
from planning.people.models import User
from planning.proposals.models import Appraisal, CheckRun, Decision, Proposal, Submission, SurveyRuling
from planning.proposals.visibility import versions_for, visible_to

HASH_DIGITS = 12
_NUMBER = re.compile(rf"([1-9][0-9]{{0,17}})-([0-9a-f]{{{HASH_DIGITS}}})")


def report_number(run: CheckRun) -> str:
    """Return the number a report is quoted by, such as ``17-3f9ac0d1e2b4``: the run, the boundary's hash begun."""
    return f"{run.pk}-{run.geom_hash[:HASH_DIGITS]}"


def report_for(user: User | AnonymousUser, number: str) -> CheckRun:
    """Return the kept run *number* when *user* may see its version.

    Raises NotFound otherwise, whether it exists or not.
    """
    match = _NUMBER.fullmatch(number)
    run = (
        CheckRun.objects.select_related("version", "version__author", "by")
        .filter(pk=int(match[1]), geom_hash__startswith=match[2])
        .first()
        if match
        else None
    )
    proposal = visible_to(user).filter(pk=run.version.proposal_id).first() if run is not None else None
    if run is None or proposal is None or not versions_for(user, proposal).filter(pk=run.version_id).exists():
        raise NotFound(
            _("There is no report with this number, or it is not yours to see."),
            where=number[:40],
            todo=_("Check the number, or ask who sent you the link."),
        )
    run.version.proposal = proposal
    return run


def reports_of(user: User | AnonymousUser, proposal: Proposal) -> QuerySet[CheckRun]:
    """Return the kept runs about the versions of *proposal* that *user* may see, newest first."""
    runs = CheckRun.objects.filter(version__in=versions_for(user, proposal)).select_related("version", "by")
    return runs.order_by("-at", "-id")


def runs_referred_to(numbers: Iterable[int]) -> set[int]:
    """Return those of the runs *numbers* that an act refers to: submission, appraisal, decision, accepted survey.

    Their reports are part of a file; what was made of them is not cleared away.
    """
    runs = CheckRun.objects.filter(pk__in=list(numbers))
    acts = [Submission.objects.all(), Appraisal.objects.all(), SurveyRuling.objects.filter(run__isnull=False)]
    cited = [runs.filter(pk__in=rows.values("run")).values_list("pk", flat=True) for rows in acts]
    decided = runs.filter(version__in=Decision.objects.values("version")).values_list("pk", flat=True)
    return {pk for found in (*cited, decided) for pk in found}
