"""Is this request body fit to be looked at? The ground's JSON gate with sentences for people.

It says nothing about meaning; `mapping.glass.geojson` reads geometry out of what passes.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from layers.errors import InputRefused, LimitExceeded
from layers.json_gate import MAX_DEPTH, JsonRefused, parse_json

MAX_BYTES = 1_500_000


def read_json(body: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """Parse a request body strictly.

    Raises LimitExceeded above *max_bytes*, else InputRefused: JSON_DEPTH, JSON_INVALID, COORD_RANGE, COORD_NOT_FINITE.
    """
    if len(body) > max_bytes:
        raise LimitExceeded(
            _("This is more than is accepted at once."), code="UPLOAD_TOO_LARGE", todo=_("Simplify it.")
        )
    try:
        return parse_json(body, max_depth=max_depth)
    except JsonRefused as error:
        raise InputRefused(
            _sentence(error.reason), code=error.code, where=error.where, todo=_("Send it again as valid JSON.")
        ) from error


def _sentence(reason: str) -> str:
    return {
        "depth": _("The JSON is nested too deeply."),
        "digits": _("A number has too many digits."),
        "utf8": _("The text is not UTF-8."),
        "syntax": _("This is not valid JSON."),
        "duplicate": _("A key appears twice."),
        "not_finite": _("A coordinate is not a finite number."),
    }[reason]
