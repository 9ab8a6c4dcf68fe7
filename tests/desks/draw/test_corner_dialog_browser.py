"""Can a boundary be entered by its corners alone, pasted or typed, with rows and corners finding each other?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe_violations, overflow
from tests.desks.draw.hands import Open, hectares, trial
from tests.proposals.plans import Plans

pytestmark = pytest.mark.browser

TABLE = """Hệ tọa độ VN-2000, kinh tuyến trục 108°30', múi chiếu 3°
Điểm\tX (m)\tY (m)\tCạnh (m)
M1\t1402500,00\t482000,00\t500,00
M2\t1402500,00\t482500,00\t500,00
M3\t1402000,00\t482500,00\t498,00
M4\t1402000,00\t482000,00\t500,00
Diện tích: 25,00 ha"""

SELECTED = """(() => {
  const area = document.querySelector('[data-corner-text]');
  return area.value.slice(area.selectionStart, area.selectionEnd);
})()"""
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
}"""


def dialog(page_at: Open, site: str) -> Page:
    page = trial(page_at, site)
    page.click("[data-action=coordinates]")
    return page


def test_a_stated_meridian_sides_and_area_are_read_and_compared(staged: Plans, site: str, page_at: Open) -> None:
    page = dialog(page_at, site)
    page.fill("[data-corner-text]", TABLE)
    answer = page.locator("[data-corner-answer]")
    expect(answer.locator("label").first).to_contain_text("ghi trong bảng")
    expect(answer.locator(".corner-remarks")).to_contain_text("498,00")
    expect(answer.locator(".corner-remarks")).to_contain_text("khớp")
    expect(answer.locator(".corner-sketch circle")).to_have_count(4)
    expect(answer.locator(".corner-sketch circle.is-bad")).to_have_count(1)


def test_a_row_lights_its_corner_and_a_corner_its_row(staged: Plans, site: str, page_at: Open) -> None:
    page = dialog(page_at, site)
    page.fill("[data-corner-text]", TABLE)
    page.locator(".corner-read tr", has_text="M2").hover()
    expect(page.locator(".corner-sketch circle.is-selected")).to_have_attribute("data-line", "4")
    page.locator(".corner-sketch circle[data-line='5']").hover()
    expect(page.locator(".corner-read tr.is-selected th")).to_contain_text("M3")
    page.locator(".corner-sketch circle[data-line='5']").click()
    selected = page.evaluate(SELECTED)
    assert selected.startswith("M3\t")


def test_a_boundary_is_drawn_by_typing_its_corners(staged: Plans, site: str, page_at: Open) -> None:
    page = dialog(page_at, site)
    page.click("[data-mode=type]")
    for index, (x, y) in enumerate([("1402500", "482000"), ("1.402.500,00", "482.500,00"), ("1402000,00", "482500")]):
        page.keyboard.type(x)
        page.keyboard.press("Enter")
        page.keyboard.type(y)
        page.keyboard.press("Enter")
        expect(page.locator(".corner-sketch circle")).to_have_count(index + 1)
    expect(page.locator("[data-corner-use]")).to_be_enabled()
    page.keyboard.type("1402000")
    page.keyboard.press("Enter")
    page.keyboard.type("482000")
    expect(page.locator(".corner-sketch circle")).to_have_count(4)
    page.locator("[data-corner-rows] tr").nth(1).locator("[data-axis=y]").focus()
    expect(page.locator(".corner-sketch circle.is-selected")).to_have_attribute("data-line", "2")
    page.click("[data-corner-use]:enabled")
    hectares(page, r"^25,00")


def test_rows_copied_from_excel_fill_the_cells_and_a_second_area_becomes_a_hole(
    staged: Plans, site: str, page_at: Open
) -> None:
    page = dialog(page_at, site)
    page.click("[data-mode=type]")
    page.evaluate(
        PASTE,
        "A1\t1402500\t482000\nA2\t1402500\t482500\nA3\t1402000\t482500\nA4\t1402000\t482000",
    )
    expect(page.locator(".corner-sketch circle")).to_have_count(4)
    page.click("[data-corner-area]")
    for value in ("1402400", "482100", "1402400", "482200", "1402300", "482200", "1402300", "482100"):
        page.keyboard.type(value)
        page.keyboard.press("Enter")
    expect(page.locator(".corner-remarks")).to_contain_text("trừ ra")
    page.click("[data-corner-use]:enabled")
    hectares(page, r"^24,00")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_dialog_is_accessible_and_fits(staged: Plans, site: str, page_at: Open, width: int) -> None:
    page = trial(page_at, site, width=width)
    page.evaluate("document.getElementById('paste-corners').showModal()")
    page.fill("[data-corner-text]", TABLE)
    expect(page.locator(".corner-sketch")).to_be_visible()
    assert axe_violations(page) == []
    page.click("[data-mode=type]")
    assert axe_violations(page) == []
    assert not overflow(page)
