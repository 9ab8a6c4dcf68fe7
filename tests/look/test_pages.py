"""Are shell and public pages usable by everybody: axe, narrow windows, keyboard, no JavaScript, hostile names?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe_violations, overflow
from tests.cast import make_land
from tests.desks.public.books import SCRIPT, Books, make_books

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
ADDRESSES = [
    "/",
    "/?q=khong-co-gi",
    "/lang-nghe/det-tho-cam/",
    "/cum-cong-nghiep/ccn-thu/",
    "/huong-dan/",
    "/du-lieu-mo/",
    "/dang-nhap/",
    "/khong-co/",
    "/kieu-dang/",
]


@pytest.fixture(scope="module")
def books(site: str) -> Books:
    """Fill the served copy."""
    return make_books(make_land(), about=SCRIPT)


def ready(page: Page) -> None:
    """Wait for the map, where the page has one."""
    if page.locator("#map").count():
        expect(page.locator("#map")).to_have_attribute("data-ready", "1", timeout=15_000)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("address", ADDRESSES)
def test_page_is_accessible_and_fits(site: str, books: Books, page_at: OpenPage, address: str, width: int) -> None:
    page = page_at(site + address, width, 844)
    ready(page)
    assert axe_violations(page) == []
    assert overflow(page) == 0


def test_keys_open_the_sheet_and_reach_the_search(site: str, books: Books, page_at: OpenPage) -> None:
    page = page_at(site + "/huong-dan/")
    expect(page.locator("html")).to_have_class("has-js")
    page.keyboard.press("?")
    expect(page.locator("#help-sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help-sheet")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()


def test_first_tab_offers_to_skip_to_the_content(site: str, books: Books, page_at: OpenPage) -> None:
    page = page_at(site + "/huong-dan/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()


def test_list_works_without_javascript(site: str, books: Books, page_at: OpenPage) -> None:
    page = page_at(site + "/", javascript=False)
    page.locator("#filter-q").fill("cu mgar")
    page.locator(".filter-actions button").click()
    expect(page.locator(".places .list-title")).to_have_text(["Dệt thổ cẩm buôn Cư M'gar"])
    page.locator(".places a").click()
    expect(page.locator("h1")).to_have_text("Dệt thổ cẩm buôn Cư M'gar")


def test_typing_narrows_list_and_map(site: str, books: Books, page_at: OpenPage) -> None:
    page = page_at(site + "/")
    ready(page)
    expect(page.locator(".pin")).to_have_count(2)
    page.locator("#filter-q").fill("thổ cẩm")
    expect(page.locator(".places .list-row")).to_have_count(1)
    expect(page.locator(".pin")).to_have_count(1)
    assert "q=" in page.url
    popup = page.locator(".leaflet-popup-content")
    expect(page.locator("#map")).to_have_attribute("data-rest", "1")  # it moves to what is left
    page.locator(".pin").click()
    expect(popup).to_contain_text("Dệt thổ cẩm buôn Cư M'gar")


def test_names_are_never_run(site: str, books: Books, page_at: OpenPage) -> None:
    page = page_at(site + "/lang-nghe/det-tho-cam/")
    ready(page)
    expect(page.locator(".lead")).to_contain_text("<script>")
    assert page.evaluate("window.__xss") is None


def test_wide_views_show_the_archipelagos(site: str, books: Books, page_at: OpenPage) -> None:
    page = page_at(site + "/")
    ready(page)
    inset = page.locator(".map-inset")
    expect(inset).to_be_visible()
    for name in ("Biển Đông", "QĐ. Hoàng Sa", "QĐ. Trường Sa"):
        expect(inset).to_contain_text(name)
    page.goto(site + "/cum-cong-nghiep/ccn-thu/")
    ready(page)
    expect(page.locator(".map-inset")).to_be_hidden()


def test_no_address_outside_is_asked(site: str, books: Books, page_at: OpenPage) -> None:
    page = page_at("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + "/")
    ready(page)
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


def test_sheet_has_three_heights(site: str, books: Books, page_at: OpenPage) -> None:
    page = page_at(site + "/", 390, 844)
    ready(page)
    heights = []
    for _step in range(3):
        page.locator(".sheet-handle").click()
        page.wait_for_timeout(300)
        heights.append(page.locator("#panel").bounding_box()["height"])  # type: ignore[index]
    assert len({round(height) for height in heights}) == 3


def test_wrong_password_is_told_beside_the_form(site: str, books: Books, page_at: OpenPage) -> None:
    page = page_at(site + "/dang-nhap/")
    page.locator("#id_username").fill("ai.do")
    page.locator("#id_password").fill("sai")
    page.locator("main form button").first.click()
    expect(page.locator("[role=alert]")).to_contain_text("Tên tài khoản hoặc mật khẩu không đúng")


def test_date_field_takes_text_and_a_click(site: str, books: Books, page_at: OpenPage) -> None:
    page = page_at(site + "/kieu-dang/")
    field = page.locator("#id_signed_on")
    field.fill("5/3/2026")
    field.blur()
    expect(field).to_have_value("05/03/2026")
    page.get_by_role("button", name="Mở lịch").click()
    page.locator(".calendar td button", has_text="17").first.click()
    expect(field).to_have_value("17/03/2026")
