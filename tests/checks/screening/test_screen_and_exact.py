"""Does the raster say of a cell what the engine says of it, and never anything better?"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely

from planning.checks.models import RuleSet
from planning.checks.screening.classes import CLASSES, CODE
from planning.checks.screening.exact import errors_of, exact, pick
from planning.checks.screening.grid import SHAPES, Block, Grid
from planning.checks.screening.question import Asked, asked_by, asked_of, basis_data, forget_asked
from planning.checks.screening.sieve import Sieved, sieve
from planning.checks.types import Verdict
from tests.cast import EAST0, NORTH0, point, rectangle, square
from tests.checks.ground import basis, line, publish, row

pytestmark = pytest.mark.django_db
LAYERS = (
    "dwelling",
    "forest_special",
    "forest_protection",
    "land_parcel",
    "water",
    "road",
    "residential",
    "reservoir",
    "slope",
)


@pytest.fixture(autouse=True)
def ground(rules: RuleSet) -> None:
    """Publish a small country: a forest, a village, a river, a road, a lake, steep land, rice."""
    forget_asked()
    publish("forest_special", [row(square(1_013, 1_007, 700), "Rừng A"), row(rectangle(1_713, 1_007, 90, 300), "B")])
    publish("dwelling", [row(square(3_301, 607, 11), "", "house"), row(square(3_402, 690, 9), "", "house")])
    publish(
        "water", [row(line((0, 2_600), (1_500, 2_700), (4_000, 2_550)), "Sông", "bank", half_width_m=12)], kind="line"
    )
    publish("road", [row(line((0, 150), (4_000, 420)), "QL.26", "national")])
    publish("residential", [row(square(2_400, 1_600, 333), "Buôn", "rural")])
    publish("reservoir", [row(square(3_000, 3_100, 400), "Hồ", "dam_III")])
    publish(
        "slope", [row(rectangle(0, 3_200, 2_000, 700), "", "25+"), row(rectangle(2_000, 3_200, 2_000, 700), "", "0-8")]
    )
    publish("land_parcel", [row(rectangle(2_000, 0, 800, 1_500), "", "LUC"), row(square(2_800, 0, 700), "", "CLN")])
    publish("forest_protection", [row(square(-4_000, -4_000, 100))], coverage=(-5_000, -5_000, 7_000, 60_000))


def asked() -> Asked:
    return asked_of(basis(date(2026, 11, 22)))


def block_at(grid: Grid, side: float = 3_900) -> Block:
    i, j = grid.index_of([EAST0, EAST0 + side], [NORTH0, NORTH0 + side])
    i0, i1 = int(i[0]) // 2 * 2, (int(i[1]) // 2 + 1) * 2
    return Block(i0, i1, int(j[0]), int(j[1]) + 1)


def both(shape: str, cell_m2: float) -> tuple[Sieved, Sieved, Asked]:
    """Answer a block by the raster and by the engine, all its cells."""
    grid, question = Grid(shape, cell_m2), asked()
    raster = sieve(grid, block_at(grid), question)
    return raster, exact(grid, list(zip(raster.i.tolist(), raster.j.tolist(), strict=True)), question), question


@pytest.mark.parametrize("shape", SHAPES)
def test_no_cell_is_better_by_the_raster_than_by_the_engine(shape: str) -> None:
    raster, engine, question = both(shape, 90_000)
    errors = errors_of(raster, engine, question.rules)
    assert errors.cells == len(raster) > 150
    assert errors.worse == 0
    assert errors.missed == 0
    assert {CLASSES[code] for code in engine.code} >= {Verdict.PROHIBITED, Verdict.INCOMPLETE}


@pytest.mark.parametrize(("shape", "largest"), [("square", 0.02), ("hexagon", 0.03)])
def test_shares_differ_by_no_more_than_is_stated(shape: str, largest: float) -> None:
    raster, engine, question = both(shape, 90_000)
    errors = errors_of(raster, engine, question.rules)
    assert errors.largest, "nothing was compared"
    assert max(errors.largest.values()) < largest
    assert max(errors.mean(code) for code in errors.largest) < largest / 10
    if shape == "square":
        assert errors.largest.get("forest_special", 0) < 1e-6
        assert errors.better == 0


def test_the_known_answer_of_single_cells() -> None:
    grid = Grid("square", 1_000_000)
    found = sieve(grid, block_at(grid), asked())
    (at,) = np.flatnonzero((found.i * 1_000 == EAST0 + 1_000) & (found.j * 1_000 == NORTH0 + 1_000))
    # the forest lies wholly in this cell: 700 · 700 + 90 · 300 m²
    assert found.shares["forest_special"][at] == pytest.approx(0.49 + 0.027, abs=1e-9)
    assert found.code[at] == CODE[Verdict.PROHIBITED]
    assert found.score[at] == round(20 * (1 - 0.517))


def test_one_square_metre_in_the_corner_of_a_cell_is_seen() -> None:
    publish("forest_special", [row(square(2_099, 2_099, 1))])
    grid = Grid("square", 10_000)
    question = asked()
    raster = sieve(grid, block_at(grid), question)
    hit = np.flatnonzero(raster.fired["forest_special"])
    assert hit.size == 1
    cell = (int(raster.i[hit[0]]), int(raster.j[hit[0]]))
    assert exact(grid, [cell], question).code[0] == CODE[Verdict.PROHIBITED]


def test_ground_that_ends_on_the_border_of_a_cell_is_not_seen_in_the_next_one() -> None:
    publish("forest_special", [row(square(2_000, 2_000, 100))])
    grid = Grid("square", 10_000)
    fired = sieve(grid, block_at(grid), asked()).fired["forest_special"]
    assert fired.sum() == 1


def test_outside_a_coverage_a_rule_is_not_checked_and_no_cell_is_clear() -> None:
    publish("forest_special", [row(square(100, 100, 10))], coverage=(0, 0, 2_000, 2_000))
    grid = Grid("square", 250_000)
    found = sieve(grid, block_at(grid), asked())
    east, north = grid.centres(found.i, found.j)
    outside = (east > EAST0 + 2_000) | (north > NORTH0 + 2_000)
    assert (found.unchecked["forest_special"][outside] > 0).all()
    assert (found.code[outside] >= CODE[Verdict.INCOMPLETE]).all()


def test_a_distance_that_leads_out_of_a_coverage_leaves_the_same_cells_open_in_both() -> None:
    publish("residential", [row(square(100, 100, 10), "Buôn", "rural")], coverage=(-5_000, -5_000, 7_050, 60_000))
    grid = Grid("square", 10_000)
    question = asked()
    found = sieve(grid, block_at(grid), question)
    east = grid.centres(found.i, found.j)[0] - EAST0
    led_out = (east + 50 + 100 > 2_050) & (east - 50 < 2_050)
    chosen = np.flatnonzero(led_out | (np.abs(east - 1_850) < 60))[:24]
    raster = pick(found, chosen)
    engine = exact(grid, list(zip(raster.i.tolist(), raster.j.tolist(), strict=True)), question)
    open_there = raster.unchecked["residential_separation"] > 0
    assert open_there.any() and not open_there.all()
    assert (open_there == (engine.unchecked["residential_separation"] > 0)).all()
    assert (open_there == led_out[chosen]).all()
    assert (found.unchecked["residential_separation"][led_out] > 0).all()


def test_where_the_flow_is_not_known_no_cell_is_better_in_the_raster() -> None:
    spots = [row(point(1_900, 1_900), "A", "mountain"), row(point(600, 3_000), "B", "mountain", flow_bearing=90)]
    publish("intake_point", [*spots, row(point(3_300, 600), "C", "well")], coverage=(-9_000, -9_000, 20_000, 20_000))
    grid = Grid("square", 10_000)
    question = asked()
    found = sieve(grid, block_at(grid), question)
    raster = pick(found, np.arange(0, len(found), 17))
    engine = exact(grid, list(zip(raster.i.tolist(), raster.j.tolist(), strict=True)), question)
    differ = errors_of(raster, engine, question.rules)
    assert (differ.worse, differ.missed) == (0, 0)
    open_ = found.uncomputed["intake_distance"]
    assert 300 < open_.sum() < 450  # a circle of 1,000 m around the one, 314 ha, and the cells it cuts
    assert (found.code[open_] >= CODE[Verdict.NOT_COMPUTABLE]).all()


def test_what_the_engine_cannot_compute_is_no_difference_of_shares() -> None:
    publish("intake_point", [row(point(1_900, 1_900), "A", "mountain")], coverage=(-9_000, -9_000, 20_000, 20_000))
    grid = Grid("square", 10_000)
    question = asked()
    raster = sieve(grid, block_at(grid), question)
    raster = pick(raster, np.arange(0, len(raster), 41))
    engine = exact(grid, list(zip(raster.i.tolist(), raster.j.tolist(), strict=True)), question)
    assert engine.uncomputed["intake_distance"].sum() > 5
    assert raster.shares["intake_distance"].max() == 1.0
    differ = errors_of(raster, engine, question.rules)
    assert differ.largest.get("intake_distance", 0.0) < 0.01
    assert (differ.worse, differ.missed) == (0, 0)


def test_a_rule_without_an_edition_leaves_every_cell_open() -> None:
    question = asked()
    missing = [rule for rule in question.rules if rule.layer_code and rule.layer_code not in question.basis.editions]
    assert missing
    grid = Grid("square", 250_000)
    found = sieve(grid, block_at(grid), question)
    assert all((found.unchecked[rule.code] == 1).all() for rule in missing)
    assert CODE[Verdict.CLEAR] not in found.code


def test_rules_about_a_proposal_are_named_and_not_asked() -> None:
    question = asked()
    assert {"size", "plan_list", "unit"} <= {rule.code for rule in question.unused}
    assert not {rule.code for rule in question.unused} & {rule.code for rule in question.rules}


def test_the_numbers_of_a_basis_lead_back_to_it_after_a_newer_edition() -> None:
    question = asked()
    data = basis_data(question.basis)
    before = sieve(Grid("square", 250_000), block_at(Grid("square", 250_000)), asked_by(data))
    publish("forest_special", [row(square(0, 0, 3_900))])
    forget_asked()
    basis()
    after = sieve(Grid("square", 250_000), block_at(Grid("square", 250_000)), asked_by(data))
    assert (before.code == after.code).all()
    assert asked_by(data).basis.editions.keys() == question.basis.editions.keys()
    newer = sieve(Grid("square", 250_000), block_at(Grid("square", 250_000)), asked())
    assert (newer.code != after.code).any()


def test_the_answer_does_not_depend_on_how_the_ground_is_cut_into_blocks() -> None:
    grid, question = Grid("hexagon", 90_000), asked()
    whole = block_at(grid)
    middle = (whole.i0 + whole.i1) // 4 * 2
    parts = [Block(whole.i0, middle, whole.j0, whole.j1), Block(middle, whole.i1, whole.j0, whole.j1)]

    def answers(found: Sieved) -> dict[tuple[int, int], Any]:
        named = [found.shares.get(rule.code, np.zeros(len(found))) for rule in question.rules]
        cells = zip(found.i.tolist(), found.j.tolist(), strict=True)
        return dict(zip(cells, zip(found.code.tolist(), *np.round(named, 9).tolist(), strict=True), strict=True))

    cut: dict[tuple[int, int], Any] = {}
    for part in parts:
        cut |= answers(sieve(grid, part, question))
    assert cut == answers(sieve(grid, whole, question))


def test_only_cells_whose_middle_lies_in_the_area_are_answered() -> None:
    grid = Grid("square", 250_000)
    area = shapely.box(EAST0, NORTH0, EAST0 + 1_000, NORTH0 + 1_000)
    assert len(sieve(grid, block_at(grid), asked(), area)) == 4
    assert len(sieve(grid, block_at(grid), asked(), shapely.box(0, 0, 10, 10))) == 0


def test_a_sample_is_a_part_of_the_whole() -> None:
    grid = Grid("square", 250_000)
    found = sieve(grid, block_at(grid), asked())
    sample = pick(found, np.array([3, 5]))
    assert len(sample) == 2
    assert sample.code.tolist() == found.code[[3, 5]].tolist()


def test_rules_about_the_same_ground_have_answers_of_their_own() -> None:
    grid = Grid("square", 250_000)
    found = sieve(grid, block_at(grid), asked())
    assert (found.shares["rice"] == found.shares["rice_share"]).all()
    found.shares["rice"][:] = 7
    assert found.shares["rice_share"].max() <= 1
