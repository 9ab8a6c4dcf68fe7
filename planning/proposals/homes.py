"""What lies on whose desk? The planner's three columns and the department's queue, each row ready to be shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import capabilities_of
from planning.proposals.clocks import Clock, WorkCalendar, all_rules, clock_of
from planning.proposals.disputes import Verdicts, rulings_by_proposal, verdicts_by_run
from planning.proposals.models import (
    CheckRun,
    DisputeRuling,
    Draft,
    Proposal,
    Return,
    State,
    Submission,
    SurveyReturn,
    ZoneVersion,
)
from planning.proposals.threads import count_unanswered
from planning.proposals.visibility import visible_to

IN_THE_QUEUE = (State.SUBMITTED, State.UNDER_REVIEW, State.APPRAISED, State.FORWARDED)


@dataclass(frozen=True)
class Row:
    """One proposal in a list. ``version`` is the newest one the reader may see, ``run`` its newest check.

    ``zone`` is what is drawn (planner) or was submitted (department), storage CRS; ``verdicts`` both values of the run;
    ``rulings`` what the department ruled of late on disagreements (for the planner's side only); ``measured`` tells
    that measurements of the survey team wait for an answer.
    """

    proposal: Proposal
    draft: Draft | None
    version: ZoneVersion | None
    run: CheckRun | None
    unanswered: int
    clock: Clock | None
    returned: Return | None
    submission: Submission | None
    verdicts: Verdicts | None = None
    rulings: tuple[DisputeRuling, ...] = ()
    measured: bool = False

    @property
    def zone(self) -> GEOSGeometry | None:
        """Return the geometry for a thumbnail: the draft's while it is drawn, else the version's."""
        drawn: GEOSGeometry | None = self.draft.geom if self.draft is not None else None
        if drawn is not None or self.version is None:
            return drawn
        kept: GEOSGeometry = self.version.geom
        return kept

    @property
    def area_ha(self) -> float | None:
        """Return the area of ``zone`` in hectares, to 0.01 ha."""
        zone = self.zone
        return round(float(zone.area) / 10_000, 2) if zone is not None else None


@dataclass(frozen=True)
class PlannerHome:
    """The three columns of the planner's home; ``mine`` rows first is the desk's choice, not made here."""

    returned: tuple[Row, ...]
    drafts: tuple[Row, ...]
    sent: tuple[Row, ...]


def planner_home(user: User | AnonymousUser, today: date | None = None) -> PlannerHome:
    """Return the proposals of the planner's scope: returned for changes, drafts never sent, sent."""
    if not isinstance(user, User) or Capability.DRAW_PROPOSAL not in capabilities_of(user):
        return PlannerHome((), (), ())
    rows = _rows(visible_to(user).order_by("-changed_at"), today, with_draft=True)
    return PlannerHome(
        returned=tuple(row for row in rows if row.proposal.state == State.DRAFT and row.proposal.round > 1),
        drafts=tuple(row for row in rows if row.proposal.state == State.DRAFT and row.proposal.round == 1),
        sent=tuple(row for row in rows if row.proposal.state != State.DRAFT),
    )


def review_queue(
    user: User | AnonymousUser, states: Iterable[str] = IN_THE_QUEUE, today: date | None = None
) -> list[Row]:
    """Return the proposals that wait at the department or the committee, the most urgent first.

    Empty for a person who may not see submitted proposals.
    """
    if not isinstance(user, User) or Capability.SEE_SUBMITTED not in capabilities_of(user):
        return []
    rows = _rows(visible_to(user).filter(state__in=list(states)), today, with_draft=False)
    return sorted(
        rows, key=lambda row: (row.clock is None, row.clock.left if row.clock else 0, row.proposal.changed_at)
    )


def _rows(proposals: QuerySet[Proposal], today: date | None, *, with_draft: bool) -> list[Row]:
    day = today or timezone.localdate()
    counts = count_unanswered(proposals.order_by())
    loaded = list(
        proposals.prefetch_related(
            Prefetch("submissions", Submission.objects.select_related("version", "run").order_by("round")),
            Prefetch("returns", Return.objects.select_related("by").order_by("round")),
            "signoffs",
        )
    )
    drafts = {draft.proposal_id: draft for draft in Draft.objects.filter(proposal__in=loaded)} if with_draft else {}
    versions = [proposal.current_version_id for proposal in loaded if proposal.current_version_id is not None]
    newest = {
        run.version_id: run for run in CheckRun.objects.filter(version__in=versions).order_by("version_id", "at", "id")
    }
    calendar, rules = WorkCalendar.load(), all_rules()
    rows = [_row(proposal, drafts, newest, counts, clock_of(proposal, day, calendar, rules)) for proposal in loaded]
    verdicts = verdicts_by_run(row.run for row in rows if row.run is not None)
    ruled = rulings_by_proposal(loaded) if with_draft else {}
    measured = _measured(loaded)
    return [
        replace(
            row,
            verdicts=verdicts[row.run.pk] if row.run is not None else None,
            rulings=tuple(ruled.get(row.proposal.pk, ())),
            measured=row.proposal.pk in measured,
        )
        for row in rows
    ]


def _measured(proposals: list[Proposal]) -> set[int]:
    """Return the proposals whose newest measurements nobody has answered."""
    newest = (
        SurveyReturn.objects.filter(proposal__in=proposals, proposal__state=State.BEING_SURVEYED)
        .order_by("proposal", "-number")
        .distinct("proposal")
    )
    return {proposal for proposal, ruling in newest.values_list("proposal", "ruling") if ruling is None}


def _row(
    proposal: Proposal,
    drafts: dict[int, Draft],
    newest: dict[int, CheckRun],
    counts: dict[int, int],
    clock: Clock | None,
) -> Row:
    submissions, returns = list(proposal.submissions.all()), list(proposal.returns.all())
    submission = submissions[-1] if submissions else None
    own_side = proposal.pk in drafts
    version = proposal.current_version if own_side else (submission.version if submission else None)
    run = newest.get(version.pk) if version is not None else None
    return Row(
        proposal=proposal,
        draft=drafts.get(proposal.pk) if proposal.state == State.DRAFT else None,
        version=version,
        run=run or (submission.run if submission is not None else None),
        unanswered=counts.get(proposal.pk, 0),
        clock=clock,
        returned=returns[-1] if returns and proposal.state == State.DRAFT else None,
        submission=submission,
    )
