"""Can a planner disagree with a finding? The record stays, the verdict says both until an appraiser has ruled."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from layers.errors import Conflict, DatNgheError, FormatRefused, InputRefused, NotAllowed, NotFound, TransitionRefused
from planning.checks.types import Verdict
from planning.people.models import Event
from planning.proposals import services
from planning.proposals.disputes import (
    Disputed,
    DisputeState,
    dispute_for,
    disputes_in,
    disputes_of,
    ruling_holds,
    same_matter,
    verdicts_by_run,
    verdicts_of,
)
from planning.proposals.models import CheckFinding, CheckRun, Dispute, DisputeRuling, Proposal, State
from planning.proposals.queries import latest_run
from planning.proposals.readiness import submit_reasons
from tests.cast import point, square
from tests.proposals.plans import FOREST, Plans, load_forest, pdf, zone
from tests.registers.books import at_once

EAST, NORTH, SIDE = FOREST
IN_THE_FOREST = (EAST + SIDE - 100, NORTH)


def in_forest(plans: Plans) -> Proposal:
    return plans.ready(zone(*IN_THE_FOREST))


def run_of(proposal: Proposal) -> CheckRun:
    version = Plans.fresh(proposal).current_version
    assert version is not None
    run = latest_run(version)
    assert run is not None
    return run


def finding_of(proposal: Proposal, outcome: str = "conflict") -> CheckFinding:
    return run_of(proposal).findings.get(outcome=outcome)


def disagree(plans: Plans, proposal: Proposal, **more: object) -> Dispute:
    finding = finding_of(proposal)
    return services.dispute_finding(
        plans.cast.planner, proposal, finding=finding, reason="Rừng đã chuyển mục đích.", **more
    )  # type: ignore[arg-type]


def sent(plans: Plans) -> tuple[Proposal, Dispute]:
    """Make a submitted proposal whose forbidden conflict is disagreed with."""
    proposal = in_forest(plans)
    dispute = disagree(plans, proposal)
    services.submit(plans.cast.planner, proposal)
    return plans.fresh(proposal), dispute


def line_of(proposal: Proposal) -> Disputed:
    (line,) = disputes_in(proposal, run_of(proposal))
    return line


# --- both values -----------------------------------------------------------------------------------------------------


def test_the_verdict_keeps_both_values_and_the_kept_run_stays(plans: Plans) -> None:
    proposal = in_forest(plans)
    before = CheckRun.objects.values().get(), list(CheckFinding.objects.values())
    assert verdicts_of(run_of(proposal)).contested is False
    disagree(plans, proposal)
    both = verdicts_of(run_of(proposal))
    assert (both.as_found, both.effective, both.if_accepted) == (Verdict.PROHIBITED, Verdict.PROHIBITED, Verdict.CLEAR)
    assert (both.contested, both.open, both.accepted) == (True, 1, 0)
    assert (CheckRun.objects.values().get(), list(CheckFinding.objects.values())) == before
    event = Event.objects.get(verb="dispute_finding")
    assert event.data["rule"] == "forest"


@pytest.mark.parametrize(
    ("outcome", "effective", "state"),
    [("upheld", Verdict.PROHIBITED, DisputeState.UPHELD), ("accepted", Verdict.CLEAR, DisputeState.ACCEPTED)],
)
def test_a_ruling_settles_it(plans: Plans, outcome: str, effective: Verdict, state: DisputeState) -> None:
    proposal, dispute = sent(plans)
    services.rule_on_dispute(
        plans.cast.appraiser, proposal, dispute=dispute, outcome=outcome, reason="Đã xem thực địa."
    )
    both = verdicts_of(run_of(proposal))
    assert (both.as_found, both.effective, both.contested) == (Verdict.PROHIBITED, effective, False)
    assert line_of(proposal).state == state
    assert line_of(proposal).finding is not None  # the report still shows it, marked


def test_withdrawn_counts_as_found(plans: Plans) -> None:
    proposal, dispute = sent(plans)
    services.withdraw_dispute(plans.cast.planner, proposal, dispute=dispute)
    both = verdicts_of(run_of(proposal))
    assert (both.effective, both.contested) == (Verdict.PROHIBITED, False)
    assert line_of(proposal).state == DisputeState.WITHDRAWN


def test_many_runs_are_answered_in_few_queries(plans: Plans, django_assert_max_num_queries: object) -> None:
    proposal, _dispute = sent(plans)
    runs = [run_of(proposal), *(run_of(plans.ready()) for _each in range(4))]
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        answers = verdicts_by_run(runs)
    assert [answers[run.pk].contested for run in runs] == [True, False, False, False, False]


# --- the procedure ---------------------------------------------------------------------------------------------------


def test_a_forbidden_conflict_that_is_disagreed_with_may_be_submitted(plans: Plans) -> None:
    proposal = in_forest(plans)
    assert "PROHIBITED_CONFLICT" in {reason.code for reason in submit_reasons(proposal)}
    dispute = disagree(plans, proposal)
    assert submit_reasons(proposal) == []
    services.withdraw_dispute(plans.cast.planner, proposal, dispute=dispute)
    assert "PROHIBITED_CONFLICT" in {reason.code for reason in submit_reasons(proposal)}
    with pytest.raises(TransitionRefused):
        services.submit(plans.cast.planner, proposal)


def test_an_upheld_finding_blocks_again_after_return_and_an_accepted_one_does_not(plans: Plans) -> None:
    for outcome, blocked in (("upheld", True), ("accepted", False)):
        proposal, dispute = sent(plans)
        services.rule_on_dispute(plans.cast.appraiser, proposal, dispute=dispute, outcome=outcome, reason="Đã xem.")
        services.return_for_changes(plans.cast.appraiser, proposal, reasons=["other"], text="Bổ sung.")
        codes = {reason.code for reason in submit_reasons(plans.fresh(proposal))}
        assert ("PROHIBITED_CONFLICT" in codes) is blocked


def test_the_appraisal_waits_for_the_ruling(plans: Plans) -> None:
    proposal, dispute = sent(plans)
    services.accept_dossier(plans.cast.appraiser, proposal)
    with pytest.raises(TransitionRefused) as refused:
        services.appraise(plans.cast.appraiser, proposal, recommends=True, note="Đủ.")
    assert refused.value.code == "DISPUTE_OPEN"
    assert refused.value.todo
    services.rule_on_dispute(plans.cast.appraiser, proposal, dispute=dispute, outcome="accepted", reason="Đúng.")
    services.appraise(plans.cast.appraiser, proposal, recommends=True, note="Đủ.")
    assert plans.fresh(proposal).state == State.APPRAISED


# --- later runs ------------------------------------------------------------------------------------------------------


def redraw(plans: Plans, proposal: Proposal, drawn: object) -> Proposal:
    draft = plans.fresh(proposal).draft
    services.save_draft(plans.cast.planner, proposal, row_version=draft.row_version, geom=drawn)  # type: ignore[arg-type]
    services.keep_version(plans.cast.planner, proposal)
    return plans.fresh(proposal)


def test_an_open_disagreement_goes_along_to_the_next_version(plans: Plans) -> None:
    proposal = in_forest(plans)
    dispute = disagree(plans, proposal)
    proposal = redraw(plans, proposal, zone(IN_THE_FOREST[0] - 50, NORTH))
    line = line_of(proposal)
    assert (line.state, line.dispute) == (DisputeState.OPEN, dispute)
    assert line.finding is not None
    assert line.finding.run_id != dispute.finding.run_id


def test_it_lapses_when_the_boundary_keeps_clear(plans: Plans) -> None:
    proposal = in_forest(plans)
    disagree(plans, proposal)
    proposal = redraw(plans, proposal, zone(2_000, 2_000))
    assert line_of(proposal).state == DisputeState.LAPSED
    assert disputes_of(run_of(proposal)) == []
    assert verdicts_of(run_of(proposal)).contested is False


def returned_after(plans: Plans, outcome: str) -> Proposal:
    proposal, dispute = sent(plans)
    services.rule_on_dispute(plans.cast.appraiser, proposal, dispute=dispute, outcome=outcome, reason="Đã xem.")
    services.return_for_changes(plans.cast.appraiser, proposal, reasons=["other"], text="Bổ sung.")
    return plans.fresh(proposal)


def test_a_ruling_covers_less_of_the_same_but_not_more(plans: Plans) -> None:
    proposal = returned_after(plans, "accepted")
    less = redraw(plans, proposal, zone(IN_THE_FOREST[0] + 50, NORTH))
    assert (line_of(less).state, verdicts_of(run_of(less)).effective) == (DisputeState.ACCEPTED, Verdict.CLEAR)
    more = redraw(plans, proposal, zone(IN_THE_FOREST[0] - 200, NORTH))
    assert (line_of(more).state, verdicts_of(run_of(more)).effective) == (DisputeState.OUTGROWN, Verdict.PROHIBITED)
    assert "PROHIBITED_CONFLICT" in {reason.code for reason in submit_reasons(more)}
    assert disagree(plans, more).pk  # it may be disagreed with anew


def test_a_ruling_does_not_cover_a_source_that_was_redrawn(plans: Plans) -> None:
    proposal = returned_after(plans, "accepted")
    load_forest(square(EAST, NORTH, SIDE - 1), number=2)
    services.keep_version(plans.cast.planner, proposal)
    assert verdicts_of(run_of(proposal)).effective == Verdict.PROHIBITED


def test_a_ruling_about_the_zone_as_a_whole_covers_that_boundary_only(plans: Plans) -> None:
    proposal = in_forest(plans)
    first = finding_of(proposal)
    first.source_hash = first.source_key = ""
    proposal = redraw(plans, proposal, zone(IN_THE_FOREST[0] + 20, NORTH))
    second = finding_of(proposal)
    second.source_hash = second.source_key = ""
    assert same_matter(first, second)
    assert not ruling_holds(first, second)
    assert ruling_holds(second, second)


# --- wrong person, wrong state, wrong input, twice -------------------------------------------------------------------


def test_only_the_planners_side_disagrees_and_only_an_appraiser_rules(plans: Plans) -> None:
    proposal, dispute = sent(plans)
    finding = finding_of(proposal)
    for name, person in plans.cast.everyone().items():
        if name not in {"planner", "colleague"}:
            with pytest.raises(NotAllowed):
                services.dispute_finding(person, proposal, finding=finding, reason="x")
            with pytest.raises(NotAllowed):
                services.withdraw_dispute(person, proposal, dispute=dispute)
        if name != "appraiser":
            with pytest.raises(NotAllowed):
                services.rule_on_dispute(person, proposal, dispute=dispute, outcome="accepted", reason="x")
    assert not DisputeRuling.objects.exists()


def test_somebody_of_the_authors_side_never_rules_even_as_an_appraiser(plans: Plans) -> None:
    from datetime import date

    from planning.people.capabilities import Role
    from planning.people.models import Assignment

    proposal, dispute = sent(plans)
    for person in (plans.cast.planner, plans.cast.colleague):
        Assignment.objects.create(user=person, role=Role.APPRAISER, unit=None, valid_from=date(2025, 7, 1))
        with pytest.raises(TransitionRefused) as refused:
            services.rule_on_dispute(person, proposal, dispute=dispute, outcome="accepted", reason="x")
        assert refused.value.code == "SAME_PERSON"


def test_a_draft_is_not_ruled_on_and_an_appraised_one_not_disagreed_with(plans: Plans) -> None:
    proposal = in_forest(plans)
    dispute = disagree(plans, proposal)
    with pytest.raises(TransitionRefused):
        services.rule_on_dispute(plans.cast.appraiser, proposal, dispute=dispute, outcome="upheld", reason="x")
    appraised = plans.appraised()
    finding = run_of(appraised).findings.first()
    assert finding is not None
    with pytest.raises(TransitionRefused):
        services.dispute_finding(plans.cast.planner, appraised, finding=finding, reason="x")


def test_refusals_say_what_is_wrong(plans: Plans) -> None:
    proposal, other = in_forest(plans), in_forest(plans)
    finding, clear = finding_of(proposal), run_of(proposal).findings.exclude(outcome="conflict").first()
    assert clear is not None
    cases: list[tuple[type[DatNgheError], str, dict[str, object]]] = [
        (InputRefused, "REASON_MISSING", {"finding": finding, "reason": "  "}),
        (InputRefused, "NOT_DISPUTABLE", {"finding": clear, "reason": "x"}),
        (InputRefused, "PLACE_FAR", {"finding": finding, "reason": "x", "place": point(40_000, 5_000)}),
        (NotFound, "NOT_FOUND", {"finding": finding_of(other), "reason": "x"}),
        (FormatRefused, "FORMAT_UNSUPPORTED", {"finding": finding, "reason": "x", "file": ContentFile(b"MZ", "a.exe")}),
        (FormatRefused, "FORMAT_MISMATCH", {"finding": finding, "reason": "x", "file": ContentFile(b"MZ", "a.pdf")}),
    ]
    for kind, code, arguments in cases:
        with pytest.raises(kind) as refused:
            services.dispute_finding(plans.cast.planner, proposal, **arguments)  # type: ignore[arg-type]
        assert refused.value.code == code
    assert not Dispute.objects.exists()


def test_a_row_of_an_older_report_is_refused(plans: Plans) -> None:
    proposal = in_forest(plans)
    old = finding_of(proposal)
    proposal = redraw(plans, proposal, zone(IN_THE_FOREST[0] + 10, NORTH))
    with pytest.raises(Conflict) as refused:
        services.dispute_finding(plans.cast.planner, proposal, finding=old, reason="x")
    assert refused.value.code == "REPORT_OUT_OF_DATE"


def test_once_a_round_and_once_open(plans: Plans) -> None:
    proposal, dispute = sent(plans)
    with pytest.raises(Conflict) as refused:
        disagree(plans, proposal)
    assert refused.value.code == "DISPUTED_ALREADY"
    services.rule_on_dispute(plans.cast.appraiser, proposal, dispute=dispute, outcome="upheld", reason="Còn rừng.")
    with pytest.raises(Conflict):
        disagree(plans, proposal)
    services.return_for_changes(plans.cast.appraiser, proposal, reasons=["other"], text="Sửa.")
    assert disagree(plans, plans.fresh(proposal)).round == 2


def test_a_ruling_needs_its_own_dispute_a_known_outcome_and_a_reason(plans: Plans) -> None:
    proposal, dispute = sent(plans)
    other, _other_dispute = sent(plans)
    appraiser = plans.cast.appraiser
    with pytest.raises(NotFound):
        services.rule_on_dispute(appraiser, other, dispute=dispute, outcome="upheld", reason="x")
    for outcome, reason in (("withdrawn", "x"), ("", "x"), ("upheld", " ")):
        with pytest.raises(InputRefused):
            services.rule_on_dispute(appraiser, proposal, dispute=dispute, outcome=outcome, reason=reason)


def test_file_and_pin_are_kept_with_their_hash(plans: Plans) -> None:
    proposal = in_forest(plans)
    dispute = disagree(plans, proposal, file=pdf("quyet-dinh-chuyen-rung"), place=point(5_900, 5_100))
    kept = Dispute.objects.get(pk=dispute.pk)
    assert kept.file_name == "quyet-dinh-chuyen-rung.pdf"
    assert len(kept.file_sha256) == 64
    with kept.file.open("rb") as file:
        assert file.read().startswith(b"%PDF-")
    assert kept.place.equals(point(5_900, 5_100))


def test_another_readers_eyes_do_not_reach_what_was_never_submitted(plans: Plans) -> None:
    proposal = in_forest(plans)
    disagree(plans, proposal)
    run = run_of(proposal)
    assert disputes_in(proposal, run, plans.cast.appraiser) == []
    assert len(disputes_in(proposal, run, plans.cast.planner)) == 1
    assert len(disputes_in(proposal, run, plans.cast.inspector)) == 1


def test_written_about_an_earlier_version_it_reaches_the_department_with_the_submitted_one(plans: Plans) -> None:
    proposal = in_forest(plans)
    dispute = disagree(plans, proposal)
    proposal = redraw(plans, proposal, zone(IN_THE_FOREST[0] + 10, NORTH))
    services.submit(plans.cast.planner, proposal)
    (line,) = disputes_in(proposal, run_of(proposal), plans.cast.appraiser)
    assert line.open
    assert dispute_for(plans.cast.appraiser, proposal, dispute.pk) == dispute
    with pytest.raises(NotFound):
        dispute_for(plans.cast.appraiser, plans.submitted(), dispute.pk)


def test_the_report_at_the_department_says_nothing_of_a_disagreement_with_the_next_draft(plans: Plans) -> None:
    proposal = returned_after(plans, "upheld")
    submitted = run_of(proposal)
    redrawn = redraw(plans, proposal, zone(IN_THE_FOREST[0] + 10, NORTH))
    later = disagree(plans, redrawn)
    assert verdicts_of(run_of(redrawn)).contested is True
    assert verdicts_of(submitted).contested is False
    assert later not in [line.dispute for line in disputes_in(redrawn, submitted, plans.cast.appraiser)]
    with pytest.raises(NotFound):
        dispute_for(plans.cast.appraiser, redrawn, later.pk)


@pytest.mark.django_db(transaction=True)
def test_pressed_at_once_it_is_one(committed_plans: Plans) -> None:
    plans = committed_plans
    proposal = in_forest(plans)
    finding = finding_of(proposal)
    answers = at_once(
        4, lambda _n: services.dispute_finding(plans.cast.planner, proposal, finding=finding, reason="x").pk
    )
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert all(isinstance(answer, int | Conflict) for answer in answers)
    dispute = Dispute.objects.get()
    services.submit(plans.cast.planner, proposal)

    def end(number: int) -> int:
        if number % 2:
            return services.withdraw_dispute(plans.cast.planner, proposal, dispute=dispute).pk
        return services.rule_on_dispute(
            plans.cast.appraiser, proposal, dispute=dispute, outcome="accepted", reason="x"
        ).pk

    answers = at_once(6, end)
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert all(isinstance(answer, int | Conflict) for answer in answers)
    assert DisputeRuling.objects.count() == 1
