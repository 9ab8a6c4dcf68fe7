"""Does the fund desk do its work for the right people, from the allocation to the settlement, by forms alone?"""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from layers.crs import point_to_wgs84
from planning.people.models import Event, User
from planning.registers.models import Allocation, BoundaryKind, FundedProject, FundedProjectState, Payment
from planning.registers.queries import flags_of
from planning.registers.services import record_boundary
from tests.cast import TODAY, point, square
from tests.registers.books import MILLION, Books, fresh


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "vi"})
    client.force_login(user)
    return client


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def key_in(text: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f]{32})"', text)
    assert found
    return found.group(1)


def test_whole_life_of_a_project(books: Books) -> None:
    officer, confirmer = client_of(books.cast.fund_officer), client_of(books.cast.fund_confirmer)
    lon, lat = point_to_wgs84(point(1_000, 1_000).x, point(1_000, 1_000).y)
    answer = officer.post(
        "/khuyen-cong/du-toan/moi/",
        {
            "year": "2026",
            "source": books.source.pk,
            "amount_vnd": "2.000.000.000",
            "decision": "77/QĐ-UBND",
            "decided_on": "02/03/2026",
        },
    )
    assert answer.status_code == 302
    allocation = Allocation.objects.get(decision="77/QĐ-UBND")
    assert allocation.amount_vnd == 2_000 * MILLION
    assert confirmer.post(f"/khuyen-cong/du-toan/{allocation.pk}/xac-nhan/").status_code == 302
    answer = officer.post(
        "/khuyen-cong/de-an/moi/",
        {
            "title": "Hỗ trợ khung dệt cải tiến buôn Thử",
            "allocation": allocation.pk,
            "activity": "machinery",
            "implementer_name": "Trung tâm Khuyến công",
            "implementer_kind": "public_body",
            "beneficiary_name": "Hợp tác xã dệt Tơng Bông",
            "beneficiary_kind": "legal",
            "unit": books.land.west.pk,
            "village": books.village.pk,
            "granted_vnd": "200.000.000",
            "counterpart_vnd": "250.000.000",
            "lon": f"{lon:.9f}",
            "lat": f"{lat:.9f}",
        },
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    project = FundedProject.objects.get()
    assert project.location.distance(point(1_000, 1_000)) < 0.002
    address = f"/khuyen-cong/de-an/{project.pk}/"
    assert (
        officer.post(
            address + "hop-dong/", {"number": "01/HĐ", "signed_on": "05/03/2026", "amount_vnd": "200.000.000"}
        ).status_code
        == 302
    )
    advance = {
        "kind": "advance",
        "amount_vnd": "140.000.000",
        "paid_on": "10/03/2026",
        "key": key_in(page(officer, address)),
    }
    for _click in range(2):
        assert officer.post(address + "chi/", advance).status_code == 302
    payment = Payment.objects.get()
    assert f"/khuyen-cong/chung-tu/{payment.pk}/xac-nhan/" not in page(officer, address)
    assert f"/khuyen-cong/chung-tu/{payment.pk}/xac-nhan/" in page(confirmer, "/khuyen-cong/")
    assert confirmer.post(f"/khuyen-cong/chung-tu/{payment.pk}/xac-nhan/", {"back": "home"}).status_code == 302
    assert officer.post(address + "nghiem-thu/", {"accepted_on": "01/06/2026", "passed": "yes"}).status_code == 302
    assert (
        officer.post(address + "quyet-toan/", {"settled_on": "10/06/2026", "settled_vnd": "140.000.000"}).status_code
        == 302
    )
    assert fresh(project).state == FundedProjectState.SETTLED
    assert "140 triệu" in page(officer, address) or "140" in page(officer, address)


def test_payment_above_the_allocation_comes_back_on_the_page(books: Books) -> None:
    books.running(advance=700 * MILLION, granted_vnd=1_000 * MILLION)
    project = books.contracted()
    officer = client_of(books.cast.fund_officer)
    address = f"/khuyen-cong/de-an/{project.pk}/"
    answer = officer.post(
        address + "chi/",
        {
            "kind": "advance",
            "amount_vnd": "320.000.000",
            "paid_on": "10/03/2026",
            "key": key_in(page(officer, address)),
        },
    )
    assert answer.status_code == 409
    assert "300.000.000" in answer.content.decode()
    assert not Payment.objects.filter(funded_project=project).exists()


def test_wrong_form_says_what_is_wrong(books: Books) -> None:
    project = books.planned()
    answer = client_of(books.cast.fund_officer).post(
        f"/khuyen-cong/de-an/{project.pk}/hop-dong/", {"number": "", "signed_on": "31/02/2026", "amount_vnd": "năm"}
    )
    assert answer.status_code == 422
    assert answer.content.decode().count("error-text") == 3


def test_step_out_of_order_is_refused_on_the_page(books: Books) -> None:
    project = books.planned()
    answer = client_of(books.cast.fund_officer).post(
        f"/khuyen-cong/de-an/{project.pk}/quyet-toan/", {"settled_on": "10/06/2026", "settled_vnd": "1"}
    )
    assert answer.status_code == 409
    assert "notice-bad" in answer.content.decode()


PAGES = (
    "/khuyen-cong/",
    "/khuyen-cong/de-an/",
    "/khuyen-cong/de-an/?nam=2026&trang-thai=running&q=det&canh-bao=late_settlement&noi-dung=machinery",
    "/khuyen-cong/de-an/?nam=x&trang-thai=x&q=%00&page=99",
    "/khuyen-cong/tong-hop/",
    "/khuyen-cong/tong-hop/?theo=huyen-cu&tu=2020&den=2026",
    "/khuyen-cong/tong-hop/?theo=nghe",
    "/khuyen-cong/tong-hop/?theo=nam&tu=abc",
)


@pytest.mark.parametrize("address", PAGES)
def test_pages_open_for_readers_and_for_nobody_else(books: Books, address: str) -> None:
    books.running()
    for name in ("fund_officer", "fund_confirmer", "appraiser", "leader", "inspector"):
        page(client_of(books.cast.everyone()[name]), address)
    for name in ("planner", "commune_officer", "administrator", "steward", "nobody"):
        assert client_of(books.cast.everyone()[name]).get(address).status_code == 403, name
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", ["fund_confirmer", "appraiser", "inspector", "planner", "administrator"])
def test_nobody_else_enters(books: Books, name: str) -> None:
    project = books.contracted()
    client = client_of(books.cast.everyone()[name])
    for address in (
        "/khuyen-cong/du-toan/moi/",
        "/khuyen-cong/de-an/moi/",
        f"/khuyen-cong/de-an/{project.pk}/chi/",
        f"/khuyen-cong/de-an/{project.pk}/dung/",
    ):
        assert client.post(address, {"reason": "x"}).status_code == 403, address


def test_payment_is_confirmed_by_the_second_person_only(books: Books) -> None:
    project = books.running()
    payment = Payment.objects.get()
    client = client_of(books.cast.fund_confirmer)
    assert client.post(f"/khuyen-cong/chung-tu/{payment.pk}/xac-nhan/").status_code == 409
    assert client_of(books.cast.fund_officer).post(f"/khuyen-cong/chung-tu/{payment.pk}/xac-nhan/").status_code == 403
    answer = client_of(books.cast.fund_officer).post(f"/khuyen-cong/chung-tu/{payment.pk}/dao/", {"reason": "Nhầm"})
    assert answer.status_code == 302
    assert Payment.objects.filter(funded_project=project).count() == 2


def test_missing_things_are_missing(books: Books) -> None:
    client = client_of(books.cast.fund_officer)
    assert client.get("/khuyen-cong/de-an/999999/").status_code == 404
    assert client.post("/khuyen-cong/chung-tu/999999/xac-nhan/").status_code == 404
    assert client.post(f"/khuyen-cong/de-an/{books.planned().pk}/bay/").status_code == 404


def test_household_name_is_shown_on_request_and_the_reading_is_on_record(books: Books) -> None:
    project = books.running(beneficiary=books.household)
    address = f"/khuyen-cong/de-an/{project.pk}/"
    for name in ("fund_officer", "fund_confirmer", "inspector"):
        assert "Y Thử Niê" not in page(client_of(books.cast.everyone()[name]), address)
    assert client_of(books.cast.fund_confirmer).post(address + "ten/").status_code == 403
    shown = client_of(books.cast.fund_officer).post(address + "ten/")
    assert "Y Thử Niê" in shown.content.decode()
    assert Event.objects.filter(verb="read_restricted", actor=books.cast.fund_officer).count() == 1


def test_page_shows_the_place_and_the_boundary_of_the_cluster(books: Books) -> None:
    record_boundary(
        None, books.cluster, square(12_000, 1_000, 500), kind=BoundaryKind.DECIDED, valid_from=date(2020, 1, 1)
    )
    project = books.planned(cluster=books.cluster, location=point(20_000, 1_000))
    text = page(client_of(books.cast.inspector), f"/khuyen-cong/de-an/{project.pk}/")
    assert '"MultiPolygon"' in text
    assert "outside_boundary" in {flag.code for flag in flags_of(project, TODAY)}


def test_late_settlement_is_marked(books: Books) -> None:
    books.year.settlement_due = date(2026, 10, 1)
    books.year.save()
    project = books.accepted()
    assert project.code in page(client_of(books.cast.fund_officer), "/khuyen-cong/?")
    assert "late_settlement" in page(client_of(books.cast.fund_officer), "/khuyen-cong/")
