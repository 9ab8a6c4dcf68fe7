"""Which number did a person write? Reads numerals as Vietnamese and English tables print them, ambiguity named.

It does not guess beyond marks and groups: whether a coordinate is plausible is the corner table's question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f']")
_SHAPE = re.compile(r"[+-]?[0-9][0-9.,]*")


@dataclass(frozen=True)
class Numeral:
    """A number as read: *value* takes a lone mark as decimal; *grouped* is the other reading of ``449.656``, if any."""

    value: float
    grouped: float | None = None


def read_numeral(text: str) -> Numeral | None:  # noqa: PLR0911  # one return per way of writing
    """Read ``1.400.856,19``, ``1 400 856.19``, ``1400856,190`` or ``449.656``; None when the text is no number.

    With both marks present the last one is the decimal mark. A mark that occurs twice or more groups thousands. One
    mark followed by exactly three digits can be either; both readings are returned.
    """
    bare = _SPACES.sub("", text.strip()).removesuffix("m").replace("\u2212", "-")
    if not _SHAPE.fullmatch(bare):
        return None
    dots, commas = bare.count("."), bare.count(",")
    if dots and commas:
        decimal = "." if bare.rindex(".") > bare.rindex(",") else ","
        if bare.count(decimal) > 1 or not _well_grouped(
            bare.split(decimal, maxsplit=1)[0], "," if decimal == "." else "."
        ):
            return None
        return _numeral(bare.replace("," if decimal == "." else ".", "").replace(decimal, "."))
    if dots + commas == 0:
        return _numeral(bare)
    mark = "." if dots else ","
    if dots + commas > 1:
        return _numeral(bare.replace(mark, "")) if _well_grouped(bare, mark) else None
    whole, fraction = bare.split(mark)
    if len(fraction) == 3 and 1 <= len(whole.lstrip("+-")) <= 3 and whole.lstrip("+-") != "0":
        return Numeral(float(f"{whole}.{fraction}"), float(whole + fraction))
    return _numeral(f"{whole}.{fraction or '0'}")


def _numeral(text: str) -> Numeral | None:
    return Numeral(float(text)) if len(text) <= 24 else None


def _well_grouped(text: str, mark: str) -> bool:
    first, *groups = text.lstrip("+-").split(mark)
    return len(first) >= 1 and (not groups or len(first) <= 3) and all(len(group) == 3 for group in groups)
