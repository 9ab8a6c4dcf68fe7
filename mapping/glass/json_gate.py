"""Is this JSON fit to be looked at? Size, depth, duplicate keys, NaN and endless numbers are refused before parsing.

It says nothing about meaning; `mapping.glass.geojson` reads geometry out of what passes.
"""

from __future__ import annotations

import json
import re
from typing import Any

from django.utils.translation import gettext as _

from layers.errors import InputRefused, LimitExceeded

MAX_BYTES = 1_500_000
MAX_DEPTH = 32
MAX_DIGITS = 40
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_LONG_NUMBER = re.compile(rb"[0-9.]{%d,}" % (MAX_DIGITS + 1))


def read_json(body: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """Parse a request body strictly (RFC 8259, UTF-8, no BOM needed).

    Raises LimitExceeded above *max_bytes*; InputRefused (JSON_DEPTH, JSON_INVALID, COORD_NOT_FINITE) otherwise.
    """
    if len(body) > max_bytes:
        raise LimitExceeded(
            _("This is more than is accepted at once."), code="UPLOAD_TOO_LARGE", todo=_("Simplify it.")
        )
    body = body.removeprefix(b"\xef\xbb\xbf")
    bare = _STRING.sub(b'""', body)
    if depth_of(bare) > max_depth:
        raise InputRefused(_("The JSON is nested too deeply."), code="JSON_DEPTH", where=f"> {max_depth}")
    if _LONG_NUMBER.search(bare):
        raise _invalid(_("A number has too many digits."))
    try:
        return json.loads(body, object_pairs_hook=_unique, parse_constant=_not_finite)
    except UnicodeDecodeError as error:
        raise _invalid(_("The text is not UTF-8."), f"byte {error.start}") from error
    except json.JSONDecodeError as error:
        where = _("line %(line)s, column %(column)s") % {"line": error.lineno, "column": error.colno}
        raise _invalid(_("This is not valid JSON."), where) from error


def depth_of(bare: bytes) -> int:
    """Return the deepest nesting of brackets in JSON text whose strings were emptied; iterative, linear."""
    depth = deepest = 0
    for byte in bare:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _value in pairs]
        raise _invalid(_("A key appears twice."), next(name for name in names if names.count(name) > 1)[:60])
    return result


def _not_finite(text: str) -> float:
    raise InputRefused(_("A coordinate is not a finite number."), code="COORD_NOT_FINITE", where=text)


def _invalid(message: str, where: str = "") -> InputRefused:
    return InputRefused(message, code="JSON_INVALID", where=where, todo=_("Send it again as valid JSON."))
