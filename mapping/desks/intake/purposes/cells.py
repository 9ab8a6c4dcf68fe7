"""What does one cell of a file say? Words, choices, dates, years and hectares as Vietnamese offices write them.

It knows no register; what cannot be read is refused with the column's name, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point
from django.core.exceptions import ValidationError
from django.utils import translation

from layers.errors import InputRefused
from layers.models import AdminUnit
from layers.said import gettext as _
from layers.said import join
from mapping.desks.intake.columns import plain
from mapping.desks.intake.purposes.base import Chosen
from mapping.fields import DateField, HectareField

_DATE_FIELD = DateField()
_HECTARES = HectareField(max_digits=8)
_YEAR = re.compile(r"\d{4}(?:[.,]0+)?")
LONGEST = 4_000


class Row:
    """One row of a file, read by meaning instead of by column; *place* in the storage CRS."""

    def __init__(self, attributes: Mapping[str, Any], chosen: Chosen, place: GEOSGeometry) -> None:
        self._attributes = attributes
        self._columns = chosen.columns
        self._chosen = chosen
        self.place = place

    def spot(self) -> Point:
        """Return a point inside the place."""
        return self.place if isinstance(self.place, Point) else self.place.point_on_surface

    def text(self, key: str, longest: int = LONGEST) -> str:
        """Return the words of a cell, one line of them; raises InputRefused above *longest* characters."""
        if key in self._chosen.same:
            return self._chosen.same[key]
        value = self._attributes.get(self._columns.get(key, ""))
        words = "" if value is None else " ".join(str(value).split())
        if len(words) > longest:
            raise self._unreadable(key, _("The text is longer than %(limit)s characters.") % {"limit": longest})
        return words

    def choice(self, key: str, choices: Iterable[tuple[str, Any]], default: str = "") -> str:
        """Return the value whose code or label (in either language) the cell holds, or what it was said to stand for.

        An empty cell is *default*.
        """
        words = self.text(key)
        if not words:
            return default
        offered = list(choices)
        found = self._chosen.words.get(key, {}).get(words) or value_of(words, offered)
        if found:
            return found
        known = join("; ", [label for _value, label in offered])
        raise self._unreadable(key, _("This word is not known here."), _("Write one of: %(known)s.") % {"known": known})

    def day(self, key: str) -> date | None:
        """Return a date: dd/mm/yyyy, ISO, or a date of the file's own."""
        words = self.text(key)
        if not words:
            return None
        iso = re.match(r"\d{4}-\d{2}-\d{2}", words)
        try:
            found: date | None = _DATE_FIELD.clean(iso[0] if iso else words)
        except ValidationError as problem:
            raise self._unreadable(key, _("Write the date as dd/mm/yyyy.")) from problem
        return found

    def year(self, key: str) -> int | None:
        """Return a year."""
        words = self.text(key)
        if not words:
            return None
        if not _YEAR.fullmatch(words):
            raise self._unreadable(key, _("This is not a year."))
        return int(words[:4])

    def hectares(self, key: str) -> Decimal | None:
        """Return an area in hectares, comma or point as decimal mark."""
        words = self.text(key)
        if not words:
            return None
        try:
            number = Decimal(words.replace(",", ".")).quantize(Decimal("0.01"))
            found: Decimal = _HECTARES.clean(str(number))
        except (ValidationError, ArithmeticError) as problem:
            raise self._unreadable(key, _("This is not an area in hectares.")) from problem
        return found

    def _unreadable(self, key: str, why: str, todo: str = "") -> InputRefused:
        value = str(self._attributes.get(self._columns.get(key, "")))
        where = f"{self._columns.get(key, key)}: {value[:60]}"
        return InputRefused(why, code="CELL_UNREADABLE", where=where, todo=todo)


def value_of(words: str, choices: Iterable[tuple[str, Any]]) -> str:
    """Return the value whose code or label (in either language) these words are, without accents and case; or ""."""
    wanted = plain(words)
    for value, label in choices:
        names = {plain(str(value))}
        for language in ("vi", "en"):
            with translation.override(language):
                names.add(plain(str(label)))
        if wanted in names:
            return str(value)
    return ""


def unit_named(words: str, units: Sequence[AdminUnit]) -> AdminUnit:
    """Return the one unit of that name or code among *units*; raises InputRefused for none or several."""
    wanted = plain(words)
    found = [unit for unit in units if wanted in {plain(unit.name), plain(unit.full_name), plain(unit.code)}]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputRefused(
            _("There is no such commune, or it is not yours to enter."), code="UNIT_UNKNOWN", where=words[:80]
        )
    raise InputRefused(
        _("Several communes have this name."),
        code="UNIT_AMBIGUOUS",
        where=", ".join(unit.full_name for unit in found)[:200],
        todo=_("Write the code of the commune."),
    )
