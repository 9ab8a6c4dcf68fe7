"""What does one chunk of a screening do? Answer one block by the raster and a sample of it exactly, and keep both.

The same function runs in this process, in the local pool and on a cluster; it is given JSON and gives JSON.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import F, Sum

from layers.models import Batch, ChunkState
from planning.checks.screening.area import area_of
from planning.checks.screening.classes import CLASSES, LEVELS
from planning.checks.screening.exact import Errors, errors_of, exact, pick
from planning.checks.screening.grid import Block, Grid
from planning.checks.screening.question import asked_by
from planning.checks.screening.sieve import Sieved, sieve
from planning.proposals.models import Screening, ScreeningSum
from planning.proposals.screening.cells import keep_cells, keep_sums, replace_cells

# Cells of every block that the exact engine answers, too, so that the raster's error is known.
SAMPLE = 12
# Cells that one chunk of an exact pass answers: about two seconds.
EXACT_CHUNK = 400


def screen_block(params: dict[str, Any], chunk: dict[str, Any]) -> dict[str, Any]:
    """Answer and keep one block; the work of the batch kind ``screening``.

    *params*: ``screening`` (row number), ``asked`` (`planning.checks.screening.question.basis_data`), ``shape``,
    ``area_m2``, ``units``. *chunk*: ``block`` (i0, i1, j0, j1), ``number``. Returns the number of cells and the
    errors of the sample.
    """
    grid, block = Grid(str(params["shape"]), float(params["area_m2"])), Block.of_data(chunk["block"])
    asked = asked_by(params["asked"])
    found = sieve(grid, block, asked, area_of(str(params["asked"]["date"]), params.get("units", ())))
    if not len(found):
        return {"cells": 0}
    errors, sampled = _sample(grid, found, params["asked"])
    rules = [rule.code for rule in asked.rules]
    keep_cells(int(params["screening"]), block, found, rules, sampled)
    keep_sums(int(params["screening"]), int(chunk["number"]), grid, found)
    return {"cells": len(found), "errors": errors.as_data()}


def _sample(grid: Grid, found: Sieved, basis: dict[str, Any]) -> tuple[Errors, Any]:
    """Answer some cells exactly, write the answers over the raster's, and return the errors and which rows they are."""
    # a mixed number of the cell's own indices: the same cells whatever the block and the worker
    mixed = (found.i * 0x9E3779B1 + found.j * 0x85EBCA77) & 0xFFFFFFFF
    rows = np.sort(np.argsort((mixed * 0xC2B2AE35) & 0xFFFFFFFF, kind="stable")[:SAMPLE])
    asked = asked_by(basis)
    engine = exact(grid, list(zip(found.i[rows].tolist(), found.j[rows].tolist(), strict=True)), asked)
    errors = errors_of(pick(found, rows), engine, asked.rules)
    sampled = np.zeros(len(found), dtype=bool)
    sampled[rows] = True
    found.code[rows], found.score[rows] = engine.code, engine.score
    for mine, theirs in (
        (found.shares, engine.shares),
        (found.fired, engine.fired),
        (found.unchecked, engine.unchecked),
    ):
        for code in mine.keys() | theirs.keys():
            if code not in mine:
                mine[code] = np.zeros(len(found), dtype=theirs[code].dtype)
            mine[code][rows] = theirs.get(code, 0)
    return errors, sampled


def answer_exactly(params: dict[str, Any], chunk: dict[str, Any]) -> dict[str, Any]:
    """Answer the cells of one chunk by the exact engine; the work of the batch kind ``screening_exact``.

    *params* as in `screen_block`; *chunk*: ``cells``, a list of [i, j].
    """
    grid, asked = Grid(str(params["shape"]), float(params["area_m2"])), asked_by(params["asked"])
    found = exact(grid, [(int(i), int(j)) for i, j in chunk["cells"]], asked)
    with transaction.atomic():
        replaced = replace_cells(int(params["screening"]), found, [rule.code for rule in asked.rules])
    return {"cells": replaced}


def seal(batch: Batch) -> None:
    """Write counts and errors of a finished screening to its row; the finish of the batch kind ``screening``."""
    screening = int(batch.params["screening"])
    sums = ScreeningSum.objects.filter(screening_id=screening, level=LEVELS).aggregate(
        **{verdict.value: Sum(f"n{code}") for code, verdict in enumerate(CLASSES)}
    )
    errors = Errors()
    for result in batch.chunks.filter(state=ChunkState.DONE).values_list("result", flat=True):
        if "errors" in result:
            errors.add(result["errors"])
    Screening.objects.filter(pk=screening).update(
        counts={name: int(value or 0) for name, value in sums.items()}, errors=errors.as_data()
    )


def exact_done(batch: Batch) -> None:
    """Give the tiles of a screening a new address; the finish of the batch kind ``screening_exact``."""
    Screening.objects.filter(pk=int(batch.params["screening"])).update(exact_round=F("exact_round") + 1)
