"""Who may open what at the review desk? Every address × the whole cast: 404 when invisible, 403 when not theirs."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from planning.people.models import User
from planning.proposals.models import Proposal, State
from tests.proposals.plans import Plans

SEE_SENT = {"planner", "colleague", "appraiser", "leader", "recorder", "inspector"}
SEE_DRAFTS = {"planner", "colleague", "inspector"}
QUEUE = {"appraiser", "leader", "recorder", "inspector"}
COMPARE = {"planner", "colleague", "appraiser", "leader", "inspector"}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def statuses(plans: Plans, address: str) -> dict[str, int]:
    return {name: client_of(user).get(address).status_code for name, user in plans.cast.everyone().items()}


def addresses_of(proposal: Proposal) -> list[str]:
    item = proposal.dossier_items.first()
    assert item is not None
    return [
        reverse("review:file", args=[proposal.code]),
        reverse("review:paper", args=[proposal.code, "phieu_ra_soat"]),
        reverse("review:dossier_item", args=[proposal.code, item.pk]),
    ]


def test_only_the_department_and_the_committee_see_the_queue(plans: Plans) -> None:
    found = statuses(plans, reverse("review:queue"))
    assert {name for name, status in found.items() if status == 200} == QUEUE
    assert {status for name, status in found.items() if name not in QUEUE} == {403}


def test_a_sent_file_is_open_to_its_planners_and_the_department(plans: Plans) -> None:
    proposal = plans.under_review()
    for address in addresses_of(proposal):
        found = statuses(plans, address)
        assert {name for name, status in found.items() if status == 200} == SEE_SENT, address
        assert {status for name, status in found.items() if name not in SEE_SENT} == {404}, address


def test_a_draft_is_open_to_its_planners_and_the_inspector_only(plans: Plans) -> None:
    proposal = plans.ready()
    for address in addresses_of(proposal):
        found = statuses(plans, address)
        assert {name for name, status in found.items() if status == 200} == SEE_DRAFTS, address
        assert {status for name, status in found.items() if name not in SEE_DRAFTS} == {404}, address


def test_the_decision_file_is_open_to_whoever_sees_the_proposal(plans: Plans) -> None:
    proposal = plans.approved()
    decision = proposal.decisions.get()
    found = statuses(plans, reverse("review:decision_file", args=[proposal.code, decision.pk]))
    assert {name for name, status in found.items() if status == 200} == SEE_SENT


def test_comparing_belongs_to_the_department_and_the_planners_themselves(plans: Plans) -> None:
    one = plans.submitted()
    two = plans.submitted(rival_of=one)
    found = statuses(plans, f"{reverse('review:compare')}?ho-so={one.code}&ho-so={two.code}")
    assert {name for name, status in found.items() if status == 200} == COMPARE
    assert found["recorder"] == 403
    assert found["stranger"] == 404


@pytest.mark.parametrize("name", ["review:queue", "review:file", "review:compare"])
def test_a_visitor_is_led_to_sign_in(plans: Plans, client: Client, name: str) -> None:
    proposal = plans.submitted()
    address = reverse(name, args=[proposal.code] if name == "review:file" else [])
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account:login"))


def test_another_proposals_attachment_is_not_reached_through_mine(plans: Plans) -> None:
    mine, other = plans.submitted(), plans.submitted()
    item = other.dossier_items.first()
    assert item is not None
    response = client_of(plans.cast.appraiser).get(reverse("review:dossier_item", args=[mine.code, item.pk]))
    assert response.status_code == 404


def test_attachments_never_open_inline(plans: Plans) -> None:
    proposal = plans.submitted()
    for address in addresses_of(proposal)[1:]:
        response = client_of(plans.cast.appraiser).get(address)
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]


def test_nothing_changes_by_looking(plans: Plans) -> None:
    proposal = plans.in_state(State.APPRAISED)
    before = proposal.row_version
    client = client_of(plans.cast.leader)
    for tab in (
        "tong-quan",
        "ket-qua",
        "thay-doi",
        "gop-y",
        "thanh-phan",
        "de-an",
        "quyet-dinh",
        "nhat-ky",
        "<script>",
    ):
        assert client.get(reverse("review:file", args=[proposal.code]), {"tab": tab}).status_code == 200
    assert plans.fresh(proposal).row_version == before
