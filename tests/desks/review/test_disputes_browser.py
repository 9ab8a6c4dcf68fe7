"""Can a planner disagree in real Chromium with a reason, a file and a pin, and an appraiser rule on it?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from planning.proposals import services
from planning.proposals.models import Dispute, DisputeRuling, Proposal
from tests.browser import axe_violations, overflow
from tests.cast import make_cast, make_land
from tests.desks.review.test_review_browser import signed_in
from tests.proposals.conftest import _plans
from tests.proposals.plans import FOREST, Plans, zone

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def staged(site: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Plans, Proposal]:
    """Put a draft that runs into the forest into the served database."""
    from django.conf import settings

    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock():
        land = make_land()
        plans = _plans(make_cast(land), land)
        east, north, side = FOREST
        return plans, plans.ready(zone(east + side - 100, north))


def looked_at(page: Page, width: int) -> None:
    if width > 1_000:  # once per template: rules do not depend on the width
        assert axe_violations(page) == []
    assert overflow(page) == 0


def test_from_the_row_of_the_report_to_the_ruling(
    staged: tuple[Plans, Proposal],
    site: str,
    page_at: Callable[..., Page],
    tmp_path: Path,
    django_db_blocker: Any,
) -> None:
    plans, proposal = staged
    paper = tmp_path / "quyet-dinh.pdf"
    paper.write_bytes(b"%PDF-1.7\nx")
    page = signed_in(page_at, site, "planner", f"/ho-so/{proposal.code}/?tab=ket-qua")
    page.locator(".review-group[data-sev=prohibited] a[href*='khong-dong-y']").click()
    expect(page.locator("#map[data-ready]")).to_be_attached()
    form = page.locator("[data-pin-form]")
    form.locator("textarea").fill("Rừng đã chuyển mục đích sử dụng.")
    form.locator("input[type=file]").set_input_files(str(paper))
    page.locator("[data-pin]").click()
    page.locator("#map").click(position={"x": 400, "y": 400})
    looked_at(page, 1_440)
    form.locator("button.button-primary").click()
    expect(page.locator(".review-dispute")).to_have_count(1)
    expect(page.locator("#map .pin-number.is-dispute")).to_have_count(1)
    expect(page.locator(".verdict .verdict-note")).to_be_visible()
    with django_db_blocker.unblock():
        dispute = Dispute.objects.get()
        assert (dispute.file_name, dispute.place is not None) == ("quyet-dinh.pdf", True)
        services.submit(plans.cast.planner, proposal)

    other = signed_in(page_at, site, "appraiser", f"/ho-so/{proposal.code}/?tab=khong-dong-y")
    looked_at(other, 1_440)
    other.locator(".review-dispute input[type=radio]").last.check()
    other.locator(".review-dispute textarea").first.fill("Đã xem quyết định.")
    other.locator(".review-dispute button.button-primary").click()
    expect(other.locator(".review-dispute .chip-good")).to_be_visible()
    other.goto(f"{site}/ho-so/{proposal.code}/?tab=ket-qua")
    expect(other.locator(".review-finding.is-set-aside")).to_have_count(1)
    looked_at(other, 1_440)
    with django_db_blocker.unblock():
        assert DisputeRuling.objects.get().outcome == "accepted"


@pytest.mark.parametrize("tab", ["khong-dong-y", "ket-qua", "khong-dong-y&dong=1"])
def test_it_fits_a_telephone(staged: tuple[Plans, Proposal], site: str, page_at: Callable[..., Page], tab: str) -> None:
    page = signed_in(page_at, site, "planner", f"/ho-so/{staged[1].code}/?tab={tab}", 390)
    looked_at(page, 390)
