"""Which figures can a rule's text hold? The names in braces by question, each with a title and an example.

It fills nothing: `planning.checks.wording` does, and writes a dash for a name it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from planning.checks.models import Question
from planning.checks.types import Words
from planning.checks.wording import fill, sentences

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Placeholder:
    """Describe one figure a text may hold; *example* is what a preview shows."""

    name: str
    title: str | _StrPromise
    example: Any


def _one(name: str, title: str | _StrPromise, example: Any) -> Placeholder:
    return Placeholder(name, title, example)


_FEATURE = _one("feature", _("name of the thing on the ground"), "Suối Ea Tul")
_CLASS = _one("class", _("class of the feature"), "III")
_OVERLAP = (
    _one("overlap_ha", _("overlap in hectares"), 1.25),
    _one("overlap_m2", _("overlap in square metres"), 12_500.0),
    _one("overlap_share", _("share of the zone"), 0.05),
)
_MERGED = (
    _one("count", _("number of features"), 4),
    _one("classes", _("their classes"), ["LUC", "LUK"]),
)
_DISTANCE = (
    _one("distance_m", _("distance found"), 12.5),
    _one("required_m", _("distance asked for"), 20.0),
)
_AREA = _one("area_ha", _("area drawn"), 32.4)
_VALUE = _one("value_share", _("share found"), 0.083)
_MIN = _one("min_share", _("least share"), 0.1)
_MAX = _one("max_share", _("largest share"), 0.6)
_MISSING = _one("missing_ha", _("hectares missing"), 0.6)

BY_QUESTION: Mapping[str, tuple[Placeholder, ...]] = {
    Question.OVERLAP.value: (
        _FEATURE,
        *_OVERLAP,
        *_MERGED,
        _one("decider", _("who decides about that much land"), Words("HĐND tỉnh", "the provincial council")),
    ),
    Question.SETBACK.value: (
        _FEATURE,
        _CLASS,
        *_DISTANCE,
        *_OVERLAP,
        _one("trade", _("declared trade class"), sentences()["trade_undeclared"]),
        _one("side", _("upstream or downstream"), sentences()["side_upstream"]),
    ),
    Question.CONTAINMENT.value: (
        _one("unit", _("unit of the proposal"), "Xã Ea Kiết"),
        _one("units", _("units the zone lies in"), ["Xã Ea Kiết", "Xã Cư M'gar"]),
        _one("outside_ha", _("hectares outside"), 0.8),
        _one("outside_m2", _("square metres outside"), 8_000.0),
        _one("outside_share", _("share outside"), 0.025),
    ),
    Question.SHARE.value: (
        _VALUE,
        _one("limit_share", _("largest share"), 0.3),
        _MIN,
        _one("overlap_ha", _("overlap in hectares"), 1.25),
        _MISSING,
    ),
    Question.SIZE.value: (
        _AREA,
        _one("min_ha", _("smallest area"), 10.0),
        _one("max_ha", _("largest area"), 75.0),
        _one("reason", _("which limits hold, and why"), sentences()["size_reason_general"]),
    ),
    Question.LAND_USE_RATIO.value: (_VALUE, _MIN, _MAX),
    Question.PLAN_LIST.value: (
        _one("reason", _("what is missing"), sentences()["plan_missing"]),
        _AREA,
        _one("candidates", _("entries of the list for this place"), ["CCN Ea Kiết"]),
        _one("entry", _("entry of the list"), "DM-01 CCN Ea Kiết"),
        _one("instrument", _("instrument that approved the list"), "1747/QĐ-TTg"),
        _one("unit", _("unit of the entry"), "Xã Ea Kiết"),
        _one("listed_ha", _("area in the list"), 30.0),
    ),
    Question.REGISTER_OVERLAP.value: (_FEATURE, *_OVERLAP),
    Question.OCCUPANCY.value: (
        _one("occupancy_share", _("occupancy found"), 0.42),
        _one("unleased_ha", _("industrial land not leased"), 61.3),
        _one("count", _("number of clusters"), 3),
        _one("clusters", _("names of the clusters"), ["CCN Tân An 1", "CCN Tân An 2"]),
        _one("missing", _("clusters without figures"), []),
        _one("min_share", _("least occupancy"), 0.5),
        _one("max_unleased_ha", _("largest unleased area"), 100.0),
        _one("demand_ha", _("declared demand"), 12.0),
    ),
    Question.GREEN_BUFFER.value: (
        _one("width_m", _("width of the strip"), 10.0),
        _VALUE,
        _MIN,
        _MISSING,
    ),
    Question.COUNT_INSIDE.value: (
        _one("count", _("number of features"), 4),
        _one("names", _("their names"), ["nhà bà H'Bia", "nhà ông Y Thắm"]),
    ),
    Question.PART_SETBACK.value: (_FEATURE, _CLASS, *_DISTANCE, *_OVERLAP),
    Question.DECLARED.value: (_VALUE, _MAX, _one("floors", _("declared floors"), 3)),
}

# A name in braces, and every brace that is not part of one.
_NAMED = re.compile(r"\{(\w+)\}")
_STRAY = re.compile(r"[{}]")


def names_in(text: str) -> list[str]:
    """Return the names in braces, each once, in the order they stand."""
    return list(dict.fromkeys(_NAMED.findall(text)))


def unknown_in(question: str, text: str) -> list[str]:
    """Return names in braces that the question does not fill, and ``{`` or ``}`` for a brace that stands alone."""
    known = {placeholder.name for placeholder in BY_QUESTION.get(question, ())}
    strangers = [f"{{{name}}}" for name in names_in(text) if name not in known]
    return strangers + sorted(set(_STRAY.findall(_NAMED.sub("", text))))


def preview(question: str, words: Words) -> Words:
    """Fill a text with the examples of its question, in both languages."""
    return fill(words, {placeholder.name: placeholder.example for placeholder in BY_QUESTION.get(question, ())})


def described(question: str) -> Iterable[Placeholder]:
    """Return what a text of *question* may hold, in reading order."""
    return BY_QUESTION.get(question, ())
