"""How do tens of thousands of rows with shapes come over from the database? By COPY in binary, column by column.

A driver that reads rows as text turns every shape into hexadecimal digits and back: twice the time for the parcels of a
block. It deliberately knows no table; what the bytes of a column mean is for who asked.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

from django.db import connection

# "PGCOPY\n\377\r\n\0", flags, length of an extension that nobody uses (documentation of PostgreSQL, COPY).
_HEAD = 19
_END = b"\xff\xff"


def copied(query: str, values: Sequence[object], columns: int) -> list[list[bytes | None]]:
    """Return the *columns* of *query* with *values* put in as it is done for `execute`, as the server sends them.

    Text comes in UTF-8, ``bytea`` as it is, numbers high byte first; NULL is None.
    """
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        asked = cursor.mogrify(query, values).decode()
        cursor.copy_expert(f"COPY ({asked}) TO STDOUT (FORMAT binary)", buffer)
    return _columns(buffer.getvalue(), columns)


def _columns(sent: bytes, columns: int) -> list[list[bytes | None]]:
    found: list[list[bytes | None]] = [[] for _number in range(columns)]
    length_at = struct.Struct(">i").unpack_from
    at = _HEAD
    while sent[at : at + 2] != _END:
        at += 2  # the number of columns
        for column in found:
            (length,) = length_at(sent, at)
            at += 4
            if length < 0:
                column.append(None)
            else:
                column.append(sent[at : at + length])
                at += length
    return found
