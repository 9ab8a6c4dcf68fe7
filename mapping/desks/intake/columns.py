"""Which column of a file means what? As the sender's last file said, else by its name, else by the person.

It reads names of columns only, never what is in them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from mapping.desks.intake.models import Arrival, SenderMapping
from mapping.desks.intake.purposes.base import Column

SAME = "="
"""Begins an answer that gives every row the same value instead of naming a column."""


def plain(name: str) -> str:
    """Return a name without accents, case and signs, as names of columns are compared."""
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "", letters)


def best_mapping(arrival: Arrival, wanted: Sequence[Column], fields: Sequence[str]) -> tuple[bool, dict[str, str]]:
    """Propose a column for each meaning; the first value tells whether the sender's last file proposed it."""
    by_plain = {plain(name): name for name in reversed(fields)}
    proposed: dict[str, str] = {}
    last = _remembered(arrival)
    if last is not None and all(name in fields for name in last.values()):
        return True, {key: name for key, name in last.items() if key in {column.key for column in wanted}}
    taken: set[str] = set()
    for column in wanted:
        for name in (column.key, *column.names):
            found = by_plain.get(plain(name)) or by_plain.get(plain(name)[:10])
            if found and found not in taken:
                proposed[column.key] = found
                taken.add(found)
                break
    return False, proposed


def remember(arrival: Arrival, mapping: Mapping[str, str]) -> None:
    """Keep the columns for the next file of this sender for this purpose."""
    key = sender_key(arrival.sender)
    if key and mapping:
        SenderMapping.objects.update_or_create(
            sender_key=key,
            purpose=arrival.purpose,
            target=arrival.target if arrival.purpose == "edition" else "",
            defaults={"mapping": dict(mapping)},
        )


def _remembered(arrival: Arrival) -> dict[str, str] | None:
    key = sender_key(arrival.sender)
    if not key:
        return None
    target = arrival.target if arrival.purpose == "edition" else ""
    row = SenderMapping.objects.filter(sender_key=key, purpose=arrival.purpose, target=target).first()
    return None if row is None else dict(row.mapping)


def sender_key(sender: str) -> str:
    """Return a sender's name as it is compared: without accents, case and signs."""
    return plain(sender)[:120]
