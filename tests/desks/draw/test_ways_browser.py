"""Can a planner get out of a conflict in real Chromium: see it on the map, take it, undo, redo, by mouse and keys?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from planning.proposals.models import Draft, Proposal
from tests.browser import axe_violations, overflow
from tests.desks.draw.hands import (
    CORNERS,
    Open,
    board,
    hectares,
    paste,
    saved,
    trial,
)
from tests.proposals.plans import FOREST, Plans

pytestmark = pytest.mark.browser


def prohibited_open(page: Page) -> Locator:
    """Open the forbidden finding and the list of its ways out; return the list."""
    page.locator(".finding[data-outcome=prohibited] .finding-head").first.click()
    page.locator(".finding[data-outcome=prohibited] [data-ways]").first.click()
    expect(page.locator(".way").first).to_be_visible(timeout=10_000)
    return page.locator(".ways")


def test_a_way_out_is_seen_taken_undone_and_done_again(
    staged: Plans, site: str, page_at: Open, draft: Callable[..., Proposal], django_db_blocker: Any
) -> None:
    east, north, side = FOREST
    proposal = draft(east + side - 100, north, 500)
    page = board(page_at, site, "planner", proposal)
    hectares(page, r"^25,00")
    row = page.locator(".finding[data-outcome=prohibited] .finding-head").first
    row.hover()
    expect(page.locator("path.sev-piece")).to_have_count(1)
    prohibited_open(page)
    way = page.locator("[data-way=cut_out]")
    expect(way).to_contain_text("5,00")
    expect(way).to_contain_text("20,00")
    way.hover()
    expect(page.locator("path[stroke-dasharray='9 6']")).to_have_count(1)
    way.click()
    hectares(page, r"^20,00")
    expect(page.locator(".toast")).to_contain_text("5,00")
    expect(page.locator(".finding[data-outcome=prohibited]")).to_have_count(0)
    expect(page.locator("path[stroke-dasharray='9 6']")).to_have_count(0)
    saved(page)
    with django_db_blocker.unblock():
        kept = Draft.objects.get(proposal=proposal).geom
    assert kept.area == pytest.approx(200_000, abs=1)
    page.keyboard.press("Control+z")
    hectares(page, r"^25,00")
    page.keyboard.press("Control+y")
    hectares(page, r"^20,00")
    page.locator(".toast button").first.click()
    hectares(page, r"^25,00")


def test_ways_out_close_when_the_boundary_changes(
    staged: Plans, site: str, page_at: Open, draft: Callable[..., Proposal]
) -> None:
    east, north, side = FOREST
    page = board(page_at, site, "planner", draft(east + side - 100, north, 500))
    hectares(page, r"^25,00")
    prohibited_open(page)
    page.locator(CORNERS).first.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".way")).to_have_count(0)


def test_a_way_out_by_keyboard_alone(staged: Plans, site: str, page_at: Open, draft: Callable[..., Proposal]) -> None:
    east, north, side = FOREST
    page = board(page_at, site, "planner", draft(east + side - 100, north, 500))
    hectares(page, r"^25,00")
    page.locator(".finding[data-outcome=prohibited] .finding-head").first.focus()
    page.keyboard.press("Enter")
    page.locator("[data-ways]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".way").first).to_be_visible(timeout=10_000)
    page.keyboard.press("Tab")
    expect(page.locator("[data-way=cut_out]")).to_be_focused()
    expect(page.locator("path[stroke-dasharray='9 6']")).to_have_count(1)
    page.keyboard.press("Enter")
    hectares(page, r"^20,00")


def test_no_way_out_says_why(staged: Plans, site: str, page_at: Open) -> None:
    east, north, _side = FOREST
    page = trial(page_at, site)
    corners = [
        (north + 700, east + 200),
        (north + 700, east + 700),
        (north + 200, east + 700),
        (north + 200, east + 200),
    ]
    paste(page, "\n".join(f"{i}\t{1_400_000 + n}\t{480_000 + e}" for i, (n, e) in enumerate(corners, start=1)))
    page.locator(".finding[data-outcome=prohibited] .finding-head").first.click()
    page.locator("[data-ways]").first.click()
    expect(page.locator(".way-not")).to_be_visible(timeout=10_000)
    expect(page.locator(".way")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
def test_ways_out_are_accessible_and_fit(
    staged: Plans, site: str, page_at: Open, draft: Callable[..., Proposal], width: int
) -> None:
    east, north, side = FOREST
    page = board(page_at, site, "planner", draft(east + side - 100, north, 500), width, 844)
    hectares(page, r"^25,00")
    prohibited_open(page)
    if width > 1_000:  # once per template: rules do not depend on the width
        assert axe_violations(page) == []
    assert overflow(page) == 0
