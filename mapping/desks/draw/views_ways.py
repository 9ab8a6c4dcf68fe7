"""Which ways out of a conflict are there? Asked on demand for one finding of a drawn boundary; nothing is saved."""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from layers.errors import InputRefused
from mapping.desks.draw.body import read_object
from mapping.desks.draw.drawn import read_drawn
from mapping.desks.draw.question import asked_subject
from mapping.desks.draw.ways_json import ways_json
from mapping.rate import limit_rate
from planning.checks.basis import basis_on
from planning.checks.repairs import ways_out

MAX_KEY = 300


@require_POST
def ways_out_api(request: HttpRequest) -> HttpResponse:
    """Answer the body of the check plus ``key`` (a finding's key, or ``all``) with the ways out, best first."""
    started = time.perf_counter()
    limit_rate(request, "ways_out")
    body = read_object(request)
    key = body.get("key")
    if not isinstance(key, str) or not key or len(key) > MAX_KEY:
        raise InputRefused(_("The row of the report is not named."), code="KEY_MISSING", where="key")
    drawn = read_drawn(body)
    against = basis_on(timezone.localdate())
    subject = asked_subject(request, body, drawn, against)
    found = ways_out(subject, against, key, cuts=drawn.cuts, uses=drawn.uses)
    answer = ways_json(found)
    answer["took_ms"] = round((time.perf_counter() - started) * 1000, 1)
    return JsonResponse(answer)
