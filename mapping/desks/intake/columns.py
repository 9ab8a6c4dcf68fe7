"""Which column of a file means what, and which word? As the sender's last file said, else by name, else by the person.

It proposes only, and it knows no row: the person sees every proposal and says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from mapping.desks.intake.models import Arrival, SenderMapping
from mapping.desks.intake.purposes.base import Column

SAME = "="
"""Begins an answer that gives every row the same value instead of naming a column."""
WORDS_OF = "words:"
"""Begins, before the key of a column, what a row about words of that column is for."""
MOST_WORDS = 200
"""Words remembered of one sender for one column; the oldest go."""


def plain(name: str) -> str:
    """Return a name without accents, case and signs, as names of columns are compared."""
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "", letters)


def best_mapping(arrival: Arrival, wanted: Sequence[Column], fields: Sequence[str]) -> tuple[bool, dict[str, str]]:
    """Propose a column for each meaning; the first value tells whether the sender's last file proposed it."""
    by_plain = {plain(name): name for name in reversed(fields)}
    proposed: dict[str, str] = {}
    last = _remembered(arrival, _target(arrival))
    if last is not None and all(name in fields or name.startswith(SAME) for name in last.values()):
        return True, {key: name for key, name in last.items() if _may_be(key, name, wanted)}
    taken: set[str] = set()
    for column in wanted:
        for name in (column.key, *column.names):
            found = by_plain.get(plain(name)) or by_plain.get(plain(name)[:10])
            if found and found not in taken:
                proposed[column.key] = found
                taken.add(found)
                break
    return False, proposed


def _may_be(key: str, name: str, wanted: Sequence[Column]) -> bool:
    """Tell whether a remembered answer is still one: a column, or a value that the meaning may have."""
    column = next((one for one in wanted if one.key == key), None)
    if column is None:
        return False
    return not name.startswith(SAME) or name.removeprefix(SAME) in dict(column.words)


def remember(arrival: Arrival, mapping: Mapping[str, str], same: Mapping[str, str]) -> None:
    """Keep the columns, and the values given to every row, for the next file of this sender for this purpose."""
    _keep(arrival, _target(arrival), {**mapping, **{key: SAME + value for key, value in same.items()}})


def meant_before(arrival: Arrival, column: Column) -> dict[str, str]:
    """Return what words of this sender's files were said to mean in *column*, by the word as it is compared."""
    last = _remembered(arrival, WORDS_OF + column.key) or {}
    known = dict(column.words)
    return {word: value for word, value in last.items() if value in known}


def remember_words(arrival: Arrival, meant: Mapping[str, Mapping[str, str]]) -> None:
    """Keep what words were said to mean, beside those of earlier files; words that were given nothing are no data."""
    for key, words in meant.items():
        before = _remembered(arrival, WORDS_OF + key) or {}
        told = {plain(word): value for word, value in words.items() if plain(word)}
        _keep(arrival, WORDS_OF + key, dict(list({**before, **told}.items())[-MOST_WORDS:]))


def _target(arrival: Arrival) -> str:
    return arrival.target if arrival.purpose == "edition" else ""


def _keep(arrival: Arrival, target: str, mapping: Mapping[str, str]) -> None:
    key = sender_key(arrival.sender)
    if key and mapping:
        SenderMapping.objects.update_or_create(
            sender_key=key, purpose=arrival.purpose, target=target, defaults={"mapping": dict(mapping)}
        )


def _remembered(arrival: Arrival, target: str) -> dict[str, str] | None:
    key = sender_key(arrival.sender)
    if not key:
        return None
    row = SenderMapping.objects.filter(sender_key=key, purpose=arrival.purpose, target=target).first()
    return None if row is None else dict(row.mapping)


def sender_key(sender: str) -> str:
    """Return a sender's name as it is compared: without accents, case and signs."""
    return plain(sender)[:120]
