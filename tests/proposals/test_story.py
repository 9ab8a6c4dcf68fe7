"""Does a proposal walk from pencil to survey team, and is every step on record?"""

from __future__ import annotations

from planning.people.models import Event
from planning.proposals import services
from planning.proposals.models import CheckRun, Proposal, State
from planning.proposals.queries import log_of
from planning.registers.models import ClusterArea, ClusterBoundary
from tests.proposals.plans import Plans


def test_from_draft_to_being_surveyed(plans: Plans) -> None:
    proposal = plans.in_state(State.BEING_SURVEYED)
    assert proposal.state == State.BEING_SURVEYED
    verbs = list(log_of(proposal).order_by("id").values_list("verb", flat=True))
    assert verbs == [
        "start_proposal",
        "edit_details",
        "attach_item",
        "attach_item",
        "attach_item",
        "keep_version",
        "submit",
        "accept_dossier",
        "appraise",
        "sign_off",
        "decision_recorded",
        "order_survey",
    ]
    assert Event.objects.filter(verb="save_draft").count() == 1


def test_approval_writes_the_register(plans: Plans) -> None:
    proposal = plans.approved()
    version = proposal.current_version
    assert version is not None
    assert proposal.cluster is not None
    boundary = ClusterBoundary.objects.get(cluster=proposal.cluster)
    assert (boundary.geom_hash, boundary.kind, boundary.proposal_code) == (version.geom_hash, "decided", proposal.code)
    assert bytes(boundary.geom.wkb) == bytes(version.geom.wkb)
    assert str(ClusterArea.objects.get(cluster=proposal.cluster, kind="established").area_ha) == "25.00"
    assert proposal.cluster.infrastructure_owner == "Công ty Thử"


def test_refusal_writes_no_cluster(plans: Plans) -> None:
    proposal = plans.in_state(State.REFUSED)
    assert proposal.cluster is None
    assert not ClusterBoundary.objects.exists()


def test_returned_answered_and_submitted_again(plans: Plans) -> None:
    proposal = plans.under_review()
    comment = services.add_comment(plans.cast.appraiser, proposal, text="Lùi ranh giới khỏi đường.")
    services.return_for_changes(plans.cast.appraiser, proposal, reasons=["boundary"], text="Xem góp ý.")
    proposal = plans.fresh(proposal)
    assert (proposal.state, proposal.round) == (State.DRAFT, 2)
    services.answer_comment(plans.cast.planner, proposal, comment=comment, text="Đã lùi 10 m.")
    services.submit(plans.cast.colleague, proposal)
    proposal = plans.fresh(proposal)
    assert proposal.state == State.SUBMITTED
    assert proposal.submissions.count() == 2
    first, second = proposal.submissions.order_by("round")
    assert first.version_id == second.version_id
    assert CheckRun.objects.filter(version=first.version).count() == 1


def test_a_verb_gives_back_a_fresh_proposal(plans: Plans) -> None:
    proposal = plans.ready()
    submission = services.submit(plans.cast.planner, proposal)
    assert submission.proposal.state == State.SUBMITTED
    assert Proposal.objects.get(pk=proposal.pk).row_version == submission.proposal.row_version
