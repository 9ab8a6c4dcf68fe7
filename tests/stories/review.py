"""What do department and committee do? Accept, look through, compare, return, appraise, sign, record, order."""

from __future__ import annotations

import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.stories.hands import Visitor, at, enter_as, paper, picture

NUMBER = "2468/QĐ-UBND"


def act(page: Page, verb: str) -> None:
    """Open the dialog of an act of the file."""
    page.locator(f"[data-open-dialog='act-{verb}']").click()
    expect(page.locator(f"#act-{verb}")).to_be_visible()


def done(page: Page, verb: str) -> None:
    """Press the button of the open dialog and wait for the file to come back."""
    page.locator(f"#act-{verb} button.button-primary").click()
    page.wait_for_load_state()
    expect(page.locator("dialog[open]")).to_have_count(0)


def accept(visitor: Visitor, code: str) -> Page:
    """As the appraiser, find the dossier in the queue, accept it and see the clock of 25 days start."""
    page = enter_as(visitor, "lan.appraiser")
    row = page.locator(f"tr[data-code='{code}']")
    expect(row).to_contain_text(re.compile(r"\d,\d\d.ha"))
    row.locator("a").click()
    page.wait_for_url(f"**/ho-so/{code}/**")
    act(page, "accept_dossier")
    done(page, "accept_dossier")
    expect(page.locator(".review-clock")).to_contain_text("25")
    expect(page.locator(".review-clock")).to_contain_text("32/2024/NĐ-CP")
    return page


def look_through(page: Page) -> None:
    """Open every tab of the file; the report says the same hectares as the version."""
    titles = page.locator(".review-tabs a")
    addresses = [link.get_attribute("href") for link in titles.all()]
    assert len(addresses) >= 7
    origin = page.url.split("?")[0]
    for address in addresses:
        page.goto(origin + (address or ""))
        expect(page.locator(".review-tabs [aria-current=page]")).to_be_visible()
        expect(page.locator(".panel-scroll")).not_to_be_empty()
    page.goto(f"{origin}?tab=ket-qua")
    expect(page.locator(".verdict")).to_be_visible()
    picture(page, "07-ho-so-dang-tham-dinh")
    page.goto(f"{origin}?tab=de-an")
    assert page.locator(".panel-scroll .review-item").count() == 2
    page.goto(f"{origin}?tab=thay-doi")
    expect(page.locator("[data-change]")).to_have_count(1)  # what was never sent is the planner's own


def compare(page: Page, code: str, rival: str) -> None:
    """Put the two plans beside each other from the file; maps move as one, best and worst are marked."""
    page.goto(page.url.split("?")[0])
    page.locator("a", has_text="So sánh").first.click()
    page.wait_for_url("**/so-sanh/**")
    expect(page.locator("[data-maps][data-ready]")).to_be_attached()
    head = page.locator("[data-compare-table] thead")
    expect(head).to_contain_text(code)
    expect(head).to_contain_text(rival)
    assert page.locator("td.is-best").count() >= 1
    assert page.locator("td.is-worst").count() >= 1
    picture(page, "08-so-sanh")


def pin_and_return(page: Page, code: str, place: tuple[float, float]) -> None:
    """Pin a comment to a place on the map and return the dossier with reasons."""
    page.goto(page.url.split("/so-sanh/")[0] + f"/ho-so/{code}/?tab=gop-y")
    expect(page.locator("#map[data-ready]")).to_be_attached()
    page.locator("[data-comment-form] textarea").fill("Góc đông bắc: làm rõ hướng đấu nối quốc lộ 26.")
    page.locator("[data-pin]").click()
    page.mouse.click(*at(page, place))
    expect(page.locator("[data-pinned]")).to_contain_text("Đã ghim")
    page.locator("[data-comment-form] button.button-primary").click()
    expect(page.locator(".review-thread")).to_have_count(1)
    expect(page.locator("#map .pin-number")).to_have_count(1)
    act(page, "return_for_changes")
    dialog = page.locator("#act-return_for_changes")
    dialog.locator("button.button-primary").click()
    expect(dialog.locator(".error-text, .field-error").first).to_be_visible()
    dialog = page.locator("#act-return_for_changes")
    dialog.locator("input[type=checkbox]").first.check()
    dialog.locator("textarea").fill("Bổ sung giải trình đấu nối giao thông rồi trình lại.")
    done(page, "return_for_changes")
    expect(page.locator(".review-title .chip")).to_contain_text("bản nháp")


def appraise(visitor: Visitor, code: str) -> None:
    """Accept the answered dossier again, settle the thread, appraise."""
    page = enter_as(visitor, "lan.appraiser", f"/ho-so/{code}/?tab=gop-y")
    expect(page.locator(".review-thread")).to_contain_text("đường gom hiện có")
    page.locator(".review-thread summary", has_text="Kết thúc góp ý").click()
    page.locator(".review-thread select").select_option(index=1)
    page.locator(".review-thread details[open] button").click()
    page.wait_for_load_state()
    act(page, "accept_dossier")
    done(page, "accept_dossier")
    page.goto(page.url.split("?")[0] + "?tab=thay-doi")
    expect(page.locator("[data-change]")).to_have_count(2)
    act(page, "appraise")
    page.locator("#act-appraise input[value='1']").check()
    page.locator("#act-appraise textarea").fill("Đủ điều kiện theo Điều 8 Nghị định 32/2024/NĐ-CP.")
    done(page, "appraise")
    expect(page.locator(".review-title .chip")).to_contain_text("đã thẩm định")
    assert page.locator("[data-open-dialog='act-sign_off']:enabled").count() == 0


def sign_off(visitor: Visitor, code: str) -> None:
    """As the department's leader, sign the appraisal off."""
    page = enter_as(visitor, "hung.leader", f"/ho-so/{code}/")
    act(page, "sign_off")
    done(page, "sign_off")
    assert page.locator("[data-open-dialog='act-record_decision']").count() == 0


def record(visitor: Visitor, code: str) -> Page:
    """As the recorder, copy the committee's decision with number, date, signer and scan."""
    page = enter_as(visitor, "mai.recorder", f"/ho-so/{code}/")
    act(page, "record_decision")
    dialog = page.locator("#act-record_decision")
    dialog.locator("input[value=approved]").check()
    dialog.locator("[name=number]").fill(NUMBER)
    dialog.locator("[name=decided_on]").fill(today())
    dialog.locator("[name=signer]").fill("Người ký minh hoạ")
    dialog.locator("[name=signer_title]").fill("Phó Chủ tịch UBND tỉnh")
    dialog.locator("[name=conditions]").fill(
        "Đấu nối quốc lộ 26 qua đường gom\nTrạm xử lý nước thải trước khi thu hút dự án"
    )
    dialog.locator("[name=file]").set_input_files(paper("quyet-dinh"))  # type: ignore[arg-type]
    done(page, "record_decision")
    expect(page.locator(".card", has_text=NUMBER)).to_contain_text("Người ký minh hoạ")
    expect(page.locator(".review-title .chip")).to_contain_text("được chấp thuận")
    picture(page, "09-quyet-dinh")
    return page


def order_survey(visitor: Visitor, code: str) -> str:
    """As the appraiser, order the survey; return the link, which is shown this once."""
    page = enter_as(visitor, "lan.appraiser", f"/ho-so/{code}/?tab=quyet-dinh")
    act(page, "order_survey")
    page.locator("#act-order_survey [name=team]").fill("Trung tâm Kỹ thuật tài nguyên Đắk Lắk")
    done(page, "order_survey")
    link = page.locator("#issued-link").input_value()
    page.goto(f"{page.url.split('/ho-so/')[0]}/ho-so/{code}/?tab=quyet-dinh")
    expect(page.locator("#issued-link")).to_have_count(0)
    return link


def today() -> str:
    """Write the day as a Vietnamese form reads it."""
    return timezone.localdate().strftime("%d/%m/%Y")
