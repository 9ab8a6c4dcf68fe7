"""Is a screening kept whole, once, and does it go on where it stopped?"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from layers.batches.services import cancel_batch, run_batch
from layers.errors import Conflict, InputRefused, LimitExceeded, NotAllowed, NotFound
from layers.models import BatchState, ChunkState
from mapping.glass.screening_tiles import level_at, render_screening_tile
from planning.checks.basis import forget_basis
from planning.checks.models import RuleSet
from planning.checks.screening.area import forget_areas
from planning.checks.screening.classes import CLASSES, shares_of
from planning.checks.screening.question import forget_asked
from planning.checks.services import load_catalogue
from planning.checks.types import Verdict
from planning.people.models import Event
from planning.proposals.models import Screening, ScreeningCell, ScreeningSum
from planning.proposals.screening import work
from planning.proposals.screening.start import (
    answer_cells,
    continue_screening,
    start_screening,
    stop_screening,
)
from planning.proposals.screening.visibility import screening_for
from planning.proposals.sites.ranking import is_outdated
from tests.cast import Cast, Land, square
from tests.checks.ground import publish, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules(land: Land) -> RuleSet:
    """Publish the catalogue and two layers; drop what the process kept of other tests."""
    for forget in (forget_basis, forget_asked, forget_areas):
        forget()
    publish("forest_special", [row(square(1_000, 1_000, 3_000), "Rừng")])
    publish("dwelling", [row(square(9_000, 9_000, 12), "", "house")])
    return load_catalogue().rule_set


@pytest.fixture
def started(rules: RuleSet, cast: Cast) -> Screening:
    """Start a screening in squares of 25 ha; nothing of it is done yet."""
    return start_screening(cast.appraiser, shape="square", cell_ha=25)


@pytest.fixture
def done(started: Screening) -> Screening:
    """Give a finished screening."""
    assert started.batch_id is not None
    assert run_batch(started.batch_id).state == BatchState.DONE
    started.refresh_from_db()
    return started


def cells_of(screening: Screening) -> list[tuple[Any, ...]]:
    rows = ScreeningCell.objects.filter(screening=screening).order_by("i", "j")
    return [
        (i, j, code, score, bytes(shares))
        for i, j, code, score, shares in rows.values_list("i", "j", "code", "score", "shares")
    ]


def test_every_cell_of_the_province_is_kept_once_with_its_class(done: Screening) -> None:
    # the province of the tests is 60 km by 30 km
    assert done.cells.count() == 60 * 30 * 100 // 25
    assert sum(done.counts.values()) == done.cells.count()
    assert done.counts[Verdict.CLEAR] == 0
    assert done.counts[Verdict.PROHIBITED] >= 36
    assert done.errors["cells"] > 0
    assert done.errors["worse"] == done.errors["missed"] == 0


def test_a_cell_tells_its_rules_and_shares(done: Screening) -> None:
    within = done.cells.get(i=(480_000 + 2_000) // 500, j=(1_400_000 + 2_000) // 500)
    told = {
        done.rules[number]["code"]: share
        for number, share, unchecked in shares_of(bytes(within.shares))
        if not unchecked
    }
    assert CLASSES[within.code] == Verdict.PROHIBITED
    assert told["forest_special"] == 1.0


def test_sums_of_every_level_hold_every_cell(done: Screening) -> None:
    for level in (1, 4, 8):
        sums = ScreeningSum.objects.filter(screening=done, level=level)
        assert sum(row.n0 + row.n1 + row.n2 + row.n3 + row.n4 + row.n5 for row in sums) == done.cells.count()


def test_a_block_done_again_is_there_once(done: Screening) -> None:
    before = cells_of(done)
    assert done.batch is not None
    for chunk in done.batch.chunks.all()[:3]:
        work.screen_block(done.batch.params, chunk.params)
    assert cells_of(done) == before
    assert ScreeningSum.objects.filter(screening=done, level=1).count() == len(
        {(row.i, row.j, row.block) for row in ScreeningSum.objects.filter(screening=done, level=1)}
    )


def test_a_cancelled_screening_keeps_what_it_has_and_goes_on_from_there(started: Screening, cast: Cast) -> None:
    assert started.batch is not None
    first = started.batch.chunks.order_by("number").first()
    assert first is not None
    first.result = work.screen_block(started.batch.params, first.params)
    first.state, first.done_at = ChunkState.DONE, timezone.now()
    first.save()
    assert stop_screening(cast.appraiser, started).state == BatchState.CANCELLED
    assert run_batch(started.batch.pk).state == BatchState.CANCELLED
    kept = cells_of(started)
    continue_screening(cast.leader, started)
    assert run_batch(started.batch.pk).state == BatchState.DONE
    first.refresh_from_db()
    assert first.attempts == 0
    assert set(kept) <= set(cells_of(started))
    assert list(Event.objects.filter(verb__contains="screening").order_by("pk").values_list("verb", flat=True)) == [
        "start_screening",
        "cancel_screening",
        "resume_screening",
    ]


def test_the_same_question_is_not_asked_twice(done: Screening, cast: Cast) -> None:
    assert start_screening(cast.planner, shape="square", cell_ha=25) == done
    publish("forest_special", [row(square(0, 0, 100))])
    forget_basis()
    assert is_outdated(done)
    again = start_screening(cast.planner, shape="square", cell_ha=25)
    assert again != done
    with pytest.raises(Conflict) as refused:
        start_screening(cast.appraiser, shape="hexagon", cell_ha=10)
    assert refused.value.code == "SCREENING_RUNS"


@pytest.mark.parametrize(
    ("shape", "cell_ha"), [("triangle", 10.0), ("square", 0.5), ("hexagon", 26.0), ("square", float("nan"))]
)
def test_cells_outside_the_limits_are_refused(rules: RuleSet, cast: Cast, shape: str, cell_ha: float) -> None:
    with pytest.raises(InputRefused):
        start_screening(cast.appraiser, shape=shape, cell_ha=cell_ha)


def test_only_planners_and_appraisers_start_one_and_only_the_desk_sees_it(done: Screening, cast: Cast) -> None:
    for person in (cast.leader, cast.recorder, cast.steward, cast.fund_officer, cast.inspector, cast.nobody):
        with pytest.raises(NotAllowed):
            start_screening(person, shape="square", cell_ha=20)
    for person in (cast.planner, cast.appraiser, cast.leader, cast.inspector):
        assert screening_for(person, done.pk) == done
    for person in (cast.recorder, cast.steward, cast.fund_officer, cast.commune_officer, cast.nobody):
        with pytest.raises(NotFound):
            screening_for(person, done.pk)
    with pytest.raises(NotAllowed):
        stop_screening(cast.planner, done)


def test_cells_answered_exactly_are_marked_and_asked_once(done: Screening, cast: Cast) -> None:
    wanted = [(965, 2_805), (966, 2_805), (967, 2_805)]
    batch = answer_cells(cast.planner, done, [*wanted, (0, 0)])
    assert batch is not None
    assert run_batch(batch.pk).state == BatchState.DONE
    found = ScreeningCell.objects.filter(screening=done, i__in=[965, 966, 967], j=2_805)
    assert all(cell.exact for cell in found)
    assert len(found) == 3
    assert answer_cells(cast.planner, done, wanted) is None
    done.refresh_from_db()
    assert done.exact_round == 1


def test_too_many_cells_or_an_unfinished_screening_are_refused(started: Screening, cast: Cast) -> None:
    with pytest.raises(Conflict):
        answer_cells(cast.planner, started, [(1, 1)])
    with pytest.raises(LimitExceeded):
        answer_cells(cast.planner, started, [(number, 0) for number in range(4_001)])


def test_tiles_of_every_zoom_are_small(done: Screening) -> None:
    for zoom in range(4, 16):
        x, y = int((108.4 + 180) / 360 * 2**zoom), int(0.4648 * 2**zoom)
        assert len(render_screening_tile(done, zoom, x, y)) < 500 * 1024
    assert level_at(done, 15) == 0
    assert level_at(done, 6) > level_at(done, 8) > 0


def test_a_tile_holds_the_cells_that_lie_in_it(done: Screening) -> None:
    from layers.crs import point_to_wgs84

    lon, lat = point_to_wgs84(482_250, 1_402_250)
    import math

    x = int((lon + 180) / 360 * 2**12)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**12)
    assert b"cells" in render_screening_tile(done, 12, x, y)
    assert render_screening_tile(done, 12, 0, 0) == b""


def test_tiles_are_for_the_desk_only_and_may_be_kept(done: Screening, cast: Cast) -> None:
    address = f"/tiles/sang-loc/{done.pk}/{done.exact_round}/9/410/237.mvt"
    assert Client().get(address).status_code == 404
    for person, status in ((cast.planner, 200), (cast.inspector, 200), (cast.steward, 404), (cast.nobody, 404)):
        client = Client()
        client.force_login(person)
        assert client.get(address).status_code == status
    client = Client()
    client.force_login(cast.planner)
    answer = client.get(address)
    assert answer["Cache-Control"].startswith("private") and "immutable" in answer["Cache-Control"]
    assert "immutable" not in client.get(f"/tiles/sang-loc/{done.pk}/99/9/410/237.mvt")["Cache-Control"]
    assert client.get(f"/tiles/sang-loc/{done.pk}/0/9/512/0.mvt").status_code == 400
    assert client.get(f"/tiles/sang-loc/{done.pk}/0/99/1/1.mvt").status_code == 400
    assert client.get(f"/tiles/sang-loc/{2**63}/0/9/1/1.mvt").status_code == 400


def test_a_cancelled_batch_is_not_taken_for_an_answer(started: Screening, cast: Cast) -> None:
    assert started.batch is not None
    cancel_batch(started.batch)
    assert start_screening(cast.appraiser, shape="square", cell_ha=25) != started
