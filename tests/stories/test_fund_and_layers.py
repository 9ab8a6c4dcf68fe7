"""Do the fund's year, a new edition of a layer and the administration run in Chromium, each act by the right person?"""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from layers.models import Edition, EditionStatus
from planning.people.models import Assignment, User
from planning.people.queries import roles_of
from planning.registers.models import Allocation, FundedProject, FundedProjectState
from planning.registers.queries import totals_by
from tests.stories.hands import Visitor, enter_as, picture

pytestmark = pytest.mark.browser
MILLION = 1_000_000
SOURCE = "Kinh phí khuyến công quốc gia"
DECISION = "318/QĐ-UBND"
TITLE = "Hỗ trợ khung dệt cải tiến buôn Tơng Sinh"
GROUPS = {"commune": "xa", "former_district": "huyen", "trade": "nghe", "year": "nam"}


# --- the fund --------------------------------------------------------------------------------------------------------


def test_a_year_of_the_fund(visitor: Visitor, django_db_blocker: Any) -> None:
    officer = enter_as(visitor, "thu.fund")
    _late_settlements_are_flagged(officer)
    _allocate(officer)
    confirmer = enter_as(visitor, "binh.confirmer")
    row = confirmer.locator("tr", has_text=DECISION)
    row.locator("button").click()
    expect(confirmer.locator("tr", has_text=DECISION)).to_contain_text("đã xác nhận")
    with django_db_blocker.unblock():
        allocation = Allocation.objects.get(decision=DECISION)
        assert allocation.amount_vnd == 300 * MILLION
        assert allocation.confirmed_at is not None
    _enter_project(officer)
    _open_act(officer, "hop-dong", number="01/2026/HĐ-KC", signed_on="02/03/2026", amount_vnd="280.000.000")
    with django_db_blocker.unblock():
        project = FundedProject.objects.get(title=TITLE)
    _pay(officer, "advance", "140.000.000", "10/03/2026")
    assert officer.locator("form[action$='/xac-nhan/']").count() == 0, "who enters may not confirm"
    confirmer.goto(confirmer.url)
    waiting = confirmer.locator("tr", has_text=project.code).first
    waiting.locator("button").click()
    expect(confirmer.locator(".toasts")).to_contain_text("xác nhận")

    _open_act(officer, "nghiem-thu", accepted_on="15/06/2026", passed="yes")
    _pay(officer, "final", "500.000.000", "20/06/2026", refused=r"(vượt|lớn hơn|còn)")
    _pay(officer, "final", "140.000.000", "20/06/2026")
    confirmer.goto(confirmer.url)
    confirmer.locator("tr", has_text=project.code).first.locator("button").click()
    expect(confirmer.locator(".toasts")).to_contain_text("xác nhận")
    _open_act(officer, "quyet-toan", settled_on="30/06/2026", settled_vnd="280.000.000", document="QT-01")
    expect(officer.locator(".page-head .chip")).to_contain_text("quyết toán")
    with django_db_blocker.unblock():
        project.refresh_from_db()
        assert project.state == FundedProjectState.SETTLED
        _totals_agree(officer)


def _late_settlements_are_flagged(page: Page) -> None:
    expect(page.locator("a.chip", has_text="Quá hạn quyết toán")).to_be_visible()
    expect(page.locator(".list-meta", has_text="Quá hạn quyết toán").first).to_contain_text("chưa quyết toán")
    picture(page, "14-quy-khuyen-cong")


def _allocate(page: Page) -> None:
    page.locator("a", has_text="Nhập giao dự toán").click()
    page.fill("[name=year]", "2026")
    page.select_option("[name=source]", label=SOURCE)
    page.fill("[name=amount_vnd]", "300000000")
    page.fill("[name=decision]", DECISION)
    page.fill("[name=decided_on]", "15/02/2026")
    page.locator("main form button.button-primary").click()
    page.wait_for_url("**/khuyen-cong/")
    expect(page.locator("tr", has_text=DECISION)).to_contain_text("300.000.000")
    expect(page.locator("tr", has_text=DECISION)).to_contain_text("chờ")


def _enter_project(page: Page) -> None:
    page.locator("a", has_text="Nhập đề án khuyến công").click()
    page.fill("[name=title]", TITLE)
    allocation = page.locator("[name=allocation] option", has_text=re.compile(f"2026.*{SOURCE}"))
    page.select_option("[name=allocation]", allocation.get_attribute("value"))
    page.select_option("[name=activity]", "machinery")
    page.fill("[name=granted_vnd]", "280000000")
    page.fill("[name=counterpart_vnd]", "300000000")
    page.fill("[name=implementer_name]", "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp")
    page.select_option("[name=implementer_kind]", "public_body")
    page.fill("[name=beneficiary_name]", "Hợp tác xã dệt thổ cẩm Tơng Sinh")
    page.select_option("[name=beneficiary_kind]", "legal")
    page.select_option("[name=unit]", label="Xã Ea Kar")
    page.locator("main form button.button-primary").last.click()
    page.wait_for_url(re.compile(r"/khuyen-cong/de-an/\d+/"))
    expect(page.locator("h1")).to_contain_text(TITLE)


def _open_act(page: Page, act: str, **given: str) -> None:
    fold = page.locator(f"details#{act}")
    if not fold.evaluate("fold => fold.open"):
        fold.locator("summary").click()
    for name, value in given.items():
        field = fold.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    with page.expect_navigation():
        fold.locator("form button").last.click()


def _pay(page: Page, kind: str, amount: str, day: str, *, refused: str = "") -> None:
    _open_act(page, "chi", kind=kind, amount_vnd=amount, paid_on=day, document="PC-01")
    if refused:
        expect(page.locator("details#chi .error-text, details#chi .notice-bad").first).to_contain_text(
            re.compile(refused)
        )
    else:
        expect(page.locator("tr", has_text=amount).first).to_be_visible()


def _totals_agree(page: Page) -> None:
    """Compare page, workbook and the register's own sums in all four groupings."""
    page.goto("/".join(page.url.split("/")[:3]) + "/khuyen-cong/tong-hop/")
    chips = page.locator("ul[aria-label] a.chip")
    expect(chips).to_have_count(4)
    sums = []
    for place in range(4):
        chips.nth(place).click()
        expect(chips.nth(place)).to_have_attribute("aria-current", "true")
        sums.append(page.locator("main tfoot td.num").all_inner_texts())
    assert sums[0] == sums[1] == sums[2] == sums[3]
    picture(page, "15-tong-hop-khuyen-cong")
    with page.expect_download() as asked:
        page.locator("a[download]").click()
    book = load_workbook(io.BytesIO(Path(asked.value.path()).read_bytes()))
    total = totals_by("commune", timezone.localdate()).total
    assert len(book.worksheets) == 4
    for sheet in book.worksheets:
        assert [cell.value for cell in sheet[sheet.max_row]][1:3] == [total.projects, int(total.granted_vnd)]
    shown = Decimal(re.sub(r"\D", "", sums[0][1]))
    assert shown == total.granted_vnd


# --- layers ----------------------------------------------------------------------------------------------------------


def test_a_new_edition_of_a_layer(visitor: Visitor, django_db_blocker: Any, tmp_path: Path) -> None:
    with django_db_blocker.unblock():
        before = Edition.objects.get(layer__code="heritage", status=EditionStatus.CURRENT)
        first, second = tmp_path / "di_tich_2027.geojson", tmp_path / "di_tich_2028.geojson"
        grown = _next_edition(before, first, metres=30, broken=True)
        _next_edition(before, second, metres=40, broken=False)
    steward = enter_as(visitor, "nam.steward", "/tep-vao/moi/edition/heritage/")
    steward.locator("input[name=file]").set_input_files(str(first))
    steward.fill("[name=source]", "Sở Văn hóa, Thể thao và Du lịch: danh mục di tích, bản minh hoạ")
    steward.locator("form[enctype] button.button-primary").click()
    steward.locator("main form button.button-primary", has_text="Tiếp tục").click()  # the columns as proposed
    expect(steward.locator("[data-verdicts] tr[data-outcome=repaired]")).to_have_count(1)
    steward.locator("button[form=take]").click()
    steward.wait_for_url("**/lop-du-lieu/phien-ban/**", timeout=30_000)
    facts = steward.locator("main")
    expect(facts).to_contain_text("Diện tích thay đổi")
    expect(facts).to_contain_text(re.compile(rf"{before.feature_count + 1}\b"))
    with django_db_blocker.unblock():
        staged = Edition.objects.get(layer__code="heritage", status=EditionStatus.STAGED)
        assert staged.report["repair_count"] == 1
        assert abs(staged.report["changes"]["gained_ha"] - grown) < 0.02
    assert steward.locator("form[action$='/ap-dung/']").count() == 0, "who loads may not confirm"
    picture(steward, "16-phien-ban-moi-cua-lop")

    appraiser = enter_as(visitor, "lan.appraiser", "/lop-du-lieu/")
    appraiser.locator("section", has_text="Chờ xác nhận").locator("a.list-title").first.click()
    appraiser.locator("form[action$='/ap-dung/'] button").click()
    expect(appraiser.locator("h1 .chip-good")).to_be_visible()
    with django_db_blocker.unblock():
        staged.refresh_from_db()
        before.refresh_from_db()
        assert (staged.status, before.status) == (EditionStatus.CURRENT, EditionStatus.RETIRED)

        said = io.StringIO()
        call_command("load_layer", str(second), layer="heritage", source="bằng lệnh", by="nam.steward", stdout=said)
        assert "staged from" in said.getvalue()
        assert f"{before.feature_count} features, 0 repairs" in said.getvalue()
        assert "changed_ha" in said.getvalue()
        call_command("promote_edition", "heritage", confirmed_by="lan.appraiser", stdout=said)
        seen = said.getvalue().strip().rpartition("--sweep ")[2]
        call_command("promote_edition", "heritage", confirmed_by="lan.appraiser", sweep=seen, stdout=said)
        assert Edition.objects.get(layer__code="heritage", status=EditionStatus.CURRENT).source == "bằng lệnh"


def _next_edition(before: Edition, target: Path, *, metres: float, broken: bool) -> float:
    """Write the next edition: one area grown by *metres*, and one more that crosses itself; give the hectares grown."""
    rows = list(before.features.order_by("pk"))
    shapes = [shapely.from_wkb(bytes(row.geom.wkb)) for row in rows]
    biggest = max(range(len(shapes)), key=lambda place: shapes[place].area)
    grown = shapely.set_precision(shapes[biggest].buffer(metres), 0.001)
    others = shapely.union_all([shape for place, shape in enumerate(shapes) if place != biggest])
    gained = grown.difference(shapely.union(others, shapes[biggest])).area
    shapes[biggest] = grown
    names = [row.name for row in rows]
    classes = [row.class_code for row in rows]
    if broken:
        east, north = shapely.get_coordinates(grown.centroid)[0] + 5_000
        bow = [(east, north), (east + 100, north + 60), (east + 100, north), (east, north + 60), (east, north)]
        shapes.append(shapely.Polygon(bow))
        gained += shapely.make_valid(shapes[-1]).area
        names.append("Khu thử nghiệm")
        classes.append(classes[0])
    pyogrio.raw.write(
        target,
        np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object),
        [np.array(names, dtype=object), np.array(classes, dtype=object)],
        [before.layer.name_field, before.layer.class_field],
        geometry_type="Unknown",
        crs="EPSG:9218",
        driver="GPKG" if target.suffix == ".gpkg" else "GeoJSON",
    )
    return float(gained / 10_000)


# --- administration --------------------------------------------------------------------------------------------------


def test_an_account_and_an_office(visitor: Visitor, django_db_blocker: Any) -> None:
    page = enter_as(visitor, "admin.it", "/quan-tri/people/user/add/")
    page.fill("[name=username]", "hkim.planner")
    page.fill("[name=full_name]", "H'Kim Êban")
    page.fill("[name=office]", "Phòng Kinh tế xã Ea Knốp")
    for name in ("password1", "password2"):
        page.fill(f"[name={name}]", "rừng-và-nghề-2026")
    page.click("[name=_save]")
    expect(page.locator(".messagelist")).to_contain_text("H'Kim Êban")
    page.goto("/".join(page.url.split("/")[:3]) + "/quan-tri/people/assignment/add/")
    _choose(page, "user", "hkim", "H'Kim Êban")
    page.select_option("[name=role]", "planner")
    _choose(page, "unit", "Ea Kn", "Ea Knốp")
    page.fill("[name=valid_from]", timezone.localdate().strftime("%d/%m/%Y"))
    page.click("[name=_save]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    with django_db_blocker.unblock():
        person = User.objects.get(username="hkim.planner")
        office = Assignment.objects.get(user=person)
        assert office.unit is not None
        assert (office.role, office.unit.name, office.valid_to) == ("planner", "Ea Knốp", None)
        assert [str(role) for role in roles_of(person)] == ["planner"]
        assert isinstance(office.valid_from, date)
    newcomer = visitor("/dang-nhap/?next=/ho-so/")
    newcomer.fill("input[name=username]", "hkim.planner")
    newcomer.fill("input[name=password]", "rừng-và-nghề-2026")
    newcomer.press("input[name=password]", "Enter")
    expect(newcomer.locator("h1")).to_contain_text("Hồ sơ đề xuất")
    assert newcomer.goto("/".join(newcomer.url.split("/")[:3]) + "/quan-tri/").status in {302, 403, 404}  # type: ignore[union-attr]


def _choose(page: Page, name: str, typed: str, wanted: str) -> None:
    page.locator(f".field-{name} .select2-selection").click()
    page.locator(".select2-search__field").fill(typed)
    page.locator(".select2-results__option", has_text=wanted).first.click()
