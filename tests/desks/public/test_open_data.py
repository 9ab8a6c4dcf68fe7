"""Can anybody take the public books home, in files that other programs read and that no spreadsheet runs?"""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client

from mapping.desks.public.open_data import harmless
from tests.cast import Land
from tests.desks.public.books import make_books

pytestmark = pytest.mark.django_db


def test_csv_is_utf8_with_a_mark_and_has_a_place(client: Client, land: Land) -> None:
    make_books(land)
    text = client.get("/du-lieu-mo/lang-nghe.csv").content.decode("utf-8")
    assert text.startswith("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert row["name"] == "Dệt thổ cẩm buôn Cư M'gar"
    assert 107 < float(row["lon"]) < 110


def test_geojson_holds_the_boundary_of_a_cluster(client: Client, land: Land) -> None:
    make_books(land)
    answer = client.get("/du-lieu-mo/cum-cong-nghiep.geojson")
    assert answer["Content-Type"] == "application/geo+json"
    (one,) = json.loads(answer.content)["features"]
    assert one["geometry"]["type"] == "MultiPolygon"
    assert "location" not in one["properties"] and "boundary" not in one["properties"]


@pytest.mark.parametrize("name", ["lang-nghe.exe", "khong-co.csv", "san-pham.geojson", "public_village.csv"])
def test_anything_else_is_not_found(client: Client, land: Land, name: str) -> None:
    assert client.get(f"/du-lieu-mo/{name}").status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@sum", "\tx"])
def test_a_text_never_becomes_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless(-2) == -2
