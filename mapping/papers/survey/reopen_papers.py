"""Do tables and papers, opened again, say the corners as they are? CSV, XLSX, DOCX to the letter; a PDF is whole."""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from mapping.papers.corner_table import Corner
from mapping.papers.survey.handover import STAKING, marker_rows
from mapping.papers.survey.placed import Placed
from mapping.papers.survey.staked import staked, staking_rows
from planning.proposals.models import ZoneVersion

_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
HEADING_ROWS = 5
STAKED_COLUMNS = ("number", "decided_x", "decided_y", "measured_x", "measured_y")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def csv_agrees(path: Path, table: Sequence[Corner], standing: str) -> bool:
    """Compare number, coordinates, side and standing of every row."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row[1:] for row in list(csv.reader(stream))[1:]]
    return rows == [
        [
            str(corner.number),
            f"{corner.x_m:.3f}",
            f"{corner.y_m:.3f}",
            "" if corner.side_m is None else f"{corner.side_m:.3f}",
            standing,
        ]
        for corner in table
    ]


def xlsx_agrees(path: Path, table: Sequence[Corner], standing: str) -> bool:
    """Compare the rows whose coordinates are numbers, and the line of the heading that says the standing."""
    from openpyxl import load_workbook

    with closing(load_workbook(path, read_only=True)) as book:
        found = list(book.worksheets[0].iter_rows(values_only=True, max_col=4))
    rows = [(row[0], row[1], row[2], row[3]) for row in found if isinstance(row[1], int | float)]
    return any(row[0] == standing for row in found[:HEADING_ROWS]) and rows == [
        (
            corner.number,
            round(corner.x_m, 3),
            round(corner.y_m, 3),
            None if corner.side_m is None else round(corner.side_m, 3),
        )
        for corner in table
    ]


def docx_agrees(path: Path, place: Placed, version: ZoneVersion) -> bool:
    """Compare the rows of the markers in the paper's tables with the corners, and open it as Word would."""
    from docx import Document

    rows = (_cells(row) for row in Document(str(path)).element.body.iter(f"{_WORD}tr"))
    found = [cells[1:] for cells in rows if len(cells) > 3 and cells[1].isascii() and cells[1].strip("()").isdigit()]
    if path.stem != STAKING:
        return [cells[:3] for cells in found] == [[row["number"], row["x"], row["y"]] for row in marker_rows(place)]
    wanted = staking_rows(place, staked(version, place.srid))
    return [cells[:5] for cells in found] == [[row[name] for name in STAKED_COLUMNS] for row in wanted]


def pdf_agrees(path: Path, pages: int) -> bool:
    """Tell whether the file is a whole PDF with this many pages: text that ran over would have made one more."""
    content = path.read_bytes()
    start = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", content)
    if not content.startswith(b"%PDF-") or start is None or int(start[1]) >= len(content):
        return False
    return sum(len(_PAGE.findall(part)) for part in (content, *_unpacked(content))) == pages


def _unpacked(content: bytes) -> Iterable[bytes]:
    """Yield the streams of a PDF that unpack; pages are written into one of them."""
    for packed in _STREAM.findall(content):
        try:
            yield zlib.decompressobj().decompress(packed)  # bears that the last byte looks like a line end
        except zlib.error:
            continue


def _cells(row: Any) -> list[str]:
    return ["".join(text.text or "" for text in cell.iter(f"{_WORD}t")) for cell in row.iter(f"{_WORD}tc")]
