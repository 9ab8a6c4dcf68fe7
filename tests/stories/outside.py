"""What do people without an account see? The survey team its package, everybody the map, nobody a draft."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Page, expect

from planning.people.models import User
from planning.proposals.models import Proposal, State, ZoneVersion
from project.demo.sample_paper import sample_pdf
from tests.stories.files import survey_package
from tests.stories.hands import Visitor, picture
from tests.stories.review import NUMBER


def survey(visitor: Visitor, link: str, version: ZoneVersion, folder: Path) -> None:
    """Open the link of the survey team without an account, read what it says, download the package and open it."""
    page = visitor("/" + link.split("/", 3)[3])
    expect(page.locator("h1")).to_contain_text(version.proposal.name)
    expect(page.locator("dl.facts")).to_contain_text(NUMBER)
    expect(page.locator("dl.facts")).to_contain_text("108°30′")
    picture(page, "10-do-dac")
    with page.expect_download() as asked:
        page.locator("a[href$='goi.zip']").click()
    survey_package(Path(asked.value.path()), folder, version)
    spoilt = visitor("/" + link.split("/", 3)[3].replace("do-dac/", "do-dac/x"))
    expect(spoilt.locator("h1")).not_to_contain_text(version.proposal.name)


def public(visitor: Visitor, name: str) -> None:
    """Find the new cluster and a craft village; type without tones; read the money; see no draft."""
    page = visitor("/")
    page.fill("#filter-q", "phia nam quoc lo 26")
    expect(page.locator(".places .list-title")).to_have_text([name])
    page.fill("#filter-q", "banh trang hoa da")
    expect(page.locator(".places .list-title").first).to_have_text("Bánh tráng Hòa Đa")
    page.click("a.button-quiet[href='/']")
    picture(page, "11-ban-do-cong-khai")
    page.fill("#filter-q", "banh trang hoa da")
    expect(page.locator(".places .list-title").first).to_have_text("Bánh tráng Hòa Đa")
    page.locator(".places a").first.click()
    page.wait_for_url("**/lang-nghe/**")
    expect(page.locator(".timeline li").first).to_contain_text("35.000.000 đồng")
    picture(page, "12-lang-nghe")
    _cluster_page(page, name)
    _list_without_javascript(visitor, name)


def _cluster_page(page: Page, name: str) -> None:
    page.goto("/".join(page.url.split("/")[:3]) + "/?q=phia+nam+quoc+lo+26")
    page.locator(".places a").first.click()
    page.wait_for_url("**/cum-cong-nghiep/**")
    expect(page.locator("h1")).to_contain_text(name)
    expect(page.locator(".panel-scroll")).to_contain_text(NUMBER)
    expect(page.locator(".facts dd", has_text=re.compile(r"\w, 29,\d\d.ha"))).to_be_visible()
    expect(page.locator("#map path.leaflet-interactive, #map path")).not_to_have_count(0)
    picture(page, "13-cum-cong-nghiep")


def _list_without_javascript(visitor: Visitor, name: str) -> None:
    page = visitor("/?kind=cluster&q=phia+nam+quoc+lo+26", javascript=False)
    expect(page.locator(".places .list-title")).to_have_text([name])
    page.goto(page.url.split("?")[0] + "?kind=village&q=det+tho+cam")
    assert page.locator(".places a").count() >= 1


def no_draft_is_public(code: str) -> None:
    """Ask every public address for what is not public: drafts and undecided plans answer nobody without an account."""
    anybody = Client()
    open_names = [anybody.get("/").content.decode(), anybody.get("/du-lieu-mo/").content.decode()]
    decided = [State.APPROVED, State.BEING_SURVEYED, State.SURVEYED, State.IN_FORCE]
    for proposal in Proposal.objects.exclude(state__in=decided):
        assert all(proposal.name not in text and proposal.code not in text for text in open_names)
    for path in ("", "ve/", "trinh/", "van-ban/to_trinh.docx", "thanh-phan/"):
        assert anybody.get(f"/ho-so/{code}/{path}").status_code in {302, 403, 404}


ACTS: dict[str, dict[str, object]] = {
    "accept_dossier": {},
    "return_for_changes": {"reasons": "other", "text": "x"},
    "appraise": {"recommends": "1", "note": "x"},
    "sign_off": {"note": "x"},
    "record_decision": {
        "outcome": "approved",
        "number": "1/QĐ-UBND",
        "decided_on": "01/11/2026",
        "signer": "x",
    },
    "order_survey": {"team": "x", "days": "7", "max_downloads": "3", "scale": "500"},
    "bring_into_force": {"on": "01/11/2026"},
}


def nobody_else(code: str, verb: str, holder: str) -> None:
    """Let everybody but *holder* try *verb* by HTTP with a complete form: nobody may, and the file stays as it is."""
    proposal = Proposal.objects.get(code=code)
    state, version = proposal.state, proposal.current_version
    assert version is not None
    for person in User.objects.exclude(username=holder).order_by("username"):
        client = Client()
        client.force_login(person)
        given = dict(ACTS[verb])
        if verb == "record_decision":
            scan = SimpleUploadedFile("quyet-dinh.pdf", sample_pdf("x", code), "application/pdf")
            given |= {"version": version.pk, "geom_hash": version.geom_hash, "file": scan}
        answer = client.post(f"/ho-so/{code}/thao-tac/{verb}/", given)
        assert answer.status_code in {403, 404}, f"{person.username} {verb}: {answer.status_code}"
    assert Client().post(f"/ho-so/{code}/thao-tac/{verb}/", ACTS[verb]).status_code in {302, 403, 404}
    assert Proposal.objects.get(code=code).state == state
