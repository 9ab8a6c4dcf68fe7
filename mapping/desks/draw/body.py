"""What did a script of the drawing board send? One JSON object, read through the strict gate of the glass.

It knows no field: what the object means is each endpoint's matter.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.errors import InputRefused
from mapping.glass.json_gate import read_json


def read_object(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of a request body; raise InputRefused or LimitExceeded for anything else."""
    body = read_json(request.body)
    if not isinstance(body, dict):
        raise InputRefused(_("One JSON object is expected."), code="JSON_INVALID", where="$")
    return body
