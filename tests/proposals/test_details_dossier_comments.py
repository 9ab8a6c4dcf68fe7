"""Do the smaller acts hold: starting, details, funding links, dossier items, comments, withdrawal, returns?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from layers.errors import Conflict, FormatRefused, InputRefused, NotAllowed, NotFound, TransitionRefused
from planning.checks.declared import Declared
from planning.proposals import services
from planning.proposals.freshness import freshness_of, latest_run
from planning.proposals.models import Applicant, CheckRun, DossierItem, DossierItemState, ProposalFunding, State
from planning.proposals.queries import dossier_state, log_of, threads_of
from tests.cast import point
from tests.proposals.plans import Plans, pdf, zone
from tests.registers.books import make_books


# --- starting ---------------------------------------------------------------------------------------------------------
def test_codes_and_letters(plans: Plans) -> None:
    first, other = plans.draft(), plans.draft()
    rival = plans.draft(who=plans.cast.colleague, rival_of=first)
    year = timezone.localdate().year
    assert [first.code, other.code, rival.code] == [f"DX-{year}-{number:04d}" for number in (1, 2, 3)]
    assert (first.alternative, rival.alternative) == ("A", "B")
    assert rival.need == first.need
    assert other.need != first.need


def test_only_in_the_planners_own_scope(plans: Plans) -> None:
    for who in (plans.cast.stranger, plans.cast.appraiser, plans.cast.inspector, plans.cast.nobody):
        with pytest.raises(NotAllowed):
            services.start_proposal(who, kind="new_cluster", unit=plans.land.west, name="Cụm")
    with pytest.raises(NotAllowed):
        services.start_proposal(
            plans.cast.stranger, kind="new_cluster", unit=plans.land.far, name="Cụm", rival_of=plans.draft()
        )


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"kind": "palace"}, "KIND_UNKNOWN"), ({"name": " "}, "NAME_MISSING"), ({"kind": "expansion"}, "CLUSTER_MISSING")],
)
def test_a_start_needs_its_facts(plans: Plans, changes: dict[str, str], code: str) -> None:
    facts = {"kind": "new_cluster", "name": "Cụm"} | changes
    with pytest.raises(InputRefused) as refused:
        services.start_proposal(plans.cast.planner, unit=plans.land.west, **facts)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_not_in_an_abolished_unit(plans: Plans) -> None:
    with pytest.raises(InputRefused) as refused:
        services.start_proposal(plans.cast.planner, kind="new_cluster", unit=plans.land.old_district, name="Cụm")
    assert refused.value.code == "UNIT_ABOLISHED"


def test_no_rival_for_a_settled_need(plans: Plans) -> None:
    approved = plans.approved()
    with pytest.raises(Conflict) as refused:
        plans.draft(rival_of=approved)
    assert refused.value.code == "NEED_SETTLED"


# --- details ----------------------------------------------------------------------------------------------------------
def test_only_the_given_details_change(plans: Plans) -> None:
    proposal = plans.draft()
    services.edit_details(
        plans.cast.planner, proposal, applicant=services.ApplicantData("HTX Một", capital_vnd=Decimal(5))
    )
    after = services.edit_details(plans.cast.colleague, proposal, need_statement=" Nhu cầu mới ")
    assert after.need.statement == "Nhu cầu mới"
    assert after.applicant is not None
    assert (after.name, after.applicant.name) == (proposal.name, "HTX Một")
    services.edit_details(plans.cast.planner, proposal, applicant=services.ApplicantData("HTX Hai"))
    assert Applicant.objects.count() == 1
    assert services.edit_details(plans.cast.planner, proposal, applicant=None).applicant is None
    with pytest.raises(InputRefused):
        services.edit_details(plans.cast.planner, proposal, name="")


def test_stale_details_are_refused(plans: Plans) -> None:
    proposal = plans.draft()
    services.edit_details(plans.cast.colleague, proposal, name="Tên của đồng nghiệp", row_version=proposal.row_version)
    with pytest.raises(Conflict) as stale:
        services.edit_details(plans.cast.planner, proposal, name="Tên của tôi", row_version=proposal.row_version)
    assert stale.value.code == "DETAILS_STALE"
    assert plans.fresh(proposal).name == "Tên của đồng nghiệp"


def test_declared_figures_are_kept_with_the_proposal_and_make_the_report_stale(plans: Plans) -> None:
    proposal = plans.draft()
    services.save_draft(plans.cast.planner, proposal, row_version=proposal.draft.row_version, geom=zone(12_000, 1_000))
    version = services.keep_version(plans.cast.planner, proposal, reason="lần đầu")
    run = latest_run(version)
    assert run is not None
    assert freshness_of(run).fresh
    assert "declared" not in run.subject
    declared = Declared.of({"trade_class": "I", "wastewater_m3_day": 500.0, "wastewater_technology": "closed"})
    after = services.edit_details(plans.cast.planner, proposal, demand_ha=Decimal("12.50"), declared=declared)
    assert (after.demand_ha, after.declared) == (Decimal("12.50"), declared.as_data())
    assert not freshness_of(CheckRun.objects.get(pk=run.pk)).same_question
    kept = services.keep_version(plans.cast.planner, proposal, reason="đã khai")
    again = latest_run(kept)
    assert again is not None
    assert (again.subject["declared"], again.subject["demand_ha"]) == (declared.as_data(), 12.5)
    assert freshness_of(again).fresh


def test_only_a_planner_of_the_place_declares(plans: Plans) -> None:
    proposal = plans.draft()
    for who in (plans.cast.stranger, plans.cast.appraiser, plans.cast.inspector, plans.cast.nobody):
        with pytest.raises((NotAllowed, NotFound)):
            services.edit_details(who, proposal, declared=Declared(trade_class="V"))
    with pytest.raises(TransitionRefused):
        services.edit_details(plans.cast.planner, plans.submitted(), declared=Declared(trade_class="V"))


# --- funding ----------------------------------------------------------------------------------------------------------
def test_funding_links(plans: Plans) -> None:
    proposal = plans.draft()
    project = make_books(plans.cast, plans.land).planned()
    link = services.link_funding(
        plans.cast.planner, proposal, funded_project=project, role="infrastructure", share=Decimal("0.5")
    )
    again = services.link_funding(plans.cast.planner, proposal, funded_project=project, role="study")
    assert (again.pk, again.role, again.share) == (link.pk, "study", 1)
    for role, share in (("gift", Decimal(1)), ("study", Decimal(0)), ("study", Decimal("1.2"))):
        with pytest.raises(InputRefused):
            services.link_funding(plans.cast.planner, proposal, funded_project=project, role=role, share=share)
    services.unlink_funding(plans.cast.planner, proposal, funded_project=project)
    services.unlink_funding(plans.cast.planner, proposal, funded_project=project)
    assert not ProposalFunding.objects.exists()
    assert log_of(proposal).filter(verb="unlink_funding").count() == 1


# --- dossier ----------------------------------------------------------------------------------------------------------
def test_the_dossier_of_a_new_cluster(plans: Plans) -> None:
    proposal = plans.draft()
    before = {line.requirement.code: line for line in dossier_state(proposal)}
    assert list(before) == [
        "to-trinh",
        "van-ban-de-nghi",
        "bao-cao-dau-tu",
        "ho-so-phap-ly-nang-luc",
        "so-do-vi-tri",
        "bang-toa-do",
    ]
    assert not any(line.ready for line in before.values())
    services.keep_version(plans.cast.planner, proposal)
    services.attach_item(plans.cast.planner, proposal, requirement="bao-cao-dau-tu", file=pdf())
    after = {line.requirement.code: line for line in dossier_state(plans.fresh(proposal))}
    assert [code for code, line in after.items() if line.ready] == [
        "to-trinh",
        "bao-cao-dau-tu",
        "so-do-vi-tri",
        "bang-toa-do",
    ]
    assert after["to-trinh"].made_by_system
    assert after["bao-cao-dau-tu"].title.startswith("Báo cáo đầu tư")


def test_a_newer_file_replaces_and_keeps_the_older(plans: Plans) -> None:
    proposal = plans.draft()
    first = services.attach_item(plans.cast.planner, proposal, requirement="bao-cao-dau-tu", file=pdf("một"))
    same = services.attach_item(plans.cast.planner, proposal, requirement="bao-cao-dau-tu", file=pdf("một"))
    newer = services.attach_item(plans.cast.colleague, proposal, requirement="bao-cao-dau-tu", file=pdf("hai"))
    first.refresh_from_db()
    assert same == first
    assert first.replaced_at is not None
    assert newer.replaced_at is None
    with first.file.open("rb") as file:
        assert "một".encode() in file.read()


def test_files_that_do_not_enter(plans: Plans) -> None:
    proposal = plans.draft()

    def attach(name: str, content: bytes, requirement: str = "bao-cao-dau-tu") -> None:
        services.attach_item(
            plans.cast.planner, proposal, requirement=requirement, file=ContentFile(content, name=name)
        )

    with pytest.raises(FormatRefused):
        attach("a.exe", b"MZ")
    with pytest.raises(FormatRefused):
        attach("a.pdf", b"<html>")
    with pytest.raises(InputRefused):
        attach("a.pdf", b"")
    with pytest.raises(InputRefused) as refused:
        attach("a.pdf", b"%PDF-1", requirement="giay-khai-sinh")
    assert refused.value.code == "ITEM_UNKNOWN"
    assert not DossierItem.objects.exists()


def test_the_name_from_outside_is_kept_as_text_only(plans: Plans) -> None:
    proposal = plans.draft()
    item = services.attach_item(
        plans.cast.planner,
        proposal,
        requirement="bao-cao-dau-tu",
        file=ContentFile(b"%PDF-1", name="../../báo cáo.PDF"),
    )
    assert item.original_name == "báo cáo.PDF"
    assert item.file.name == f"dossiers/{timezone.now().year}/{proposal.code}-bao-cao-dau-tu.pdf"


def test_acceptance_marks_the_items_and_starts_the_clock_once(plans: Plans) -> None:
    proposal = plans.under_review()
    items = DossierItem.objects.filter(proposal=proposal)
    assert {(item.state, item.accepted_by) for item in items} == {(DossierItemState.ACCEPTED, plans.cast.appraiser)}
    accepted_at = proposal.dossier_accepted_at
    services.return_for_changes(plans.cast.appraiser, proposal, reasons=["dossier"], text="Thay báo cáo.")
    services.attach_item(plans.cast.planner, proposal, requirement="bao-cao-dau-tu", file=pdf("mới"))
    services.submit(plans.cast.planner, proposal)
    services.accept_dossier(plans.cast.appraiser, proposal)
    assert plans.fresh(proposal).dossier_accepted_at == accepted_at


def test_an_incomplete_dossier_is_not_accepted(plans: Plans) -> None:
    proposal = plans.submitted()
    DossierItem.objects.filter(requirement__code="bao-cao-dau-tu").update(replaced_at=timezone.now())
    with pytest.raises(TransitionRefused) as refused:
        services.accept_dossier(plans.cast.appraiser, proposal)
    assert refused.value.code == "ITEM_MISSING"


def test_the_requirements_of_the_day_of_submission_bind(plans: Plans) -> None:
    proposal = plans.submitted()
    line = dossier_state(proposal)[1].requirement
    type(line).objects.filter(pk=line.pk).update(valid_to=date(2020, 1, 1), valid_from=date(2019, 1, 1))
    type(line).objects.create(
        proposal_kind="new_cluster",
        code="moi",
        title_vi="Mới",
        title_en="New",
        instrument=line.instrument,
        valid_from=date(2999, 1, 1),
    )
    assert "moi" not in [line.requirement.code for line in dossier_state(proposal)]


# --- comments ---------------------------------------------------------------------------------------------------------
def test_a_pin_notices_that_its_place_changed(plans: Plans) -> None:
    proposal = plans.submitted(zone(2_000, 2_000))
    here = services.add_comment(
        plans.cast.appraiser, proposal, text="Góc này", anchor="place", place=point(2_000, 2_000)
    )
    there = services.add_comment(
        plans.cast.appraiser, proposal, text="Góc kia", anchor="place", place=point(2_500, 2_500)
    )
    services.return_for_changes(plans.cast.appraiser, proposal, reasons=["boundary"], text="Sửa.")
    assert [thread.place_changed for thread in threads_of(plans.fresh(proposal))] == [False, False]
    services.save_draft(plans.cast.planner, proposal, row_version=2, geom=zone(2_020, 2_020, 480))
    services.keep_version(plans.cast.planner, proposal)
    threads = {thread.opening.pk: thread for thread in threads_of(plans.fresh(proposal))}
    assert threads[here.pk].place_changed
    assert not threads[there.pk].place_changed
    assert [thread.number for thread in threads.values()] == [1, 2]
    assert all(thread.waits_for_answer for thread in threads.values())


def test_threads_are_answered_and_closed_in_order(plans: Plans) -> None:
    proposal = plans.submitted()
    comment = services.add_comment(plans.cast.appraiser, proposal, text="Một")
    answer = services.answer_comment(plans.cast.planner, proposal, comment=comment, text="Hai")
    further = services.answer_comment(plans.cast.appraiser, proposal, comment=answer, text="Ba")
    assert further.parent_id == comment.pk
    with pytest.raises(NotAllowed):
        services.close_comment(plans.cast.planner, proposal, comment=comment, outcome="done")
    with pytest.raises(InputRefused):
        services.close_comment(plans.cast.appraiser, proposal, comment=comment, outcome="not_accepted")
    with pytest.raises(InputRefused):
        services.close_comment(plans.cast.appraiser, proposal, comment=comment, outcome="maybe")
    closed = services.close_comment(
        plans.cast.appraiser, proposal, comment=answer, outcome="not_accepted", note="Lý do"
    )
    assert (closed.pk, closed.closed_by, closed.outcome_note) == (comment.pk, plans.cast.appraiser, "Lý do")
    with pytest.raises(Conflict):
        services.answer_comment(plans.cast.planner, proposal, comment=comment, text="Bốn")
    (thread,) = threads_of(proposal)
    assert thread.closed
    assert [row.text for row in thread.answers] == ["Hai", "Ba"]


def test_a_thread_of_another_proposal_is_not_found(plans: Plans) -> None:
    first, second = plans.submitted(), plans.submitted()
    comment = services.add_comment(plans.cast.appraiser, first, text="Một")
    for call in (
        lambda: services.answer_comment(plans.cast.planner, second, comment=comment, text="x"),
        lambda: services.close_comment(plans.cast.appraiser, second, comment=comment, outcome="done"),
    ):
        with pytest.raises(NotFound):
            call()


@pytest.mark.parametrize("options", [{"text": " "}, {"text": "x", "anchor": "place"}, {"text": "x", "anchor": "moon"}])
def test_bad_comments_are_refused(plans: Plans, options: dict[str, str]) -> None:
    proposal = plans.submitted()
    with pytest.raises(InputRefused):
        services.add_comment(plans.cast.appraiser, proposal, **options)  # type: ignore[arg-type]


# --- returns, appraisal, withdrawal -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reasons", "text", "code"),
    [
        ([], "x", "RETURN_REASON_MISSING"),
        (["bad"], "x", "RETURN_REASON_MISSING"),
        (["need"], " ", "RETURN_TEXT_MISSING"),
    ],
)
def test_a_return_needs_reason_and_words(plans: Plans, reasons: list[str], text: str, code: str) -> None:
    proposal = plans.submitted()
    with pytest.raises(InputRefused) as refused:
        services.return_for_changes(plans.cast.appraiser, proposal, reasons=reasons, text=text)
    assert refused.value.code == code
    assert plans.fresh(proposal).state == State.SUBMITTED


def test_an_appraisal_needs_words(plans: Plans) -> None:
    with pytest.raises(InputRefused):
        services.appraise(plans.cast.appraiser, plans.under_review(), recommends=True, note="")


def test_withdrawn_is_the_end(plans: Plans) -> None:
    proposal = plans.in_state(State.WITHDRAWN)
    with pytest.raises(TransitionRefused):
        services.save_draft(plans.cast.planner, proposal, row_version=2, geom=zone(0, 0))
