"""Do the pages about survey packages work in real Chromium at both widths, for axe as for eyes?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Page, Route, expect

from mapping.papers.models import BuildState, PackageBuild
from mapping.papers.survey.choice import package_choice
from mapping.papers.survey.facts import code_of
from mapping.papers.survey.store import ask_for_package, build_now
from planning.proposals.models import SurveyOrder
from tests.browser import axe_violations, overflow
from tests.cast import make_cast, make_land
from tests.desks.review.test_review_browser import signed_in
from tests.proposals.conftest import _plans

pytestmark = pytest.mark.browser

WIDTHS = (1440, 390)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the folder of the files of all these tests."""
    return str(tmp_path_factory.mktemp("media"))


@pytest.fixture(autouse=True)
def files_of_the_builds(files_apart: None, settings: Any, media: str) -> None:
    """Serve each test from the folder in which the packages were kept."""
    settings.MEDIA_ROOT = media


@pytest.fixture(scope="module")
def builds(site: str, django_db_blocker: Any, media: str) -> dict[str, PackageBuild]:
    """Put an approved proposal with a package that is ready, one refused and one waiting into the served database."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media):
        land = make_land()
        plans = _plans(make_cast(land), land)
        version = plans.approved().current_version
        assert version is not None
        choice = package_choice(["shapefile", "gpkg", "dxf", "kml", "gpx", "corners"], 0, "auto")
        ready, failed, queued = (ask_for_package(plans.cast.appraiser, version, choice) for _each in range(3))
        build_now(ready)
        failed.state = BuildState.FAILED
        failed.problem = {
            "code": "EXPORT_NOT_VERIFIED",
            "message": "Tệp đọc lại không khớp ranh giới đã lưu.",
            "where": "shapefile/ranh_gioi_du_an_cum_cong_nghiep.shp, điểm 12",
            "todo": "Báo người quản trị.",
        }
        failed.save()
    return {"ready": ready, "failed": failed, "queued": queued}


def fitting(page: Page) -> None:
    """Ask axe, and that nothing sticks out of the window."""
    assert axe_violations(page) == []
    assert overflow(page) <= 0


def held_still(page: Page) -> Page:
    """Load the page again without its order to ask again, so that nothing moves while axe looks."""

    def without_refresh(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, headers={name: text for name, text in answer.headers.items() if name != "refresh"}
        )

    page.route(page.url, without_refresh)
    page.reload()
    page.unroute(page.url)
    return page


def path_of(build: PackageBuild | None = None) -> str:
    return f"/ho-so/DX-2026-0001/goi-do-dac/{f'{build.pk}/' if build else ''}"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_choice_fits(builds: dict[str, PackageBuild], site: str, page_at: Callable[..., Page], width: int) -> None:
    page = signed_in(page_at, site, "appraiser", path_of(), width)
    expect(page.locator("[name=contents]:checked")).to_have_count(9)
    fitting(page)
    for box in page.locator("[name=contents]").all():
        box.uncheck()
    page.locator("form[data-form] button.button-primary").click()
    expect(page.locator(".field.has-error")).to_have_count(1)
    fitting(page)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("state", ["ready", "failed", "queued"])
def test_each_result_fits(
    builds: dict[str, PackageBuild], site: str, page_at: Callable[..., Page], width: int, state: str
) -> None:
    page = signed_in(page_at, site, "appraiser", path_of(builds[state]), width)
    held_still(page)
    expect(page.locator("a[href$='goi.zip']")).to_have_count(int(state == "ready"))
    expect(page.locator(".empty[role=status]")).to_have_count(int(state == "queued"))
    expect(page.locator(".notice-bad")).to_have_count(int(state == "failed"))
    if state == "ready":
        page.locator("details.card summary").click()
        expect(page.locator(".package-files")).to_be_visible()
    fitting(page)


def test_what_comes_down_is_what_was_verified(
    builds: dict[str, PackageBuild], site: str, page_at: Callable[..., Page]
) -> None:
    page = signed_in(page_at, site, "appraiser", path_of(builds["ready"]))
    with page.expect_download() as asked:
        page.locator("a[href$='goi.zip']").click()
    assert Path(asked.value.path()).stat().st_size == builds["ready"].size
    assert asked.value.suggested_filename == builds["ready"].filename


@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_sees_whether_a_paper_still_counts(
    builds: dict[str, PackageBuild],
    site: str,
    page_at: Callable[..., Page],
    width: int,
    django_db_blocker: Any,
) -> None:
    with django_db_blocker.unblock():
        code = code_of(builds["ready"].version)
    page = page_at(f"{site}/xac-minh/{code}/", width)
    expect(page.locator("h1")).to_be_visible()
    fitting(page)
    page.goto(f"{site}/xac-minh/{'0' * 32}/")
    expect(page.locator("h1")).to_be_visible()
    fitting(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_order_asks_for_the_package_in_the_same_words(
    builds: dict[str, PackageBuild], site: str, page_at: Callable[..., Page], width: int
) -> None:
    page = signed_in(page_at, site, "appraiser", "/ho-so/DX-2026-0001/", width)
    page.click("[data-open-dialog=act-order_survey]")
    dialog = page.locator("#act-order_survey")
    expect(dialog.locator("[name=contents]:checked")).to_have_count(9)
    expect(dialog.locator("[name=paper]")).to_have_value("auto")
    fitting(page)


def test_a_team_waits_on_a_page_that_asks_again_and_then_downloads(
    builds: dict[str, PackageBuild], site: str, page_at: Callable[..., Page], django_db_blocker: Any
) -> None:
    page = signed_in(page_at, site, "appraiser", "/ho-so/DX-2026-0001/")
    page.click("[data-open-dialog=act-order_survey]")
    dialog = page.locator("#act-order_survey")
    dialog.locator("[name=team]").fill("Đội đo đạc số 1")
    for name in ("plan", "sketch", "handover"):
        dialog.locator(f"[name=contents][value={name}]").uncheck()
    dialog.locator("button.button-primary").click()
    link = page.locator("#issued-link").input_value()
    fitting(page)
    with django_db_blocker.unblock():
        order = SurveyOrder.objects.get()
        build = PackageBuild.objects.get(order=order)
        assert build.state == BuildState.DONE
        PackageBuild.objects.filter(pk=build.pk).update(state=BuildState.QUEUED)
    for width in WIDTHS:
        team = page_at(f"{site}/{link.split('/', 3)[3]}", width)
        held_still(team)
        expect(team.locator(".notice[role=status]")).to_be_visible()
        expect(team.locator("a[href$='goi.zip']")).to_have_count(0)
        fitting(team)
    team.reload()  # from here on the page asks by itself
    with django_db_blocker.unblock():
        PackageBuild.objects.filter(pk=build.pk).update(state=BuildState.DONE)
    expect(team.locator("a[href$='goi.zip']")).to_be_visible(timeout=15_000)
    fitting(team)
    with team.expect_download() as asked:
        team.locator("a[href$='goi.zip']").click()
    assert Path(asked.value.path()).stat().st_size == build.size
    with django_db_blocker.unblock():
        PackageBuild.objects.filter(pk=build.pk).update(
            state=BuildState.FAILED, problem={"message": "Tệp đọc lại không khớp.", "where": "ranh_gioi.shp"}
        )
    for width in WIDTHS:
        desk = signed_in(page_at, site, "appraiser", "/ho-so/DX-2026-0001/?tab=quyet-dinh", width)
        expect(desk.locator("form[action$='/goi/'] button")).to_be_visible()
        fitting(desk)
    desk.locator("form[action$='/goi/'] button").click()
    expect(desk.locator("form[action$='/goi/']")).to_have_count(0)
    expect(desk.locator(".review-link-item")).to_contain_text(build.sha256[:16])
