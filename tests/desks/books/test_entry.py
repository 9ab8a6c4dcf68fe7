"""Do the forms of the registers enter what the right person writes, and nothing of anybody else?"""

from __future__ import annotations

from datetime import date

import pytest

from layers.crs import point_to_wgs84
from planning.registers.models import ClusterArea, ClusterReport, CraftVillage, IndustrialCluster
from tests.cast import point
from tests.desks.fund.test_fund_desk import client_of, page
from tests.registers.books import Books

NEW_VILLAGE, NEW_CLUSTER = "/so-theo-doi/them-lang-nghe/", "/so-theo-doi/them-cum-cong-nghiep/"
EDIT, REPORT = "/so-theo-doi/lang-nghe/buon-thu/sua/", "/so-theo-doi/cum-cong-nghiep/cum-thu/bao-cao/"
MARKUP = "<script>alert(1)</script>"


def at(east: float, north: float) -> dict[str, str]:
    lon, lat = point_to_wgs84(point(east, north).x, point(east, north).y)
    return {"lon": f"{lon:.7f}".replace(".", ","), "lat": f"{lat:.7f}"}


def village_of(books: Books, **changes: object) -> dict[str, object]:
    return {
        "name": "Buôn Nặn Gốm",
        "kind": "unrecognised",
        "trade_group": "wood_textile",
        "trade": "",
        "trade_name_vi": "gốm đất nung",
        "unit": books.land.west.pk,
        "since_year": "1900",
        "recognised_on": "05/06/2020",
        "environment_plan": "yes",
        **at(2_000, 2_000),
        **changes,
    }


def cluster_of(books: Books, **changes: object) -> dict[str, object]:
    return {
        "name": "Điểm công nghiệp Cũ",
        "kind": "legacy",
        "lifecycle": "operating",
        "wastewater_state": "none",
        "unit": books.land.east.pk,
        "planned": "30,5",
        "leased": "10",
        "areas_on": "31/12/2024",
        "source": "12/BC-UBND",
        **at(12_000, 2_000),
        **changes,
    }


def test_officer_adds_a_village_and_changes_it(books: Books) -> None:
    client = client_of(books.cast.commune_officer)
    assert NEW_VILLAGE in page(client, "/so-theo-doi/lang-nghe/")
    form = page(client, NEW_VILLAGE)
    assert "Xã Tây" in form
    assert "Xã Đông" not in form
    answer = client.post(NEW_VILLAGE, village_of(books))
    assert (answer.status_code, answer["Location"]) == (302, "/so-theo-doi/lang-nghe/buon-nan-gom/")
    village = CraftVillage.objects.get(slug="buon-nan-gom")
    assert (village.trade, village.trade_name_en) == ("gom-dat-nung", "gốm đất nung")
    assert (village.recognised_on, village.environment_plan) == (date(2020, 6, 5), True)
    assert village.location.distance(point(2_000, 2_000)) < 0.1
    edit = "/so-theo-doi/lang-nghe/buon-nan-gom/sua/"
    assert edit in page(client, "/so-theo-doi/lang-nghe/buon-nan-gom/")
    assert "05/06/2020" in page(client, edit)
    lon, lat = point_to_wgs84(village.location.x, village.location.y)
    kept = {"lon": f"{lon:.7f}", "lat": f"{lat:.7f}"}
    assert client.post(edit, village_of(books, trade="pottery", since_year="", **kept)).status_code == 302
    again = CraftVillage.objects.get(slug="buon-nan-gom")
    assert (again.trade, again.since_year, again.location) == ("pottery", None, village.location)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"name": ""}, 422),
        ({"lat": ""}, 422),
        ({"lat": "nhiều"}, 422),
        ({"since_year": "900"}, 422),
        ({"recognised_on": "31/02/2020"}, 422),
        ({"trade": "no-such-trade"}, 422),
        ({"name": "Buôn Dệt Thử"}, 409),
    ],
)
def test_wrong_villages_come_back_with_a_sentence(books: Books, changes: dict[str, object], status: int) -> None:
    answer = client_of(books.cast.commune_officer).post(NEW_VILLAGE, village_of(books, **changes))
    assert answer.status_code == status
    assert CraftVillage.objects.count() == 1


def test_officer_cannot_choose_another_commune(books: Books) -> None:
    client = client_of(books.cast.commune_officer)
    elsewhere = village_of(books, unit=books.land.east.pk, **at(12_000, 2_000))
    assert client.post(NEW_VILLAGE, elsewhere).status_code == 422
    CraftVillage.objects.update(unit=books.land.east)
    assert client.get(EDIT).status_code == 403
    assert client.post(EDIT, elsewhere).status_code == 403


@pytest.mark.parametrize("who", ["planner", "fund_officer", "inspector", "administrator", "nobody"])
def test_nobody_else_finds_a_form_or_a_button(books: Books, who: str) -> None:
    client = client_of(books.cast.everyone()[who])
    for address in (NEW_VILLAGE, NEW_CLUSTER, EDIT, REPORT):
        assert client.get(address).status_code == 403, address
        assert client.post(address, {}).status_code == 403, address
    if who in {"planner", "fund_officer", "inspector"}:
        text = page(client, "/so-theo-doi/lang-nghe/") + page(client, "/so-theo-doi/lang-nghe/buon-thu/")
        text += page(client, "/so-theo-doi/cum-cong-nghiep/")
        assert not [address for address in (NEW_VILLAGE, NEW_CLUSTER, EDIT, REPORT) if address in text]


def test_each_keeps_her_own_register(books: Books) -> None:
    officer, appraiser = client_of(books.cast.commune_officer), client_of(books.cast.appraiser)
    assert {officer.get(address).status_code for address in (NEW_CLUSTER, REPORT)} == {403}
    assert {appraiser.get(address).status_code for address in (NEW_VILLAGE, EDIT)} == {403}
    assert officer.get("/so-theo-doi/lang-nghe/khong-co/sua/").status_code == 404
    assert appraiser.get("/so-theo-doi/cum-cong-nghiep/khong-co/bao-cao/").status_code == 404


def test_appraiser_adds_a_cluster_and_its_half_year(books: Books) -> None:
    client = client_of(books.cast.appraiser)
    assert NEW_CLUSTER in page(client, "/so-theo-doi/cum-cong-nghiep/")
    assert client.post(NEW_CLUSTER, cluster_of(books)).status_code == 302
    cluster = IndustrialCluster.objects.get(slug="diem-cong-nghiep-cu")
    assert (cluster.wastewater_state, cluster.location.distance(point(12_000, 2_000)) < 0.1) == ("none", True)
    assert ClusterArea.objects.filter(cluster=cluster).count() == 2
    assert client.post(NEW_CLUSTER, cluster_of(books)).status_code == 409
    assert client.post(NEW_CLUSTER, cluster_of(books, name="Khác", source="")).status_code == 422
    report = "/so-theo-doi/cum-cong-nghiep/diem-cong-nghiep-cu/bao-cao/"
    given = {"period_end": "2025-12-31", "leasable_ha": "20", "leased_ha": "12,5", "workers": "1.200"}
    assert report in page(client, "/so-theo-doi/cum-cong-nghiep/")
    assert client.post(report, given).status_code == 302
    assert ClusterReport.objects.get().workers == 1200
    assert "12,50" in page(client, report)
    assert client.post(report, {**given, "leased_ha": "21"}).status_code == 422
    assert client.post(report, {**given, "period_end": "2025-12-30"}).status_code == 422


def test_cluster_without_a_place_is_entered(books: Books) -> None:
    client = client_of(books.cast.appraiser)
    assert client.post(NEW_CLUSTER, cluster_of(books, lon="", lat="")).status_code == 302
    assert IndustrialCluster.objects.get(slug="diem-cong-nghiep-cu").location is None
    assert client.post(NEW_CLUSTER, cluster_of(books, name="Khác", lon="")).status_code == 422


def test_markup_is_written_as_text(books: Books) -> None:
    officer, appraiser = client_of(books.cast.commune_officer), client_of(books.cast.appraiser)
    texts = {"name": f"Buôn {MARKUP}", "about_vi": MARKUP, "trade_name_vi": MARKUP, "hamlets": MARKUP}
    assert MARKUP not in officer.post(NEW_VILLAGE, village_of(books, **texts, lat="")).content.decode()
    answer = officer.post(NEW_VILLAGE, village_of(books, **texts))
    assert answer.status_code == 302
    for address in (answer["Location"], f"{answer['Location']}sua/", "/so-theo-doi/lang-nghe/"):
        text = page(officer, address)
        assert MARKUP not in text
        assert "&lt;script&gt;" in text
    assert appraiser.post(NEW_CLUSTER, cluster_of(books, name=f"Cụm {MARKUP}")).status_code == 302
    assert MARKUP not in page(appraiser, "/so-theo-doi/cum-cong-nghiep/")
