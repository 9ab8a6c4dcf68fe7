"""Does this visitor ask too often? A fixed window per minute, by account when signed in, else by address.

All web processes count in one table. It keeps no address: the key is a keyed hash that changes every day.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from layers.errors import TooManyRequests

WINDOW_S = 60
# A person who drags a corner without rest pauses about once a second; several people may share one office address.
SIGNED_IN_PER_MINUTE = 240
VISITORS_PER_MINUTE = 90
HEAVY = {"upload": 10, "download": 20, "corners": 40, "ways_out": 60}


# Whose minute a session counts on, by session key. Only the count hangs on it: what a person may see or do is asked of
# the database each time, so somebody who was signed out is at most counted as before for this long.
KNOWN_S = 30.0
MOST_KNOWN = 10_000
_known: dict[str, tuple[float, str]] = {}


def limit_rate(request: HttpRequest, what: str) -> None:
    """Count one request for *what*; raise TooManyRequests when this visitor's minute is used up."""
    account = _account(request)
    most = HEAVY.get(what) or (SIGNED_IN_PER_MINUTE if account else VISITORS_PER_MINUTE)
    now = time.time()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT draw_count_request(%s, %s)", [f"{what}:{account or _visitor(request)}", int(now // WINDOW_S)]
        )
        count = cursor.fetchone()[0]
    if count > most:
        raise TooManyRequests(
            _("Too many questions in one minute."),
            todo=_("Wait %(seconds)d seconds; your drawing stays as it is.")
            % {"seconds": WINDOW_S - int(now % WINDOW_S)},
        )


def _account(request: HttpRequest) -> str:
    """Return the account a request is counted on; empty for a visitor without one."""
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    known = _known.get(session)
    if known is not None and time.monotonic() < known[0]:
        return known[1]
    if not request.user.is_authenticated:
        return ""
    account = f"user{request.user.pk}"
    if session:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[session] = (time.monotonic() + KNOWN_S, account)
    return account


def _visitor(request: HttpRequest) -> str:
    address = request.META.get("REMOTE_ADDR", "")
    return salted_hmac("draw.rate", f"{address}|{timezone.localdate()}").hexdigest()[:24]
