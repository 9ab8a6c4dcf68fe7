"""Where is a person led after coming in? To where they wanted to go, if that is ours, else to their first desk.

It signs nobody in: the account desk and the demonstration do.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from mapping.context_processors import ENTRIES, nav_entries


def safe_next(request: HttpRequest) -> str:
    """Return the address asked for by ``next`` when it is ours, else nothing (T: open redirect)."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else ""


def first_desk(request: HttpRequest) -> str:
    """Return the address of the first desk this person may use besides the public map."""
    own = [entry for entry in nav_entries(request, ENTRIES) if entry.view != "public:home"]
    if own:
        return own[0].href
    return reverse("public:home")
