"""Can a person take home just the places in an area drawn on the map, in the zone wanted, by mouse, finger and keys?"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from playwright.sync_api import Page, expect

from layers.crs import point_to_wgs84
from planning.registers.models import CraftVillage
from tests.browser import axe_violations, overflow
from tests.cast import make_land
from tests.desks.public.books import make_books

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
AREA = "[data-download-area]"


@pytest.fixture(scope="module")
def village(site: str, django_db_blocker: Any) -> CraftVillage:
    """Put the public books into the served database."""
    with django_db_blocker.unblock():
        return make_books(make_land()).village


def opened(page_at: Open, site: str, width: int) -> Page:
    page = page_at(f"{site}/", width, 844)
    page.wait_for_selector("#map[data-ready]")
    page.locator("[data-download] > summary").click()
    return page


def place_of(page: Page, village: CraftVillage) -> tuple[float, float]:
    """Return where a village lies in the window (pixels)."""
    assert village.location is not None
    lon, lat = point_to_wgs84(village.location.x, village.location.y)
    west, south, east, north = map(float, str(page.locator("#map").get_attribute("data-bbox")).split(","))
    box = page.locator("#map").bounding_box()
    assert box is not None

    def down(latitude: float) -> float:
        return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))

    x = box["x"] + (lon - west) / (east - west) * box["width"]
    return x, box["y"] + (down(north) - down(lat)) / (down(north) - down(south)) * box["height"]


def taken(page: Page, title: str) -> Path:
    """Click a format and return the file under its own name."""
    with page.expect_download() as waiting:
        page.locator("[data-download] a", has_text=title).click()
    path = Path(waiting.value.path())
    return path.rename(path.with_name(waiting.value.suggested_filename))


@pytest.mark.parametrize("width", [1440, 390])
def test_an_area_drawn_on_the_map_narrows_the_file(page_at: Open, site: str, village: CraftVillage, width: int) -> None:
    page = opened(page_at, site, width)
    problems = [f"menu: {line}" for line in axe_violations(page)]
    page.locator(AREA).click()
    bar = page.locator(".area-bar")
    expect(bar).to_be_visible()
    page.wait_for_timeout(400)  # the sheet of a narrow page comes down first
    problems += [f"drawing: {line}" for line in axe_violations(page)]
    assert overflow(page) == 0
    x, y = place_of(page, village)
    corners = [(x - 20, y - 20), (x + 20, y - 20), (x + 20, y + 20), (x - 20, y + 20)]
    for corner in corners:
        page.mouse.click(*corner)
    page.mouse.click(*corners[0])
    expect(bar).to_have_count(0)
    expect(page.locator(AREA)).to_be_checked()
    expect(page.locator("path.drawn-area")).to_have_count(1)
    features = json.loads(taken(page, "GeoJSON").read_text())["features"]
    assert [one["properties"]["name"] for one in features] == [village.name]
    page.locator("[data-download] > summary").click()
    page.locator(AREA).click()
    expect(page.locator("path.drawn-area")).to_have_count(0)
    assert len(json.loads(taken(page, "GeoJSON").read_text())["features"]) == 2
    assert problems == []


def test_the_keyboard_draws_and_a_crossing_outline_is_not_closed(
    page_at: Open, site: str, village: CraftVillage
) -> None:
    page = opened(page_at, site, 1440)
    page.locator(AREA).focus()
    page.keyboard.press("Space")
    expect(page.locator(".area-bar")).to_be_visible()
    said = page.locator(".area-bar [role=status]")
    middle = page.locator("#map").bounding_box()
    assert middle is not None
    x, y = middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2
    for corner in ((x - 60, y - 60), (x + 60, y + 60), (x + 60, y - 60), (x - 60, y + 60)):
        page.mouse.click(*corner)
    page.keyboard.press("Enter")
    expect(said).to_contain_text("tự cắt")
    for _time in range(2):
        page.keyboard.press("Backspace")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.wait_for_selector("#map[data-rest]")
    page.keyboard.press("Backspace")
    page.mouse.click(x - 60, y + 60)
    page.keyboard.press("Enter")
    expect(page.locator(AREA)).to_be_checked()
    page.locator(AREA).click()
    page.locator(AREA).click()
    expect(page.locator(".area-bar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".area-bar")).to_have_count(0)
    expect(page.locator(AREA)).not_to_be_checked()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_map_file_comes_in_the_zone_that_was_chosen(
    page_at: Open, site: str, village: CraftVillage, width: int
) -> None:
    page = opened(page_at, site, width)
    zones = page.locator("[data-download-zone]")
    assert "9218" in str(zones.locator("option").first.text_content()), "the province's zone comes first"
    assert zones.locator("option").count() == 20
    own = taken(page, "GeoPackage")
    page.locator("[data-download] > summary").click()
    zones.select_option("9217")
    other = taken(page, "GeoPackage")
    assert re.fullmatch(r"[a-z-]+-\d{8}-epsg9217\.gpkg", other.name), other.name
    for path, srid in ((own, 9218), (other, 9217)):
        layers = pyogrio.list_layers(path)[:, 0].tolist()
        assert all(pyogrio.read_info(path, layer=one)["crs"] == f"EPSG:{srid}" for one in layers)


def test_a_refused_file_says_why_on_a_page(page_at: Open, site: str, village: CraftVillage) -> None:
    page = opened(page_at, site, 1440)
    page.locator("[data-download-map]").check()
    page.evaluate("document.getElementById('map').dataset.bbox = 'x'")
    page.locator("[data-download] a", has_text="CSV").click()
    expect(page.locator("main")).to_contain_text("Hãy di chuyển bản đồ")
