"""Which columns does an exported list carry? Name, short name, heading, kind and words of each; one table per list.

A column that is not in the table does not leave the house; nothing here decides who may read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

SHORT_LENGTH = 10
SHORT_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
TAKEN = frozenset({"geom", "fid", "shape", "ogc_fid"})


class Kind(StrEnum):
    """What a column holds; each kind has one form in every file format."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    DAY = "day"
    YES_NO = "yes_no"


SQL_TYPE = {
    Kind.TEXT: "text",
    Kind.WHOLE: "bigint",
    Kind.NUMBER: "float8",
    Kind.DAY: "date",
    Kind.YES_NO: "boolean",
}


@dataclass(frozen=True)
class Column:
    """Describe one column.

    *name* is the column of the query and of GeoPackage and GeoJSON, *short* its name in a shapefile (at most ten of
    a–z, 0–9, _), *title* the heading in tables, *number_format* and *width* are for workbooks. *words* turns stored
    codes into what a person reads, in every format.
    """

    name: str
    short: str
    title: Any
    kind: Kind = Kind.TEXT
    number_format: str = ""
    width: int = 18
    words: Mapping[str, Any] = field(default_factory=dict)


def checked(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Return a table of columns; raise ValueError when a short name does not fit a DBF or stands twice."""
    table = tuple(columns)
    shorts = [column.short for column in table]
    for short in shorts:
        if not 0 < len(short) <= SHORT_LENGTH or not set(short) <= SHORT_LETTERS or short in TAKEN:
            raise ValueError(f"{short!r} is no name for a column of a shapefile")
    if len(set(shorts)) != len(shorts) or len({column.name for column in table}) != len(table):
        raise ValueError(f"a column stands twice among {', '.join(shorts)}")
    return table
