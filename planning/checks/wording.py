"""How are findings put into words? Texts of rules and standing sentences, filled with figures in both languages.

It never translates: rules carry both languages as data, so that a kept finding reads the same in any later catalogue.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from planning.checks.contact import Contact
from planning.checks.types import Words

CATALOGUE = Path(__file__).resolve().parent / "catalogue"
_FIELD = re.compile(r"\{(\w+)\}")
_DECIMALS = {"ha": 2, "m2": 1, "m": 1, "share": 1, "percent": 1, "count": 0}


@cache
def sentences() -> dict[str, Words]:
    """Return the standing sentences of ``catalogue/sentences.toml`` by name."""
    data = tomllib.loads((CATALOGUE / "sentences.toml").read_text(encoding="utf-8"))
    return {name: Words(entry["vi"], entry["en"]) for name, entry in data.items()}


def sentence(name: str, **facts: Any) -> Words:
    """Return a standing sentence filled with *facts*."""
    return fill(sentences()[name], facts)


@lru_cache(maxsize=8)
def tolerance(contact: Contact) -> Words:
    """Say the written tolerance: *below 1 m² and narrower than 5 cm*."""

    def trimmed(value: float, *, vietnamese: bool) -> str:
        return number(value, 2, vietnamese=vietnamese).rstrip("0").rstrip(",.")

    area, width = contact.area_m2, contact.width_m * 100
    return Words(
        f"dưới {trimmed(area, vietnamese=True)} m² và hẹp hơn {trimmed(width, vietnamese=True)} cm",
        f"below {trimmed(area, vietnamese=False)} m² and narrower than {trimmed(width, vietnamese=False)} cm",
    )


def fill(words: Words, facts: Mapping[str, Any]) -> Words:
    """Fill ``{name}`` in both languages; numbers by the unit that ends the name (``_ha``, ``_m2``, ``_m``, ``_share``).

    Shares are written as per cent. An unknown name is written as a dash, so that a text never shows a brace.
    """
    if "{" not in words.vi and "{" not in words.en:
        return words
    return _Filled(words, facts)


class _Filled(Words):
    """Fill a text when it is read: a live check reads one language of the findings it shows."""

    def __init__(self, template: Words, facts: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_template", template)
        object.__setattr__(self, "_facts", facts)

    @cached_property
    def vi(self) -> str:
        """Return the Vietnamese text."""
        return _FIELD.sub(lambda match: _shown(match[1], self._facts, vietnamese=True), self._template.vi)

    @cached_property
    def en(self) -> str:
        """Return the English text."""
        return _FIELD.sub(lambda match: _shown(match[1], self._facts, vietnamese=False), self._template.en)

    _template: Words
    _facts: Mapping[str, Any]


def number(value: float, decimals: int, *, vietnamese: bool) -> str:
    """Write a number: ``1.234,56`` in Vietnamese, ``1,234.56`` in English."""
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if vietnamese else text


def _shown(name: str, facts: Mapping[str, Any], *, vietnamese: bool) -> str:
    value = facts.get(name)
    if value is None:
        return "–"
    if isinstance(value, Words):
        return value.vi if vietnamese else value.en
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value) or "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    unit = name.rsplit("_", 1)[-1]
    if unit in {"share", "percent"}:
        return number(value * 100, 1, vietnamese=vietnamese).removesuffix(",0" if vietnamese else ".0") + " %"
    decimals = _DECIMALS.get(unit, 0 if isinstance(value, int) else 2)
    return number(value, decimals, vietnamese=vietnamese)
