"""What does the exact engine say about single cells, and how far is the raster from it? The check itself, cell by cell.

It uses `planning.checks.engine.check_report` as any zone does; it deliberately has no shortcut of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry

from layers.crs import storage_srid
from planning.checks.engine import check_report
from planning.checks.models import Question
from planning.checks.report import Report
from planning.checks.rules import CompiledRule
from planning.checks.screening.classes import CODE
from planning.checks.screening.grid import Grid
from planning.checks.screening.question import Asked
from planning.checks.screening.sieve import Sieved, judge
from planning.checks.types import Outcome, Subject

Cell = tuple[int, int]
_FIRED = frozenset({Outcome.CONFLICT, Outcome.CONDITION, Outcome.ADVICE})


def exact(grid: Grid, cells: Sequence[Cell], asked: Asked) -> Sieved:
    """Answer *cells* by the exact engine, in the same form as the raster does."""
    i = np.array([cell[0] for cell in cells], dtype=np.int64)
    j = np.array([cell[1] for cell in cells], dtype=np.int64)
    reports = [report_of(grid, cell, asked) for cell in cells]
    found = Sieved(i, j, None, None)
    for rule in asked.rules:
        rows = [_rule_of(report, rule) for report in reports]
        share, fired, unchecked, uncomputed = (np.array([row[place] for row in rows]) for place in range(4))
        if fired.any() or share.any():
            found.shares[rule.code], found.fired[rule.code] = share, fired
        if unchecked.any():
            found.unchecked[rule.code] = unchecked
        if uncomputed.any():
            found.uncomputed[rule.code] = uncomputed
    _code, found.score = judge(asked.rules, found, len(cells))
    # the engine's own verdict, which knows *not computable* too
    found.code = np.array([CODE[report.verdict] for report in reports], dtype=np.uint8)
    return found


def report_of(grid: Grid, cell: Cell, asked: Asked) -> Report:
    """Return the check's whole report on one cell, as if somebody had drawn it."""
    outline = grid.outlines(np.array([cell[0]]), np.array([cell[1]]))
    zone = shapely.multipolygons(outline)
    geom = GEOSGeometry(memoryview(shapely.to_wkb(zone)), srid=storage_srid())
    return check_report(Subject(geom, kind=asked.kind), asked.basis)


def _rule_of(report: Report, rule: CompiledRule) -> tuple[float, bool, float, bool]:
    """Return share (each square metre once), whether it fires, the share that was not checked, whether it is open."""
    findings = [finding for finding in report.findings if finding.rule == rule.code]
    fired = any(finding.outcome in _FIRED for finding in findings)
    share = math.fsum(total.share_of_zone for total in report.totals if total.rule == rule.code)
    if rule.question == Question.SHARE.value and "min" not in rule.values and not share:
        share = max((finding.share_of_zone or 0.0 for finding in findings), default=0.0)
    unchecked = max((finding.unchecked_share or 0.0 for finding in findings), default=0.0)
    return share, fired, unchecked, any(finding.outcome == Outcome.NOT_COMPUTABLE for finding in findings)


@dataclass
class Errors:
    """Add up how the raster differs from the exact engine; shares as differences of shares of a cell (0–1).

    *worse*: the exact class is worse than the raster's: what must not happen. *better*: the raster warned for nothing.
    """

    cells: int = 0
    worse: int = 0
    better: int = 0
    missed: int = 0
    total: dict[str, float] = field(default_factory=dict)
    largest: dict[str, float] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Return the sums ready for JSON."""
        return {
            "cells": self.cells,
            "worse": self.worse,
            "better": self.better,
            "missed": self.missed,
            "total": {code: round(value, 9) for code, value in self.total.items()},
            "largest": {code: round(value, 9) for code, value in self.largest.items()},
        }

    def add(self, data: dict[str, Any]) -> None:
        """Add the sums of another sample, as `as_data` wrote them."""
        for name in ("cells", "worse", "better", "missed"):
            setattr(self, name, getattr(self, name) + int(data[name]))
        for code, value in data["total"].items():
            self.total[code] = self.total.get(code, 0.0) + value
        for code, value in data["largest"].items():
            self.largest[code] = max(self.largest.get(code, 0.0), value)

    def mean(self, code: str) -> float:
        """Return the mean difference of a rule's share over all cells of the sample."""
        return self.total.get(code, 0.0) / self.cells if self.cells else 0.0


def errors_of(raster: Sieved, engine: Sieved, rules: Iterable[Any]) -> Errors:
    """Compare two answers about the same cells in the same order.

    *missed* counts rules that fire in the engine and not in the raster. Rules that only count objects have no share.
    Where the engine cannot compute a rule there is none to compare with; the classes tell whether the raster says so.
    """
    found = Errors(cells=len(engine))
    found.worse = int((engine.code > raster.code).sum())
    found.better = int((engine.code < raster.code).sum())
    nothing = np.zeros(len(engine))
    for rule in rules:
        fired = raster.fired.get(rule.code, nothing), engine.fired.get(rule.code, nothing)
        found.missed += int((~fired[0].astype(bool) & fired[1].astype(bool)).sum())
        if rule.question == Question.COUNT_INSIDE.value:
            continue
        shares = engine.shares.get(rule.code, nothing)
        if rule.question == Question.SETBACK.value:
            # the engine adds the corridors of several objects; a cell is taken once
            shares = np.minimum(shares, 1.0)
        apart = np.abs(raster.shares.get(rule.code, nothing) - shares)
        apart[engine.uncomputed.get(rule.code, nothing).astype(bool)] = 0.0
        if apart.any():
            found.total[rule.code], found.largest[rule.code] = float(apart.sum()), float(apart.max())
    return found


def pick(found: Sieved, rows: Any) -> Sieved:
    """Return the answers of some *rows* (indices) of a block."""
    return Sieved(
        found.i[rows],
        found.j[rows],
        found.code[rows],
        found.score[rows],
        {code: values[rows] for code, values in found.shares.items()},
        {code: values[rows] for code, values in found.fired.items()},
        {code: values[rows] for code, values in found.unchecked.items()},
    )
