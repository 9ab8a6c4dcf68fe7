"""Does the review desk work in real Chromium: narrow windows, axe, a pin put on the map, maps that move as one?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from planning.proposals.models import Comment
from tests.browser import axe_violations, overflow
from tests.cast import make_cast, make_land
from tests.proposals.conftest import _plans
from tests.proposals.plans import Plans, zone

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def staged(site: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Plans:
    """Put two rivals into the served database, one under review."""
    from django.conf import settings

    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock():
        land = make_land()
        made = _plans(make_cast(land), land)
        first = made.under_review()
        made.submitted(zone(2_600, 2_600), rival_of=first)
    return made


def signed_in(page_at: Callable[..., Page], site: str, who: str, path: str, width: int = 1440) -> Page:
    page = page_at(f"{site}/dang-nhap/", width)
    page.fill("input[name=username]", who)
    page.fill("input[name=password]", "datnghe")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/dang-nhap/" not in address)  # the page after signing in must not be overtaken
    page.goto(f"{site}{path}")
    return page


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    "path",
    [
        "/tham-dinh/?loc=dang-xu-ly",
        "/ho-so/DX-2026-0001/",
        "/ho-so/DX-2026-0001/?tab=ket-qua",
        "/ho-so/DX-2026-0001/?tab=gop-y",
        "/so-sanh/?ho-so=DX-2026-0001&ho-so=DX-2026-0002",
    ],
)
def test_pages_are_accessible_and_fit_the_window(
    staged: Plans, site: str, page_at: Callable[..., Page], path: str, width: int
) -> None:
    page = signed_in(page_at, site, "appraiser", path, width)
    expect(page.locator("[data-ready], .map-loading").first).to_be_attached()
    assert axe_violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("width", [390, 360])
def test_a_phone_cuts_no_entry_of_the_bar_and_no_act(
    staged: Plans, site: str, page_at: Callable[..., Page], width: int
) -> None:
    page = signed_in(page_at, site, "appraiser", "/ho-so/DX-2026-0001/", width)
    expect(page.locator(".review-act")).to_have_count(2)
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".shell-rail .rail-link, .review-act .button")]
            .filter((one) => one.offsetParent !== null)
            .filter((one) => {
              const box = one.getBoundingClientRect(), bar = one.closest("ul, .review-bar").getBoundingClientRect();
              return box.left < bar.left - 1 || box.right > bar.right + 1 || one.scrollWidth > one.clientWidth + 1;
            }).map((one) => one.innerText)"""
    )
    assert cut == []


def test_the_handle_of_the_sheet_stays_in_reach_on_a_phone(
    staged: Plans, site: str, page_at: Callable[..., Page]
) -> None:
    page = signed_in(page_at, site, "appraiser", "/ho-so/DX-2026-0001/", 390)
    expect(page.locator("#map[data-ready]")).to_be_attached()
    below = page.evaluate(
        """() => {
          const panel = document.querySelector(".shell-panel"), handle = panel.querySelector(".sheet-handle");
          panel.scrollTop = 200;
          return [panel.scrollTop, handle.getBoundingClientRect().top - panel.getBoundingClientRect().top];
        }"""
    )
    assert below == [200, 0]


def test_a_pin_is_put_on_the_map_and_kept(
    staged: Plans, site: str, page_at: Callable[..., Page], django_db_blocker: Any
) -> None:
    page = signed_in(page_at, site, "appraiser", "/ho-so/DX-2026-0001/?tab=gop-y")
    expect(page.locator("#map[data-ready]")).to_be_attached()
    page.locator("[data-comment-form] textarea").fill("Góc này sát kênh.")
    page.locator("[data-pin]").click()
    page.locator("#map").click(position={"x": 400, "y": 400})
    expect(page.locator("[data-pinned]")).not_to_have_text("")
    page.locator("[data-comment-form] button.button-primary").click()
    expect(page.locator(".review-thread")).to_have_count(1)
    expect(page.locator("#map .pin-number")).to_have_count(1)
    with django_db_blocker.unblock():
        comment = Comment.objects.get()
        assert comment.place is not None
        assert comment.anchor == "place"


def test_the_compared_maps_move_as_one(staged: Plans, site: str, page_at: Callable[..., Page]) -> None:
    page = signed_in(page_at, site, "appraiser", "/so-sanh/?ho-so=DX-2026-0001&ho-so=DX-2026-0002")
    expect(page.locator("[data-maps][data-ready]")).to_be_attached()
    first, second = page.locator("[data-map='0']"), page.locator("[data-map='1']")
    before = second.locator(".leaflet-map-pane").get_attribute("style")
    box = first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 320, box["y"] + 260, steps=6)
    page.mouse.up()
    expect(second.locator(".compare-cross")).to_be_attached()
    assert second.locator(".leaflet-map-pane").get_attribute("style") != before


def test_a_plan_too_small_to_see_has_a_number_that_leads_to_it(
    staged: Plans, site: str, page_at: Callable[..., Page]
) -> None:
    page = signed_in(page_at, site, "appraiser", "/so-sanh/?ho-so=DX-2026-0001&ho-so=DX-2026-0002")
    expect(page.locator("[data-maps][data-ready]")).to_be_attached()
    marks = page.locator("[data-map='1'] .compare-mark")
    expect(marks).to_have_count(0)  # rivals of one need stand side by side, large enough
    for _ in range(6):
        page.locator("[data-map='1'] .leaflet-control-zoom-out").click()
        page.wait_for_timeout(350)
    expect(marks).to_have_text("2")
    marks.click()
    expect(marks).to_have_count(0)


def test_an_act_without_its_words_says_so_in_the_open_dialog(
    staged: Plans, site: str, page_at: Callable[..., Page]
) -> None:
    page = signed_in(page_at, site, "appraiser", "/ho-so/DX-2026-0001/")
    page.locator("[data-open-dialog='act-appraise']").click()
    dialog = page.locator("#act-appraise")
    expect(dialog).to_be_visible()
    dialog.locator("button.button-primary").click()
    expect(dialog.locator(".error-text, .field-error").first).to_be_visible()
