"""Does a disagreement reach the file: written by the planner, seen by the department, ruled on, leaked to nobody?"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from layers.crs import point_to_wgs84
from planning.people.models import User
from planning.proposals import services
from planning.proposals.models import CheckFinding, Dispute, DisputeRuling, Proposal
from tests.cast import point
from tests.proposals.plans import FOREST, Plans, zone

EAST, NORTH, SIDE = FOREST


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def in_forest(plans: Plans) -> tuple[Proposal, CheckFinding]:
    proposal = plans.ready(zone(EAST + SIDE - 100, NORTH))
    return proposal, CheckFinding.objects.get(run__version__proposal=proposal, outcome="conflict")


def act(client: Client, proposal: Proposal, verb: str, **data: Any) -> Any:
    return client.post(f"/ho-so/{proposal.code}/thao-tac/{verb}/", data)


def tab(client: Client, proposal: Proposal, name: str = "khong-dong-y") -> str:
    answer = client.get(f"/ho-so/{proposal.code}/?tab={name}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def sent(plans: Plans) -> tuple[Proposal, Dispute]:
    proposal, finding = in_forest(plans)
    lon, lat = point_to_wgs84(*point(EAST + SIDE - 50, NORTH + 100).coords)
    answer = act(
        as_(plans.cast.planner),
        proposal,
        "dispute_finding",
        finding=finding.pk,
        reason="Rừng đã chuyển mục đích <script>alert(1)</script>",
        file=SimpleUploadedFile("quyet-dinh.pdf", b"%PDF-1.7\nx"),
        lon=lon,
        lat=lat,
    )
    assert answer.status_code == 302
    services.submit(plans.cast.planner, proposal)
    return plans.fresh(proposal), Dispute.objects.get(proposal=proposal)


def test_a_planner_writes_it_with_file_and_pin(plans: Plans) -> None:
    proposal, dispute = sent(plans)
    assert dispute.file_name == "quyet-dinh.pdf"
    assert dispute.place.distance(point(EAST + SIDE - 50, NORTH + 100)) < 0.01
    page = tab(as_(plans.cast.planner), proposal)
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_both_values_stand_wherever_the_verdict_stands(plans: Plans) -> None:
    proposal, _dispute = sent(plans)
    rival, _finding = in_forest(plans)
    with translation.override("vi"):
        note = translation.gettext("disagreed with; if that is accepted: %(verdict)s").split(":")[0]
    planner, appraiser = as_(plans.cast.planner), as_(plans.cast.appraiser)
    pages = {
        "overview": tab(appraiser, proposal, "tong-quan"),
        "report": tab(appraiser, proposal, "ket-qua"),
        "disagreements": tab(appraiser, proposal),
        "submitted": planner.get(f"/ho-so/{proposal.code}/trinh/").content.decode(),
        "home": planner.get("/ho-so/").content.decode(),
    }
    assert [name for name, text in pages.items() if note not in text] == []
    queue = appraiser.get("/tham-dinh/?loc=tiep-nhan").content.decode()
    compare = planner.get(f"/so-sanh/?ho-so={proposal.code}&ho-so={rival.code}").content.decode()
    with translation.override("vi"):
        short = translation.gettext("disagreed with; if accepted:")
        in_the_queue = translation.ngettext(
            "%(n)s disagreement waits for a ruling", "%(n)s disagreements wait for a ruling", 1
        ) % {"n": 1}
    assert in_the_queue in queue
    assert short in compare


def test_the_appraiser_rules_and_the_planner_reads_it(plans: Plans) -> None:
    proposal, dispute = sent(plans)
    appraiser = as_(plans.cast.appraiser)
    assert "rule_on_dispute" in tab(appraiser, proposal)
    assert "rule_on_dispute" not in tab(as_(plans.cast.leader), proposal)
    done = act(appraiser, proposal, "rule_on_dispute", dispute=dispute.pk, outcome="accepted", reason="Đã xem hồ sơ.")
    assert done.status_code == 302
    assert "Đã xem hồ sơ." in tab(as_(plans.cast.planner), proposal)
    assert "is-set-aside" in tab(as_(plans.cast.planner), proposal, "ket-qua")
    again = act(appraiser, proposal, "rule_on_dispute", dispute=dispute.pk, outcome="upheld", reason="x")
    assert again.status_code == 409
    assert DisputeRuling.objects.get().outcome == "accepted"


def test_the_planner_withdraws(plans: Plans) -> None:
    proposal, dispute = sent(plans)
    assert act(as_(plans.cast.planner), proposal, "withdraw_dispute", dispute=dispute.pk).status_code == 302
    assert DisputeRuling.objects.get().outcome == "withdrawn"


def test_mistakes_are_said_at_the_form(plans: Plans) -> None:
    proposal, finding = in_forest(plans)
    planner = as_(plans.cast.planner)
    empty = act(planner, proposal, "dispute_finding", finding=finding.pk, reason="")
    assert empty.status_code == 422
    assert 'name="reason"' in empty.content.decode()
    far = act(planner, proposal, "dispute_finding", finding=finding.pk, reason="x", lon=106.0, lat=10.0)
    assert far.status_code == 422
    wrong = act(
        planner, proposal, "dispute_finding", finding=finding.pk, reason="x", file=SimpleUploadedFile("a.exe", b"MZ")
    )
    assert wrong.status_code == 415
    for key in ("0", "99999999", "x", "-1", "9" * 30):
        answer = act(planner, proposal, "dispute_finding", finding=key, reason="x")
        assert answer.status_code in {404, 422}, key
    assert not Dispute.objects.exists()


def test_another_planner_sees_neither_the_disagreement_nor_its_file(plans: Plans) -> None:
    proposal, dispute = sent(plans)
    path = f"/ho-so/{proposal.code}/khong-dong-y/{dispute.pk}/tep/"
    stranger = as_(plans.cast.stranger)
    assert stranger.get(f"/ho-so/{proposal.code}/?tab=khong-dong-y").status_code == 404
    assert stranger.get(path).status_code == 404
    assert as_(plans.cast.nobody).get(path).status_code == 404
    assert Client().get(path).status_code in {302, 401, 403}
    for verb in ("dispute_finding", "rule_on_dispute", "withdraw_dispute"):
        assert act(stranger, proposal, verb, dispute=dispute.pk, finding=1, reason="x").status_code == 404
    mine = plans.draft()
    assert as_(plans.cast.planner).get(f"/ho-so/{mine.code}/khong-dong-y/{dispute.pk}/tep/").status_code == 404


def test_the_file_comes_as_an_attachment(plans: Plans) -> None:
    proposal, dispute = sent(plans)
    for who in (plans.cast.planner, plans.cast.appraiser, plans.cast.inspector):
        answer = as_(who).get(f"/ho-so/{proposal.code}/khong-dong-y/{dispute.pk}/tep/")
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_the_department_does_not_see_a_disagreement_with_a_draft(plans: Plans) -> None:
    proposal, _finding = in_forest(plans)
    services.dispute_finding(plans.cast.planner, proposal, finding=_finding, reason="x")
    dispute = Dispute.objects.get()
    assert as_(plans.cast.appraiser).get(f"/ho-so/{proposal.code}/?tab=khong-dong-y").status_code == 404
    path = f"/ho-so/{proposal.code}/khong-dong-y/{dispute.pk}/tep/"
    assert as_(plans.cast.appraiser).get(path).status_code == 404
    # no file was attached: there is nothing to send
    assert as_(plans.cast.planner).get(path).status_code == 404


@pytest.mark.parametrize("row", ["1", "999", "x", "-1", "<b>", "1 OR 1=1"])
def test_the_row_in_the_address_is_only_looked_up(plans: Plans, row: str) -> None:
    proposal, _finding = in_forest(plans)
    answer = as_(plans.cast.planner).get(f"/ho-so/{proposal.code}/", {"tab": "khong-dong-y", "dong": row})
    assert answer.status_code == 200
    assert (b"khong-dong-y-moi" in answer.content) is (row == "1")
