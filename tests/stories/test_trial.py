"""Can anybody try the drawing board without an account, nothing stored, and not too often?"""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from playwright.sync_api import expect

from mapping import rate
from tests.stories.hands import Visitor, board_ready, click_round, hectares, zoom_to
from tests.stories.planner import ZONE

pytestmark = pytest.mark.browser
ASK = """async (zone) => {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const head = { "Content-Type": "application/json", "X-CSRFToken": token };
  const body = JSON.stringify({ zone, cuts: [], uses: [], kind: "new_cluster" });
  const answer = await fetch("/api/check/", { method: "POST", headers: head, body });
  return { status: answer.status, body: await answer.json() }; }"""


def _counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models() if model._meta.managed}


def test_trial(visitor: Visitor, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with django_db_blocker.unblock():
        before = _counts()
    page = visitor("/")
    page.locator(".demo-card-draw").click()
    board_ready(page)
    expect(page.locator(".panel-head")).to_contain_text("Không lưu")
    zoom_to(page, ZONE)
    page.click("[data-tool=polygon]")
    click_round(page, ZONE)
    assert 29 < hectares(page) < 31
    expect(page.locator(".finding", has_text="Hành lang an toàn đường bộ")).to_contain_text("QL.26")
    expect(page.locator(".report-land tbody tr")).not_to_have_count(0)
    page.click("[data-tool=split]")
    click_round(page, [(108.4770, 12.7985), (108.4770, 12.8048)])
    page.click("[data-tab=chuc-nang]")
    expect(page.locator("[data-part]")).to_have_count(2)
    expect(page.locator("[data-keep]")).to_have_count(0)

    ring = [list(place) for place in [*ZONE, ZONE[0]]]
    zone = {"type": "Polygon", "coordinates": [ring]}
    assert page.evaluate(ASK, zone)["status"] == 200
    monkeypatch.setattr(rate, "VISITORS_PER_MINUTE", 3)
    answers = [page.evaluate(ASK, zone) for _question in range(8)]  # eight, should a new minute begin meanwhile
    refused = next(answer for answer in answers if answer["status"] == 429)
    assert refused["body"]["message"] == "Quá nhiều yêu cầu trong một phút."
    assert "giây" in refused["body"]["todo"]
    page.reload()
    board_ready(page)
    expect(page.locator("path.zone-shape")).to_have_count(0)
    with django_db_blocker.unblock():
        assert _counts() == before
