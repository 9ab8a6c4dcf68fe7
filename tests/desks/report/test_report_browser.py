"""Does a kept report's page work in real Chromium: narrow windows, axe, rows and pieces that point at each other?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from planning.proposals.queries import latest_run, report_number
from tests.browser import axe_violations, overflow
from tests.cast import make_cast, make_land
from tests.proposals.conftest import _plans
from tests.proposals.plans import zone

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(site: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Put a report with a piece in the forest into the served database; return its page."""
    from django.conf import settings

    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock():
        land = make_land()
        proposal = _plans(make_cast(land), land).ready(zone(4_800, 5_200))
        assert proposal.current_version is not None
        run = latest_run(proposal.current_version)
        assert run is not None
    return f"/bao-cao/{report_number(run)}/"


def opened(page_at: Callable[..., Page], site: str, address: str, width: int = 1440) -> Page:
    page = page_at(f"{site}/dang-nhap/", width)
    page.fill("input[name=username]", "planner")
    page.fill("input[name=password]", "datnghe")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/dang-nhap/" not in address)  # the page after signing in must not be overtaken
    page.goto(f"{site}{address}")
    expect(page.locator("#map[data-ready]")).to_be_attached()
    return page


@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_is_accessible_and_fits_the_window(
    address: str, site: str, page_at: Callable[..., Page], width: int
) -> None:
    page = opened(page_at, site, address, width)
    assert axe_violations(page) == []
    assert overflow(page) == 0


def test_a_row_lights_its_piece_and_a_piece_its_row(address: str, site: str, page_at: Callable[..., Page]) -> None:
    page = opened(page_at, site, address)
    row = page.locator('.report-group[data-sev="prohibited"] .report-finding').first
    piece = page.locator("path.sev-piece").first
    expect(piece).to_have_attribute("stroke-width", "2")
    row.hover()
    expect(piece).to_have_attribute("stroke-width", "4")
    page.locator("h1").hover()
    expect(piece).to_have_attribute("stroke-width", "2")
    piece.hover()
    expect(row).to_have_class("report-finding is-active")
    page.locator(".report-group summary").first.click()
    expect(row).to_be_hidden()
    piece.click()
    expect(row).to_be_visible()
    expect(row).to_be_focused()


def test_a_counter_shows_only_its_group(address: str, site: str, page_at: Callable[..., Page]) -> None:
    page = opened(page_at, site, address)
    page.locator('[data-filter-sev="not_checked"]').click()
    expect(page.locator('.report-group[data-sev="prohibited"]')).to_be_hidden()
    expect(page.locator('.report-group[data-sev="not_checked"]')).to_be_visible()
    page.locator('[data-filter-sev="not_checked"]').click()
    expect(page.locator('.report-group[data-sev="prohibited"]')).to_be_visible()


def test_asking_again_answers_in_place(address: str, site: str, page_at: Callable[..., Page]) -> None:
    page = opened(page_at, site, address)
    page.locator(".report-files form button").click()
    expect(page.locator("#again .notice-good")).to_be_visible()
    assert page.url.endswith(address)


def test_the_pdf_comes_as_a_file(address: str, site: str, page_at: Callable[..., Page]) -> None:
    page = opened(page_at, site, address)
    with page.expect_download(timeout=60_000) as coming:
        page.locator(".report-files a", has_text="PDF").click()
    assert coming.value.suggested_filename.endswith(".pdf")
