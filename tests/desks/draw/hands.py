"""What do hands do on the drawing board? Open it, paste, drag, read the hectares: shared by its browser tests."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Locator, Page, expect

from planning.proposals.models import Proposal

Open = Callable[..., Page]
CORNERS = ".marker-icon:not(.marker-icon-middle)"
TABLE = "1\t1402500,00\t482000,00\n2\t1402500,00\t482500,00\n3\t1402000,00\t482500,00\n4\t1402000,00\t482000,00"
# Resolves when the corners have not moved for ten frames: the map is at rest.
REST = """() => new Promise((done) => {
  const places = () => [...document.querySelectorAll(".marker-icon")].map((each) => {
    const box = each.getBoundingClientRect();
    return `${box.x},${box.y}`;
  }).join(" ");
  let last = places(), same = 0;
  const look = () => {
    const now = places();
    same = now === last ? same + 1 : 0;
    last = now;
    if (same >= 10) done(true); else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


def ready(page: Page) -> Page:
    """Wait until the board is wired."""
    expect(page.locator("html[data-board=ready]")).to_be_attached(timeout=20_000)
    return page


def board(page_at: Open, site: str, who: str, proposal: Proposal, width: int = 1440, height: int = 900) -> Page:
    page = page_at(f"{site}/dang-nhap/?next=/ho-so/{proposal.code}/ve/", width, height)
    page.fill("input[name=username]", who)
    page.fill("input[name=password]", "datnghe")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/ho-so/{proposal.code}/ve/**")
    return ready(page)


def trial(page_at: Open, site: str, width: int = 1440, height: int = 900) -> Page:
    return ready(page_at(f"{site}/ve-thu/", width, height))


def paste(page: Page, text: str = TABLE) -> None:
    page.click("[data-action=coordinates]")
    page.fill("[data-corner-text]", text)
    page.click("[data-corner-use]:enabled")
    hectares(page, r"\d")


def hectares(page: Page, pattern: str) -> None:
    """Wait for a fresh report whose area matches."""
    expect(page.locator(".report:not(.is-stale) .report-ha")).to_have_text(re.compile(pattern), timeout=10_000)


def middle(marker: Locator) -> tuple[float, float]:
    box = marker.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def places(page: Page) -> list[tuple[float, float]]:
    return [middle(marker) for marker in page.locator(CORNERS).all()]


def at_rest(page: Page) -> None:
    """Wait until the map no longer moves: places measured from now on hold."""
    assert page.evaluate(REST)


def targets_there(page: Page) -> None:
    """Wait until what a corner can snap to has arrived and the map is at rest."""
    expect(page.locator("#map[data-snap-targets]")).to_be_attached(timeout=20_000)
    at_rest(page)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float], *, hold: str = "") -> None:
    page.mouse.move(*start)
    page.mouse.down()
    if hold:
        page.keyboard.down(hold)
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=8)
    page.mouse.move(end[0] + 1, end[1], steps=2)
    page.mouse.up()
    if hold:
        page.keyboard.up(hold)


def to_pixels(page: Page, corners: list[tuple[float, float]]) -> Callable[[float, float], tuple[float, float]]:
    """Return the local map from metres (land origin) to window pixels, fitted to the corners of the drawn square."""
    seen = sorted(places(page))
    west = sorted(seen[:2], key=lambda p: -p[1])
    east = sorted(seen[2:], key=lambda p: -p[1])
    known = sorted(corners)
    pixels = np.array([*west, *east])
    design = np.c_[np.array(known), np.ones(4)]
    fit, *_rest = np.linalg.lstsq(design, pixels, rcond=None)
    return lambda e, n: (float((np.array([e, n, 1]) @ fit)[0]), float((np.array([e, n, 1]) @ fit)[1]))


def square_corners(east: float, north: float, side: float) -> list[tuple[float, float]]:
    return [(east, north), (east, north + side), (east + side, north), (east + side, north + side)]


def saved(page: Page) -> None:
    expect(page.locator("[data-saved][data-status=saved]")).to_be_visible(timeout=12_000)
