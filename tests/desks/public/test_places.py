"""Does the public list show what it should, find what people type, and keep to itself what is not public?"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.cast import Land
from tests.desks.public.books import PERSON, Books, make_books

pytestmark = pytest.mark.django_db


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


@pytest.fixture
def books(land: Land) -> Books:
    """Give the rows of the public desk."""
    return make_books(land)


def listed(client: Client, query: str = "") -> list[str]:
    """Return the names of the list at an address."""
    page = client.get(f"/{query}").content.decode()
    return re.findall(r'<span class="list-title">(.*?)</span>', page)


def test_the_list_shows_villages_and_clusters_by_name(client: Client, books: Books) -> None:
    assert listed(client) == ["CCN Thử", "Dệt thổ cẩm buôn Cư M&#x27;gar"]


@pytest.mark.parametrize(
    "typed",
    [
        "Cư M'gar",
        "cu mgar",
        "cumgar",
        "CƯ M’GAR",
        "det tho cam",
        "dệt thổ cẩm",
        "det tho cm",
        "Huyện Thử",
        "huyen thu",
        "xã Tây",
    ],
)
def test_search_finds_the_village_however_it_is_typed(client: Client, books: Books, typed: str) -> None:
    assert "Dệt thổ cẩm buôn Cư M&#x27;gar" in listed(client, f"?q={typed}&kind=village")


def test_search_says_when_nothing_fits(client: Client, books: Books) -> None:
    answer = client.get("/", {"q": "qqqqqq"}).content.decode()
    assert 'class="empty"' in answer
    assert listed(client, "?q=qqqqqq") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?kind=cluster", ["CCN Thử"]),
        ("?trade=weaving", ["Dệt thổ cẩm buôn Cư M&#x27;gar"]),
        ("?funded=2023", ["Dệt thổ cẩm buôn Cư M&#x27;gar"]),
        ("?funded=2026", []),
        ("?funded=any", ["Dệt thổ cẩm buôn Cư M&#x27;gar"]),
        ("?unit=999999999", []),
        ("?unit=abc&kind=x&funded=12&page=999", ["CCN Thử", "Dệt thổ cẩm buôn Cư M&#x27;gar"]),
    ],
)
def test_filters_narrow_the_list_and_nonsense_is_ignored(
    client: Client, books: Books, query: str, expected: list[str]
) -> None:
    assert listed(client, query) == expected


def test_unit_and_former_district_narrow_the_list(client: Client, books: Books, land: Land) -> None:
    assert listed(client, f"?unit={land.east.pk}") == ["CCN Thử"]
    assert len(listed(client, f"?district={land.old_district.pk}")) == 2
    assert listed(client, f"?district={land.far_district.pk}") == []


def test_htmx_gets_the_results_only(client: Client, books: Books) -> None:
    part = client.get("/", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="places-data"' in part


def test_the_map_gets_the_same_places_in_wgs84(client: Client, books: Books) -> None:
    page = client.get("/").content.decode()
    match = re.search(r'<script id="places-data" type="application/json">(.*?)</script>', page)
    assert match
    places = json.loads(match[1])
    assert [place["slug"] for place in places] == ["ccn-thu", "det-tho-cam"]
    assert all(107 < place["at"][0] < 110 and 11 < place["at"][1] < 14 for place in places)


def test_place_pages_show_money_reasons_and_decision(client: Client, books: Books) -> None:
    village = client.get("/lang-nghe/det-tho-cam/").content.decode()
    assert "80" in village and "Khăn thổ cẩm" in village and "150.000.000" in village
    assert village.count("data-state=") == 5
    cluster = client.get("/cum-cong-nghiep/ccn-thu/").content.decode()
    assert "Quyết định số 514/QĐ-UBND" in cluster and "75,0" in cluster and "51,50" in cluster


def test_nothing_hidden_planned_or_personal_is_public(client: Client, books: Books) -> None:
    addresses = [
        "/",
        f"/?q={PERSON}",
        "/lang-nghe/det-tho-cam/",
        "/cum-cong-nghiep/ccn-thu/",
        "/du-lieu-mo/",
        *[f"/du-lieu-mo/{name}.csv" for name in ("lang-nghe", "cum-cong-nghiep", "de-an-khuyen-cong", "san-pham")],
        *[f"/du-lieu-mo/{name}.geojson" for name in ("lang-nghe", "cum-cong-nghiep", "de-an-khuyen-cong")],
    ]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = re.sub(r"<(title|input)[^>]*>", "", body_of(answer).decode())  # the search box repeats what was typed
        assert PERSON not in text, address
        assert books.hidden.name not in text, address
        assert books.planned.title not in text, address
    assert client.get("/lang-nghe/lang-kin/").status_code == 404
    assert client.get("/lang-nghe/lang-kin/ma-qr.svg").status_code == 404


def test_the_share_code_is_a_drawing(client: Client, books: Books) -> None:
    answer = client.get("/lang-nghe/det-tho-cam/ma-qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content
