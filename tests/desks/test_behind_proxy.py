"""Is a visitor behind the operator's proxy told from the next one, and is the proxy believed only when there is one?"""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from mapping.middleware import VisitorAddressMiddleware


@pytest.mark.parametrize(
    ("behind", "header", "seen"),
    [
        (True, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (True, "", "127.0.0.1"),
        (False, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_the_address_is_the_proxys_last_word(settings: LazySettings, behind: bool, header: str, seen: str) -> None:
    settings.BEHIND_PROXY = behind
    found: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        found.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    headers = {"X-Forwarded-For": header} if header else {}
    VisitorAddressMiddleware(page)(RequestFactory().get("/", headers=headers))
    assert found == [seen]
