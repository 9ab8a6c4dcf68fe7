"""Does the way back work in real Chromium, from the link to the hand-over, at both widths, for axe as for eyes?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from planning.proposals import services
from planning.proposals.models import State, SurveyReturn
from planning.proposals.services import IssuedLink
from tests.browser import axe_violations, overflow
from tests.cast import make_cast, make_land, multi, square
from tests.desks.review.test_measured import pushed
from tests.desks.review.test_review_browser import signed_in
from tests.desks.survey.files import zipped_shapefile
from tests.proposals.conftest import _plans
from tests.proposals.plans import Plans

pytestmark = pytest.mark.browser

WIDTHS = (1440, 390)


@pytest.fixture(scope="module")
def staged(
    site: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Plans, IssuedLink, SurveyReturn]:
    """Put an order with one return, 30 cm off at one corner, into the served database."""
    from django.conf import settings

    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock():
        land = make_land()
        plans = _plans(make_cast(land), land)
        link = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội đo đạc số 1")
        returned = plans.send(link.order, multi(pushed(0.30)))
    return plans, link, returned


def fitting(page: Page) -> None:
    """Ask axe, and that nothing sticks out of the window."""
    assert axe_violations(page) == []
    assert overflow(page) <= 0


@pytest.mark.parametrize("width", WIDTHS)
def test_the_comparison_points_at_its_corners(
    staged: tuple[Plans, IssuedLink, SurveyReturn], site: str, page_at: Callable[..., Page], width: int
) -> None:
    _plans_of, _link, returned = staged
    path = f"/ho-so/{returned.proposal.code}/do-dac/{returned.number}/"
    page = signed_in(page_at, site, "appraiser", path, width)
    expect(page.locator("html[data-board=ready]")).to_be_attached()
    expect(page.locator(".measured-corner")).to_have_count(4)
    expect(page.locator(".measured-corner.is-bad")).to_have_text(["2"])
    fitting(page)
    page.locator(".measured-corner", has_text="3").click()
    expect(page.locator("tr[data-corner=a3]")).to_have_class("is-pointed")
    row = page.locator("tr[data-corner=a2]")
    row.focus()
    page.keyboard.press("Enter")
    expect(row).to_have_class("is-bad is-pointed")
    page.locator(".measured-corner", has_text="2").click()  # the map has come to the corner
    page.click("[data-open-dialog=act-return_survey]")
    expect(page.locator("#act-return_survey")).to_be_visible()
    expect(page.locator(".measured-mark input").first).to_have_attribute("name", "mark-a2")
    fitting(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_the_team_fit(
    staged: tuple[Plans, IssuedLink, SurveyReturn], site: str, page_at: Callable[..., Page], width: int
) -> None:
    _plans_of, link, returned = staged
    for path in ("", "tra-ket-qua/", f"da-nhan/{returned.number}/"):
        page = page_at(f"{site}/do-dac/{link.token}/{path}", width)
        expect(page.locator("h1")).to_be_visible()
        fitting(page)


def test_from_sent_back_to_in_force(
    staged: tuple[Plans, IssuedLink, SurveyReturn],
    site: str,
    page_at: Callable[..., Page],
    tmp_path: Path,
    django_db_blocker: Any,
) -> None:
    plans, link, returned = staged
    code = returned.proposal.code
    page = signed_in(page_at, site, "appraiser", f"/ho-so/{code}/")
    page.click(".notice a[href*='/do-dac/']")
    page.click("[data-open-dialog=act-return_survey]")
    page.fill("#id_send_back_note", "Đo lại mốc 2.")
    page.fill("[name=mark-a2]", "Lệch 30 cm về phía đông")
    page.locator("#act-return_survey button.button-primary").click()
    expect(page.locator(".review-title .chip")).to_contain_text("đã trả lại")

    team = page_at(f"{site}/do-dac/{link.token}/", 390)
    expect(team.locator(".survey-marks")).to_contain_text("Lệch 30 cm về phía đông")
    team.click("a[href$='tra-ket-qua/']")
    with django_db_blocker.unblock():
        file = zipped_shapefile(multi(square(2_000.02, 2_000.01, 500)), tmp_path)
    packed = tmp_path / "do-lai.zip"
    packed.write_bytes(file.read())
    team.set_input_files("input[type=file]", packed)
    for name, value in (
        ("instrument", "GNSS RTK"),
        ("base_points", "ĐC-01"),
        ("measured_on", "20/11/2026"),
        ("signer", "Lê Đo"),
    ):
        team.fill(f"[name={name}]", value)
    team.click("form button.button-primary")
    expect(team.locator("html[data-board=ready]")).to_be_attached()
    expect(team.locator("input[name=candidate]:checked ~ span")).to_contain_text("108°30′")
    expect(team.locator("input[name=candidate]:checked ~ span")).to_contain_text("0,022")
    fitting(team)
    team.click("button[form=answer]")
    expect(team.locator("[data-verdicts] tbody tr")).to_have_count(1)
    expect(team.locator("form#take")).to_contain_text("0,022")
    fitting(team)
    team.click("button[form=take]")
    team.wait_for_url("**/da-nhan/2/")

    page.goto(f"{site}/ho-so/{code}/do-dac/2/")
    expect(page.locator(".verdict")).to_have_attribute("data-sev", "clear")
    page.click("[data-open-dialog=act-accept_return]")
    page.locator("#act-accept_return button.button-primary").click()
    expect(page.locator(".review-title .chip")).to_contain_text("đã chấp nhận")

    leader = signed_in(page_at, site, "leader", f"/ho-so/{code}/")
    leader.click("[data-open-dialog=act-bring_into_force]")
    minutes = tmp_path / "bien-ban.pdf"
    minutes.write_bytes(b"%PDF-1.7\nbien ban")
    dialog = leader.locator("#act-bring_into_force")
    with django_db_blocker.unblock():
        from django.utils import timezone

        dialog.locator("[name=on]").fill(f"{timezone.localdate():%d/%m/%Y}")
    dialog.locator("[name=file]").set_input_files(minutes)
    dialog.locator("button.button-primary").click()
    expect(leader.locator(".review-title .chip")).to_contain_text("có hiệu lực")
    fitting(leader)
    with django_db_blocker.unblock():
        assert plans.fresh(returned.proposal).state == State.IN_FORCE
