"""Does a kept run answer the same today, and if not, did the sources change or the engine? Asked again, nothing kept.

It changes no run and no proposal; `planning.proposals.services.recheck` asks today's question, this asks the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.errors import DatNgheError
from layers.models import Edition
from layers.services import ensure_derived
from planning.checks.basis import basis_of_run
from planning.checks.declared import Declared
from planning.checks.engine import check_report
from planning.checks.report import Report
from planning.checks.types import Basis, Level, Subject
from planning.proposals.freshness import parts_of
from planning.proposals.models import CheckRun
from planning.proposals.rerun_differences import Difference, answer_differences, source_differences
from planning.proposals.services._check_run import kept_basis


class Answer(TextChoices):
    """What asking a kept run again came to."""

    SAME = "same", gettext_lazy("same")
    SOURCE_CHANGED = "source_changed", gettext_lazy("source changed")
    ENGINE_CHANGED = "engine_changed", gettext_lazy("engine changed")
    NOT_REPEATABLE = "not_repeatable", gettext_lazy("cannot be repeated")


@dataclass(frozen=True)
class Rerun:
    """Hold what asking *run* again came to.

    *differences*: what changed in the sources, then what changed in the answer. *reason*: why it cannot be repeated, a
    sentence in the active language. *engine_before*, *engine_now*: versions by name.
    """

    run: CheckRun
    answer: Answer
    differences: tuple[Difference, ...] = ()
    reason: str = ""
    engine_before: Mapping[str, str] | None = None
    engine_now: Mapping[str, str] | None = None
    report: Report | None = None

    @property
    def engine_differs(self) -> bool:
        """Tell whether the versions differ, whatever the answer says."""
        return self.engine_now is not None and dict(self.engine_before or {}) != dict(self.engine_now)

    def sentence(self) -> str:
        """Say the answer in a sentence of the active language."""
        if self.answer == Answer.SAME and self.engine_differs:
            return _("The run gives the same answer, byte for byte, although the software was renewed since.")
        if self.answer == Answer.SAME:
            return _("The run gives the same answer, byte for byte.")
        if self.answer == Answer.SOURCE_CHANGED:
            return _("The run gives another answer: what it was asked against was changed since.")
        if self.answer == Answer.ENGINE_CHANGED:
            return _("The run gives another answer on the same data: the software was renewed since.")
        return _("The run cannot be repeated: %(reason)s") % {"reason": self.reason}


def rerun(run: CheckRun) -> Rerun:
    """Ask *run* again: its boundary, its question, its rules, editions and day; compare the findings byte for byte.

    Parts of retired editions that were dropped are built again first. Never raises for a run that cannot be repeated.
    """
    try:
        subject = subject_of_run(run)
        basis = basis_of_run_built(run.basis)
        report = check_report(subject, basis, level=Level.STORED)
    except DatNgheError as error:
        place = f" ({error.where})" if error.where else ""
        return Rerun(run, Answer.NOT_REPEATABLE, reason=f"{error}{place}", engine_before=run.engine)
    except KeyError as error:
        reason = _("it did not keep %(name)s.") % {"name": error.args[0]}
        return Rerun(run, Answer.NOT_REPEATABLE, reason=reason, engine_before=run.engine)
    versions: dict[str, Any] = {"engine_before": run.engine, "engine_now": dict(report.engine), "report": report}
    if report.findings_hash == run.findings_hash:
        return Rerun(run, Answer.SAME, **versions)
    sources = source_differences(run.basis, kept_basis(report))
    answers = answer_differences(run, report)
    return Rerun(run, _cause(run, report, sources, answers), (*sources, *answers), **versions)


def subject_of_run(run: CheckRun) -> Subject:
    """Rebuild what *run* was asked about: the kept boundary and parts, with the question as it was kept.

    Raises KeyError with the name of what a run of an older version did not keep.
    """
    asked = run.subject
    return Subject(
        zone=run.version.geom,
        kind=asked["kind"],
        unit_id=asked["unit"],
        parts=tuple(parts_of(run.version)),
        plan_entry_id=asked["plan_entry"],
        ignore_cluster_ids=tuple(asked["ignore_clusters"]),
        ignore_proposal_codes=tuple(asked["ignore_proposals"]),
        demand_ha=asked.get("demand_ha"),
        declared=Declared.of(asked.get("declared", {})),
    )


def basis_of_run_built(stored: Mapping[str, Any]) -> Basis:
    """Return the basis of a kept run, with the parts of its editions built where they were dropped meanwhile."""
    numbers = [edition["id"] for edition in stored.get("editions", [])]
    for edition in Edition.objects.filter(pk__in=numbers, parts_built=False).defer("coverage"):
        ensure_derived(edition)
    return basis_of_run(stored)


def _cause(run: CheckRun, report: Report, sources: list[Difference], answers: list[Difference]) -> Answer:
    """Tell which of sources and engine explains another answer.

    A changed source explains it. Without one, other versions do. A run kept before sources were kept with it is judged
    by the hashes of the source rows in its findings.
    """
    if sources or dict(run.engine) == dict(report.engine):
        return Answer.SOURCE_CHANGED
    if "read" not in run.basis and any(difference.row_changed for difference in answers):
        return Answer.SOURCE_CHANGED
    return Answer.ENGINE_CHANGED
