"""Which number did a person write? Reads numerals and angles as Vietnamese and English tables print them.

It does not guess beyond marks and groups: whether a coordinate is plausible is the corner table's question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f']")
_SHAPE = re.compile(r"[+-]?[0-9][0-9.,]*")
_HEMISPHERE = r"(?:[NBEĐ]|bắc|đông|vĩ độ|kinh độ)"
_SEXAGESIMAL = re.compile(
    rf"{_HEMISPHERE}?\s*(?P<d>\d{{1,3}})\s*[°ºoOd˚]\s*"
    r"(?P<m>\d{1,2}(?:[.,]\d+)?)\s*['’‘′´m]?\s*(?:(?P<s>\d{1,2}(?:[.,]\d+)?)\s*(?:[\"”“″s]|''|’’|′′)?)?"
    rf"\s*{_HEMISPHERE}?",
    re.IGNORECASE,
)
_DECIMAL_DEGREES = re.compile(rf"{_HEMISPHERE}?\s*(?P<d>\d{{1,3}}[.,]\d+)\s*[°º˚]\s*{_HEMISPHERE}?", re.IGNORECASE)
_SPACED = re.compile(r"(?P<d>\d{1,3})[ -](?P<m>\d{2})[ -](?P<s>\d{2}(?:[.,]\d+)?)")


@dataclass(frozen=True)
class Numeral:
    """A number as read: *value* takes a lone mark as decimal; *grouped* is the other reading of ``449.656``, if any."""

    value: float
    grouped: float | None = None


def read_numeral(text: str) -> Numeral | None:  # noqa: PLR0911  # one return per way of writing
    """Read ``1.400.856,19``, ``1 400 856.19``, ``1400856,190`` or ``449.656``; None when the text is no number.

    With both marks present the last one is the decimal mark. A mark that occurs twice or more groups thousands. One
    mark followed by exactly three digits can be either; both readings are returned. ``108 02 18`` is an angle.
    """
    if _SPACED.fullmatch(text.strip()):
        return None
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


def read_angle(text: str) -> float | None:
    """Read ``12°40'01,2"``, ``108 02 18.3``, ``12,6667°`` or ``N 12°40.02'`` as degrees; None for anything else."""
    bare = text.strip().replace("\u00a0", " ")
    decimal = _DECIMAL_DEGREES.fullmatch(bare)
    if decimal:
        return float(decimal["d"].replace(",", "."))
    found = _SEXAGESIMAL.fullmatch(bare) or _SPACED.fullmatch(bare)
    if found is None:
        return None
    minutes, seconds = (float((found[name] or "0").replace(",", ".")) for name in ("m", "s"))
    if minutes >= 60 or seconds >= 60:
        return None
    return int(found["d"]) + minutes / 60 + seconds / 3600


def _numeral(text: str) -> Numeral | None:
    return Numeral(float(text)) if len(text) <= 24 else None


def _well_grouped(text: str, mark: str) -> bool:
    first, *groups = text.lstrip("+-").split(mark)
    return len(first) >= 1 and (not groups or len(first) <= 3) and all(len(group) == 3 for group in groups)
