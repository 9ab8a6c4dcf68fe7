"""Is the house Vietnamese until somebody presses the switch?"""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("browser", ["en-US,en;q=0.9", "fr", "", "vi"])
def test_the_browser_does_not_choose_the_language(browser: str) -> None:
    response = Client(headers={"accept-language": browser}).get("/dang-nhap/")
    assert response["Content-Language"] == "vi"
    assert '<html lang="vi"' in response.content.decode()


def test_the_switch_does_and_is_remembered() -> None:
    client = Client()
    client.post("/i18n/setlang/", {"language": "en", "next": "/dang-nhap/"})
    assert '<html lang="en"' in client.get("/dang-nhap/").content.decode()
    client.post("/i18n/setlang/", {"language": "vi", "next": "/dang-nhap/"})
    assert '<html lang="vi"' in client.get("/dang-nhap/").content.decode()


def test_a_language_we_do_not_speak_is_vietnamese() -> None:
    client = Client()
    client.cookies["django_language"] = "xx"
    assert client.get("/dang-nhap/")["Content-Language"] == "vi"
