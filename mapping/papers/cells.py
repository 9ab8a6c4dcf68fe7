"""Which texts may a spreadsheet cell or a paper carry? Guards against live formulas (CWE-1236) and invisible marks."""

from __future__ import annotations

import unicodedata
from typing import Any

# the full-width signs are taken for the others by spreadsheets set to an Asian language
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> Any:
    """Return *value* for a cell; a text that a spreadsheet would run as a formula gets a leading apostrophe."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def plain(text: str) -> str:
    """Return *text* on one line without control and direction marks, which make a paper read otherwise than it says."""
    kept = (" " if char.isspace() else char for char in text if char.isspace() or not _invisible(char))
    return " ".join("".join(kept).split())


def _invisible(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"}
