"""Do the books open for their readers, and may the commune officer send her year?"""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.test import Client
from openpyxl import load_workbook

from planning.registers.models import ClusterPlan, PlanListEntry, Product, VillageYear
from planning.registers.queries import ReturnState, village_returns
from planning.registers.services import VillageFigures, save_village_year, send_village_year
from tests.cast import make_instrument
from tests.desks.fund.test_fund_desk import client_of, page
from tests.registers.books import Books, make_village


@pytest.fixture
def full(books: Books) -> Books:
    plan = ClusterPlan.objects.create(
        name="Phương án phát triển CCN",
        instrument=make_instrument(),
        period_from=2021,
        period_to=2030,
        valid_from=date(2023, 12, 30),
    )
    entry = PlanListEntry.objects.create(plan=plan, code="1", name="=CCN Thử", unit=books.land.east, area_ha=60)
    books.cluster.plan_entry = entry
    books.cluster.save()
    Product.objects.create(village=books.village, name="Khăn thổ cẩm", ocop_stars=4)
    make_village(books.land, slug="buon-xa", name="Buôn Xa", unit=books.land.far)
    return books


PAGES = (
    "/so-theo-doi/",
    "/so-theo-doi/?nam=2024",
    "/so-theo-doi/?nam=abcd",
    "/so-theo-doi/cum-cong-nghiep/",
    "/so-theo-doi/lang-nghe/",
    "/so-theo-doi/lang-nghe/?cua-toi=1",
    "/so-theo-doi/lang-nghe/buon-thu/",
    "/so-theo-doi/danh-muc/",
    "/so-theo-doi/tai-ve/cum-cong-nghiep.xlsx",
    "/so-theo-doi/tai-ve/lang-nghe.csv",
    "/so-theo-doi/tai-ve/danh-muc.xlsx",
)


@pytest.mark.parametrize("address", PAGES)
def test_pages_open_for_readers_and_for_nobody_else(full: Books, address: str) -> None:
    for name in ("planner", "appraiser", "commune_officer", "fund_officer", "inspector"):
        assert client_of(full.cast.everyone()[name]).get(address).status_code == 200, name
    for name in ("administrator", "nobody"):
        assert client_of(full.cast.everyone()[name]).get(address).status_code == 403, name
    assert Client().get(address).status_code == 302


def test_missing_things_are_missing(full: Books) -> None:
    client = client_of(full.cast.planner)
    for address in ("lang-nghe/khong-co/", "tai-ve/ho-gia-dinh.xlsx", "tai-ve/lang-nghe.pdf"):
        assert client.get(f"/so-theo-doi/{address}").status_code == 404


def test_officer_sees_her_own_villages_first(full: Books) -> None:
    text = page(client_of(full.cast.commune_officer), "/so-theo-doi/")
    assert "Buôn Dệt Thử" in text
    assert "Buôn Xa" not in text
    assert "Buôn Xa" in page(client_of(full.cast.commune_officer), "/so-theo-doi/lang-nghe/")


def test_officer_saves_then_sends(full: Books) -> None:
    client = client_of(full.cast.commune_officer)
    address = "/so-theo-doi/lang-nghe/buon-thu/2025/luu/"
    given = {
        "households_total": "1.200",
        "households_engaged": "300",
        "revenue_vnd": "5.000.000.000",
        "stable": "yes",
    }
    assert client.post(address, given).status_code == 302
    row = VillageYear.objects.get()
    assert (row.households_total, row.revenue_vnd, row.stable, row.sent_at) == (1200, 5_000_000_000, True, None)
    assert "1200" in page(client, "/so-theo-doi/lang-nghe/buon-thu/?nam=2025")
    assert client.post(address, {**given, "gui": "1"}).status_code == 302
    assert VillageYear.objects.get().sent_at
    assert client.post(address, given).status_code == 409
    assert client.post("/so-theo-doi/lang-nghe/buon-thu/2025/gui/").status_code == 409
    assert 'name="gui"' not in page(client, "/so-theo-doi/lang-nghe/buon-thu/?nam=2025")


def test_wrong_figures_come_back_with_a_sentence(full: Books) -> None:
    client = client_of(full.cast.commune_officer)
    address = "/so-theo-doi/lang-nghe/buon-thu/2025/luu/"
    assert client.post(address, {"households_total": "10", "households_engaged": "11"}).status_code == 422
    assert client.post(address, {"workers": "nhiều"}).status_code == 422
    assert client.post("/so-theo-doi/lang-nghe/buon-thu/2025/gui/").status_code == 422
    assert not VillageYear.objects.exists()


@pytest.mark.parametrize("name", ["planner", "appraiser", "inspector", "administrator"])
def test_nobody_else_enters(full: Books, name: str) -> None:
    client = client_of(full.cast.everyone()[name])
    assert client.post("/so-theo-doi/lang-nghe/buon-thu/2025/luu/", {}).status_code == 403
    assert client.post("/so-theo-doi/lang-nghe/buon-thu/2025/gui/").status_code == 403


def test_officer_stays_in_her_commune(full: Books) -> None:
    client = client_of(full.cast.commune_officer)
    assert client.post("/so-theo-doi/lang-nghe/buon-xa/2025/luu/", {}).status_code == 403
    assert 'name="gui"' not in page(client, "/so-theo-doi/lang-nghe/buon-xa/")


def test_unsent_figures_stay_with_the_officer(full: Books) -> None:
    save_village_year(full.cast.commune_officer, full.village, 2025, VillageFigures(households_engaged=4321))
    assert "4.321" in page(client_of(full.cast.commune_officer), "/so-theo-doi/lang-nghe/buon-thu/")
    for address in ("/so-theo-doi/lang-nghe/buon-thu/?nam=2025", "/so-theo-doi/lang-nghe/?nam=2025"):
        assert "4.321" not in page(client_of(full.cast.planner), address)
    answer = client_of(full.cast.commune_officer).get("/so-theo-doi/tai-ve/lang-nghe.csv?nam=2025")
    assert b"4321" not in b"".join(answer.streaming_content)


def test_downloads_hold_the_register(full: Books) -> None:
    client = client_of(full.cast.planner)
    answer = client.get("/so-theo-doi/tai-ve/danh-muc.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert sheet["C2"].value == "'=CCN Thử"
    assert sheet["G2"].value == 60
    text = b"".join(client.get("/so-theo-doi/tai-ve/cum-cong-nghiep.csv").streaming_content).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 2


def test_outliers_are_marked(full: Books) -> None:
    for year, workers in ((2024, 100), (2025, 151)):
        save_village_year(
            full.cast.commune_officer,
            full.village,
            year,
            VillageFigures(households_total=200, households_engaged=50, workers=workers),
        )
    row = next(one for one in village_returns(2025) if one.village == full.village)
    assert (row.state, row.is_outlier) == (ReturnState.BEGUN, True)
    send_village_year(full.cast.commune_officer, full.village, 2025)
    states = {one.village.slug: one.state for one in village_returns(2025)}
    assert states == {"buon-thu": ReturnState.SENT, "buon-xa": ReturnState.MISSING}
