"""Does this visitor ask too often? A fixed window per minute in the cache, by account when signed in, else by address.

It keeps no address: the key is a keyed hash that changes every day.
"""

from __future__ import annotations

import time

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from layers.errors import TooManyRequests

WINDOW_S = 60
# A person who drags a corner without rest pauses about once a second; several people may share one office address.
SIGNED_IN_PER_MINUTE = 240
VISITORS_PER_MINUTE = 90
HEAVY = {"upload": 10, "corners": 40, "ways_out": 60}


def limit_rate(request: HttpRequest, what: str) -> None:
    """Count one request for *what*; raise TooManyRequests when this visitor's minute is used up."""
    most = HEAVY.get(what) or (SIGNED_IN_PER_MINUTE if request.user.is_authenticated else VISITORS_PER_MINUTE)
    window = int(time.time() // WINDOW_S)
    key = f"draw:{what}:{_who(request)}:{window}"
    cache.add(key, 0, timeout=2 * WINDOW_S)
    try:
        count = cache.incr(key)
    except ValueError:  # the entry was evicted between the two calls
        count = 1
    if count > most:
        raise TooManyRequests(
            _("Too many questions in one minute."),
            todo=_("Wait %(seconds)d seconds; your drawing stays as it is.")
            % {"seconds": WINDOW_S - int(time.time() % WINDOW_S)},
        )


def _who(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"user{request.user.pk}"
    address = request.META.get("REMOTE_ADDR", "")
    return salted_hmac("draw.rate", f"{address}|{timezone.localdate()}").hexdigest()[:24]
