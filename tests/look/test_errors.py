"""Does every refusal reach the person as a sentence in the right form: a page, a fragment, or problem+json?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from layers.errors import Conflict, NotAllowed
from mapping.errors import problem_response, server_error
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_missing_page_is_told_in_vietnamese(client: Client) -> None:
    answer = client.get("/khong-co/")
    assert answer.status_code == 404
    assert "Không có trang nào ở địa chỉ này" in answer.content.decode()


def test_scripts_get_problem_json(client: Client) -> None:
    answer = client.get("/khong-co/", headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["code"] == "NOT_FOUND"


def test_a_forms_address_opened_as_a_page_says_so(client: Client) -> None:
    answer = client.get("/dung-thu/hbia.planner/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "chỉ nhận dữ liệu gửi từ biểu mẫu" in answer.content.decode()
    assert client.get("/api/check/").json()["code"] == "METHOD_NOT_ALLOWED"


def test_a_nul_character_in_an_address_is_refused(client: Client, cast: Cast) -> None:
    client.force_login(cast.planner)
    answer = client.get("/so-sanh/?ho-so=%00&ho-so=DX-2026-0008")
    assert answer.status_code == 400
    assert "NUL" not in answer.content.decode()


def test_a_stale_form_is_told_without_djangos_english() -> None:
    answer = Client(enforce_csrf_checks=True).post("/dang-nhap/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "CSRF verification" not in answer.content.decode()


def test_htmx_gets_a_fragment_for_the_toasts(rf: RequestFactory) -> None:
    request: Any = rf.post("/x/")
    request.htmx = True
    answer = problem_response(request, Conflict("Ai đó đã sửa.", todo="Tải lại."))
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#toasts"
    assert b"<html" not in answer.content


def test_a_visitor_without_account_is_led_to_the_door(rf: RequestFactory) -> None:
    request = rf.get("/ho-so/?tab=2")
    answer = problem_response(request, NotAllowed("Không được."))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("account:login") + "?next=%2Fho-so%2F%3Ftab%3D2"


def test_the_500_page_needs_nothing(rf: RequestFactory, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "Hệ thống gặp lỗi" in answer.content.decode()


def test_text_of_a_refusal_is_escaped(rf: RequestFactory) -> None:
    request: Any = rf.post("/x/")
    request.htmx = True
    assert b"<script>" not in problem_response(request, Conflict("<script>alert(1)</script>")).content


@pytest.mark.parametrize("address", ["/", "/huong-dan/", "/dang-nhap/", "/khong-co/", "/du-lieu-mo/"])
def test_every_answer_carries_the_guards(client: Client, address: str) -> None:
    answer = client.get(address)
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy and "object-src 'none'" in policy and "base-uri 'none'" in policy
    assert "unsafe-inline" not in policy and "sha256-" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
