"""How do the house and its geometry child talk? Length-prefixed frames: one JSON head and any number of WKB blobs.

Nothing is ever unpickled: a child that read hostile geometry must not be able to run code in its parent.
"""

from __future__ import annotations

import itertools
import json
import struct
from array import array
from collections.abc import Sequence
from typing import IO, Any

_HEAD = struct.Struct("<II")
MAX_FRAME = 512 * 1024 * 1024


class ProtocolError(Exception):
    """The other side closed the pipe or sent something that is not a frame."""


def encode(head: dict[str, Any], blobs: Sequence[bytes]) -> bytes:
    """Pack one frame: sizes, JSON head (with the blob lengths), blobs."""
    lengths = list(map(len, blobs))
    text = json_bytes({**head, "blobs": lengths})
    total = len(text) + sum(lengths)
    if total > MAX_FRAME:
        raise ProtocolError("frame too large")
    return b"".join((_HEAD.pack(len(text), total), text, *blobs))


def json_bytes(value: Any) -> bytes:
    """Return a value as JSON in UTF-8; raise ValueError for what JSON cannot hold."""
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair has no UTF-8, but an escape
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def packed_numbers(values: Sequence[float]) -> str:
    """Return numbers as text of a head, 16 hexadecimal digits each: many take a tenth of the time of decimal ones."""
    return array("d", values).tobytes().hex()


def unpacked_numbers(text: str) -> list[float]:
    """Return the numbers of `packed_numbers`; raise ValueError for another text."""
    numbers = array("d")
    numbers.frombytes(bytes.fromhex(text))
    return numbers.tolist()


def head_size() -> int:
    """Return the size of the fixed head that tells how much follows."""
    return _HEAD.size


def body_size(head: bytes) -> tuple[int, int]:
    """Return (length of the JSON text, length of everything after the fixed head)."""
    text_length, total = _HEAD.unpack(head)
    if not 2 <= text_length <= total <= MAX_FRAME:
        raise ProtocolError("not a frame")
    return text_length, total


def decode(body: bytes, text_length: int) -> tuple[dict[str, Any], list[bytes]]:
    """Unpack what follows the fixed head."""
    try:
        head = json.loads(body[:text_length])
        offsets = list(itertools.accumulate(head.pop("blobs"), initial=text_length))
        if offsets[-1] != len(body):
            raise ProtocolError("blob lengths do not add up")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProtocolError("head is not JSON") from error
    return head, [body[start:end] for start, end in itertools.pairwise(offsets)]


def read_frame(stream: IO[bytes]) -> tuple[dict[str, Any], list[bytes]] | None:
    """Read one frame from a blocking stream; None at a clean end."""
    head = stream.read(_HEAD.size)
    if not head:
        return None
    if len(head) < _HEAD.size:
        raise ProtocolError("pipe closed inside a frame")
    text_length, total = body_size(head)
    body = stream.read(total)
    if len(body) < total:
        raise ProtocolError("pipe closed inside a frame")
    return decode(body, text_length)
