"""What does the whole rule set say about every cell of a block? Shares from the raster, folded into one class a cell.

The screen of a province: the exact engine answers what is shown (`planning.checks.screening.exact`). Here a rule fires
as soon as anything of what it looks at may lie in the cell: a cell is never better here than there. It stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from planning.checks.case import DUST_M2
from planning.checks.models import Question, Severity
from planning.checks.rules import CompiledRule
from planning.checks.screening.classes import CODE
from planning.checks.screening.cover import Tiles, tiled
from planning.checks.screening.grid import Block, Grid
from planning.checks.screening.ground import Ground, looked_for_m
from planning.checks.screening.question import Asked
from planning.checks.screening.raster import raster_of
from planning.checks.types import Verdict
from planning.checks.verdict import MUST_BE_ANSWERED

# The smallest area that can be 5 cm wide on average (a disc): nothing below it is more than contact.
LEAST_M2 = 0.00785
# What one rule that fires takes off a score of 100: at once, and over the whole cell.
COSTS: Mapping[str, tuple[float, float]] = {
    Severity.CONDITIONAL.value: (8.0, 22.0),
    Severity.ADVISORY.value: (2.0, 8.0),
}
# A cell with something prohibited in it is never above this score, however little of it is taken.
PROHIBITED_TOP = 20.0
# Multiplications in one product of matrices; OpenBLAS takes threads above 2¹⁸.
_ONE_THREAD = 2**18


@dataclass
class Sieved:
    """Hold the answers for cells in rows: arrays of length n.

    *shares*, *fired*, *unchecked*: by rule code, only rules that are not all zero; shares are 0–1. Unchecked of a rule
    about a distance is here the part of the cell from which it leads out of what was looked at; the engine gives the
    share of all that the rule looks at around the cell. Both are above 0 in the same cells. *uncomputed*: whether the
    answer hangs on a direction of flow that nobody stated.
    """

    i: Any
    j: Any
    code: Any
    score: Any
    shares: dict[str, Any] = field(default_factory=dict)
    fired: dict[str, Any] = field(default_factory=dict)
    unchecked: dict[str, Any] = field(default_factory=dict)
    uncomputed: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.i)


def sieve(grid: Grid, block: Block, asked: Asked, area: Any = None) -> Sieved:
    """Answer by the raster every cell of *block* whose centre lies in *area* (shapely, metres; None: all of them)."""
    i, j = np.meshgrid(np.arange(block.i0, block.i1), np.arange(block.j0, block.j1))
    kept = np.ones(i.shape, dtype=bool)
    if area is not None:
        shapely.prepare(area)
        kept = shapely.contains_xy(area, *grid.centres(i, j))
    found = Sieved(i[kept], j[kept], np.zeros(0, np.uint8), np.zeros(0, np.uint8))
    if len(found):
        # of a block on the border only the part that lies in the area is read and rastered
        part = block.around(found.i, found.j)
        kept = kept[part.j0 - block.j0 : part.j1 - block.j0, part.i0 - block.i0 : part.i1 - block.i0]
        answering = _Answering(grid, part, asked, kept.ravel())
        for rule in asked.rules:
            answering.ask(rule, found)
        found.code, found.score = judge(asked.rules, found, len(found))
    return found


class _Answering:
    """Hold what the answers of one block share: the ground, and what lies outside each coverage."""

    def __init__(self, grid: Grid, block: Block, asked: Asked, kept: Any) -> None:
        self.grid, self.block, self.asked, self.kept = grid, block, asked, kept
        self.raster = raster_of(grid, block)
        # around the block the raster has a whole period; of it only pixels that reach into a cell matter
        west, south, east, north = grid.box_of(block)
        wide, high = self.raster.wide, self.raster.high
        self.ground = Ground(asked, (west - wide, south - high, east + wide, north + high))
        self.nothing = np.zeros(int(kept.sum()))
        self._known: dict[object, tuple[Any, Any, Any]] = {}
        self._uncovered: dict[tuple[str, float], tuple[Any, Any]] = {}

    def ask(self, rule: CompiledRule, found: Sieved) -> None:
        """Write what *rule* says about every cell into *found*."""
        edition = self.asked.basis.editions.get(rule.layer_code)
        if rule.unresolved or (rule.layer_code and edition is None):
            found.unchecked[rule.code] = np.ones(len(found))
            return
        share, most, doubt = self._of(rule)
        unseen, unseen_most = (
            self._unplaced() if edition is None else self._outside(edition.coverage_key, looked_for_m(rule))
        )
        if rule.question != Question.SHARE.value:
            fired = most * self.grid.area_m2 >= LEAST_M2
        elif "min" in rule.values:
            # what nobody looked at could still make up the least share
            fired = share - doubt + unseen < rule.values["min"]
            # like the engine, a least share tells what is missing of the cell
            share = np.where(fired, 1 - share, 0.0)
        else:
            fired = share + doubt > rule.values["limit"]
        if fired.any() or share.any():
            # an array of its own: whoever puts the engine's answers over it must not reach those of another rule
            found.shares[rule.code], found.fired[rule.code] = share.copy(), fired
        open_ = self._covered(self.ground.undirected(rule))[1] > 0 if rule.settings.get("flow_attribute") else None
        if open_ is not None and open_.any():
            found.uncomputed[rule.code] = open_
        missing = unseen_most * self.grid.area_m2 > DUST_M2
        if missing.any():
            found.unchecked[rule.code] = np.where(missing, unseen_most, 0.0)

    def _of(self, rule: CompiledRule) -> tuple[Any, Any, Any]:
        """Return share, most and doubt of what *rule* looks at; what several rules look at is rastered once."""
        key = self.ground.key_of(rule)
        if key not in self._known:
            self._known[key] = self._covered(self.ground.polygons(rule))
        return self._known[key]

    def _covered(self, polygons: Any) -> tuple[Any, Any, Any]:
        """Return share, most and doubt of every kept cell."""
        if not len(polygons):
            return self.nothing, self.nothing, self.nothing
        pattern = self.grid.pattern
        tiles = tiled(polygons, self.raster, pattern.nx, pattern.ny)
        share, most, doubt = (values[self.kept] for values in to_cells(tiles, self.grid, self.block))
        return share, most, doubt

    def _outside(self, key: str, within_m: float) -> tuple[Any, Any]:
        """Return the least and the most of every cell that lies within *within_m* metres of ground outside *key*."""
        if (key, within_m) not in self._uncovered:
            share, most, doubt = self._covered(self.ground.unseen(key, within_m))
            self._uncovered[key, within_m] = (share - doubt).clip(0, 1), most
        return self._uncovered[key, within_m]

    def _unplaced(self) -> tuple[Any, Any]:
        """Return the same for clusters of the register without a boundary."""
        share, most, _doubt = self._covered(self.ground.unplaced())
        return share, most


def to_cells(tiles: Tiles, grid: Grid, block: Block) -> tuple[Any, Any, Any]:
    """Return the covered share of every cell of *block*, the most it can be, and how far it may be off, cells by row.

    *tiles*: one for each period of the grid, those around the block included. A pixel on the border of two cells gives
    each its part of the share; what it covers may lie wholly in either. With c covered of a pixel and w of it in the
    cell, c·w is off by at most min(c(1-w), w(1-c)) ≤ √(c(1-c)·w(1-w)).
    """
    pattern = grid.pattern
    parities = len(pattern.members)
    columns, rows = (block.i1 - block.i0) // parities, block.j1 - block.j0
    weights = np.stack(list(pattern.places.values()))
    sums = list(_summed(tiles, np.concatenate([weights, weights > 0])).reshape(2, len(weights), -1))
    if parities > 1:
        sums.append(_summed(tiles, np.sqrt(weights * (1 - weights)), lambda share: np.sqrt(share * (1 - share))))
    answers = np.zeros((3, rows, columns, parities))
    for answer, by_place in zip(answers, sums, strict=False):
        for (up, right, number), of_tiles in zip(pattern.places, by_place, strict=True):
            window = slice(1 + up, 1 + up + rows), slice(1 + right, 1 + right + columns)
            answer[..., number] += of_tiles.reshape(rows + 2, columns + 2)[window]
    answers *= pattern.pixel_m[0] * pattern.pixel_m[1] / grid.area_m2
    answers[answers < 1e-12] = 0.0
    share, most, doubt = answers.clip(0, 1).reshape(3, -1)
    return share, most, doubt


def _summed(tiles: Tiles, weights: Any, of: Callable[[Any], Any] = lambda share: share) -> Any:
    """Return, for each table of *weights* (columns, rows of a tile) and each tile, the weighted sum of its pixels."""
    found = np.zeros((len(weights), tiles.rows.shape[1]))
    inside = np.flatnonzero(tiles.rows.any(axis=0))
    found[:, inside] = _product(weights.sum(axis=1), of(tiles.rows[:, inside]))
    counted = weights.any(axis=0)
    found[:, tiles.numbers] = _product(weights[:, counted], of(tiles.shares[counted]))
    return found


def _product(weights: Any, values: Any) -> Any:
    """Multiply in slices below the size at which the library under numpy starts threads.

    Blocks are worked at on every core at once; threads that wait for one another there cost ten times the work.
    """
    step = max(1, _ONE_THREAD // max(1, weights.size))
    slices = [weights @ values[:, start : start + step] for start in range(0, values.shape[1], step)]
    return np.concatenate(slices, axis=1) if slices else np.zeros((len(weights), 0))


def judge(rules: tuple[CompiledRule, ...], found: Sieved, count: int) -> tuple[Any, Any]:
    """Return class number and score (0–100) of every cell: the cascade of `planning.checks.verdict` for many at once.

    The score begins at 100; every condition and advice takes its `COSTS`; what is prohibited leaves at most 20, less
    the more of the cell it takes. A rule that was not checked costs nothing and shows in the class.
    """
    code = np.zeros(count, dtype=np.uint8)
    score = np.full(count, 100.0)
    worst = np.zeros(count)
    banned = np.zeros(count, dtype=bool)
    for rule in rules:
        if rule.code in found.unchecked and rule.severity in MUST_BE_ANSWERED:
            code = np.maximum(code, np.where(found.unchecked[rule.code] > 0, CODE[Verdict.INCOMPLETE], 0))
        if rule.code in found.uncomputed:
            code = np.maximum(code, np.where(found.uncomputed[rule.code], CODE[Verdict.NOT_COMPUTABLE], 0))
        if rule.code not in found.fired:
            continue
        fired, share = found.fired[rule.code], found.shares[rule.code]
        if rule.severity == Severity.PROHIBITED.value:
            banned |= fired
            worst = np.where(fired, np.maximum(worst, share), worst)
            continue
        at_once, whole = COSTS[rule.severity]
        score -= np.where(fired, at_once + whole * share, 0.0)
        verdict = Verdict.CONDITIONAL if rule.severity == Severity.CONDITIONAL.value else Verdict.ADVISORY
        code = np.maximum(code, np.where(fired, CODE[verdict], 0))
    score = np.where(banned, PROHIBITED_TOP * (1 - worst), np.maximum(score, PROHIBITED_TOP + 1))
    return np.where(banned, CODE[Verdict.PROHIBITED], code).astype(np.uint8), np.rint(score).astype(np.uint8)
