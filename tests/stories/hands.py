"""How does a person in a story move about? By mouse and keyboard; a place on the ground is asked from the map itself.

It never calls a service and never writes a row.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from project.demo.sample_paper import sample_pdf

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "images"
KEEP_PICTURES = os.environ.get("DATNGHE_KEEP_IMAGES") == "1"
PICTURE_BYTES = 300_000
CORNERS = ".marker-icon:not(.marker-icon-middle)"
Visitor = Callable[..., Page]
Place = tuple[float, float]

# Leaflet keeps its maps to itself; the hook lets a test ask a map where a place lies, as a person sees it.
MAP_HOOK = """
{ let leaflet;
  window.__maps = [];
  Object.defineProperty(window, "L", { configurable: true, get: () => leaflet, set(value) {
    leaflet = value;
    leaflet.Map?.addInitHook(function () { window.__maps.push(this); });
  } }); }
"""


def enter_as(visitor: Visitor, username: str, path: str = "", width: int = 1440, height: int = 900) -> Page:
    """Come in by one click on the demo card of *username*, then go to *path*."""
    page = visitor("/", width, height)
    card = page.locator(f".demo form[action='/dung-thu/{username}/'] button")
    if card.is_hidden():
        page.locator(".demo summary").click()
    with page.expect_navigation(wait_until="domcontentloaded"):
        card.click()
    if path:
        page.goto("/".join(page.url.split("/")[:3]) + path)
    return page


def at(page: Page, place: Place) -> tuple[float, float]:
    """Return where *place* (lon, lat) lies in the window, in pixels."""
    spot = page.evaluate(
        """([lon, lat]) => { const map = window.__maps[window.__maps.length - 1];
           const point = map.latLngToContainerPoint([lat, lon]); const box = map.getContainer().getBoundingClientRect();
           return [box.x + point.x, box.y + point.y]; }""",
        list(place),
    )
    return float(spot[0]), float(spot[1])


def settle(page: Page) -> None:
    """Wait until the maps rest, every tile is painted, and nothing is asked of the server."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        """() => !document.querySelector('.map-loading, .htmx-request') && (window.__maps || []).every((map) => {
             let busy = Boolean(map._animatingZoom || map._panAnim?._inProgress);
             map.eachLayer((layer) => { busy = busy || Boolean(layer.isLoading?.()); });
             return !busy; })"""
    )
    page.wait_for_timeout(250)


def zoom_to(page: Page, places: Iterable[Place], share: float = 0.5) -> None:
    """Turn the wheel over the middle of *places* and drag it to the middle, until they fill *share* of the map."""
    wanted = list(places)
    middle = (sum(x for x, _y in wanted) / len(wanted), sum(y for _x, y in wanted) / len(wanted))
    box = page.locator("#map").bounding_box()
    assert box is not None
    centre = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _turn in range(16):
        seen = [at(page, place) for place in wanted]
        wide = max(x for x, _y in seen) - min(x for x, _y in seen)
        high = max(y for _x, y in seen) - min(y for _x, y in seen)
        if wide * 1.9 > share * box["width"] or high * 1.9 > share * box["height"]:
            break
        page.mouse.move(*at(page, middle))
        page.mouse.wheel(0, -120)
        page.wait_for_timeout(120)
        page.wait_for_function("() => window.__maps.every((map) => !map._animatingZoom)")
    grasp = at(page, middle)
    if abs(grasp[0] - centre[0]) + abs(grasp[1] - centre[1]) > 120:
        drag(page, grasp, centre)
    settle(page)


def click_round(page: Page, places: Iterable[Place], *, close: str = "Enter") -> None:
    """Click corner after corner, then close with a key; Alt is held so that a corner stays where it is put."""
    page.keyboard.down("Alt")
    for place in places:
        spot = at(page, place)
        page.mouse.move(spot[0] - 6, spot[1] - 4)
        page.mouse.move(*spot)
        page.mouse.click(*spot)
        page.wait_for_timeout(60)
    page.keyboard.up("Alt")
    page.keyboard.press(close)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag with the mouse, slowly enough for the map to follow and to rest at the end."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=5)
    page.mouse.move(*end, steps=8)
    page.wait_for_timeout(120)
    page.mouse.up()


def board_ready(page: Page) -> Page:
    """Wait until the drawing board is wired."""
    expect(page.locator("html[data-board=ready]")).to_be_attached(timeout=30_000)
    return page


def hectares(page: Page, pattern: str = r"\d") -> float:
    """Wait for a fresh report whose area matches; return the area."""
    shown = page.locator(".report:not(.is-stale) .report-ha")
    expect(shown).to_have_text(re.compile(pattern), timeout=15_000)
    return number(shown.inner_text())


def saved(page: Page) -> None:
    """Wait until the draft is stored on the server."""
    expect(page.locator("[data-saved][data-status=saved]")).to_be_visible(timeout=15_000)


def number(text: str) -> float:
    """Read the first Vietnamese number of *text*: ``1.234,56 ha`` is 1234.56."""
    found = re.search(r"-?\d[\d.]*(?:,\d+)?", text)
    assert found, text
    return float(found.group().replace(".", "").replace(",", "."))


def paper(name: str) -> dict[str, object]:
    """Make a one-page PDF to attach."""
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": sample_pdf(name, "DX")}


def picture(page: Page, name: str) -> None:
    """Keep a picture of the window in docs/images, when asked to by the environment; quiet otherwise."""
    if not KEEP_PICTURES:
        return
    settle(page)
    page.locator(".toast").evaluate_all("all => all.forEach((one) => one.remove())")
    reports = page.evaluate("window.__csp || []")
    shown = Image.open(io.BytesIO(page.screenshot()))
    page.evaluate("(reports) => { window.__csp = reports; }", reports)  # taking a picture itself breaks the policy
    PICTURES.mkdir(parents=True, exist_ok=True)
    target = PICTURES / f"{name}.png"
    shown.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)
    assert target.stat().st_size < PICTURE_BYTES, f"{target.name}: {target.stat().st_size} bytes"
