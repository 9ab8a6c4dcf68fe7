"""Which cells does this workbook hold? Read in the reader child with openpyxl, values only, one sheet.

No formula is evaluated, no link followed, no DOCTYPE let in; a sheet of formulas without values is to be saved anew.
"""

from __future__ import annotations

import math
import os
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, time
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree
from xml.parsers import expat

os.environ["OPENPYXL_LXML"] = "False"  # expat sees every DOCTYPE; lxml would resolve more than is needed

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from layers.geomchild.refusal import Refusal
from layers.intake import limits

import_module("encodings.cp437")  # names of old archives; the child may not import it later

MOST_LINES = 20_000
_COLUMNS = 60
_BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, Tree.ParseError, KeyError, ValueError, TypeError, IndexError,
    AttributeError, EOFError,
)  # fmt: skip


def read(path: Path, params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Return the filled rows of one sheet as ``cells``: [[row, [text, …]], …].

    Raises Refusal MULTIPLE_LAYERS when several visible sheets hold tables of numbers, NO_LAYER, XML_DTD,
    TABLE_FORMULAS, XLSX_CORRUPT.
    """
    _refuse_doctypes(path)
    sheets = dict(_sheets(path, values=True))
    name = _chosen(sheets, str(params.get("layer", "")))
    if _numbers(sheets[name]) < 3 and any(
        cell.startswith("=") for _row, cells in dict(_sheets(path, values=False)).get(name, []) for cell in cells
    ):
        raise Refusal("TABLE_FORMULAS", params={"name": name})
    declared = {"epsg": None, "name": "", "how": "missing"}
    return {
        "layer": name,
        "declared": declared,
        "notices": [],
        "fields": [],
        "rows": [],
        "cells": sheets[name],
    }, []


def _refuse_doctypes(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.lower().endswith((".xml", ".rels", ".vml")):
                    _pass_over(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise Refusal("XLSX_CORRUPT") from error


def _pass_over(archive: zipfile.ZipFile, name: str) -> None:
    parser = expat.ParserCreate()
    depth = 0

    def refuse_doctype(*_args: object) -> None:
        raise Refusal("XML_DTD", params={"path": name[:80]})

    def start(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.XML_DEPTH:
            raise Refusal("XML_DEPTH", params={"path": name[:80]})

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.EntityDeclHandler = refuse_doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        with archive.open(name) as stream:
            parser.ParseFile(stream)
    except expat.ExpatError as error:
        raise Refusal("XLSX_CORRUPT", params={"path": name[:80]}) from error


def _sheets(path: Path, *, values: bool) -> Iterator[tuple[str, list[tuple[int, list[str]]]]]:
    """Yield the filled rows of every visible sheet that has any."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=values, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            rows = []
            for number, row in enumerate(sheet.iter_rows(max_col=_COLUMNS, values_only=True), start=1):
                if any(value is not None for value in row):
                    rows.append((number, _trimmed([_text(value) for value in row])))
                if number >= MOST_LINES:
                    break
            if rows:
                yield str(sheet.title)[:100], rows
    except _BROKEN as error:
        raise Refusal("XLSX_CORRUPT", params={"reason": str(error)[:200]}) from error


def _chosen(sheets: dict[str, list[tuple[int, list[str]]]], wanted: str) -> str:
    if not sheets:
        raise Refusal("NO_LAYER")
    if wanted:
        if wanted not in sheets:
            raise Refusal("NO_LAYER")
        return wanted
    tables = [name for name, rows in sheets.items() if _numbers(rows) >= 3] or list(sheets)
    if len(tables) > 1:
        raise Refusal("MULTIPLE_LAYERS", params={"layers": tables[:100]})
    return tables[0]


def _numbers(rows: list[tuple[int, list[str]]]) -> int:
    """Count the rows in which two cells begin like a coordinate: enough to tell a table from a letter."""

    def like(cell: str) -> bool:
        return len(cell) >= 5 and any(char.isdigit() for char in cell[:2])

    return sum(sum(like(cell) for cell in cells) >= 2 for _row, cells in rows)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.6f}".rstrip("0").rstrip(".") if math.isfinite(value) and abs(value) < 1e15 else ""
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)[: limits.TEXT_LENGTH]


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells
