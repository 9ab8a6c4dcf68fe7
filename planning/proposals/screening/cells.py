"""How are the answers for a block kept? As rows written by COPY, cells first, then their sums for small scales.

It judges nothing; a block written twice is there once.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from django.db import connection

from planning.checks.screening.classes import CLASSES, LEVELS, SHARE_STEPS, UNCHECKED
from planning.checks.screening.grid import Block, Grid
from planning.checks.screening.sieve import Sieved
from planning.proposals.models import ScreeningCell, ScreeningSum


def keep_cells(screening: int, block: Block, found: Sieved, rules: list[str], exact: Any) -> None:
    """Write the cells of *block*; *rules*: codes in the order that numbers them; *exact*: rows of the engine."""
    ScreeningCell.objects.filter(
        screening_id=screening, i__gte=block.i0, i__lt=block.i1, j__gte=block.j0, j__lt=block.j1
    ).delete()
    shares = packed(found, rules)
    flags = np.where(exact, "t", "f")
    lines = [
        f"{screening}\t{i}\t{j}\t{code}\t{score}\t\\\\x{share}\t{flag}\n"
        for i, j, code, score, share, flag in zip(
            found.i.tolist(), found.j.tolist(), found.code.tolist(), found.score.tolist(), shares, flags, strict=True
        )
    ]
    _copy("proposals_screeningcell (screening_id, i, j, code, score, shares, exact)", lines)


def keep_sums(screening: int, number: int, grid: Grid, found: Sieved) -> None:
    """Write the sums of the cells of block *number* by larger cells, level by level."""
    ScreeningSum.objects.filter(screening_id=screening, block=number).delete()
    east, north = grid.centres(found.i, found.j)
    lines: list[str] = []
    for level in range(1, LEVELS + 1):
        i, j = grid.parent(level).index_of(east, north)
        key = (i - i.min()) * (j.max() - j.min() + 1) + j - j.min()
        _keys, first, cell = np.unique(key, return_index=True, return_inverse=True)
        counts = np.bincount(cell * len(CLASSES) + found.code, minlength=len(first) * len(CLASSES))
        scores = np.bincount(cell, found.score).astype(np.int64)
        rows = np.column_stack([i[first], j[first], counts.reshape(-1, len(CLASSES)), scores])
        lines += [f"{screening}\t{level}\t{number}\t" + "\t".join(map(str, row)) + "\n" for row in rows.tolist()]
    columns = ", ".join(f"n{code}" for code in range(len(CLASSES)))
    _copy(f"proposals_screeningsum (screening_id, level, block, i, j, {columns}, score)", lines)


def replace_cells(screening: int, found: Sieved, rules: list[str]) -> int:
    """Put the exact answers in the place of the raster's; return how many cells there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE proposals_screeningcell cell"
            " SET code = new.code, score = new.score, shares = decode(new.shares, 'hex'), exact = true"
            " FROM unnest(%s::integer[], %s::integer[], %s::integer[], %s::integer[], %s::text[])"
            " AS new (i, j, code, score, shares)"
            " WHERE cell.screening_id = %s AND cell.i = new.i AND cell.j = new.j",
            [
                found.i.tolist(),
                found.j.tolist(),
                found.code.tolist(),
                found.score.tolist(),
                packed(found, rules),
                screening,
            ],
        )
        return int(cursor.rowcount)


def packed(found: Sieved, rules: list[str]) -> list[str]:
    """Return, for every cell, two bytes a rule that fires or was not checked, as hexadecimal digits.

    A share is rounded up, so that what is there is never shown as nothing.
    """
    cells, codes, values = [], [], []
    for number, rule in enumerate(rules):
        for table, offset in ((found.shares, 0), (found.unchecked, UNCHECKED)):
            share = table.get(rule)
            if share is None:
                continue
            at = np.flatnonzero(share > 0 if offset else found.fired[rule])
            cells.append(at)
            codes.append(np.full(len(at), number + offset, dtype=np.uint8))
            values.append(np.maximum(np.ceil(share[at] * SHARE_STEPS - 1e-9), 1).clip(1, SHARE_STEPS).astype(np.uint8))
    if not cells:
        return [""] * len(found)
    cell = np.concatenate(cells)
    order = np.argsort(cell, kind="stable")
    pairs = np.column_stack([np.concatenate(codes), np.concatenate(values)])[order]
    digits = pairs.tobytes().hex()
    ends = np.cumsum(np.bincount(cell, minlength=len(found))) * 4
    return [digits[start:end] for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)]


def _copy(into: str, lines: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {into} FROM STDIN", io.StringIO("".join(lines)))
