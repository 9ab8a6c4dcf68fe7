"""Which figures of the law can a rule name? Parameters with the value of a day, its citation and whether it was read.

It changes none: `planning.checks.services.add_value` adds a value.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mapping import formats
from planning.checks.models import Parameter


@dataclass(frozen=True)
class Figure:
    """State one parameter as of a day; *current* is None when no value is in force."""

    code: str
    title: str
    unit: str
    current: Parameter | None
    values: tuple[Parameter, ...]

    @property
    def shown(self) -> str:
        """Return value and unit, such as ``13 m`` or ``10 %``; a dash without a value."""
        if self.current is None:
            return "–"
        return shown_value(float(self.current.value), self.unit)

    @property
    def option(self) -> str:
        """Return the line by which the parameter is chosen: title, value, since when, whether it was checked."""
        if self.current is None:
            return f"{self.title} · " + _("no value in force")
        since = _("from %(day)s") % {"day": formats.date(self.current.valid_from)}
        checked = "" if self.current.verified else " · " + _("not yet compared")
        return f"{self.title} · {self.shown} · {since}{checked}"

    def words(self, rules: Iterable[str]) -> str:
        """Return all that a search may find it by: title, code, value, citation and the titles of its *rules*."""
        said = [self.title, self.code, self.shown]
        if self.current is not None:
            said += [str(self.current.instrument or ""), self.current.article]
        return bare(" ".join([*said, *rules]))

    def told(self) -> list[tuple[Parameter, str]]:
        """Return every value it had, the newest first, as people read it."""
        return [(row, shown_value(float(row.value), row.unit)) for row in self.values]


def bare(text: str) -> str:
    """Return a text without diacritics and case, as it is searched."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def shown_value(value: float, unit: str) -> str:
    """Write a figure with its unit, shares as per cent."""
    if unit == "share":
        return formats.percent(value)
    number = formats.number(value, 4, trim=True)
    return f"{number}\u00a0{unit}" if unit else number


def figures_on(day: date | None = None) -> dict[str, Figure]:
    """Return every parameter by code, in the order of its title, with the value in force on *day* (today)."""
    on = day or timezone.localdate()
    english = (translation.get_language() or "vi").startswith("en")
    rows: dict[str, list[Parameter]] = {}
    for row in Parameter.objects.select_related("instrument").order_by("code", "valid_from"):
        rows.setdefault(row.code, []).append(row)
    found = []
    for code, values in rows.items():
        valid = [row for row in values if row.valid_from <= on and (row.valid_to is None or row.valid_to >= on)]
        newest = values[-1]
        found.append(
            Figure(
                code=code,
                title=newest.title_en if english else newest.title_vi,
                unit=newest.unit,
                current=valid[-1] if valid else None,
                values=tuple(reversed(values)),
            )
        )
    return {figure.code: figure for figure in sorted(found, key=lambda figure: figure.title)}
