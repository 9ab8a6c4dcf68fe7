"""Can anybody take the public books home, in files that other programs read and that no spreadsheet runs?"""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client

from mapping.desks.public import open_data
from planning.registers.models import CraftVillage
from tests.cast import Land
from tests.desks.public.books import make_books

pytestmark = pytest.mark.django_db


def content(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    assert "attachment" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)


def test_csv_is_utf8_with_a_mark_and_has_a_place(client: Client, land: Land) -> None:
    make_books(land)
    text = content(client, "/du-lieu-mo/lang-nghe.csv").decode("utf-8")
    assert text.startswith("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert row["name"] == "Dệt thổ cẩm buôn Cư M'gar"
    assert 107 < float(row["lon"]) < 110


def test_geojson_holds_the_boundary_of_a_cluster(client: Client, land: Land) -> None:
    make_books(land)
    answer = client.get("/du-lieu-mo/cum-cong-nghiep.geojson")
    assert answer["Content-Type"] == "application/geo+json"
    (one,) = json.loads(b"".join(answer.streaming_content))["features"]
    assert one["geometry"]["type"] == "MultiPolygon"
    assert "location" not in one["properties"] and "boundary" not in one["properties"]


@pytest.mark.parametrize("name", ["lang-nghe.exe", "khong-co.csv", "san-pham.geojson", "public_village.csv"])
def test_anything_else_is_not_found(client: Client, land: Land, name: str) -> None:
    assert client.get(f"/du-lieu-mo/{name}").status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@sum", "\tx"])
def test_a_text_never_becomes_a_formula(client: Client, land: Land, text: str) -> None:
    make_books(land)
    CraftVillage.objects.update(name=text)
    (row,) = csv.DictReader(io.StringIO(content(client, "/du-lieu-mo/lang-nghe.csv").decode("utf-8-sig")))
    assert row["name"] == f"'{text}"


@pytest.mark.parametrize("chosen", open_data.SETS, ids=lambda one: one.name)
def test_a_set_has_the_columns_of_its_view_and_no_other(land: Land, chosen: open_data.OpenSet) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {chosen.view} LIMIT 0")
        columns = {column.name for column in cursor.description}
    assert {column.name for column in chosen.columns} == columns - {"location", "boundary"}


@pytest.mark.parametrize("kind", ["xlsx", "csv", "geojson", "gpkg", "shp"])
def test_the_list_beside_the_map_leaves_as_it_is_filtered(client: Client, land: Land, kind: str) -> None:
    make_books(land)
    whole = content(client, f"/du-lieu-mo/dia-diem.{kind}")
    assert whole and whole != content(client, f"/du-lieu-mo/dia-diem.{kind}?kind=village")


def test_the_map_may_narrow_the_list(client: Client, land: Land) -> None:
    make_books(land)
    far = json.loads(content(client, "/du-lieu-mo/dia-diem.geojson?bbox=105,20,106,21"))
    near = json.loads(content(client, "/du-lieu-mo/dia-diem.geojson?bbox=107,12,110,13"))
    assert (len(far["features"]), len(near["features"])) == (0, 2)
    assert client.get("/du-lieu-mo/dia-diem.geojson?bbox=nan,1,2,3").status_code == 422


def test_the_page_offers_every_format_and_nothing_for_an_empty_list(client: Client, land: Land) -> None:
    make_books(land)
    page = client.get("/").content.decode()
    assert all(f"/du-lieu-mo/dia-diem.{kind}" in page for kind in ("xlsx", "csv", "geojson", "gpkg", "shp"))
    assert "data-download-map" in page
    assert "/du-lieu-mo/dia-diem" not in client.get("/?q=khongcogi").content.decode()
