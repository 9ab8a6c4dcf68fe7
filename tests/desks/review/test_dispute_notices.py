"""Who learns of a disagreement and of its ruling? The department by its queue, the planner by their own list."""

from __future__ import annotations

from html import unescape

import pytest

from planning.proposals import services
from planning.proposals.models import Dispute, Proposal
from planning.proposals.queries import planner_home, review_queue
from tests.desks.review.test_disputes import as_, in_forest, sent
from tests.proposals.plans import Plans

pytestmark = pytest.mark.django_db
WAITS = "1 ý kiến không đồng ý chờ kết luận"
ACCEPTED = "Sở đã kết luận: 1 ý kiến không đồng ý được chấp nhận"
UPHELD = "Sở đã kết luận: 1 nội dung giữ nguyên kết quả rà soát"


def page(plans: Plans, who: str, address: str) -> str:
    answer = as_(plans.cast.everyone()[who]).get(address)
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def rule(plans: Plans, proposal: Proposal, dispute: Dispute, outcome: str) -> None:
    services.rule_on_dispute(plans.cast.appraiser, proposal, dispute=dispute, outcome=outcome, reason="Đã xem.")


def test_a_new_disagreement_stands_in_the_queue_and_has_a_tab_of_its_own(plans: Plans) -> None:
    plain = plans.submitted()
    proposal, dispute = sent(plans)
    for who in ("appraiser", "leader"):
        own = page(plans, who, "/tham-dinh/?loc=y-kien")
        assert WAITS in own
        assert f'data-code="{proposal.code}"' in own and f'data-code="{plain.code}"' not in own
    assert WAITS in page(plans, "appraiser", "/tham-dinh/?loc=tiep-nhan")
    rule(plans, proposal, dispute, "upheld")
    after = page(plans, "appraiser", "/tham-dinh/?loc=y-kien")
    assert WAITS not in after and f'data-code="{proposal.code}"' not in after


def test_the_tab_is_given_out_as_it_is_shown(plans: Plans) -> None:
    plain = plans.submitted()
    proposal, _dispute = sent(plans)
    answer = as_(plans.cast.appraiser).get("/tham-dinh/tai-ve.csv?loc=y-kien")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert proposal.code in text and plain.code not in text


def test_a_disagreement_with_a_draft_calls_nobody(plans: Plans) -> None:
    proposal, finding = in_forest(plans)
    services.dispute_finding(plans.cast.planner, proposal, finding=finding, reason="Sai.")
    assert review_queue(plans.cast.appraiser) == []
    assert WAITS not in page(plans, "appraiser", "/tham-dinh/?loc=y-kien")


@pytest.mark.parametrize(("outcome", "said"), [("accepted", ACCEPTED), ("upheld", UPHELD)])
def test_the_planner_reads_the_ruling_in_their_list_and_is_led_to_it(plans: Plans, outcome: str, said: str) -> None:
    proposal, dispute = sent(plans)
    assert "Sở đã kết luận" not in page(plans, "planner", "/ho-so/")
    rule(plans, proposal, dispute, outcome)
    home = page(plans, "planner", "/ho-so/")
    assert said in home.replace("</span>", "").replace("  ", " ")
    assert f"/ho-so/{proposal.code}/?tab=khong-dong-y" in home
    assert "Đã xem." in page(plans, "planner", f"/ho-so/{proposal.code}/?tab=khong-dong-y")


def test_it_is_still_read_while_the_boundary_is_mended_and_not_in_the_round_after(plans: Plans) -> None:
    proposal, dispute = sent(plans)
    rule(plans, proposal, dispute, "upheld")
    services.return_for_changes(plans.cast.appraiser, plans.fresh(proposal), reasons=["boundary"], text="Sửa.")
    (row,) = planner_home(plans.cast.planner).returned
    assert [ruling.outcome for ruling in row.rulings] == ["upheld"]
    Proposal.objects.filter(pk=proposal.pk).update(round=3)
    (row,) = planner_home(plans.cast.planner).returned
    assert row.rulings == ()


def test_a_withdrawal_is_no_ruling(plans: Plans) -> None:
    proposal, dispute = sent(plans)
    services.withdraw_dispute(plans.cast.planner, proposal, dispute=dispute)
    (row,) = planner_home(plans.cast.planner).sent
    assert row.rulings == ()


def test_another_units_planner_learns_nothing(plans: Plans) -> None:
    proposal, dispute = sent(plans)
    rule(plans, proposal, dispute, "accepted")
    assert "Sở đã kết luận" not in page(plans, "stranger", "/ho-so/")
