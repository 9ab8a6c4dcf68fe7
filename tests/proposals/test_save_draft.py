"""Is a save ever lost? Stale saves are refused with both states; a machine of three hands finds no lost update."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, LineString, MultiLineString, MultiPolygon, Point, Polygon
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from layers.errors import Conflict, InputRefused, LimitExceeded
from planning.people.models import User
from planning.proposals import services
from planning.proposals.models import Draft
from tests.cast import EAST0, NORTH0, Cast, Land, make_cast, make_land, square
from tests.proposals.plans import Plans, zone


def test_a_save_moves_the_row_version(plans: Plans) -> None:
    proposal = plans.draft()
    saved = services.save_draft(plans.cast.colleague, proposal, row_version=2, geom=square(100, 100, 300))
    assert (saved.row_version, saved.saved_by) == (3, plans.cast.colleague)
    assert isinstance(saved.geom, MultiPolygon)
    assert Draft.objects.get(proposal=proposal).geom.area == 90_000


def test_a_stale_save_is_refused_with_both_boundaries(plans: Plans) -> None:
    proposal = plans.draft()
    theirs = services.save_draft(plans.cast.colleague, proposal, row_version=2, geom=zone(100, 100)).geom
    mine = zone(900, 900)
    uses = [{"at": [EAST0, NORTH0], "use": "road"}]
    with pytest.raises(Conflict) as stale:
        services.save_draft(
            plans.cast.planner, proposal, row_version=2, geom=mine, uses=[{"at": [EAST0, NORTH0], "use": "road"}]
        )
    error = stale.value
    assert error.code == "DRAFT_STALE"
    assert error.detail["mine"].equals(mine)  # type: ignore[attr-defined]
    assert bytes(error.detail["theirs"].wkb) == bytes(theirs.wkb)  # type: ignore[attr-defined]
    assert error.detail["mine_uses"] == uses
    assert (error.detail["row_version"], error.detail["saved_by"]) == (3, plans.cast.colleague.full_name)
    assert Draft.objects.get(proposal=proposal).geom.equals(theirs)


def test_the_same_save_twice_is_one(plans: Plans) -> None:
    """The answer got lost on the line and the browser sends again: that is no conflict."""
    proposal = plans.draft()
    for _time in range(2):
        draft = services.save_draft(plans.cast.planner, proposal, row_version=2, geom=zone(100, 100))
    assert draft.row_version == 3


def test_open_and_save_is_byte_identical(plans: Plans) -> None:
    proposal = plans.draft()
    first = Draft.objects.get(proposal=proposal)
    again = services.save_draft(plans.cast.planner, proposal, row_version=first.row_version, geom=first.geom)
    assert again.row_version == first.row_version
    assert bytes(again.geom.wkb) == bytes(first.geom.wkb)


def test_a_draft_may_cross_itself_and_may_be_emptied(plans: Plans) -> None:
    proposal = plans.draft()
    bow = Polygon(
        ((EAST0, NORTH0), (EAST0 + 100, NORTH0 + 100), (EAST0 + 100, NORTH0), (EAST0, NORTH0 + 100), (EAST0, NORTH0)),
        srid=settings.STORAGE_SRID,
    )
    saved = services.save_draft(plans.cast.planner, proposal, row_version=2, geom=bow)
    assert not saved.geom.valid
    assert services.save_draft(plans.cast.planner, proposal, row_version=3, geom=None).geom is None


@pytest.mark.parametrize(
    ("geom", "code"),
    [
        (Point(EAST0, NORTH0, srid=settings.STORAGE_SRID), "GEOM_TYPE"),
        (Point(108.4, 12.8, srid=4326).buffer(0.01), "CRS_MISMATCH"),
        (LineString((EAST0, NORTH0), (EAST0 + 1, NORTH0), srid=settings.STORAGE_SRID), "GEOM_TYPE"),
    ],
)
def test_what_is_no_zone_is_refused(plans: Plans, geom: GEOSGeometry, code: str) -> None:
    proposal = plans.draft()
    with pytest.raises(InputRefused) as refused:
        services.save_draft(plans.cast.planner, proposal, row_version=2, geom=geom)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "use", [{"at": [1], "use": "road"}, {"at": [float("nan"), 1], "use": "road"}, {"at": [1, 2], "use": "palace"}, {}]
)
def test_bad_uses_are_refused(plans: Plans, use: dict[str, object]) -> None:
    proposal = plans.draft()
    with pytest.raises(InputRefused):
        services.save_draft(plans.cast.planner, proposal, row_version=2, geom=zone(0, 0), uses=[use])


def test_the_vertex_cap(plans: Plans) -> None:
    proposal = plans.draft()
    circle = Point(EAST0 + 5_000, NORTH0 + 5_000, srid=settings.STORAGE_SRID).buffer(900, 3_000)
    with pytest.raises(LimitExceeded) as refused:
        services.save_draft(plans.cast.planner, proposal, row_version=2, geom=circle)
    assert refused.value.code == "TOO_MANY_VERTICES"


def test_a_line_becomes_lines(plans: Plans) -> None:
    proposal = plans.draft()
    cut = LineString((EAST0, NORTH0), (EAST0 + 10, NORTH0), srid=settings.STORAGE_SRID)
    saved = services.save_draft(plans.cast.planner, proposal, row_version=2, geom=zone(0, 0), cuts=cut)
    assert isinstance(saved.cuts, MultiLineString)


@dataclass
class Hand:
    """One browser: what it last read, and the side it draws next."""

    who: User
    row_version: int = 1


class ThreeHands(RuleBasedStateMachine):
    """Three browsers save, reload and save again in any order; every accepted save is based on the one before it."""

    world: tuple[Cast, Land]

    @initialize()
    def begin(self) -> None:
        cast, land = self.world
        self.proposal = services.start_proposal(cast.planner, kind="new_cluster", unit=land.west, name="Ba người")
        self.hands = [Hand(cast.planner), Hand(cast.colleague), Hand(cast.planner)]
        self.history: list[float | None] = [None]

    @rule(number=st.integers(0, 2), side=st.integers(1, 60))
    def save(self, number: int, side: int) -> None:
        hand = self.hands[number]
        drawn = zone(0, 0, side * 10)
        try:
            saved = services.save_draft(hand.who, self.proposal, row_version=hand.row_version, geom=drawn)
        except Conflict as stale:
            assert hand.row_version < len(self.history)
            assert stale.detail["row_version"] == len(self.history)
            assert stale.detail["theirs"].area == self.history[-1]  # type: ignore[attr-defined]
            assert stale.detail["mine"].area == drawn.area  # type: ignore[attr-defined]
            return
        if drawn.area == self.history[-1]:
            assert saved.row_version == len(self.history)
        else:
            assert hand.row_version == len(self.history), "a stale save went through"
            self.history.append(drawn.area)
        hand.row_version = saved.row_version

    @rule(number=st.integers(0, 2))
    def reload(self, number: int) -> None:
        self.hands[number].row_version = Draft.objects.get(proposal=self.proposal).row_version

    @invariant()
    def the_draft_is_the_last_accepted_save(self) -> None:
        if not hasattr(self, "history"):
            return
        draft = Draft.objects.get(proposal=self.proposal)
        assert draft.row_version == len(self.history)
        assert (draft.geom.area if draft.geom else None) == self.history[-1]


def test_three_hands_lose_nothing(db: None) -> None:
    land = make_land()
    ThreeHands.world = (make_cast(land), land)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        ThreeHands,
        settings=hypothesis_settings(
            max_examples=25,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
