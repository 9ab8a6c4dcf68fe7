"""Does the list of funded projects leave as it is narrowed, and without anybody's name?"""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client

from mapping.papers.export import TYPES
from planning.registers.models import FundedProject
from tests.cast import point
from tests.desks.fund.test_fund_desk import client_of
from tests.registers.books import Books


def content(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)


@pytest.fixture
def named(books: Books) -> Books:
    """Give a project for a household whose name stands in the title, and one for a cooperative."""
    project = books.planned(title="Hỗ trợ khung dệt cho một hộ", beneficiary=books.household)
    # the form refuses such a title; books that came in from paper may hold one
    FundedProject.objects.filter(pk=project.pk).update(title=f"Hỗ trợ khung dệt cho hộ {books.household.name}")
    books.planned(title="=Máy sấy", village=None, cluster=books.cluster, location=point(4_000, 4_000))
    return books


@pytest.mark.parametrize("kind", TYPES)
def test_no_file_names_a_household(named: Books, kind: str) -> None:
    officer = client_of(named.cast.fund_officer)  # who may read names, one by one
    assert named.household.name.encode() not in content(officer, f"/khuyen-cong/de-an.{kind}")


def test_the_filter_of_the_page_is_the_filter_of_the_file(named: Books) -> None:
    officer = client_of(named.cast.fund_officer)
    rows = list(csv.reader(io.StringIO(content(officer, "/khuyen-cong/de-an.csv?q=may+say").decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["'=Máy sấy"]
    assert len(content(officer, "/khuyen-cong/de-an.csv").decode().splitlines()) == 3


def test_a_household_stands_at_its_village(named: Books) -> None:
    officer = client_of(named.cast.fund_officer)
    features = json.loads(content(officer, "/khuyen-cong/de-an.geojson"))["features"]
    by_title = {one["properties"]["title"]: one["geometry"]["coordinates"] for one in features}
    household = next(at for title, at in by_title.items() if title.startswith("Hỗ trợ"))
    village = json.loads(content(officer, "/so-theo-doi/tai-ve/lang-nghe.geojson"))["features"][0]
    assert household == village["geometry"]["coordinates"]


def test_only_readers_of_the_fund_get_it(named: Books) -> None:
    for name, person in named.cast.everyone().items():
        reads = name in {"fund_officer", "fund_confirmer", "appraiser", "leader", "inspector"}
        assert client_of(person).get("/khuyen-cong/de-an.csv").status_code == (200 if reads else 403), name
    assert Client().get("/khuyen-cong/de-an.csv").status_code == 302
    assert client_of(named.cast.fund_officer).get("/khuyen-cong/de-an.pdf").status_code == 404
