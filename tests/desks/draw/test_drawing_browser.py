"""Does drawing work in real Chromium: polygons, holes, splits, undo, exact snapping, a pasted table, keys, a finger?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from planning.proposals.models import Draft, Proposal
from tests.cast import EAST0, NORTH0
from tests.desks.draw.hands import (
    CORNERS,
    TABLE,
    Open,
    board,
    drag,
    hectares,
    middle,
    paste,
    places,
    saved,
    square_corners,
    targets_there,
    to_pixels,
    trial,
)
from tests.proposals.plans import FOREST, Plans

pytestmark = pytest.mark.browser


def test_draw_without_an_account(staged: Plans, site: str, page_at: Open, django_db_blocker: Any) -> None:
    page = trial(page_at, site)
    paste(page)
    page.click("[data-tool=delete]")
    page.mouse.click(*middle(page.locator("path.zone-shape")))
    expect(page.locator(".report .empty")).to_be_visible()
    page.click("[data-tool=polygon]")
    for x, y in ((700, 300), (1000, 300), (1000, 600)):
        page.mouse.click(x, y)
        page.wait_for_timeout(80)
    page.mouse.move(760, 560)
    expect(page.locator(".cursor-tag")).to_contain_text("°")
    page.mouse.click(700, 600)
    page.keyboard.press("Backspace")
    page.mouse.click(710, 610)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    page.keyboard.press("Enter")
    hectares(page, r"\d,\d\d.ha")
    expect(page.locator(CORNERS)).to_have_count(4)
    page.keyboard.press("Control+z")
    expect(page.locator(".report .empty")).to_be_visible()
    page.keyboard.press("Control+y")
    hectares(page, r"ha")
    with django_db_blocker.unblock():
        assert Draft.objects.count() == 0


def test_escape_leaves_nothing_behind(staged: Plans, site: str, page_at: Open) -> None:
    page = trial(page_at, site)
    page.click("[data-tool=polygon]")
    page.mouse.click(700, 300)
    page.mouse.click(900, 300)
    page.keyboard.press("Escape")
    expect(page.locator("[data-tool=select]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".marker-icon")).to_have_count(0)
    expect(page.locator("[data-undo]")).to_be_disabled()


def test_add_move_and_delete_a_corner(staged: Plans, site: str, page_at: Open) -> None:
    page = trial(page_at, site)
    paste(page)
    hectares(page, r"^25,00")
    handle = middle(page.locator(".marker-icon-middle").first)
    drag(page, handle, (handle[0] - 60, handle[1] - 40))
    expect(page.locator(CORNERS)).to_have_count(5)
    hectares(page, r"^2[4-9],(?!00)")
    corner = min(places(page), key=lambda p: abs(p[0] - handle[0] + 60) + abs(p[1] - handle[1] + 40))
    page.mouse.click(*corner, button="right")
    page.locator(".map-menu button").first.click()
    expect(page.locator(CORNERS)).to_have_count(4)
    hectares(page, r"^25,00")
    page.keyboard.press("Control+z")
    expect(page.locator(CORNERS)).to_have_count(5)


def test_hole_split_and_uses(staged: Plans, site: str, page_at: Open) -> None:
    page = trial(page_at, site)
    paste(page)
    at = to_pixels(page, square_corners(2_000, 2_000, 500))
    page.click("[data-tool=hole]")
    for e, n in ((2_100, 2_100), (2_100, 2_200), (2_200, 2_200), (2_200, 2_100)):
        page.mouse.click(*at(e, n))
        page.wait_for_timeout(80)
    page.keyboard.press("Enter")
    hectares(page, r"^2[34],\d")
    expect(page.locator(CORNERS)).to_have_count(8)
    page.click("[data-tool=split]")
    page.mouse.click(*at(2_300, 1_900))
    page.wait_for_timeout(80)
    page.mouse.move(*at(2_300, 2_300))
    page.mouse.click(*at(2_300, 2_600))
    page.keyboard.press("Enter")
    page.click("[data-tab=chuc-nang]")
    expect(page.locator("[data-part]")).to_have_count(2)
    page.locator("[data-part] select").first.select_option("factory")
    expect(page.locator("[data-part] select >> nth=0")).to_have_value("factory", timeout=6_000)
    expect(page.locator("[data-undo]")).to_have_attribute("aria-label", re.compile("Đặt chức năng|Give a part"))
    page.locator("[data-part] button").last.click()
    page.click("[data-tab=ket-qua]")
    hectares(page, r"^(9|1\d),\d")
    for _ in range(4):
        page.keyboard.press("Control+z")
    hectares(page, r"^25,00")


def test_snapping_is_exact(
    staged: Plans, site: str, page_at: Open, draft: Callable[..., Proposal], django_db_blocker: Any
) -> None:
    east, north, _side = FOREST
    proposal = draft(east - 300, north, 250)
    page = board(page_at, site, "planner", proposal)
    targets_there(page)
    at = to_pixels(page, square_corners(east - 300, north, 250))
    target = at(east, north)
    drag(page, at(east - 50, north), (target[0] + 4, target[1] - 3))
    saved(page)
    with django_db_blocker.unblock():
        corners = Draft.objects.get(proposal=proposal).geom[0][0].coords
    assert (EAST0 + east, NORTH0 + north) in corners, corners


def test_alt_stops_snapping(
    staged: Plans, site: str, page_at: Open, draft: Callable[..., Proposal], django_db_blocker: Any
) -> None:
    east, north, _side = FOREST
    proposal = draft(east - 300, north, 250)
    page = board(page_at, site, "planner", proposal)
    targets_there(page)
    at = to_pixels(page, square_corners(east - 300, north, 250))
    target = at(east, north)
    drag(page, at(east - 50, north), (target[0] + 4, target[1] - 3), hold="Alt")
    saved(page)
    with django_db_blocker.unblock():
        corners = Draft.objects.get(proposal=proposal).geom[0][0].coords
    assert (EAST0 + east, NORTH0 + north) not in corners


def test_pasted_table_says_what_it_understood_and_rows_find_corners(staged: Plans, site: str, page_at: Open) -> None:
    page = trial(page_at, site)
    page.click("[data-action=coordinates]")
    swapped = "\n".join("\t".join((n, y, x)) for n, x, y in (row.split("\t") for row in TABLE.split("\n")))
    page.fill("[data-corner-text]", swapped)
    expect(page.locator("[data-corner-answer]")).to_contain_text("108°30′")
    expect(page.locator("[data-corner-answer]")).to_contain_text("Xã Tây")
    page.fill("[data-corner-text]", "xin chào")
    expect(page.locator("[data-corner-answer] .notice-bad")).to_be_visible()
    expect(page.locator("[data-corner-use]")).to_be_disabled()
    page.fill("[data-corner-text]", TABLE)
    page.click("[data-corner-use]:enabled")
    page.click("[data-tab=toa-do]")
    expect(page.locator(".corner-table tbody tr")).to_have_count(4)
    expect(page.locator(".corner-table input").first).to_have_value("1.402.500,000")
    page.locator(".corner-table tbody tr").nth(1).hover()
    expect(page.locator("path[stroke='#1d2321'][fill='#ffd34d']")).to_have_count(1)
    corner = places(page)[0]
    page.mouse.move(*corner)
    expect(page.locator(".corner-table tr.is-selected")).to_have_count(1)
    page.locator(".corner-table input").first.fill("1402600")
    page.keyboard.press("Tab")
    page.click("[data-tab=ket-qua]")
    hectares(page, r"^27,50")


def test_a_crossing_boundary_is_numbered_and_repaired(staged: Plans, site: str, page_at: Open) -> None:
    page = trial(page_at, site)
    rows = TABLE.split("\n")
    paste_rows = "\n".join([rows[0], rows[2], rows[1], rows[3]])
    page.click("[data-action=coordinates]")
    page.fill("[data-corner-text]", paste_rows)
    page.click("[data-corner-use]:enabled")
    expect(page.locator(".crossing-dot")).to_have_count(1)
    expect(page.locator("path.zone-broken")).to_have_count(1)
    expect(page.locator(".report .notice-bad button").first).to_be_visible(timeout=8_000)


def test_corners_move_by_keyboard(staged: Plans, site: str, page_at: Open) -> None:
    page = trial(page_at, site)
    paste(page)
    corner = page.locator(CORNERS).first
    corner.focus()
    before = places(page)
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    hectares(page, r"^2[45],(?!00)")
    assert places(page) != before
    page.keyboard.press("Delete")
    expect(page.locator(CORNERS)).to_have_count(3)


def test_a_finger_closes_a_shape_with_buttons(staged: Plans, site: str, page_at: Open) -> None:
    page = trial(page_at, site, 390, 844)
    page.click("[data-tool=polygon]")
    for x, y in ((120, 150), (260, 150), (260, 260)):
        page.mouse.click(x, y)
        page.wait_for_timeout(80)
    page.click("[data-close-shape]")
    expect(page.locator(CORNERS)).to_have_count(3)
