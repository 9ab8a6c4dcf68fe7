"""Is the desk for other places accessible on a desk and a telephone, and does it lead from a candidate to a draft?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from layers.batches.services import run_batch
from planning.checks.screening.wishes import Wishes
from planning.proposals.models import Screening, SiteSearch
from planning.proposals.screening.start import start_screening
from planning.proposals.services import load_procedure_catalogue
from tests.browser import axe_violations, overflow
from tests.cast import make_cast, make_land
from tests.proposals.country import publish_country, searched

Open = Callable[..., Page]
pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Found:
    """One finished search and one finished screening in the served database."""

    search: SiteSearch
    screening: Screening


@pytest.fixture(scope="module")
def found(site: str, django_db_blocker: Any) -> Found:
    with django_db_blocker.unblock():
        land = make_land()
        cast = make_cast(land)
        load_procedure_catalogue()
        publish_country()
        search = searched(cast, Wishes((land.west.pk,), 30, 25, 35, road_m=2_000, slope_below=8))
        screening = start_screening(cast.appraiser, shape="hexagon", cell_ha=25)
        assert screening.batch_id is not None
        run_batch(screening.batch_id)
        return Found(search, screening)


def entered(page_at: Open, site: str, path: str, width: int) -> Page:
    cache.clear()
    page = page_at(f"{site}/dang-nhap/?next={path}", width, 844)
    page.fill("input[name=username]", "planner")
    page.fill("input[name=password]", "datnghe")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**{path}")
    return page


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_accessible_and_fit(found: Found, site: str, page_at: Open, width: int) -> None:
    page = entered(page_at, site, "/tim-dia-diem/", width)
    problems = []
    for path in (
        "/tim-dia-diem/",
        "/tim-dia-diem/moi/",
        f"/tim-dia-diem/{found.search.pk}/",
        "/tim-dia-diem/sang-loc/moi/",
        f"/tim-dia-diem/sang-loc/{found.screening.pk}/",
    ):
        answer = page.goto(site + path)
        assert answer is not None and answer.status == 200, path
        if width > 1_000:
            problems += [f"{path} {line}" for line in axe_violations(page)]
        if overflow(page):
            problems.append(f"{path} is wider than the window")
    assert problems == []


def test_a_candidate_becomes_a_draft_by_hand(found: Found, site: str, page_at: Open) -> None:
    page = entered(page_at, site, f"/tim-dia-diem/{found.search.pk}/", 1440)
    expect(page.locator("[data-site]").first).to_be_visible()
    page.locator("form[action*='/mo/'] button").first.click()
    page.wait_for_url("**/ho-so/**")
    expect(page.locator("html[data-board=ready]")).to_be_attached(timeout=20_000)
