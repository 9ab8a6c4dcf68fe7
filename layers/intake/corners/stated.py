"""What does the text around a corner table state? The coordinate system and areas, as offices write them.

It believes nothing: the system becomes the declared one of the ranking, an area is compared with the computed one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from layers.intake.corners.cells import Row
from layers.intake.corners.numerals import read_numeral
from layers.intake.crs_names import UTM, VN_MERIDIANS

AREA_SHARE = 0.001  # stated areas agree with computed ones to 0.1 %
_IN_M2 = {"ha": 10_000.0, "km2": 1_000_000.0, "m2": 1.0}
_MERIDIAN = re.compile(
    r"(?:kinh tuyen(?: truc)?|ktt|central meridian|meridian)\D{0,24}(\d{3})(?!\d)"
    r"(?:\s*(?:[°º˚o.,-]|do)?\s*(\d{2})(?!\d))?"
)
_WIDTH = re.compile(r"(?:mui(?: chieu)?|zone)\D{0,6}([36])\b")
_AREA = re.compile(
    r"(?:dien tich|\barea|\bs\b|\bdt\b)[^0-9]{0,40}?(?P<in>m2|ha|km2)?[^0-9]{0,12}?"
    r"(?P<n>\d[\d., ]*?)\s*(?P<u>m2|ha|km2)?\s*\)?\.?$"
)


@dataclass(frozen=True)
class StatedArea:
    """An area as printed on a line: in m², with half a unit of its last digit, and whether it says it is the total."""

    line: int
    area_m2: float
    rounding_m2: float
    total: bool

    def agrees(self, area_m2: float) -> bool:
        """Tell whether a computed area is the stated one, to 0.1 % and its rounding."""
        return abs(area_m2 - self.area_m2) <= max(AREA_SHARE * area_m2, self.rounding_m2)


def folded(text: str) -> str:
    """Return the text without diacritics, in small letters, ``m²`` as ``m2``, runs of space as one."""
    text = text.replace("Đ", "D").replace("đ", "d").replace("²", "2")
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return re.sub(r"\s+", " ", bare).strip().lower()


def stated_system(rows: Sequence[Row]) -> tuple[int, str] | None:
    """Return (SRID, the words) of the coordinate system named above or below the table; None when none is."""
    for row in rows:
        said = " ".join(row.filled)
        words = folded(said)
        found = _MERIDIAN.search(words)
        if found is not None:
            meridian = int(found[1]) + int(found[2] or 0) / 60
            width = _WIDTH.search(words)
            srid = UTM.get(meridian, (None,))[0] if width and width[1] == "6" else VN_MERIDIANS.get(meridian)
            if srid is not None:
                return srid, said[:120]
    return None


def names_a_system(row: Row) -> bool:
    """Tell whether a line speaks of the coordinate system, so that it is no title of an area."""
    words = folded(" ".join(row.filled))
    return re.search(r"he toa do|vn[ -]?2000|wgs[ -]?84|kinh tuyen|mui chieu|central meridian", words) is not None


def stated_datum(rows: Sequence[Row]) -> str:
    """Return ``wgs84`` or ``vn2000`` as the text names it, for tables in degrees; empty when neither or both are."""
    words = " ".join(folded(" ".join(row.filled)) for row in rows if not row.numbers())
    named = {name for name, sign in (("wgs84", r"wgs[ -]?84"), ("vn2000", r"vn[ -]?2000")) if re.search(sign, words)}
    return named.pop() if len(named) == 1 else ""


def stated_area(row: Row) -> StatedArea | None:
    """Return the area a line states (``Diện tích: 12,34 ha``, ``S = 123.456,7 m²``, ``Tổng diện tích (m2) | 5000``)."""
    words = folded(" ".join(row.filled))
    found = _AREA.search(words)
    if found is None or (found["u"] or found["in"]) is None:
        return None
    number = read_numeral(found["n"].strip(" .,"))
    if number is None:
        return None
    unit = _IN_M2[found["u"] or found["in"]]
    # "1.400 m2" is rather fourteen hundred than one and a bit; "1.400 ha" is rather one and a bit.
    value = number.grouped if number.grouped is not None and unit == 1.0 else number.value
    decimals = 0
    if value == number.value and value != int(value):
        decimals = len(re.split(r"[.,]", found["n"].strip(" .,"))[-1])
    return StatedArea(row.line, value * unit, 0.5 * unit * 10**-decimals * 1.001, "tong" in words or "total" in words)
