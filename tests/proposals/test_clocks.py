"""When is a step due? Tables of dates: week-ends, Tết, swapped days, pauses; and the clock of a real proposal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.models import Holiday
from planning.proposals import services
from planning.proposals.clocks import Pause, WorkCalendar, clock_of, days_left, days_used, due_date
from planning.proposals.models import ClockRule
from tests.proposals.moments import acting_at
from tests.proposals.plans import Plans

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
# Tết 2027 (lunar new year 6 February 2027): free from Friday 5 to Thursday 11 February; Saturday 20 is worked instead.
TET = {date(2027, 2, day): False for day in (5, 8, 9, 10, 11)} | {date(2027, 2, 20): True}
CALENDAR = WorkCalendar(TET | {date(2026, 9, 1): False, date(2026, 9, 2): False})


@pytest.mark.parametrize(
    ("start", "days", "counted_in", "due"),
    [
        # the day of the event is not counted: Monday + 5 working days = next Monday
        (date(2026, 11, 2), 5, "working", date(2026, 11, 9)),
        (date(2026, 11, 6), 5, "working", date(2026, 11, 13)),
        (date(2026, 11, 7), 5, "working", date(2026, 11, 13)),
        # 2 September and the day before it
        (date(2026, 8, 31), 5, "working", date(2026, 9, 9)),
        # over Tết: 3, 4 · free 5–11 · 12, 15, 16
        (date(2027, 2, 2), 5, "working", date(2027, 2, 16)),
        # a swapped Saturday counts
        (date(2027, 2, 17), 3, "working", date(2027, 2, 20)),
        (date(2027, 2, 17), 4, "working", date(2027, 2, 22)),
        # calendar days: week-ends count …
        (date(2026, 11, 2), 15, "calendar", date(2026, 11, 17)),
        (date(2026, 11, 2), 25, "calendar", date(2026, 11, 27)),
        # … but a period does not end on a free day (Civil Code, art. 148)
        (date(2026, 11, 3), 25, "calendar", date(2026, 11, 30)),
        (date(2027, 1, 13), 25, "calendar", date(2027, 2, 12)),
        (date(2027, 1, 26), 25, "calendar", date(2027, 2, 20)),
        (date(2028, 2, 4), 25, "calendar", date(2028, 2, 29)),
        (date(2026, 11, 2), 7, "working", date(2026, 11, 11)),
    ],
)
def test_due_dates(start: date, days: int, counted_in: str, due: date) -> None:
    assert due_date(start, days, counted_in, CALENDAR) == due


@pytest.mark.parametrize(
    ("pause", "due"),
    [
        # returned on the 9th, back on the 19th: ten days are not counted; 25 days become 7 December
        (Pause(date(2026, 11, 9), date(2026, 11, 19)), date(2026, 12, 7)),
        # returned and back on one day: nothing is lost
        (Pause(date(2026, 11, 9), date(2026, 11, 9)), date(2026, 11, 27)),
        # still awaited: no day to name
        (Pause(date(2026, 11, 9), None), None),
    ],
)
def test_pauses(pause: Pause, due: date | None) -> None:
    assert due_date(date(2026, 11, 2), 25, "calendar", CALENDAR, [pause]) == due


def test_two_pauses_and_working_days() -> None:
    pauses = [Pause(date(2026, 11, 3), date(2026, 11, 5)), Pause(date(2026, 11, 9), date(2026, 11, 10))]
    # counted: 3 · 6 · 9 · 11 · 12
    assert due_date(date(2026, 11, 2), 5, "working", CALENDAR, pauses) == date(2026, 11, 12)


def test_days_left_on_before_and_after_the_day() -> None:
    due = date(2026, 11, 13)
    assert days_left(date(2026, 11, 9), due, "calendar", CALENDAR) == 4
    assert days_left(due, due, "calendar", CALENDAR) == 0
    assert days_left(date(2026, 11, 16), due, "calendar", CALENDAR) == -3
    assert days_left(date(2026, 11, 16), due, "working", CALENDAR) == -1


@given(
    start=st.dates(date(2024, 5, 1), date(2030, 1, 1)),
    days=st.integers(1, 60),
    counted_in=st.sampled_from(["calendar", "working"]),
    gaps=st.lists(st.integers(1, 20), max_size=4),
)
def test_a_closed_pause_only_ever_moves_the_day_back(start: date, days: int, counted_in: str, gaps: list[int]) -> None:
    pauses, day = [], start
    for gap in gaps:
        begins = day + timedelta(days=gap)
        day = begins + timedelta(days=gap)
        pauses.append(Pause(begins, day))
    plain = due_date(start, days, counted_in, CALENDAR)
    paused = due_date(start, days, counted_in, CALENDAR, pauses)
    assert plain is not None
    assert paused is not None
    assert plain <= paused
    assert CALENDAR.works(paused)
    assert days_used(start, paused, counted_in, CALENDAR, pauses) >= days


def at(month: int, day: int, hour: int = 9, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=HERE)


def test_the_appraisal_clock_of_a_proposal(plans: Plans) -> None:
    with acting_at(at(11, 1)):
        proposal = plans.submitted()
        assert clock_of(proposal) is None  # nothing runs before the dossier is accepted
    with acting_at(at(11, 2)):
        services.accept_dossier(plans.cast.appraiser, proposal)
    with acting_at(at(11, 9)):
        clock = clock_of(plans.fresh(proposal))
        assert clock is not None
        assert (clock.step, clock.started, clock.due, clock.left) == (
            "appraisal",
            date(2026, 11, 2),
            date(2026, 11, 27),
            18,
        )
        services.return_for_changes(plans.cast.appraiser, proposal, reasons=["dossier"], text="Bổ sung.")
    with acting_at(at(11, 15)):
        clock = clock_of(plans.fresh(proposal))
        assert clock is not None
        assert (clock.paused, clock.due, clock.left, clock.overdue) == (True, None, 18, False)
    with acting_at(at(11, 19)):
        services.keep_version(plans.cast.planner, proposal)
        services.submit(plans.cast.planner, proposal)
        clock = clock_of(plans.fresh(proposal))
        assert clock is not None
        assert (clock.paused, clock.due, clock.left) == (False, date(2026, 12, 7), 18)
    with acting_at(at(11, 23)):
        services.accept_dossier(plans.cast.appraiser, proposal)
        clock = clock_of(plans.fresh(proposal))
        assert clock is not None
        assert clock.started == date(2026, 11, 2)  # the same clock goes on
    with acting_at(at(12, 10)):
        clock = clock_of(plans.fresh(proposal))
        assert clock is not None
        assert (clock.left, clock.overdue) == (-3, True)


def test_the_decision_clock_starts_with_the_sign_off(plans: Plans) -> None:
    Holiday.objects.create(day=date(2026, 12, 4), name="Nghỉ bù")
    with acting_at(at(11, 30)):
        proposal = plans.forwarded()
        clock = clock_of(proposal)
        assert clock is not None
        # 7 working days without Friday 4 December: 1, 2, 3, 7, 8, 9, 10
        assert (clock.step, clock.due, clock.left) == ("decision", date(2026, 12, 10), 7)
        plans.decide(proposal)
        assert clock_of(plans.fresh(proposal)) is None


def test_days_are_days_in_viet_nam(plans: Plans) -> None:
    with acting_at(at(11, 2, hour=0)):  # still 1 November in UTC
        proposal = plans.under_review()
        clock = clock_of(proposal)
        assert clock is not None
        assert clock.started == date(2026, 11, 2)


def test_the_rule_of_the_day_the_clock_started_counts(plans: Plans) -> None:
    old = ClockRule.objects.get(step="appraisal")
    ClockRule.objects.filter(pk=old.pk).update(valid_to=date(2026, 11, 10))
    old.pk, old.days, old.valid_from, old.valid_to = None, 10, date(2026, 11, 11), None
    old.save(force_insert=True)
    with acting_at(at(11, 9)):
        early = plans.under_review()
    with acting_at(at(11, 12)):
        late = plans.under_review()
        first, second = clock_of(early), clock_of(late)
        assert first is not None
        assert second is not None
        assert (first.rule.days, second.rule.days) == (25, 10)
