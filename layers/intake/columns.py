"""What do the attributes of a file look like as plain JSON? Columns are gathered in order, limits are enforced.

It interprets nothing: a column called ``status`` is a text like any other.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from layers.geomchild.refusal import Refusal
from layers.intake import limits

_SHOWN = 20
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
        if text.isprintable():
            return text.strip()
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
            return value if math.isfinite(value) else None
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
        listed = values.tolist()
        if set(map(type, listed)) == {str} and (texts := plain_texts(list(map(read, listed)), limits.TEXT_LENGTH)):
            return list(texts)
        return [
            self.plain(read(value) if isinstance(value, str) else value, name, first + index)
            for index, value in enumerate(listed)
        ]


def plain_texts(texts: list[str], limit: int) -> list[str] | None:
    """Return many texts without blanks around them when none needs more than that, None when one does."""
    whole = " ".join(texts)  # a blank joins with nothing: the whole is in normal form when every text is
    if not whole.isprintable() or not (whole.isascii() or unicodedata.is_normalized("NFC", whole)):
        return None
    return list(map(str.strip, texts)) if max(map(len, texts), default=0) <= limit else None


class Names:
    """Give every column a clean name of its own, and remember what was renamed as ``old → new``."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        self._clean = clean
        self._known: dict[str, str] = {}
        self._taken: set[str] = set()
        self.renamed: list[str] = []

    def name(self, raw: str) -> str:
        """Return the name under which a column is kept, always the same for the same *raw*."""
        if raw in self._known:
            return self._known[raw]
        clean = new = self._clean(raw)
        number = 1
        while new in self._taken:
            number += 1
            new = f"{clean[:56]}_{number}"
        if new != unicodedata.normalize("NFC", raw).strip():
            shown = clean if len(clean) < _SHOWN else f"{clean[:_SHOWN]}…"
            self.renamed.append(f"{shown} → {new}" if new != clean else new)
        self._taken.add(new)
        self._known[raw] = new
        return new


class Table(Cleaner):
    """Gather the attributes of features, given one by one, as rows of plain values."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, int] = {}
        self.rows: list[list[Any]] = []
        self._named = Names(self.name)

    def add(self, properties: dict[str, Any]) -> None:
        """Add one feature's attributes; raise Refusal ATTR_TOO_LONG or ATTR_TOO_MANY."""
        row: list[Any] = [None] * len(self.names)
        for key, value in properties.items():
            name = self._named.name(str(key))
            if name not in self.names:
                self.names[name] = len(self.names)
                row.append(None)
                if len(self.names) > limits.FIELDS:
                    raise Refusal("ATTR_TOO_MANY", params={"limit": limits.FIELDS})
            row[self.names[name]] = self.plain(value, name, len(self.rows) + 1)
        self.rows.append(row)

    def notices(self) -> list[dict[str, Any]]:
        """Return what was changed: control characters taken out, columns renamed."""
        told: list[dict[str, Any]] = []
        if self.control:
            told.append({"code": "TEXT_CONTROL_CHARS", "params": {}})
        if self._named.renamed:
            told.append({"code": "OK_RENAMED", "params": {"columns": ", ".join(self._named.renamed)[:300]}})
        return told

    def as_dict(self) -> dict[str, Any]:
        """Return names and rows; short rows are filled up."""
        width = len(self.names)
        return {
            "fields": list(self.names),
            "rows": [row + [None] * (width - len(row)) for row in self.rows],
            "control": self.control,
        }


def unique_names(raw: Sequence[str], clean: Callable[[str], str]) -> tuple[list[str], list[str]]:
    """Return clean column names that differ from one another, and what was renamed as ``old → new``."""
    names = Names(clean)
    # Two columns of one raw name are two columns all the same.
    found = [names.name(name if name not in raw[:index] else f"{name}_{index}") for index, name in enumerate(raw)]
    return found, names.renamed
