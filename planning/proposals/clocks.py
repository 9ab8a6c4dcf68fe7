"""When is a step due? Days counted as the instrument prints them, from the day after the event, paused while waiting.

Counting follows the Civil Code 2015 (91/2015/QH13): the day of the event is not counted (art. 147), and a period that
would end on a free day ends on the next working day (art. 148). The module does not start or stop anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from layers.models import Holiday
from planning.proposals.models import ClockRule, ClockUnit, Proposal, State

SATURDAY = 5
ONE_DAY = timedelta(days=1)
LONGEST_SEARCH_DAYS = 3_660
APPRAISAL = "appraisal"
DECISION = "decision"


@dataclass(frozen=True)
class Pause:
    """Days that do not count: after *begins* (the day of the return) up to *ends* (the day of resubmission, included).

    ``ends`` None: the supplement is still awaited.
    """

    begins: date
    ends: date | None


class WorkCalendar:
    """Tell working days: Monday to Friday, less holidays, plus swapped days that are worked (day → worked)."""

    def __init__(self, days: Mapping[date, bool]) -> None:
        self._days = days

    @classmethod
    def load(cls) -> WorkCalendar:
        """Read the holidays and swapped days that the administration entered."""
        return cls(dict(Holiday.objects.values_list("day", "is_working")))

    def works(self, day: date) -> bool:
        """Tell whether the administration works on *day*."""
        return self._days.get(day, day.weekday() < SATURDAY)


def due_date(
    start: date, days: int, counted_in: str, calendar: WorkCalendar, pauses: Sequence[Pause] = ()
) -> date | None:
    """Return the last day of a period of *days* that an event of day *start* began; None while it is paused.

    Calendar periods end on the next working day when their last day is free.
    """
    if any(pause.ends is None for pause in pauses):
        return None
    day, left = start, days
    for _step in range(LONGEST_SEARCH_DAYS):
        if left == 0 and (calendar.works(day) or day == start):
            return day
        day += ONE_DAY
        if left > 0 and _counts(day, counted_in, calendar, pauses):
            left -= 1
    return None


def days_used(start: date, today: date, counted_in: str, calendar: WorkCalendar, pauses: Sequence[Pause] = ()) -> int:
    """Return how many days of a period are used up on *today*, pauses left out."""
    span = (today - start).days
    return sum(_counts(start + timedelta(days=number), counted_in, calendar, pauses) for number in range(1, span + 1))


def days_left(today: date, due: date, counted_in: str, calendar: WorkCalendar) -> int:
    """Return how many days are left until *due* (0 on the day itself), negative when it passed."""
    if today <= due:
        return days_used(today, due, counted_in, calendar)
    return -days_used(due, today, counted_in, calendar)


def _counts(day: date, counted_in: str, calendar: WorkCalendar, pauses: Iterable[Pause]) -> bool:
    if any(pause.begins < day and (pause.ends is None or day <= pause.ends) for pause in pauses):
        return False
    return counted_in == ClockUnit.CALENDAR or calendar.works(day)


@dataclass(frozen=True)
class Clock:
    """Say where a running step stands. ``due`` None and ``paused`` true while a supplement is awaited."""

    step: str
    rule: ClockRule
    started: date
    due: date | None
    left: int
    paused: bool

    @property
    def overdue(self) -> bool:
        """Tell whether the time limit passed."""
        return self.left < 0


def all_rules() -> list[ClockRule]:
    """Return every time limit of the catalogue, the newest first; for callers that look at many proposals."""
    return list(ClockRule.objects.select_related("instrument").order_by("-valid_from"))


def rule_on(step: str, day: date, rules: Sequence[ClockRule] | None = None) -> ClockRule | None:
    """Return the time limit of *step* in force on *day*, out of *rules* (newest first) when they are at hand."""
    for rule in all_rules() if rules is None else rules:
        if rule.step == step and rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to):
            return rule
    return None


def pauses_of(proposal: Proposal) -> list[Pause]:
    """Return the times *proposal* was with its planner for a supplement, as local days."""
    resubmitted = {row.round: timezone.localdate(row.at) for row in proposal.submissions.all()}
    return [
        Pause(timezone.localdate(row.at), resubmitted.get(row.round + 1))
        for row in sorted(proposal.returns.all(), key=lambda row: row.round)
    ]


def clock_of(
    proposal: Proposal,
    today: date | None = None,
    calendar: WorkCalendar | None = None,
    rules: Sequence[ClockRule] | None = None,
) -> Clock | None:
    """Return the clock running on *proposal*: appraisal from acceptance, decision from sign-off.

    None when no clock runs: never accepted, decided, withdrawn, or no time limit is in the catalogue.
    """
    day = today or timezone.localdate()
    started, step, pauses = _running(proposal)
    if started is None:
        return None
    rule = rule_on(step, started, rules)
    if rule is None:
        return None
    work = calendar or WorkCalendar.load()
    due = due_date(started, rule.days, rule.counted_in, work, pauses)
    if due is None:
        left = rule.days - days_used(started, day, rule.counted_in, work, pauses)
    else:
        left = days_left(day, due, rule.counted_in, work)
    return Clock(step, rule, started, due, left, paused=due is None)


def _running(proposal: Proposal) -> tuple[date | None, str, list[Pause]]:
    state = State(proposal.state)
    if state == State.FORWARDED:
        signed = [row.at for row in proposal.signoffs.all() if row.round == proposal.round]
        return (timezone.localdate(signed[0]) if signed else None), DECISION, []
    running = {State.DRAFT, State.SUBMITTED, State.UNDER_REVIEW, State.APPRAISED}
    if state in running and proposal.dossier_accepted_at is not None:
        started = timezone.localdate(proposal.dossier_accepted_at)
        return started, APPRAISAL, [pause for pause in pauses_of(proposal) if pause.begins >= started]
    return None, "", []
