"""Does every act over HTTP reach its verb, refuse the wrong person and state, and say why at the place?"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from planning.proposals.models import Comment, Decision, Proposal, State, SurveyOrder
from planning.proposals.workflow import Verb
from tests.desks.review.test_doors import client_of
from tests.proposals.plans import Plans, pdf

VALID: dict[str, dict[str, Any]] = {
    "accept_dossier": {},
    "return_for_changes": {"reasons": ["boundary"], "text": "Lùi khỏi hành lang đường."},
    "appraise": {"recommends": "1", "note": "Đủ điều kiện."},
    "sign_off": {"note": ""},
    "order_survey": {
        "team": "Đội đo đạc số 1",
        "days": "7",
        "max_downloads": "5",
        "scale": "500",
        "contents": ["shapefile", "corners"],
        "srid": "9217",
        "paper": "auto",
    },
    "withdraw": {},
    "add_comment": {"text": "Xem lại góc tây bắc."},
}
# verb: (state it starts from, who, state it leads to)
WAY = {
    "accept_dossier": (State.SUBMITTED, "appraiser", State.UNDER_REVIEW),
    "return_for_changes": (State.UNDER_REVIEW, "appraiser", State.DRAFT),
    "appraise": (State.UNDER_REVIEW, "appraiser", State.APPRAISED),
    "sign_off": (State.APPRAISED, "leader", State.FORWARDED),
    "order_survey": (State.APPROVED, "appraiser", State.BEING_SURVEYED),
    "withdraw": (State.SUBMITTED, "planner", State.WITHDRAWN),
    "add_comment": (State.UNDER_REVIEW, "appraiser", State.UNDER_REVIEW),
}


def post(client: Client, proposal: Proposal, verb: str, data: dict[str, Any]) -> Any:
    return client.post(reverse("review:verb", args=[proposal.code, verb]), data)


def decision_data(proposal: Proposal, **changes: Any) -> dict[str, Any]:
    version = proposal.current_version
    assert version is not None
    return {
        "outcome": "approved",
        "number": "2345/QĐ-UBND",
        "decided_on": f"{timezone.localdate():%d/%m/%Y}",
        "signer": "Nguyễn Văn Ký",
        "signer_title": "Phó Chủ tịch",
        "file": pdf("quyet-dinh"),
        "conditions": "Hoàn thành trạm xử lý nước thải trước khi hoạt động.\n\nTrồng rừng thay thế.",
        "version": version.pk,
        "geom_hash": version.geom_hash,
        **changes,
    }


@pytest.mark.parametrize("verb", WAY)
def test_the_right_person_moves_the_proposal(plans: Plans, verb: str) -> None:
    start, who, end = WAY[verb]
    proposal = plans.in_state(start)
    response = post(client_of(getattr(plans.cast, who)), proposal, verb, VALID[verb])
    assert response.status_code in {200, 302}, response.content.decode()[:2000]
    assert plans.fresh(proposal).state == end


@pytest.mark.parametrize("verb", WAY)
def test_everybody_else_is_refused_and_nothing_moves(plans: Plans, verb: str) -> None:
    start, who, _end = WAY[verb]
    proposal = plans.in_state(start)
    allowed = {who, *({"colleague"} if who == "planner" else set())}
    if verb in {"return_for_changes"}:
        allowed.add("leader")
    if verb == "add_comment":
        allowed |= {"planner", "colleague"}
    for name, user in plans.cast.everyone().items():
        if name in allowed:
            continue
        assert post(client_of(user), proposal, verb, VALID[verb]).status_code in {403, 404}, name
    fresh = plans.fresh(proposal)
    assert (fresh.state, fresh.row_version) == (proposal.state, proposal.row_version)


@pytest.mark.parametrize("verb", [verb for verb in WAY if verb != "add_comment"])
def test_the_second_click_is_refused_with_a_sentence(plans: Plans, verb: str) -> None:
    start, who, end = WAY[verb]
    proposal = plans.in_state(start)
    client = client_of(getattr(plans.cast, who))
    post(client, proposal, verb, VALID[verb])
    response = post(client, proposal, verb, VALID[verb])
    assert response.status_code == 409
    assert 'role="alert"' in response.content.decode()
    assert plans.fresh(proposal).state == end


def test_the_recorder_records_the_decision_and_the_register_has_the_cluster(plans: Plans) -> None:
    proposal = plans.forwarded()
    response = post(client_of(plans.cast.recorder), proposal, "record_decision", decision_data(proposal))
    assert response.status_code == 302, response.content.decode()[:3000]
    decision = Decision.objects.get(proposal=proposal)
    assert decision.number == "2345/QĐ-UBND"
    assert [condition["text"] for condition in decision.conditions] == [
        "Hoàn thành trạm xử lý nước thải trước khi hoạt động.",
        "Trồng rừng thay thế.",
    ]
    cluster = plans.fresh(proposal).cluster
    assert cluster is not None
    assert cluster.boundaries.get().geom_hash == decision.geom_hash


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"number": ""}, 422),
        ({"decided_on": "31/02/2026"}, 422),
        ({"decided_on": "01/01/2099"}, 422),
        ({"geom_hash": "0" * 64}, 409),
        ({"file": ""}, 422),
        ({"outcome": "maybe"}, 422),
    ],
)
def test_a_decision_with_a_wrong_fact_is_not_recorded(plans: Plans, changes: dict[str, Any], status: int) -> None:
    proposal = plans.forwarded()
    response = post(client_of(plans.cast.recorder), proposal, "record_decision", decision_data(proposal, **changes))
    assert response.status_code == status
    assert not Decision.objects.exists()
    assert plans.fresh(proposal).state == State.FORWARDED


def test_a_decision_whose_file_is_no_pdf_is_not_recorded(plans: Plans) -> None:
    from django.core.files.base import ContentFile

    proposal = plans.forwarded()
    data = decision_data(proposal, file=ContentFile(b"<script>alert(1)</script>", name="quyet-dinh.pdf"))
    response = post(client_of(plans.cast.recorder), proposal, "record_decision", data)
    assert response.status_code == 415
    assert not Decision.objects.exists()


def test_a_return_without_a_reason_shows_the_form_again(plans: Plans) -> None:
    proposal = plans.under_review()
    response = post(client_of(plans.cast.appraiser), proposal, "return_for_changes", {"reasons": [], "text": ""})
    assert response.status_code == 422
    assert "data-open-now" in response.content.decode()
    assert plans.fresh(proposal).state == State.UNDER_REVIEW


def test_the_survey_link_is_shown_once_and_works(plans: Plans) -> None:
    proposal = plans.approved()
    client = client_of(plans.cast.appraiser)
    page = post(client, proposal, "order_survey", VALID["order_survey"]).content.decode()
    link = page.split('value="http://testserver', 1)[1].split('"', 1)[0]
    assert Client().get(link).status_code == 200
    assert link not in client.get(reverse("review:file", args=[proposal.code]), {"tab": "quyet-dinh"}).content.decode()
    assert SurveyOrder.objects.get().token_hash not in page


def test_a_comment_is_pinned_answered_and_closed(plans: Plans) -> None:
    proposal = plans.under_review()
    version = proposal.current_version
    assert version is not None
    from layers.crs import to_wgs84

    at = to_wgs84(version.geom.centroid)
    appraiser, planner = client_of(plans.cast.appraiser), client_of(plans.cast.planner)
    post(appraiser, proposal, "add_comment", {"text": "Góc này?", "anchor": "place", "lon": at.x, "lat": at.y})
    comment = Comment.objects.get()
    assert comment.place is not None
    assert comment.place.distance(version.geom.centroid) < 0.01
    post(planner, proposal, "answer_comment", {"comment": comment.pk, "text": "Đã xem."})
    post(appraiser, proposal, "close_comment", {"comment": comment.pk, "outcome": "done"})
    comment.refresh_from_db()
    assert comment.outcome == "done"
    assert comment.answers.get().author == plans.cast.planner


@pytest.mark.parametrize(("lon", "lat"), [(0, 90), (108.2, 16.05), (-179.9, -89)])
def test_a_pin_far_away_is_refused(plans: Plans, lon: float, lat: float) -> None:
    proposal = plans.under_review()
    data = {"text": "Ở đâu?", "anchor": "place", "lon": lon, "lat": lat}
    assert post(client_of(plans.cast.appraiser), proposal, "add_comment", data).status_code == 422
    assert not Comment.objects.exists()


def test_markup_in_words_is_shown_as_words(plans: Plans) -> None:
    proposal = plans.under_review()
    client = client_of(plans.cast.appraiser)
    hostile = '<img src=x onerror="window.__xss=1"></script><script>alert(1)</script>'
    post(client, proposal, "add_comment", {"text": hostile})
    page = client.get(reverse("review:file", args=[proposal.code]), {"tab": "gop-y"}).content.decode()
    assert "<img src=x" not in page
    assert "<script>alert(1)" not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize("verb", ["save_draft", "submit", "keep_version", "explode", "__init__"])
def test_acts_of_other_desks_and_unknown_ones_are_not_here(plans: Plans, verb: str) -> None:
    proposal = plans.ready()
    assert post(client_of(plans.cast.planner), proposal, verb, {}).status_code == 404


@pytest.mark.parametrize("verb", [*Verb])
def test_no_act_is_done_by_reading(plans: Plans, verb: str) -> None:
    proposal = plans.under_review()
    response = client_of(plans.cast.appraiser).get(reverse("review:verb", args=[proposal.code, verb]))
    assert response.status_code == 405


def test_an_act_without_its_token_is_refused(plans: Plans) -> None:
    proposal = plans.submitted()
    client = Client(enforce_csrf_checks=True)
    client.force_login(plans.cast.appraiser)
    assert post(client, proposal, "accept_dossier", {}).status_code == 403
    assert plans.fresh(proposal).state == State.SUBMITTED


def test_who_may_not_act_is_told_so_before_the_form_is_read(plans: Plans) -> None:
    proposal = plans.under_review()
    answer = post(client_of(plans.cast.planner), proposal, "return_for_changes", {"text": ""})
    assert answer.status_code == 403


def test_the_language_switch_on_a_refused_page_leads_back_to_the_file(plans: Plans) -> None:
    proposal = plans.under_review()
    file = reverse("review:file", args=[proposal.code])
    client = client_of(plans.cast.appraiser)
    address = reverse("review:verb", args=[proposal.code, "return_for_changes"])
    refused = client.post(address, {"text": ""}, headers={"referer": f"http://testserver{file}?tab=gop-y"})
    assert refused.status_code == 422
    assert f'name="next" value="{file}?tab=gop-y"' in refused.text
    elsewhere = client.post(address, {"text": ""}, headers={"referer": "https://elsewhere.example/x"})
    assert 'name="next" value="/"' in elsewhere.text
