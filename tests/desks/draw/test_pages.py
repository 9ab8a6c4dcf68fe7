"""Do the planner's pages show what waits, to the right people, and write only through the procedure's verbs?"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mapping.desks.draw.thumbnail import outline
from planning.people.models import User
from planning.proposals.models import Draft, Proposal, ReturnReason
from planning.proposals.services import add_comment, return_for_changes
from tests.cast import multi, square
from tests.proposals.plans import Plans, pdf

SignedIn = Callable[[User], Client]

PAGES = ("ve/", "thanh-phan/", "trinh/", "ve/thong-tin/", "ve/de-an/", "ve/phuong-an/", "ve/gop-y/")
READERS_OF_A_DRAFT = {"planner", "colleague", "inspector"}


@pytest.mark.parametrize("page", PAGES)
def test_a_draft_is_open_to_its_planners_only(client: Client, signed_in: SignedIn, plans: Plans, page: str) -> None:
    path = f"/ho-so/{plans.draft().code}/{page}"
    for name, user in plans.cast.everyone().items():
        status = signed_in(user).get(path).status_code
        if name not in READERS_OF_A_DRAFT:
            assert status == 404, name
        elif name == "inspector":
            assert status == (200 if page == "ve/" else 403), name
        else:
            assert status in {200, 302}, name
    anonymous = client.get(path)
    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith("/dang-nhap/")


def test_the_home_is_for_planners(client: Client, signed_in: SignedIn, plans: Plans) -> None:
    assert client.get("/ho-so/").status_code == 302
    for name, user in plans.cast.everyone().items():
        expected = 200 if name in {"planner", "colleague", "stranger"} else 403
        assert signed_in(user).get("/ho-so/").status_code == expected, name


def test_the_home_sorts_into_three_lists(signed_in: SignedIn, plans: Plans) -> None:
    empty = signed_in(plans.cast.stranger).get("/ho-so/")
    assert "/ve-thu/" in empty.content.decode()
    draft, sent, back = plans.draft(), plans.submitted(), plans.submitted()
    add_comment(plans.cast.appraiser, back, text="Dời cạnh phía tây.")
    return_for_changes(plans.cast.appraiser, back, reasons=[ReturnReason.BOUNDARY], text="Sửa ranh giới.")
    lists = signed_in(plans.cast.planner).get("/ho-so/").context["lists"]
    assert [card.row.proposal.code for card in lists.drafts] == [draft.code]
    assert [card.row.proposal.code for card in lists.sent] == [sent.code]
    assert [card.row.proposal.code for card in lists.returned] == [back.code]
    assert lists.returned[0].row.unanswered == 1
    assert lists.drafts[0].path.startswith("M")


def test_trial_needs_nobody_and_stores_nothing(client: Client, plans: Plans) -> None:
    page = client.get("/ve-thu/")
    assert page.status_code == 200
    assert page.context["board"]["mode"] == "trial"
    assert "draft_url" not in page.context["board"]
    assert Proposal.objects.count() == 0
    for method in ("post", "put", "delete"):
        assert getattr(client, method)("/ve-thu/").status_code == 405


# --- a new proposal --------------------------------------------------------------------------------------------------


def test_starting_leads_to_the_board(signed_in: SignedIn, plans: Plans) -> None:
    client = signed_in(plans.cast.planner)
    data = {"how": "draw", "kind": "new_cluster", "name": "CCN Đắk Thử", "unit": plans.land.west.pk}
    answer = client.post("/ho-so/moi/", data)
    proposal = Proposal.objects.get()
    assert answer["Location"] == f"/ho-so/{proposal.code}/ve/"
    assert proposal.created_by == plans.cast.planner
    upload = client.post("/ho-so/moi/", {**data, "how": "upload", "name": "CCN khác", "rival_of": proposal.pk})
    rival = Proposal.objects.exclude(pk=proposal.pk).get()
    assert upload["Location"] == f"/tep-vao/moi/zone/{rival.code}/"
    assert (rival.need, rival.alternative) == (proposal.need, "B")


def test_units_outside_the_scope_are_not_offered(signed_in: SignedIn, plans: Plans) -> None:
    data = {"how": "draw", "kind": "new_cluster", "name": "CCN", "unit": plans.land.far.pk}
    assert signed_in(plans.cast.planner).post("/ho-so/moi/", data).status_code == 422
    assert not Proposal.objects.exists()
    foreign = plans.draft(who=plans.cast.stranger, unit=plans.land.far)
    answer = signed_in(plans.cast.planner).post(
        "/ho-so/moi/", {**data, "unit": plans.land.west.pk, "rival_of": foreign.pk}
    )
    assert answer.status_code == 422


def test_copying_takes_the_boundary(signed_in: SignedIn, plans: Plans) -> None:
    source = plans.draft()
    data = {"how": "copy", "kind": "new_cluster", "name": "Bản sao", "unit": plans.land.west.pk}
    client = signed_in(plans.cast.colleague)
    assert client.post("/ho-so/moi/", data).status_code == 422
    client.post("/ho-so/moi/", {**data, "source": source.pk})
    copied = Draft.objects.exclude(proposal=source).get()
    assert bytes(copied.geom.wkb) == bytes(Draft.objects.get(proposal=source).geom.wkb)


# --- details, dossier, funding, versions, comments -------------------------------------------------------------------

HTMX = {"HTTP_HX_REQUEST": "true"}


def test_details_are_written_by_the_verb(signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    data = {
        "name": "CCN Mới",
        "need_statement": "Di dời cơ sở mộc.",
        "applicant_name": "Công ty Thử",
        "applicant_capital": "12.500.000.000",
        "row_version": proposal.row_version,
    }
    answer = client.post(f"/ho-so/{proposal.code}/ve/thong-tin/", data, **HTMX)
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "details-saved"
    fresh = Proposal.objects.get(pk=proposal.pk)
    assert fresh.name == "CCN Mới"
    assert fresh.applicant is not None
    assert fresh.applicant.capital_vnd == 12_500_000_000
    stale = client.post(f"/ho-so/{proposal.code}/ve/thong-tin/", data, **HTMX)
    assert stale.status_code == 409


def test_declared_figures_are_written_as_the_planner_types_them(signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    data = {
        "name": proposal.name,
        "row_version": proposal.row_version,
        "demand_ha": "12,5",
        "trade_class": "III",
        "wastewater_m3_day": "650,5",
        "wastewater_technology": "closed",
        "plot_density_percent": "67,5",
        "floors": "3",
    }
    assert client.post(f"/ho-so/{proposal.code}/ve/thong-tin/", data, **HTMX).status_code == 200
    fresh = Proposal.objects.get(pk=proposal.pk)
    assert fresh.demand_ha == Decimal("12.50")
    assert fresh.declared == {
        "trade_class": "III",
        "wastewater_m3_day": 650.5,
        "wastewater_technology": "closed",
        "plot_density": 0.675,
        "floors": 3,
    }
    page = client.get(f"/ho-so/{proposal.code}/ve/thong-tin/", **HTMX).content.decode()
    for shown in ('value="12,50"', 'value="650,5"', 'value="67,5"', 'value="3"', '<option value="III" selected>'):
        assert shown in page
    wrong = {**data, "row_version": fresh.row_version, "plot_density_percent": "170", "trade_class": "VI"}
    answer = client.post(f"/ho-so/{proposal.code}/ve/thong-tin/", wrong, **HTMX)
    assert "error-text" in answer.content.decode()
    assert Proposal.objects.get(pk=proposal.pk).declared == fresh.declared


def test_extra_fields_change_nothing(signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.draft()
    hostile = {
        "state": "approved",
        "created_by": 1,
        "round": 9,
        "code": "X",
        "unit": plans.land.far.pk,
        "kind": "list_entry",
    }
    signed_in(plans.cast.planner).post(
        f"/ho-so/{proposal.code}/ve/thong-tin/",
        {"name": "A", "need_statement": "", "row_version": proposal.row_version, **hostile},
        **HTMX,
    )
    fresh = Proposal.objects.get(pk=proposal.pk)
    assert (fresh.state, fresh.round, fresh.code, fresh.unit, fresh.kind) == (
        "draft",
        1,
        proposal.code,
        proposal.unit,
        "new_cluster",
    )


def test_a_dossier_item_is_attached_and_sent_only_to_readers(signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    answer = client.post(
        f"/ho-so/{proposal.code}/thanh-phan/", {"requirement": "bao-cao-dau-tu", "file": pdf("bao-cao")}, **HTMX
    )
    assert answer.status_code == 200
    item = proposal.dossier_items.get()
    path = f"/ho-so/{proposal.code}/thanh-phan/{item.pk}/tep/"
    sent = client.get(path)
    assert sent["Content-Disposition"].startswith("attachment")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert signed_in(plans.cast.appraiser).get(path).status_code == 404
    other = plans.draft()
    assert client.get(f"/ho-so/{other.code}/thanh-phan/{item.pk}/tep/").status_code == 404
    bad = client.post(
        f"/ho-so/{proposal.code}/thanh-phan/",
        {"requirement": "bao-cao-dau-tu", "file": SimpleUploadedFile("a.pdf", b"<script>alert(1)</script>")},
        **HTMX,
    )
    assert bad.status_code == 415
    assert client.post(f"/ho-so/{proposal.code}/thanh-phan/", {"requirement": "x"}, **HTMX).status_code == 422


def test_keeping_a_version_answers_with_the_kept_state(signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    body = json.dumps({"reason": "lần đầu", "row_version": 2})
    kept = client.post(f"/ho-so/{proposal.code}/ve/phuong-an/", body, content_type="application/json")
    assert kept.status_code == 200
    assert kept.json()["number"] == 1
    assert kept.json()["zone"]["type"] == "MultiPolygon"
    stale = client.post(
        f"/ho-so/{proposal.code}/ve/phuong-an/", json.dumps({"row_version": 1}), content_type="application/json"
    )
    assert stale.status_code == 409


def test_comments_are_answered(signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.submitted()
    comment = add_comment(plans.cast.appraiser, proposal, text="<b>Dời</b> cạnh phía tây.")
    return_for_changes(plans.cast.appraiser, proposal, reasons=[ReturnReason.BOUNDARY], text="Sửa.")
    client = signed_in(plans.cast.planner)
    page = client.get(f"/ho-so/{proposal.code}/ve/").content.decode()
    assert "&lt;b&gt;Dời&lt;/b&gt;" in page
    answer = client.post(f"/ho-so/{proposal.code}/ve/gop-y/", {"comment": comment.pk, "text": "Đã dời 20 m."}, **HTMX)
    assert answer.status_code == 200
    assert answer.context["unanswered"] == 0
    for bad in ("", "x", "99999999999999", "-1"):
        assert (
            client.post(f"/ho-so/{proposal.code}/ve/gop-y/", {"comment": bad, "text": "?"}, **HTMX).status_code == 404
        )


# --- submission ------------------------------------------------------------------------------------------------------


def test_submitting_is_refused_with_every_reason(signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    page = client.get(f"/ho-so/{proposal.code}/trinh/")
    assert len(page.context["checks"]) == 5
    assert not page.context["ready"]
    refused = client.post(f"/ho-so/{proposal.code}/trinh/", {"note": "mong xem sớm"})
    assert refused.status_code == 409
    assert len(refused.context["refused"].detail["reasons"]) >= 2
    assert "mong xem sớm" in refused.content.decode()
    assert Proposal.objects.get(pk=proposal.pk).state == "draft"


def test_submit_then_withdraw(signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.ready()
    client = signed_in(plans.cast.planner)
    assert client.get(f"/ho-so/{proposal.code}/trinh/").context["ready"]
    assert client.post(f"/ho-so/{proposal.code}/trinh/", {"note": ""}).status_code == 302
    assert Proposal.objects.get(pk=proposal.pk).state == "submitted"
    assert client.get(f"/ho-so/{proposal.code}/trinh/").context["can_withdraw"]
    assert signed_in(plans.cast.stranger).post(f"/ho-so/{proposal.code}/rut/").status_code == 404
    assert signed_in(plans.cast.appraiser).post(f"/ho-so/{proposal.code}/rut/").status_code == 403
    assert client.get(f"/ho-so/{proposal.code}/rut/").status_code == 405
    client.post(f"/ho-so/{proposal.code}/rut/", {"note": "Sai vị trí"})
    assert Proposal.objects.get(pk=proposal.pk).state == "withdrawn"


# --- small pieces ----------------------------------------------------------------------------------------------------


def test_outline_fits_its_box() -> None:
    path = outline(multi(square(0, 0, 500), square(900, 900, 40)))
    numbers = [float(part) for part in path.replace("M", " ").replace("L", " ").replace("Z", " ").split()]
    assert max(numbers[::2]) <= 96
    assert max(numbers[1::2]) <= 72
    assert min(numbers) >= 0
    assert outline(None) == ""
