"""Is the drawing board accessible, and does it fit a desk and a telephone?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from planning.proposals.models import Proposal
from tests.browser import axe_violations, overflow
from tests.desks.draw.hands import (
    Open,
    board,
    ready,
    trial,
)
from tests.proposals.plans import Plans

PATHS = ("ve/", "ve/#ho-so", "trinh/", "thanh-phan/", "/ho-so/", "/ho-so/moi/")

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_accessible_and_fit(
    staged: Plans, site: str, page_at: Open, draft: Callable[..., Proposal], width: int
) -> None:
    proposal = draft()
    page = board(page_at, site, "planner", proposal, width, 844)
    problems = []
    for path in PATHS:
        page.goto(site + path if path.startswith("/") else f"{site}/ho-so/{proposal.code}/{path}")
        if path.startswith("ve/"):
            page.reload()
            ready(page)
            expect(page.locator(".report:not(.is-stale) .verdict")).to_be_attached(timeout=10_000)
        if width > 1_000:  # once per template: rules do not depend on the width
            problems += [f"{path} {line}" for line in axe_violations(page)]
        if overflow(page):
            problems.append(f"{path} is wider than the window")
    assert problems == []


@pytest.mark.parametrize("width", [1440, 390])
def test_trial_is_accessible_and_fits(staged: Plans, site: str, page_at: Open, width: int) -> None:
    page = trial(page_at, site, width, 844)
    page.wait_for_timeout(300)
    assert axe_violations(page) == []
    assert overflow(page) == 0
