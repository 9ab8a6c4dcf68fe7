"""Who gives an office, and when may it not be given?"""

from __future__ import annotations

from datetime import date

import pytest

from layers.errors import Conflict, InputRefused, NotAllowed
from planning.people.capabilities import Capability, Role
from planning.people.models import Event
from planning.people.queries import can
from planning.people.services import assign, end_assignment
from tests.cast import TODAY, Cast, Land


def test_administrator_assigns_and_ends(cast: Cast, land: Land) -> None:
    office = assign(cast.administrator, cast.nobody, Role.PLANNER, land.east, date(2026, 1, 1))
    assert can(cast.nobody, Capability.DRAW_PROPOSAL, land.east, TODAY)
    end_assignment(cast.administrator, office, date(2026, 6, 30))
    assert not can(cast.nobody, Capability.DRAW_PROPOSAL, land.east, TODAY)
    assert [event.verb for event in Event.objects.order_by("id")] == ["assign", "end_assignment"]


@pytest.mark.parametrize("who", ["planner", "inspector", "fund_officer", "nobody"])
def test_nobody_else_may(cast: Cast, land: Land, who: str) -> None:
    with pytest.raises(NotAllowed):
        assign(cast.everyone()[who], cast.nobody, Role.INSPECTOR, None, TODAY)


def test_same_office_twice_at_a_time_is_refused(cast: Cast, land: Land) -> None:
    assign(None, cast.nobody, Role.PLANNER, land.east, date(2026, 1, 1), valid_to=date(2026, 3, 31))
    with pytest.raises(Conflict):
        assign(None, cast.nobody, Role.PLANNER, land.east, date(2026, 3, 31))
    assign(None, cast.nobody, Role.PLANNER, land.east, date(2026, 4, 1))
    assign(None, cast.nobody, Role.PLANNER, land.west, date(2026, 1, 1))


def test_dates_out_of_order_are_refused(cast: Cast, land: Land) -> None:
    with pytest.raises(InputRefused):
        assign(None, cast.nobody, Role.PLANNER, land.east, date(2026, 2, 1), valid_to=date(2026, 1, 1))
