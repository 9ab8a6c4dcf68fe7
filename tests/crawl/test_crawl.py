"""Can everybody walk the whole house in their own language? Every page, every role: no broken link, no leftover.

At most two addresses of one kind are opened for each role; data (names, texts people wrote) are not judged.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from mapping.demo_people import CARDS
from planning.people.models import User
from tests.crawl.reader import Page, catalogue, reads_english

pytestmark = pytest.mark.browser

PER_KIND = 2
# Pages that are the same for everybody are walked by the visitor; a person opens one of each.
FOR_EVERYBODY = {"public", "glass"}
STARTS = ["/", "/huong-dan/", "/dang-nhap/", "/ve-thu/", "/khong-co-trang-nay/"]
NOT_FOLLOWED = re.compile(r"^(#|mailto:|tel:|javascript:|https?:)|/dang-xuat/|/jsi18n/|/static/|/media/")
DRIVER_TEXT = re.compile(r"Traceback|psycopg2|ProgrammingError|DoesNotExist|OGR |GDAL_|django\.|object at 0x|None</")
# The log keeps names as they were written down, the house's own name for itself too.
WRITTEN = {"hệ thống"}
PEOPLE = ["", *(card.username for card in CARDS)]


def kind_of(address: str) -> str:
    """Name the kind of an address: its view and the names of its query."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return parts.path
    admin = match.route if match.namespace == "admin" else ""
    query = ",".join(sorted(part.split("=")[0] for part in parts.query.split("&") if part))
    return f"{match.view_name}{admin}?{query}"


def walk(language: str, username: str) -> tuple[dict[str, Page], list[str]]:
    """Open what can be reached; return pages by address, and what went wrong."""
    client = Client(headers={"accept-language": language})
    client.cookies["django_language"] = language
    if username:
        client.force_login(User.objects.get(username=username))
    waiting, seen, kinds = list(STARTS), dict.fromkeys(STARTS, ""), Counter[str]()
    pages: dict[str, Page] = {}
    wrong: list[str] = []
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        kinds[kind] += 1
        if kinds[kind] > (1 if username and kind.split(":")[0] in FOR_EVERYBODY else PER_KIND):
            continue
        response = client.get(address)
        if response.status_code in {301, 302, 303}:
            target = response["Location"]
            if target not in seen and target.startswith("/"):
                seen[target] = address
                waiting.append(target)
            continue
        if response.status_code != 200 and address not in STARTS:
            wrong.append(f"{address}: {response.status_code}, linked from {seen[address]}")
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        html = response.content.decode()
        if leftovers := DRIVER_TEXT.findall(html):
            wrong.append(f"{address}: {leftovers[:3]}")
        page = pages[address] = Page(html)
        for link in page.links:
            if NOT_FOLLOWED.search(link):
                continue
            target = link.split("#")[0]
            target = f"{urlsplit(address).path}{target}" if target.startswith("?") else target
            if target.startswith("/") and target not in seen:
                seen[target] = address
                waiting.append(target)
    return pages, wrong


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    return catalogue()


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_is_whole_and_vietnamese(
    demo: str, django_db_blocker: Any, words: dict[str, str], username: str
) -> None:
    with django_db_blocker.unblock():
        pages, wrong = walk("vi", username)
    english = {source for source, text in words.items() if source != text and " " in source}
    for address, page in pages.items():
        wrong += [f"{address}: “{text}”" for text in page.texts if text in english or reads_english(text)]
    assert len(pages) >= 6
    assert wrong == []


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_is_whole_and_english(
    demo: str, django_db_blocker: Any, words: dict[str, str], username: str
) -> None:
    with django_db_blocker.unblock():
        pages, wrong = walk("en", username)
    english_too = set(words) | {source for source, text in words.items() if source == text}
    vietnamese = {text for source, text in words.items() if source != text and " " in text} - english_too - WRITTEN
    for address, page in pages.items():
        wrong += [f"{address}: “{text}”" for text in page.texts if text in vietnamese]
    assert wrong == []
