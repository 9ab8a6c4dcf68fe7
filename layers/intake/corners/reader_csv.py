"""Which cells does this CSV or text file hold? Read in the reader child; what they mean is `table`'s question.

It never takes a decimal comma for a column: a file in which commas do both is refused with the way out.
"""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from pathlib import Path
from typing import Any

from layers.geomchild.refusal import Refusal
from layers.intake import limits
from layers.intake.texts import Sampler

MOST_LINES = 20_000
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read(path: Path, params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Return the filled lines as ``cells``: [[line, [text, …]], …]; raise Refusal TABLE_DECIMAL_COMMAS and others."""
    data = path.read_bytes()
    texts: dict[str, Any] | None = None
    bom = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), "")
    if bom:
        text = data.decode(bom, "replace")
    else:
        raw = data.decode("latin-1")
        sampler = Sampler(raw=True)
        lines = raw.splitlines()
        sampler.add(lines)
        found = sampler.judge("", params.get("encoding", ""))
        reader = sampler.reader(found.chosen)
        text, texts = "\n".join(reader(line) for line in lines), found.as_dict()
    if "\x00" in text:
        raise Refusal("FORMAT_MISMATCH", params={"named": ".csv"})
    cells = _cells(text)
    declared = {"epsg": None, "name": "", "how": "missing"}
    facts: dict[str, Any] = {"layer": "", "declared": declared, "notices": [], "fields": [], "rows": [], "cells": cells}
    return {**facts, "texts": texts} if texts else facts, []


def _cells(text: str) -> list[tuple[int, list[str]]]:
    mark = _mark(text.splitlines())
    rows: list[tuple[int, list[str]]] = []
    csv.field_size_limit(limits.TEXT_LENGTH)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, [cell[: limits.TEXT_LENGTH] for cell in row[: limits.FIELDS]]))
            if len(rows) > MOST_LINES:
                break
    except csv.Error as error:
        raise Refusal("ATTR_TOO_LONG", params={"limit": limits.TEXT_LENGTH, "line": reader.line_num}) from error
    if mark == "," and _commas_do_both([row for _line, row in rows]):
        raise Refusal("TABLE_DECIMAL_COMMAS")
    return rows


def _mark(lines: list[str]) -> str:
    """Return what separates columns: tab, semicolon or comma, whichever splits most lines into three cells."""
    sample = [line for line in lines[:500] if line.strip()]
    counts = {mark: sum(line.count(mark) >= 1 for line in sample) for mark in ("\t", ";", ",")}
    return max(counts, key=lambda mark: (counts[mark] * 2 >= len(sample), mark != ",", counts[mark]))


def _commas_do_both(rows: list[list[str]]) -> bool:
    """Tell whether ``1,1400856,19,449656,41`` is meant: six or seven digits followed by a cell of one to three."""
    torn = whole = 0
    for row in rows:
        cells = [cell.strip() for cell in row]
        for here, there in pairwise(cells):
            if here.isascii() and here.isdigit() and 6 <= len(here) <= 7:
                split = there.isascii() and there.isdigit() and 1 <= len(there) <= 3
                torn, whole = torn + split, whole + (not split)
    return torn > whole
