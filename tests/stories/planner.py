"""What does the planner do in the story? Draw, mend, divide, describe, attach, keep, be refused, send; all by hand."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.stories.hands import (
    CORNERS,
    Place,
    Visitor,
    at,
    board_ready,
    click_round,
    drag,
    enter_as,
    hectares,
    number,
    paper,
    picture,
    saved,
    settle,
    zoom_to,
)

NAME = "CCN Ea Kar 2 – phía nam quốc lộ 26"
# South of highway 26 in Ea Kar; the northern side lies in the road's safety corridor (west, east, south, north).
WEST, EAST, SOUTH, NORTH = 108.4746, 108.4802, 12.7994, 12.8038
ZONE: list[Place] = [(WEST, SOUTH), (WEST, NORTH), (EAST, NORTH), (EAST, SOUTH)]
PAPERS = ("van-ban-de-nghi", "bao-cao-dau-tu", "ho-so-phap-ly-nang-luc")


def start(visitor: Visitor) -> tuple[Page, str]:
    """Enter as H'Bia Niê, look at what waits, start a new cluster in xã Ea Kar; return the board and the code."""
    page = enter_as(visitor, "hbia.planner")
    expect(page.locator("h2", has_text="Bị trả lại")).to_be_visible()
    expect(page.locator(".home-card", has_text="Mở rộng CCN Ea Đar")).to_contain_text("góp ý cần trả lời")
    picture(page, "01-ho-so-cua-toi")
    page.locator(".page-head summary").click()
    page.locator(".menu-list a", has_text="Vẽ trên bản đồ").click()
    page.fill("input[name=name]", NAME)
    page.select_option("select[name=unit]", label="Xã Ea Kar")
    page.click("form button.button-primary")
    page.wait_for_url("**/ve/**")
    board_ready(page)
    return page, page.url.split("/ho-so/")[1].split("/")[0]


def draw(page: Page) -> None:
    """Draw about 30 ha along highway 26 and read at once what it runs into."""
    zoom_to(page, ZONE)
    page.click("[data-tool=polygon]")
    with page.expect_response("**/api/check/") as asked:
        click_round(page, ZONE)
    report = asked.value.json()
    assert abs(sum(row["area_m2"] for row in report["land_use"]) - report["area_m2"]) <= 1
    area = hectares(page)
    assert abs(area - report["area_ha"]) < 0.006
    assert 29 < area < 31, area
    saved(page)
    road = page.locator(".finding[data-outcome=prohibited]", has_text="Hành lang an toàn đường bộ")
    expect(road).to_contain_text("QL.26")
    expect(road.locator(".finding-figures")).to_contain_text(re.compile(r"0,\d\d.ha"))
    expect(road.locator(".finding-figures")).to_contain_text("%")
    road.hover()
    expect(page.locator("path.sev-piece")).to_have_count(1)
    road.locator(".finding-head").click()
    expect(road.locator(".finding-body")).to_contain_text("165/2024/NĐ-CP")
    settle(page)  # a map on its way to the piece would not turn back
    picture(page, "02-ve-va-ra-soat")
    road.locator(".finding-head").click()
    settle(page)
    not_checked = page.locator(".finding[data-outcome=not_checked]").first
    expect(not_checked).to_be_visible()
    assert "sev-clear" not in (not_checked.get_attribute("class") or "")
    assert page.locator(".report-land tbody tr").count() == len(report["land_use"]) >= 3
    assert number(page.locator(".report-land tfoot td").first.inner_text()) == area


def reshape(page: Page) -> None:
    """Add, move and delete a corner; cut a hole, split, undo and redo; back to the drawn zone."""
    before = hectares(page)
    handle = at(page, ((WEST + EAST) / 2, SOUTH))
    settle(page)
    drag(page, handle, (handle[0] + 12, handle[1] + 46))
    expect(page.locator(CORNERS)).to_have_count(5)
    more = hectares(page, rf"^(?!{str(before).replace('.', ',')})")
    assert more > before
    page.mouse.click(handle[0] + 12, handle[1] + 46, button="right")
    page.locator(".map-menu button").first.click()
    expect(page.locator(CORNERS)).to_have_count(4)
    page.keyboard.press("Control+z")
    expect(page.locator(CORNERS)).to_have_count(5)
    page.keyboard.press("Control+z")
    expect(page.locator(CORNERS)).to_have_count(4)

    page.click("[data-tool=hole]")
    click_round(page, [(108.4760, 12.8010), (108.4760, 12.8018), (108.4768, 12.8018), (108.4768, 12.8010)])
    expect(page.locator(CORNERS)).to_have_count(8)
    assert hectares(page, r"^2[89],") < before
    page.click("[data-tool=split]")
    click_round(page, [(108.4782, SOUTH - 0.0006), (108.4783, NORTH + 0.0006)])
    page.click("[data-tab=chuc-nang]")
    expect(page.locator("[data-part]")).to_have_count(2)
    page.click("[data-tab=ket-qua]")
    for _step in range(2):
        page.click("[data-undo]")
    hectares(page, f"^{str(before).replace('.', ',')}")
    page.keyboard.press("Control+y")
    expect(page.locator(CORNERS)).to_have_count(8)
    page.keyboard.press("Control+z")
    expect(page.locator(CORNERS)).to_have_count(4)


def cut_out_and_back(page: Page) -> None:
    """Set the boundary back from the road by a way out, undo, redo, undo: the story first tries to send it as it is."""
    before = hectares(page)
    road = page.locator(".finding[data-outcome=prohibited]", has_text="Hành lang an toàn đường bộ")
    if road.locator("[data-ways]").is_hidden():
        road.locator(".finding-head").click()
    settle(page)
    road.locator("[data-ways]").click()
    road.locator("[data-way=set_back]").click()
    expect(page.locator(".toast", has_text="→")).to_contain_text(re.compile(r"0,[45]\d.ha"))
    expect(road).to_have_count(0)
    after = hectares(page, rf"^(?!{str(before).replace('.', ',')})")
    assert 0.4 < before - after < 0.6
    page.click("[data-action=fit]")
    settle(page)
    picture(page, "03-cat-bo-phan-chong-lan")
    page.keyboard.press("Control+z")
    expect(road).to_have_count(1)
    page.keyboard.press("Control+y")
    expect(road).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(road).to_have_count(1)
    saved(page)


def paste_corners(visitor: Visitor) -> None:
    """Paste a corner table copied from Excel into another draft and read which meridian it was taken for."""
    page = enter_as(visitor, "hbia.planner", "/ho-so/moi/?cach=corners")
    page.fill("input[name=name]", "CCN Ea Kar – thử bảng toạ độ")
    page.select_option("select[name=unit]", label="Xã Ea Kar")
    page.click("form button.button-primary")
    page.wait_for_url("**/ve/**")
    board_ready(page)
    if page.locator("#paste-corners").is_hidden():
        page.click("[data-action=coordinates]")
    corners = [("1415500,00", "497000,00"), ("1415500,00", "497500,00"), ("1415000,00", "497500,00")]
    table = "\n".join(f"{n}\t{x}\t{y}" for n, (x, y) in enumerate([*corners, ("1415000,00", "497000,00")], 1))
    page.fill("[data-corner-text]", table)
    # on a board just opened the question waits behind the tiles
    expect(page.locator("[data-corner-answer]")).to_contain_text("108°30′", timeout=15_000)
    expect(page.locator("[data-corner-answer]")).to_contain_text("Xã Ea Kar")
    page.click("[data-corner-use]:enabled")
    assert hectares(page) == 25.0
    saved(page)


def divide(page: Page) -> None:
    """Cut the zone into parts by lines, give each a use, read the ratios."""
    lines: list[list[Place]] = [
        [(WEST - 0.0008, 12.8004), (EAST + 0.0008, 12.8004)],
        [(108.4764, SOUTH - 0.0006), (108.4764, NORTH + 0.0006)],
        [(108.4770, SOUTH - 0.0006), (108.4770, NORTH + 0.0006)],
    ]
    for line in lines:
        page.click("[data-tool=split]")
        click_round(page, line)
    page.click("[data-tab=chuc-nang]")
    expect(page.locator("[data-part]")).to_have_count(6)
    order = sorted(range(6), key=lambda row: number(page.locator("[data-part] td.num").nth(2 * row).inner_text()))
    uses = {order[0]: "road", order[1]: "road", order[2]: "technical", order[3]: "green"}
    for row in range(6):
        use = uses.get(row, "factory")
        page.locator("[data-part] select").nth(row).select_option(use)
        expect(page.locator("#tab-chuc-nang:not(.is-stale) [data-part] select").nth(row)).to_have_value(use)
    expect(page.locator(".ratios .finding")).not_to_have_count(0)
    picture(page, "04-khu-chuc-nang")
    saved(page)


def describe(page: Page) -> None:
    """Say what is proposed: need, entry of the list, applicant, two funded projects; attach all papers but one."""
    page.click("[data-tab=ho-so]")
    page.locator("#thong-tin summary").click()
    page.fill("[name=need_statement]", "CCN Ea Đar đã lấp đầy 81 %; 26 cơ sở ở Ea Kar đăng ký mặt bằng sản xuất.")
    page.select_option("[name=plan_entry]", _entry(page))
    page.fill("[name=applicant_name]", "Công ty CP Đầu tư hạ tầng Ea Kar")
    page.fill("[name=applicant_number]", "6001712345")
    page.fill("[name=applicant_capital]", "45.000.000.000")
    page.fill("[name=wastewater_m3_day]", "700")
    page.select_option("[name=wastewater_technology]", "closed")
    page.select_option("[name=trade_class]", "IV")
    page.locator("#thong-tin button.button-primary").click()
    expect(page.locator("#part-details .notice-good")).to_be_visible()
    expect(page.locator("#part-details .quota")).to_contain_text("35,00")
    page.locator("#thong-tin summary").click()
    page.locator("#de-an summary").click()
    for turn in (1, 2):
        choice = page.locator("[name=funded_project] option").nth(turn).get_attribute("value")
        page.select_option("[name=funded_project]", choice)
        page.locator("#part-funding form.funding-form button").click()
        expect(page.locator("#count-funding")).to_have_text(str(turn))
    page.locator("#de-an summary").click()
    page.locator("#thanh-phan summary").click()
    for code in PAPERS[:-1]:
        attach(page, code)
        expect(page.locator(f"#item-{code}")).to_contain_text("H'Bia Niê")
    expect(page.locator("#tabber-ho-so .count")).to_have_text("4")


def attach(page: Page, code: str) -> None:
    """Attach one paper of the dossier."""
    item = page.locator(f"#item-{code}")
    item.locator("input[type=file]").set_input_files(paper(code))  # type: ignore[arg-type]
    expect(page.locator(f"#item-{code} .chip-good")).to_be_visible()


def complete_rival(page: Page) -> None:
    """Complete and send the colleague's alternative: the need is shared, the rest is its own."""
    page.click("[data-tab=ho-so]")
    page.locator("#thong-tin summary").click()
    expect(page.locator("[name=need_statement]")).to_have_value(re.compile("CCN Ea Đar đã lấp đầy"))
    page.select_option("[name=plan_entry]", _entry(page))
    page.fill("[name=applicant_name]", "Công ty CP Đầu tư hạ tầng Ea Kar")
    page.locator("#thong-tin button.button-primary").click()
    expect(page.locator("#part-details .notice-good")).to_be_visible()
    page.locator("#thong-tin summary").click()
    page.locator("#thanh-phan summary").click()
    for code in PAPERS:
        attach(page, code)
    keep(page, "theo tệp của đơn vị đo đạc", 1)
    submit(page, "Y Thắm Mlô")


def _entry(page: Page) -> str | None:
    return page.locator("[name=plan_entry] option", has_text="Ea Kar 2").first.get_attribute("value")


def keep(page: Page, reason: str, number_of_version: int) -> None:
    """Keep a version with its reason."""
    page.click("[data-keep]:enabled")
    page.fill("[data-keep-reason]", reason)
    page.click("[data-keep-now]")
    expect(page.locator("#keep-version")).to_be_hidden(timeout=20_000)
    expect(page.locator("#count-versions")).to_have_text(str(number_of_version))


def be_refused(page: Page) -> None:
    """Try to send a boundary that lies in the road's corridor, one paper missing; read why not."""
    page.click("[data-submit]")
    page.wait_for_url("**/trinh/")
    page.locator("form.card button.button-primary").click()
    refusal = page.locator(".notice-bad[role=alert]")
    expect(refusal).to_contain_text("Hành lang an toàn đường bộ")
    expect(refusal).to_contain_text("pháp lý")
    picture(page, "05-chua-trinh-duoc")


def mend_and_submit(page: Page) -> None:
    """Cut the corridor out, attach what is missing, keep again, send."""
    page.locator(".submit-check a", has_text="Sửa").first.click()
    page.wait_for_url("**/ve/**")
    board_ready(page)
    page.click("[data-tab=ket-qua]")
    hectares(page)
    road = page.locator(".finding[data-outcome=prohibited]", has_text="Hành lang an toàn đường bộ")
    road.locator(".finding-head").click()
    settle(page)
    road.locator("[data-ways]").click()
    road.locator("[data-way=set_back]").click()
    expect(page.locator(".finding[data-outcome=prohibited]")).to_have_count(0)
    saved(page)
    page.click("[data-tab=ho-so]")
    page.locator("#thanh-phan summary").click()
    attach(page, PAPERS[-1])
    keep(page, "bỏ phần trong hành lang quốc lộ 26", 2)
    submit(page)


def submit(page: Page, who: str = "H'Bia Niê") -> None:
    """Send the dossier; it is read only then."""
    page.click("[data-submit]")
    page.wait_for_url("**/trinh/")
    expect(page.locator(".submit-check:not(.is-ok)")).to_have_count(0)
    page.locator("form.card button.button-primary").click()
    expect(page.locator(".notice", has_text=who)).to_contain_text("chỉ để xem")


def answer_and_resubmit(visitor: Visitor, code: str) -> None:
    """See what was returned and why, answer the comment, widen the road, keep a version, send again."""
    page = enter_as(visitor, "hbia.planner")
    card = page.locator("section", has_text="Bị trả lại").locator(".home-card", has_text=code)
    expect(card).to_contain_text("1 góp ý cần trả lời")
    card.click()
    page.wait_for_url("**/ve/**")
    board_ready(page)
    thread = page.locator("#part-comments .thread").first
    expect(thread).to_contain_text("đấu nối")
    expect(page.locator("#tab-ho-so > .notice-warn")).to_contain_text("Bổ sung")
    thread.locator("textarea").fill("Đã lùi ranh giới; đấu nối qua đường gom hiện có.")
    thread.locator("form button").click()
    expect(page.locator("#part-comments .thread")).to_contain_text("đã trả lời")
    move_back_from_the_corner(page)
    keep(page, "lùi góc đông bắc theo góp ý", 3)
    submit(page)


def move_back_from_the_corner(page: Page) -> None:
    """Move the north-eastern corner away from the road, as the comment asks."""
    before = hectares(page)
    settle(page)
    corners = [marker.bounding_box() for marker in page.locator(CORNERS).all()]
    spots = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in corners if box]
    east, north = at(page, (EAST, NORTH))
    corner = min(spots, key=lambda spot: abs(spot[0] - east) + abs(spot[1] - north))
    page.keyboard.down("Alt")
    drag(page, corner, (corner[0] - 3, corner[1] + 9))
    page.keyboard.up("Alt")
    assert 0 < before - hectares(page, rf"^(?!{str(before).replace('.', ',')})") < 1
    saved(page)
