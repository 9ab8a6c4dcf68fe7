"""Who reads a kept report, and does its page say where it stands? Every address × the whole cast; then the page."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from mapping.desks.report import jobs, views_files
from mapping.papers import report_pdf
from planning.people.models import Event, User
from planning.proposals import services
from planning.proposals.models import CheckFinding, CheckRun, Proposal
from planning.proposals.queries import latest_run, report_number
from tests.cast import rectangle
from tests.papers.report_runs import add_finding
from tests.proposals.plans import Plans, load_forest, square, zone

SEE_SENT = {"planner", "colleague", "appraiser", "leader", "recorder", "inspector"}
SEE_DRAFTS = {"planner", "colleague", "inspector"}
FILES = ("pdf", "csv", "json", "gpkg")
IN_THE_FOREST = zone(4_800, 5_200)


def client_of(user: User, language: str = "vi") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def run_of(proposal: Proposal) -> CheckRun:
    version = proposal.current_version
    assert version is not None
    run = latest_run(version)
    assert run is not None
    return run


def page_of(proposal: Proposal) -> str:
    return reverse("report:page", args=[report_number(run_of(proposal))])


def addresses_of(proposal: Proposal) -> list[tuple[str, str]]:
    number = report_number(run_of(proposal))
    return [
        ("get", reverse("report:page", args=[number])),
        ("post", reverse("report:ask_again", args=[number])),
        *(("get", reverse("report:file", args=[number, kind])) for kind in ("csv", "json", "gpkg")),
    ]


def statuses(plans: Plans, method: str, address: str) -> dict[str, int]:
    return {name: getattr(client_of(user), method)(address).status_code for name, user in plans.cast.everyone().items()}


def test_a_sent_report_is_open_to_its_planners_and_the_department(plans: Plans) -> None:
    for method, address in addresses_of(plans.under_review()):
        found = statuses(plans, method, address)
        assert {name for name, status in found.items() if status == 200} == SEE_SENT, address
        assert {status for name, status in found.items() if name not in SEE_SENT} == {404}, address


def test_the_report_of_a_draft_is_open_to_its_planners_and_the_inspector_only(plans: Plans) -> None:
    for method, address in addresses_of(plans.ready()):
        found = statuses(plans, method, address)
        assert {name for name, status in found.items() if status == 200} == SEE_DRAFTS, address
        assert {status for name, status in found.items() if name not in SEE_DRAFTS} == {404}, address


def test_the_pdf_is_open_to_the_same_people(plans: Plans) -> None:
    number = report_number(run_of(plans.ready()))
    address = reverse("report:file", args=[number, "pdf"])
    assert client_of(plans.cast.inspector).get(address).status_code == 200
    for name in ("appraiser", "stranger", "steward", "nobody"):
        assert client_of(plans.cast.everyone()[name]).get(address).status_code == 404, name


def test_a_version_drawn_after_the_return_stays_with_the_planners(plans: Plans) -> None:
    """The department reads the report of the version it was sent, not of the one being mended."""
    proposal = plans.returned()
    sent = page_of(proposal)
    draft = proposal.draft
    services.save_draft(plans.cast.planner, proposal, row_version=draft.row_version, geom=zone(3_000, 2_000, 600))
    services.keep_version(plans.cast.planner, proposal)
    mended = page_of(plans.fresh(proposal))
    assert mended != sent
    appraiser = client_of(plans.cast.appraiser)
    assert appraiser.get(sent).status_code == 200
    assert appraiser.get(mended).status_code == 404
    assert mended not in appraiser.get(sent).content.decode()
    assert client_of(plans.cast.planner).get(mended).status_code == 200


def test_a_visitor_is_led_to_sign_in_whether_the_report_exists_or_not(plans: Plans, client: Client) -> None:
    there = page_of(plans.submitted())
    for address in (there, "/bao-cao/999999-0123456789ab/", f"{there}tep/pdf/"):
        response = client.get(address)
        assert response.status_code == 302, address
        assert response["Location"].startswith("/dang-nhap/")
    assert client.post(f"{there}chay-lai/").status_code == 403


def test_the_newest_report_leads_its_planners_to_where_they_disagree(plans: Plans) -> None:
    proposal = plans.submitted()
    older = page_of(proposal)
    load_forest(square(2_100, 2_100, 100), number=2)
    run = services.recheck(proposal)
    assert run is not None
    row = run.findings.filter(outcome="conflict").get()
    tab = f"{reverse('review:file', args=[proposal.code])}?tab=khong-dong-y&amp;dong={row.order}"
    page = page_of(proposal)
    told = {name: tab in client_of(user).get(page).content.decode() for name, user in plans.cast.everyone().items()}
    assert {name for name, offered in told.items() if offered} == {"planner", "colleague"}
    form = client_of(plans.cast.planner).get(tab.replace("&amp;", "&")).context["dispute_form"]
    assert form.initial["finding"] == row.pk
    assert tab not in client_of(plans.cast.planner).get(older).content.decode(), "an older report is not disagreed with"


@pytest.mark.parametrize(
    "number",
    [
        "1",
        "1-",
        "0-0123456789ab",
        "1-0123456789AB",
        "9999999999999999999999-0123456789ab",
        "1-0123456789ab%00",
        "../1",
        "١-0123456789ab",
    ],
)
def test_a_number_that_is_none_is_not_found(plans: Plans, number: str) -> None:
    assert client_of(plans.cast.inspector).get(f"/bao-cao/{number}/").status_code in {400, 404}


def test_the_run_s_number_alone_does_not_open_it(plans: Plans) -> None:
    run = run_of(plans.submitted())
    inspector = client_of(plans.cast.inspector)
    wrong = "0" * 12 if not run.geom_hash.startswith("0" * 12) else "1" * 12
    assert inspector.get(f"/bao-cao/{run.pk}-{wrong}/").status_code == 404
    assert inspector.get(f"/bao-cao/{run.pk}-{run.geom_hash[:11]}/").status_code == 404


def test_a_survey_link_opens_no_report(plans: Plans, client: Client) -> None:
    proposal = plans.approved()
    services.order_survey(plans.cast.appraiser, proposal, team="Đội đo đạc")
    assert client.get(page_of(proposal)).status_code == 302


@pytest.mark.parametrize("kind", FILES)
def test_files_leave_as_attachments_under_ascii_names_and_are_not_cached(plans: Plans, kind: str) -> None:
    proposal = plans.ready(IN_THE_FOREST)
    run = run_of(proposal)
    response = client_of(plans.cast.planner).get(reverse("report:file", args=[report_number(run), kind]))
    assert response.status_code == 200
    name = re.fullmatch(r'attachment; filename="([\x20-\x7e]+)"', response["Content-Disposition"])
    assert name is not None
    assert name[1].endswith(f".{kind}")
    assert proposal.code.lower() in name[1]
    assert f"-lan-1-{run.at:%Y}" in name[1]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]
    assert len(response["ETag"]) == 66


def test_another_format_is_not_found(plans: Plans) -> None:
    address = reverse("report:file", args=[report_number(run_of(plans.ready())), "exe"])
    assert client_of(plans.cast.planner).get(address).status_code == 404


def test_the_page_says_everything_the_run_keeps(plans: Plans) -> None:
    proposal = plans.ready(IN_THE_FOREST)
    run = run_of(proposal)
    html = client_of(plans.cast.planner).get(page_of(proposal)).content.decode().replace("\u00a0", " ")
    finding = run.findings.filter(outcome="conflict").first()
    assert finding is not None
    for text in (
        report_number(run),
        run.geom_hash,
        run.findings_hash,
        "forest (vi)",
        "Rừng Thử",
        "15,00 ha",
        "60,0 %",
        "32/2024/NĐ-CP",
        "EPSG:6960",
        "chưa rà soát",
        "Bộ quy tắc 1",
        "tests",
        f'data-finding="{finding.order}"',
    ):
        assert text in html, text
    assert f'"finding": {finding.order}' in html


def test_an_english_reader_reads_the_page_in_english(plans: Plans) -> None:
    html = client_of(plans.cast.inspector, "en").get(page_of(plans.ready(IN_THE_FOREST))).content.decode()
    assert "forest (en)" in html
    assert "Run again" in html


def test_a_report_of_yesterday_s_data_says_so(plans: Plans) -> None:
    proposal = plans.ready()
    planner = client_of(plans.cast.planner)
    assert "vẫn như hôm nay" in planner.get(page_of(proposal)).content.decode()
    load_forest(square(8_000, 8_000, 500), number=2)
    assert "đã thay đổi sau khi lưu báo cáo" in planner.get(page_of(proposal)).content.decode()


def test_an_older_report_leads_to_the_newer_one(plans: Plans) -> None:
    proposal = plans.submitted()
    old = page_of(proposal)
    load_forest(square(2_100, 2_100, 100), number=2)
    newer = services.recheck(proposal)
    assert newer is not None
    html = client_of(plans.cast.planner).get(old).content.decode()
    assert "Có báo cáo mới hơn" in html
    assert reverse("report:page", args=[report_number(newer)]) in html
    html = client_of(plans.cast.planner).get(reverse("report:page", args=[report_number(newer)])).content.decode()
    assert "Có báo cáo mới hơn" not in html
    assert old in html


def test_asking_again_answers_and_stores_nothing(plans: Plans) -> None:
    proposal = plans.ready(IN_THE_FOREST)
    before = (CheckRun.objects.count(), CheckFinding.objects.count(), Event.objects.count())
    address = reverse("report:ask_again", args=[report_number(run_of(proposal))])
    inspector = client_of(plans.cast.inspector)
    fragment = inspector.post(address, headers={"hx-request": "true"})
    assert fragment.status_code == 200
    assert "notice-good" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    whole = inspector.post(address)
    assert "notice-good" in whole.content.decode()
    assert "<html" in whole.content.decode()
    assert (CheckRun.objects.count(), CheckFinding.objects.count(), Event.objects.count()) == before


def test_asking_again_is_no_link(plans: Plans) -> None:
    address = reverse("report:ask_again", args=[report_number(run_of(plans.ready()))])
    assert client_of(plans.cast.planner).get(address).status_code == 405


def test_asking_again_needs_the_form_s_token(plans: Plans) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(plans.cast.planner)
    address = reverse("report:ask_again", args=[report_number(run_of(plans.ready()))])
    assert client.post(address).status_code == 403


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\u202egnp.exe", "=cmd|' /C calc'!A0", "Cụm " * 60])
def test_a_hostile_name_is_shown_as_a_name(plans: Plans, name: str) -> None:
    proposal = plans.ready()
    run = run_of(proposal)
    add_finding(run, "conflict", rectangle(2_000, 2_000, 50, 50), feature_name=name[:240])
    html = client_of(plans.cast.planner).get(page_of(proposal)).content.decode()
    assert "<script>alert" not in html
    assert "<bdi>" in html


def test_the_other_desks_lead_to_the_report(plans: Plans) -> None:
    proposal = plans.submitted()
    address = page_of(proposal)
    review = reverse("review:file", args=[proposal.code])
    assert address in client_of(plans.cast.appraiser).get(f"{review}?tab=ket-qua").content.decode()
    planner = client_of(plans.cast.planner)
    assert address in planner.get(reverse("draw:submit", args=[proposal.code])).content.decode()
    assert address in planner.get(reverse("draw:edit", args=[proposal.code])).content.decode()


def test_the_json_names_the_address_it_was_read_at(plans: Plans) -> None:
    proposal = plans.ready()
    record = client_of(plans.cast.planner).get(f"{page_of(proposal)}tep/json/").json()
    assert record["address"] == f"http://testserver{page_of(proposal)}"


def test_a_long_report_is_drawn_by_the_worker_and_comes_by_itself(
    plans: Plans, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = plans.ready()
    address = f"{page_of(proposal)}tep/pdf/"
    planner = client_of(plans.cast.planner)
    at_once = planner.get(address)
    monkeypatch.setattr(report_pdf, "HEAVY_CHARACTERS", 0)
    asked: list[tuple[int, str]] = []
    later = SimpleNamespace(enqueue=lambda *args: asked.append(args))
    monkeypatch.setattr(views_files, "draw_pdf", later)
    waiting = planner.get(address)
    assert waiting.status_code == 202
    assert waiting["Refresh"] == "3"
    assert "Content-Disposition" not in waiting
    assert planner.get(address).status_code == 202
    assert asked == [(run_of(proposal).pk, f"http://testserver{page_of(proposal)}")], "asked once, not at every look"
    monkeypatch.undo()
    jobs.draw_pdf.func(*asked[0])
    jobs.draw_pdf.func(*asked[0])
    monkeypatch.setattr(report_pdf, "HEAVY_CHARACTERS", 0)
    come = planner.get(address)
    assert come.status_code == 200
    assert come.content == at_once.content
    assert client_of(plans.cast.appraiser).get(address).status_code == 404
