"""Do rows that come by COPY in binary say what the same rows say to a driver?"""

from __future__ import annotations

import struct

import pytest

from planning.checks.screening.copied import copied

pytestmark = pytest.mark.django_db


def test_columns_come_as_they_are() -> None:
    texts, numbers, raw = copied(
        "SELECT t, n::float8, b FROM (VALUES (%s, 1.5, '\\x00ff0a'::bytea), (NULL, NULL, ''), ('x', 2, NULL))"
        " AS v (t, n, b)",
        ["Đất 'rừng' 100 %"],
        3,
    )
    assert texts == ["Đất 'rừng' 100 %".encode(), None, b"x"]
    assert [None if each is None else struct.unpack(">d", each)[0] for each in numbers] == [1.5, None, 2.0]
    assert raw == [b"\x00\xff\x0a", b"", None]


def test_no_rows_are_columns_without_values() -> None:
    assert copied("SELECT 1, 2 WHERE false", [], 2) == [[], []]
