"""What do the attributes of a file look like as plain JSON? Columns are gathered in order, limits are enforced.

It interprets nothing: a column called ``status`` is a text like any other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from layers.geomchild.refusal import Refusal
from layers.intake import limits

_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Cleaner:
    """Make single values plain, and remember whether control characters were taken out."""

    def __init__(self) -> None:
        self.control = False

    def text(self, text: str) -> str:
        """Return text as NFC without control characters."""
        if text.isascii() and text.isprintable():
            return text.strip()
        text = unicodedata.normalize("NFC", text)
        clean = _NO_TEXT.sub("", text)
        self.control = self.control or len(clean) != len(text)
        return clean.strip()

    def name(self, text: str) -> str:
        """Return a column's name, at most 60 characters, never empty."""
        return self.text(text)[:60] or "_"

    def plain(self, value: Any, name: str, feature: int) -> Any:
        """Return one value as JSON can hold it; raise Refusal ATTR_TOO_LONG."""
        if isinstance(value, str):
            if len(value) > limits.TEXT_LENGTH:
                raise Refusal("ATTR_TOO_LONG", params={"limit": limits.TEXT_LENGTH, "path": name, "feature": feature})
            return self.text(value)
        if isinstance(value, float):
            return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124 – NaN
        if isinstance(value, bool | int) or value is None:
            return value
        if isinstance(value, list | np.ndarray | dict):
            return self._nested(value, name, feature)
        return None if isinstance(value, bytes) else self.text(str(value))[: limits.TEXT_LENGTH]

    def _nested(self, value: Any, name: str, feature: int) -> Any:
        if isinstance(value, dict):
            return {
                self.text(str(key))[:60]: self.plain(item, name, feature) for key, item in list(value.items())[:100]
            }
        return [self.plain(item, name, feature) for item in list(value)[:100]]

    def column(self, values: Any, name: str, first: int, read: Callable[[str], str]) -> list[Any]:
        """Return one column of a batch (numpy) as plain values; texts go through *read*, *first* numbers the rows."""
        if values.dtype.kind == "f":
            found: list[Any] = values.tolist()
            return found if np.isfinite(values).all() else [item if np.isfinite(item) else None for item in found]
        if values.dtype.kind in "iub":
            return list(values.tolist())
        return [
            self.plain(read(value) if isinstance(value, str) else value, name, first + index)
            for index, value in enumerate(values)
        ]


class Table(Cleaner):
    """Gather the attributes of features, given one by one, as rows of plain values."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, int] = {}
        self.rows: list[list[Any]] = []

    def add(self, properties: dict[str, Any]) -> None:
        """Add one feature's attributes; raise Refusal ATTR_TOO_LONG or ATTR_TOO_MANY."""
        row: list[Any] = [None] * len(self.names)
        for key, value in properties.items():
            name = self.name(str(key))
            if name not in self.names:
                self.names[name] = len(self.names)
                row.append(None)
                if len(self.names) > limits.FIELDS:
                    raise Refusal("ATTR_TOO_MANY", params={"limit": limits.FIELDS})
            row[self.names[name]] = self.plain(value, name, len(self.rows) + 1)
        self.rows.append(row)

    def as_dict(self) -> dict[str, Any]:
        """Return names and rows; short rows are filled up."""
        width = len(self.names)
        return {
            "fields": list(self.names),
            "rows": [row + [None] * (width - len(row)) for row in self.rows],
            "control": self.control,
        }


def unique_names(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return column names that differ from one another, and what was renamed as ``old → new``."""
    taken: dict[str, None] = {}
    renamed = []
    for name in names:
        new, number = name, 1
        while new in taken:
            number += 1
            new = f"{name[:56]}_{number}"
        if new != name:
            renamed.append(f"{name} → {new}")
        taken[new] = None
    return list(taken), renamed
