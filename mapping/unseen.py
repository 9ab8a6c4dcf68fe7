"""What do all pages behind a signed link share? They are found by nobody else: no cache, no index, no referrer.

Which link opens what is asked by the page itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from layers.errors import DatNgheError
from mapping.errors import problem_response

View = Callable[..., HttpResponseBase]


def unseen(view: View) -> View:
    """Keep the link out of caches, indexes and referrers: the address is the key."""
    return _kept(view, "no-referrer")


def unseen_form(view: View) -> View:
    """Do the same for a page with a form.

    With ``no-referrer`` a browser posts even to its own site with ``Origin: null`` (Fetch, "serialize a request
    origin"), which the guard against forged posts must refuse; ``same-origin`` tells other sites nothing either.
    """
    return _kept(view, "same-origin")


def _kept(view: View, policy: str) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **rest: Any) -> HttpResponseBase:
        try:
            response = view(request, token=token, **rest)
        except DatNgheError as problem:  # answered here, so that a dead or unknown link leaks as little as a living one
            response = problem_response(request, problem)
        response.headers["Referrer-Policy"] = policy
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        add_never_cache_headers(response)
        return response

    return wrapped
