"""What do the attributes of a file look like as plain JSON? Columns are gathered in order, limits are enforced.

It interprets nothing: a column called ``status`` is a text like any other.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from layers.geomchild.refusal import Refusal
from layers.intake import limits


class Table:
    """Gather the attributes of features as rows of plain values."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.rows: list[list[Any]] = []
        self.control = False

    def add(self, properties: dict[str, Any]) -> None:
        """Add one feature's attributes; raise Refusal ATTR_TOO_LONG or ATTR_TOO_MANY."""
        row: list[Any] = [None] * len(self.names)
        for key, value in properties.items():
            name = self._clean(str(key))[:60] or "_"
            if name not in self.names:
                self.names[name] = len(self.names)
                row.append(None)
                if len(self.names) > limits.FIELDS:
                    raise Refusal("ATTR_TOO_MANY", params={"limit": limits.FIELDS})
            row[self.names[name]] = self._plain(value, name)
        self.rows.append(row)

    def _plain(self, value: Any, name: str) -> Any:
        if isinstance(value, str):
            if len(value) > limits.TEXT_LENGTH:
                raise Refusal(
                    "ATTR_TOO_LONG", params={"limit": limits.TEXT_LENGTH, "path": name, "feature": len(self.rows) + 1}
                )
            return self._clean(value)
        if isinstance(value, float):
            return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124 – NaN
        if isinstance(value, bool | int) or value is None:
            return value
        if isinstance(value, list):
            return [self._plain(item, name) for item in value[:100]]
        if isinstance(value, dict):
            return {self._clean(str(key))[:60]: self._plain(item, name) for key, item in list(value.items())[:100]}
        return self._clean(str(value))[: limits.TEXT_LENGTH]

    def _clean(self, text: str) -> str:
        text = unicodedata.normalize("NFC", text)
        clean = "".join(char for char in text if (char >= " " and char != "\x7f") or char in "\t\n")
        self.control = self.control or len(clean) != len(text)
        return "".join(char for char in clean if not 0xD800 <= ord(char) <= 0xDFFF).strip()

    def as_dict(self) -> dict[str, Any]:
        """Return names and rows; short rows are filled up."""
        width = len(self.names)
        return {
            "fields": list(self.names),
            "rows": [row + [None] * (width - len(row)) for row in self.rows],
            "control": self.control,
        }
