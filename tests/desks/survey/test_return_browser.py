"""Can a team go the steps of its file in real Chromium, at both widths: points in order, two readings, sent?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page, expect

from planning.proposals import services
from planning.proposals.models import SurveyReturn
from planning.proposals.services import IssuedLink
from tests.browser import axe_violations, overflow
from tests.cast import EAST0, NORTH0, make_cast, make_land
from tests.desks.survey.hands import FACTS
from tests.desks.survey.test_return_points import OUT_OF_ORDER, stakes
from tests.layers import files
from tests.proposals.conftest import _plans

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
RING = [(0, 0), (400, 0), (400, 300), (100, 300), (100, -100), (300, -100), (300, 400), (0, 400)]


@pytest.fixture(scope="module")
def link(site: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> IssuedLink:
    """Put an order into the served database and give its link."""
    from django.conf import settings

    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock():
        land = make_land()
        plans = _plans(make_cast(land), land)
        return services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội đo đạc số 1")


def begun(page_at: Open, site: str, link: IssuedLink, file: Path, width: int) -> Page:
    """Choose a file on the link's page, say how it was measured, and have it read."""
    page = page_at(f"{site}/do-dac/{link.token}/", width, 844)
    page.click("a[href$='tra-ket-qua/']")
    page.set_input_files("input[type=file]", file)
    for name, value in FACTS.items():
        page.fill(f"[name={name}]", value)
    page.click("form[enctype] button.button-primary")
    expect(page.locator("html[data-board=ready]")).to_be_attached(timeout=20_000)
    return page


def fitting(page: Page, name: str) -> None:
    page.wait_for_timeout(1500)
    page.screenshot(path=f"/tmp/plan/q_{name}.png")
    assert axe_violations(page) == []
    assert overflow(page) <= 0


@pytest.mark.parametrize("width", [1440, 390])
def test_points_are_joined_looked_at_and_sent(
    link: IssuedLink, site: str, page_at: Open, width: int, tmp_path: Path, django_db_blocker: Any
) -> None:
    path = tmp_path / f"diem-{width}.gpkg"
    stakes([f"M{width + at}" for at in range(5)], OUT_OF_ORDER).to_file(path)
    page = begun(page_at, site, link, path, width)
    orders = page.locator("input[name=order]")
    expect(orders).to_have_count(2)
    expect(orders.first).to_be_checked()
    expect(orders.last).to_be_disabled()
    expect(page.locator("form#answer")).to_contain_text("cắt")
    expect(page.locator(".intake-point")).to_have_text([f"M{width + at}" for at in range(5)])
    fitting(page, f"points_{width}")
    page.goto(f"{site}/do-dac/{link.token}/tra-ket-qua/")  # left, and taken up again by the same link
    fitting(page, f"home_{width}")
    page.click(f"a.list-title:has-text('diem-{width}.gpkg')")
    page.click("button[form=answer]")
    expect(page.locator("input[name=candidate]:checked ~ span")).to_contain_text("0,036")
    fitting(page, f"crs_{width}")
    page.click("button[form=answer]")
    expect(page.locator("[data-verdicts] tbody tr")).to_have_count(1)
    expect(page.locator("form#take")).to_contain_text("0,036")
    fitting(page, f"verdicts_{width}")
    with django_db_blocker.unblock():
        before = SurveyReturn.objects.count()
    page.click("button[form=take]")
    page.wait_for_url("**/da-nhan/*/")
    with django_db_blocker.unblock():
        assert SurveyReturn.objects.count() == before + 1


def test_an_ambiguous_boundary_shows_both_ways_with_the_comparison_of_each(
    link: IssuedLink, site: str, page_at: Open, tmp_path: Path
) -> None:
    twice = shapely.Polygon([(EAST0 + 2_000 + x, NORTH0 + 2_000 + y) for x, y in RING])
    page = begun(page_at, site, link, files.geojson(tmp_path / "hai-cach.geojson", [twice]), 1440)
    page.click("button[form=answer]")
    expect(page.locator("[data-verdicts] tr[data-outcome=ask]")).to_have_count(1)
    expect(page.locator("form#take .list-meta").first).to_contain_text("ha")
    fitting(page, "ask_1440")
    page.click("button[form=take]")
    expect(page.locator(".notice-bad")).to_contain_text("hai cách")
    assert axe_violations(page) == []


def test_a_hostile_file_is_told_on_the_spot(link: IssuedLink, site: str, page_at: Open, tmp_path: Path) -> None:
    path = tmp_path / "x.kml"
    path.write_text('<!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><name>&x;</name></kml>')
    page = page_at(f"{site}/do-dac/{link.token}/tra-ket-qua/", 390, 844)
    page.set_input_files("input[type=file]", path)
    for name, value in FACTS.items():
        page.fill(f"[name={name}]", value)
    with page.expect_navigation() as told:
        page.click("form[enctype] button.button-primary")
    assert told.value.status in {415, 422}
    expect(page.locator(".notice-bad")).to_be_visible()
    fitting(page, "refused_390")
    again = page.reload()
    assert again is not None and again.request.method == "GET" and "root:" not in page.content()
    page.click("main a.button-primary")
    expect(page.locator("input[type=file]")).to_be_attached()
