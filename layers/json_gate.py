"""Is this JSON fit to be looked at? Size, depth, duplicate keys, NaN and endless numbers are refused before parsing.

It says nothing about meaning; it is shared by the glass and by the reader of GeoJSON files.
"""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import Any

MAX_DEPTH = 32
MAX_DIGITS = 40
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_LONG_NUMBER = re.compile(rb"[0-9.]{%d,}" % (MAX_DIGITS + 1))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NOT_BRACKETS = bytes(set(range(256)) - set(_STEP))


class JsonRefused(Exception):
    """JSON that is not looked at: *code* of the catalogue, *reason* one of the keys of REASONS, *where* a place."""

    def __init__(self, code: str, reason: str, where: str = "") -> None:
        super().__init__(f"{code} {reason} {where}")
        self.code = code
        self.reason = reason
        self.where = where


def parse_json(body: bytes, *, max_depth: int = MAX_DEPTH) -> Any:
    """Parse JSON strictly (RFC 8259, UTF-8, a BOM is passed over).

    Raises JsonRefused with JSON_DEPTH, JSON_INVALID, COORD_RANGE or COORD_NOT_FINITE; reasons are ``depth``,
    ``digits``, ``utf8``, ``syntax`` (*where* is ``line:column``), ``duplicate`` (*where* is the key) and
    ``not_finite``.
    """
    body = body.removeprefix(b"\xef\xbb\xbf")
    bare = _STRING.sub(b'""', body)
    if depth_of(bare) > max_depth:
        raise JsonRefused("JSON_DEPTH", "depth", f"> {max_depth}")
    if _LONG_NUMBER.search(bare):
        raise JsonRefused("COORD_RANGE", "digits")
    try:
        return json.loads(body, object_pairs_hook=_unique, parse_constant=_not_finite)
    except UnicodeDecodeError as error:
        raise JsonRefused("JSON_INVALID", "utf8", f"byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise JsonRefused("JSON_INVALID", "syntax", f"{error.lineno}:{error.colno}") from error


def depth_of(bare: bytes) -> int:
    """Return the deepest nesting of brackets in JSON text whose strings were emptied; iterative, linear."""
    return max(accumulate(map(_STEP.__getitem__, bare.translate(None, _NOT_BRACKETS))), default=0)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _value in pairs]
        raise JsonRefused("JSON_INVALID", "duplicate", next(name for name in names if names.count(name) > 1)[:60])
    return result


def _not_finite(text: str) -> float:
    raise JsonRefused("COORD_NOT_FINITE", "not_finite", text)
