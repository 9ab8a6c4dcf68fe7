"""How does a draft become a submission? When nothing stands against it, about exactly the kept and checked version."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from planning.checks.basis import basis_on
from planning.people.models import User
from planning.proposals.freshness import latest_run
from planning.proposals.models import CheckRun, Proposal, Submission, ZoneVersion
from planning.proposals.reasons import Reason, Topic, refusal
from planning.proposals.services._check_run import run_report
from planning.proposals.services._frame import act, move, record
from planning.proposals.workflow import Verb


def submit(actor: User, proposal: Proposal, *, note: str = "") -> Submission:
    """Submit the current version of *proposal* with its check run.

    Raises TransitionRefused with every reason in ``detail["reasons"]`` when something is missing. The check is asked
    once more inside the transaction: when books or layers changed the answer meanwhile, the submission is refused.
    """
    with act(actor, proposal, Verb.SUBMIT) as (row, step):
        version, run = _kept(row)
        _subject, report = run_report(row, version, basis_on(timezone.localdate()))
        if report.findings_hash != run.findings_hash:
            raise refusal(
                [
                    Reason(
                        "REPORT_OUT_OF_DATE",
                        Topic.REPORT,
                        _("The check gives another answer than the kept report: books or layers changed meanwhile."),
                        where=row.code,
                        todo=_("Keep the version again and read the new report."),
                    )
                ]
            )
        submission = Submission.objects.create(
            proposal=row, round=row.round, version=version, run=run, by=actor, note=note.strip()
        )
        move(row, step)
        record(
            actor,
            Verb.SUBMIT,
            row,
            {"version": version.number, "geom_hash": version.geom_hash, "verdict": run.verdict, "run": run.pk},
        )
    return submission


def _kept(proposal: Proposal) -> tuple[ZoneVersion, CheckRun]:
    """Return the version and run that the guards found in order."""
    version = proposal.current_version
    run = latest_run(version) if version is not None else None
    if version is None or run is None:
        raise refusal(
            [
                Reason(
                    "NO_VERSION",
                    Topic.BOUNDARY,
                    _("No version of the boundary was kept."),
                    where=proposal.code,
                    todo=_("Keep a version: it is checked and becomes part of the dossier."),
                )
            ]
        )
    return version, run
