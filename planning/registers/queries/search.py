"""Which village or cluster is meant? Search of the public books, without tones, apostrophes and spaces."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from django.db import connection

_D_BAR = str.maketrans("ĐđÐð", "dddd")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´")


@dataclass(frozen=True)
class Hit:
    """One answer; *level* 1 matches tones exactly, 2 base letters, 3 nearly. *kind* is ``village`` or ``cluster``."""

    kind: str
    id: int
    slug: str
    name: str
    place: str
    level: int
    score: float


def search(typed: str, how_many: int = 10) -> tuple[Hit, ...]:
    """Return the public villages and clusters that match what was typed, best first (see ``sql/search.sql``)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registers_search(%s, %s)", [typed.replace("\x00", ""), how_many])
        return tuple(Hit(*row) for row in cursor.fetchall())


def folded(text: str) -> str:
    """Return a text without tones, marks and apostrophes, in lower case; the twin of ``registers_fold``."""
    plain = text.translate(_APOSTROPHES).translate(_D_BAR)
    marks = unicodedata.normalize("NFKD", plain).lower()
    letters = "".join(char for char in marks if not unicodedata.combining(char))
    return " ".join("".join(char if char.isascii() and char.isalnum() else " " for char in letters).split())
