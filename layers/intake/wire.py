"""How do the columns of a batch look on their way between processes? Numbers as bytes, texts by the line, else JSON.

A number written as JSON and read again costs five times what its eight bytes cost, and a large file has millions. It
judges no value: both sides do that with what comes out.
"""

from __future__ import annotations

import itertools
import json
import math
from array import array
from collections.abc import Sequence
from typing import Any

from layers.geomchild.protocol import json_bytes

_LENGTH = 4
_END = "\n"
_NUMBERS = {"f": "d", "i": "q"}  # our kinds in the words of `array`: eight bytes each


def pack(columns: Sequence[Sequence[Any]]) -> bytes:
    """Return columns of plain values as bytes: the length of a list of (kind, size), the list, one body a column.

    Raises ValueError for what JSON cannot hold.
    """
    told = [_packed(column) for column in columns]
    head = json.dumps([(kind, len(body)) for kind, body in told]).encode()
    return b"".join((len(head).to_bytes(_LENGTH, "little"), head, *(body for _kind, body in told)))


def unpack(data: bytes) -> list[list[Any]]:
    """Return the columns; raise ValueError, TypeError or RecursionError for bytes that are none."""
    start = _LENGTH + int.from_bytes(data[:_LENGTH], "little")
    told = json.loads(data[_LENGTH:start])
    ends = list(itertools.accumulate((size for _kind, size in told), initial=start))
    if ends[-1] != len(data) or any(end < start for start, end in itertools.pairwise(ends)):
        raise ValueError("the columns do not add up")
    return [
        _unpacked(kind, data[start:end])
        for (kind, _size), (start, end) in zip(told, itertools.pairwise(ends), strict=True)
    ]


def _packed(column: Sequence[Any]) -> tuple[str, bytes]:
    kinds = set(map(type, column))
    if kinds == {float} and all(map(math.isfinite, column)):
        return "f", array(_NUMBERS["f"], column).tobytes()
    try:
        if kinds == {int}:
            return "i", array(_NUMBERS["i"], column).tobytes()
        if kinds == {str}:
            whole = _END.join(column)
            if whole.count(_END) == len(column) - 1:
                return "t", whole.encode()
    except (OverflowError, UnicodeEncodeError):  # more than 64 bits; half a surrogate pair: JSON knows both
        pass
    return "j", json_bytes(list(column))


def _unpacked(kind: str, body: bytes) -> list[Any]:
    if kind in _NUMBERS:
        numbers = array(_NUMBERS[kind])
        numbers.frombytes(body)
        if kind == "i" or all(map(math.isfinite, numbers)):
            return numbers.tolist()
        return [value if math.isfinite(value) else None for value in numbers]
    if kind == "t":
        return body.decode().split(_END)
    if kind != "j":
        raise ValueError("an unknown kind of column")
    found = json.loads(body)
    if not isinstance(found, list):
        raise TypeError("a column is no list")
    return found
