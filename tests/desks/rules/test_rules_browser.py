"""Does a rule travel from the form to the live check in real Chromium: written, tried, published, asked?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from planning.checks.basis import forget_basis
from tests.browser import axe_violations, overflow
from tests.cast import make_cast, make_land, square
from tests.desks.draw.geo import zone_json
from tests.proposals.conftest import _plans
from tests.proposals.plans import FOREST, Plans, load_forest, zone

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def staged(site: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Plans:
    """Put a submitted proposal beside a forest into the served database."""
    from django.conf import settings

    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock():
        land = make_land()
        made = _plans(make_cast(land), land)
        made.submitted(zone(6_200, 5_000))
        load_forest(square(*FOREST), number=2)
        forget_basis()
    return made


def signed_in(page_at: Callable[..., Page], site: str, path: str, width: int = 1440) -> Page:
    page = page_at(f"{site}/dang-nhap/", width)
    page.set_default_timeout(20_000)
    page.fill("input[name=username]", "administrator")
    page.fill("input[name=password]", "datnghe")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/dang-nhap/" not in address)  # the page after signing in must not be overtaken
    page.goto(f"{site}{path}")
    return page


def ask(page: Page) -> dict[str, Any]:
    """Ask the live check about a zone 200 m east of the forest, the way the pencil does."""
    found: dict[str, Any] = page.evaluate(
        """async (zone) => {
          const token = document.querySelector("meta[name=csrf-token]").content;
          const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
          const body = JSON.stringify({ zone, kind: "new_cluster" });
          const answer = await fetch("/api/check/", { method: "POST", headers, body });
          return answer.json();
        }""",
        zone_json(6_200, 5_000),
    )
    assert "counts" in found, found
    return found


def look(page: Page) -> None:
    page.evaluate("scrollTo(0, 0)")  # a control half under the top bar would count as covered
    assert axe_violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("width", [1440, 390])
def test_the_reading_pages_fit_and_are_accessible(
    staged: Plans, site: str, page_at: Callable[..., Page], width: int
) -> None:
    for path in (
        "/quy-tac/",
        "/quy-tac/muc/forest/",
        "/quy-tac/phien-ban/",
        "/quy-tac/phien-ban/1/",
        "/quy-tac/tham-so/",
    ):
        look(page_at(f"{site}{path}", width))


def test_a_rule_is_written_tried_published_and_asked(staged: Plans, site: str, page_at: Callable[..., Page]) -> None:
    page = signed_in(page_at, site, "/quy-tac/")
    assert ask(page)["counts"]["prohibited"] == 0
    page.locator(".page-head form button").click()
    expect(page).to_have_url(f"{site}/quy-tac/du-thao/")
    look(page)
    page.locator("#forest a").click()
    page.locator("#id_question").select_option("setback")
    distance = page.locator("input[name='p_distance-figure']")
    expect(distance).to_be_visible()  # the form was drawn anew for this question
    distance.fill("300")
    page.locator("#id_title_vi").fill("Cách rừng đặc dụng")
    page.locator("#id_title_en").fill("Away from the forest")
    page.locator("#id_text_vi").fill("Cách {feature} {distance_m} m, cần {required_m} m, {oops}.")
    page.locator("#id_text_en").fill("{distance_m} m from {feature}, {required_m} m needed.")
    preview = page.locator("#rule-preview")
    expect(preview).to_contain_text("12.5 m from Suối Ea Tul, 20.0 m needed.")
    expect(preview).to_contain_text("{oops}")
    look(page)
    page.locator(".rule-save .button-primary").click()
    expect(page.locator("[role=alert]").first).to_contain_text("{oops}")
    look(page)
    page.locator("#id_text_vi").fill("Cách {feature} {distance_m} m, cần {required_m} m.")
    page.locator(".rule-save .button-primary").click()
    page.wait_for_url(f"{site}/quy-tac/du-thao/**")
    expect(page.locator(".rule-changes")).to_contain_text("Cách rừng đặc dụng")
    assert ask(page)["counts"]["prohibited"] == 0  # a draft is asked nothing
    page.locator(".rule-steps form button").click()
    page.wait_for_url("**/thu/*/")
    expect(page.locator("tr.is-selected")).to_have_count(1)
    expect(page.locator("#map[data-ready]")).to_be_attached()
    look(page)
    page.goto(f"{site}/quy-tac/du-thao/ban-hanh/")
    page.locator("#id_note").fill("Lùi cách rừng 300 m")
    look(page)
    page.locator("#publish-form .button-primary").click()
    page.wait_for_url("**/phien-ban/2/")
    expect(page.locator("main")).to_contain_text("Lùi cách rừng 300 m")
    look(page)
    answer = ask(page)
    assert answer["counts"]["prohibited"] == 1
    assert "Cách rừng đặc dụng" in str(answer)


def test_a_question_chosen_before_the_page_is_ready_is_not_lost(
    staged: Plans, site: str, page_at: Callable[..., Page]
) -> None:
    page = signed_in(page_at, site, "/quy-tac/")
    page.locator(".page-head form button").click()
    expect(page).to_have_url(f"{site}/quy-tac/du-thao/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/htmx.min*.js", hold)
    page.goto(f"{site}/quy-tac/du-thao/muc/them/", wait_until="commit")
    page.locator("#id_question").select_option("setback")
    assert page.locator("input[name='p_distance-figure']").count() == 0
    for route in held:
        route.continue_()
    expect(page.locator("input[name='p_distance-figure']")).to_be_visible()


def test_the_form_works_on_a_telephone(staged: Plans, site: str, page_at: Callable[..., Page]) -> None:
    page = signed_in(page_at, site, "/quy-tac/", 390)
    page.locator(".page-head form button, .page-head a.button-primary").first.click()
    page.wait_for_url("**/du-thao/")
    look(page)
    page.goto(f"{site}/quy-tac/du-thao/muc/them/")
    look(page)
    page.locator("#id_question").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "layer_code"
