"""Is a draft safe in real Chromium: between two people, without a connection, when a version is kept?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from planning.proposals.models import Draft, Proposal
from tests.desks.draw.hands import (
    TABLE,
    Open,
    board,
    drag,
    hectares,
    middle,
    paste,
    saved,
)
from tests.proposals.plans import Plans

pytestmark = pytest.mark.browser


def test_two_people_never_overwrite_each_other(
    staged: Plans, site: str, page_at: Open, draft: Callable[..., Proposal], django_db_blocker: Any
) -> None:
    proposal = draft()
    mine = board(page_at, site, "planner", proposal)
    theirs = board(page_at, site, "colleague", proposal)
    paste(theirs, TABLE.replace("482500,00", "482600,00"))
    saved(theirs)
    paste(mine, TABLE.replace("482500,00", "482700,00"))
    dialog = mine.locator("#draft-conflict")
    expect(dialog).to_be_visible(timeout=10_000)
    expect(dialog).to_contain_text(staged.cast.colleague.get_full_name())
    expect(dialog.locator("svg.small-map path")).to_have_count(4)
    with django_db_blocker.unblock():
        assert Draft.objects.get(proposal=proposal).geom.area == pytest.approx(300_000, abs=1)
    mine.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    dialog.locator("[data-conflict=mine]").click()
    saved(mine)
    with django_db_blocker.unblock():
        assert Draft.objects.get(proposal=proposal).geom.area == pytest.approx(350_000, abs=1)
    paste(theirs, TABLE.replace("482500,00", "482800,00"))
    other = theirs.locator("#draft-conflict")
    expect(other).to_be_visible(timeout=10_000)
    other.locator("[data-conflict=theirs]").click()
    hectares(theirs, r"^35,00")
    theirs.keyboard.press("Control+z")
    hectares(theirs, r"^40,00")


def test_changes_survive_a_lost_connection(
    staged: Plans, site: str, page_at: Open, draft: Callable[..., Proposal], django_db_blocker: Any
) -> None:
    proposal = draft()
    page = board(page_at, site, "planner", proposal)
    hectares(page, r"^25,00")
    page.context.set_offline(True)
    handle = middle(page.locator(".marker-icon-middle").first)
    drag(page, handle, (handle[0] - 60, handle[1] - 30))
    expect(page.locator("[data-saved][data-status=offline]")).to_be_visible(timeout=10_000)
    page.context.set_offline(False)
    saved(page)
    with django_db_blocker.unblock():
        assert Draft.objects.get(proposal=proposal).geom.num_coords == 6


def test_a_version_is_kept_and_named(
    staged: Plans, site: str, page_at: Open, draft: Callable[..., Proposal], django_db_blocker: Any
) -> None:
    proposal = draft()
    page = board(page_at, site, "planner", proposal)
    hectares(page, r"^25,00")
    page.click("[data-keep]:enabled")
    page.fill("[data-keep-reason]", "tránh kênh")
    page.click("[data-keep-now]")
    expect(page.locator("#keep-version")).to_be_hidden(timeout=10_000)
    page.click("[data-tab=ho-so]")
    expect(page.locator("#count-versions")).to_have_text("1")
    page.locator("#phuong-an summary").click()
    expect(page.locator("#part-versions")).to_contain_text("tránh kênh")
    with django_db_blocker.unblock():
        assert proposal.versions.get().reason == "tránh kênh"
