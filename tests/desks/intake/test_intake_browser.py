"""Can a person bring a boundary in by hand, on a desk and on a phone: the steps, the map, a row left out, the log?"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page, expect

from mapping.desks.intake.models import Arrival
from planning.checks.basis import forget_basis
from planning.proposals.models import Draft, Proposal
from planning.proposals.services import load_procedure_catalogue
from tests.browser import axe_violations, overflow
from tests.cast import EAST0, NORTH0, make_cast, make_land
from tests.desks.intake.test_questions import drawing
from tests.layers import files
from tests.layers.files import home
from tests.proposals.plans import Plans, publish_rules, zone

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
RING = [(0, 0), (400, 0), (400, 300), (100, 300), (100, -100), (300, -100), (300, 400), (0, 400)]


@pytest.fixture(scope="module")
def staged(site: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Plans:
    """Put the land, the cast and rules into the served database."""
    from django.conf import settings

    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock():
        land = make_land()
        load_procedure_catalogue()
        publish_rules()
        forget_basis()
        return Plans(make_cast(land), land)


def begun(page_at: Open, site: str, proposal: Proposal, width: int) -> Page:
    """Sign in as the planner and come to the page that takes a file, from the drawing board."""
    page = page_at(f"{site}/dang-nhap/?next=/ho-so/{proposal.code}/ve/", width, 844)
    page.fill("input[name=username]", "planner")
    page.fill("input[name=password]", "datnghe")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/ho-so/{proposal.code}/ve/**")
    page.goto(f"{site}/tep-vao/moi/zone/{proposal.code}/")
    return page


def fit(page: Page, problems: list[str], what: str) -> None:
    """Note what axe says of the page, and whether it is wider than the window."""
    problems += [f"{what}: {line}" for line in axe_violations(page)]
    if overflow(page):
        problems.append(f"{what} is wider than the window")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_boundary_without_prj_is_placed_judged_and_taken_in_part(
    staged: Plans, site: str, page_at: Open, width: int, django_db_blocker: Any, tmp_path: Path
) -> None:
    with django_db_blocker.unblock():
        proposal = staged.draft(zone(2_000, 2_000, 300))
    twice = shapely.Polygon([(EAST0 + 4_600 + x, NORTH0 + 4_000 + y) for x, y in RING])
    path = files.shapefile_zip(tmp_path, [home(500, 4_000, 4_000), twice], names=["Khu A", "Khu B"], without=(".prj",))
    page = begun(page_at, site, proposal, width)
    problems: list[str] = []
    fit(page, problems, "start")
    page.locator("input[type=file]").set_input_files(str(path))
    page.locator("form[enctype] button.button-primary").click()
    expect(page.locator("html[data-board=ready]")).to_be_attached(timeout=20_000)
    expect(page.locator(".reading", has=page.locator("input:checked"))).to_contain_text("108°30′")
    fit(page, problems, "coordinates")
    page.locator("button[form=answer]").click()
    expect(page.locator("html[data-board=ready]")).to_be_attached(timeout=20_000)
    rows = page.locator("[data-verdicts] tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_have_attribute("data-outcome", "ask")
    expect(page.locator("#map path.leaflet-interactive")).to_have_count(3)  # one area, and two ways of the other
    rows.first.hover()
    expect(rows.first).to_have_class(re.compile("is-active"))
    page.locator("#map path.leaflet-interactive").first.hover(force=True)
    fit(page, problems, "verdicts")
    page.locator("button[form=take]").click()
    expect(page.locator(".notice-bad")).to_contain_text("hai cách")
    page.locator("[data-verdicts] tr[data-outcome=ask] input[name=feature]").uncheck()
    page.locator("button[form=take]").click()
    expect(page.locator("main .notice-good")).to_be_visible()
    fit(page, problems, "taken")
    with page.expect_download() as asked:
        page.locator("a[href$='khong-nhan.csv']").click()
    assert "Khu B" in Path(asked.value.path()).read_text(encoding="utf-8-sig")
    with django_db_blocker.unblock():
        assert abs(Draft.objects.get(proposal=proposal).geom.area - 250_000) < 1
    page.goto(f"{site}/tep-vao/")
    expect(page.locator(".list-row")).not_to_have_count(0)
    fit(page, problems, "list")
    assert problems == []


def test_a_refused_file_is_looked_at_again_not_sent_again(
    staged: Plans, site: str, page_at: Open, django_db_blocker: Any, tmp_path: Path
) -> None:
    with django_db_blocker.unblock():
        proposal = staged.draft(zone(2_000, 4_000, 300))
    page = begun(page_at, site, proposal, 390)
    (tmp_path / "ranh.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    page.locator("input[type=file]").set_input_files(str(tmp_path / "ranh.geojson"))
    with page.expect_navigation() as told:
        page.locator("form[enctype] button.button-primary").click()
    expect(page.locator(".notice-bad")).to_be_visible()
    assert told.value.status == 422 and axe_violations(page) == []
    page.wait_for_url("**/tep-vao/*/")
    reloaded = page.reload()
    assert reloaded is not None and (reloaded.status, reloaded.request.method) == (200, "GET")
    expect(page.locator(".notice-bad")).to_be_visible()
    with django_db_blocker.unblock():
        assert Arrival.objects.filter(filename="ranh.geojson").count() == 1


def test_a_drawing_is_asked_about_and_left_in_the_middle(
    staged: Plans, site: str, page_at: Open, django_db_blocker: Any, tmp_path: Path
) -> None:
    with django_db_blocker.unblock():
        proposal = staged.draft(zone(2_000, 6_000, 300))
    page = begun(page_at, site, proposal, 1440)
    page.locator("input[type=file]").set_input_files(str(drawing(tmp_path / "ranh_gioi.dxf")))
    page.locator("form[enctype] button.button-primary").click()
    expect(page.locator("input[name=cad_layer]")).to_have_count(2)
    assert axe_violations(page) == []
    page.goto(f"{site}/tep-vao/")
    page.locator("a.list-title", has_text="ranh_gioi.dxf").click()
    page.locator("input[value=NHA]").uncheck()
    page.locator("main form button.button-primary").click()
    page.locator("button[form=answer]").click()
    page.locator(".stepper a", has_text="Tọa độ").click()  # a look back loses nothing
    page.locator("button[form=answer]").click()
    page.locator("button[form=take]").click()
    page.wait_for_url(f"**/ho-so/{proposal.code}/ve/**")
    with django_db_blocker.unblock():
        assert abs(Draft.objects.get(proposal=proposal).geom.area - 250_000) < 1


def test_places_of_a_table_are_dots_where_each_reading_puts_them(
    staged: Plans, site: str, page_at: Open, tmp_path: Path
) -> None:
    path = tmp_path / "lang.csv"
    path.write_text("Tên làng;Nghề;Nhóm nghề;X (m);Y (m)\nBuôn Một;Dệt;handicraft;1404000,0;484000,0\n")
    page = page_at(f"{site}/dang-nhap/?next=/tep-vao/moi/villages/")
    page.fill("input[name=username]", staged.cast.commune_officer.username)
    page.fill("input[name=password]", "datnghe")
    page.press("input[name=password]", "Enter")
    page.locator("input[type=file]").set_input_files(str(path))
    page.locator("form[enctype] button.button-primary").click()
    expect(page.locator("html[data-board=ready]")).to_be_attached(timeout=20_000)
    expect(page.locator("[data-ghost]").first).to_be_visible()
    expect(page.locator("#map .leaflet-marker-icon")).to_have_count(0)  # the usual pin is a picture the house has not
    expect(page.locator("#map path[stroke='#b3005e']")).to_have_count(1)
