"""Does one command put the whole demo province together, honestly marked, and does running it again change nothing?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db.models import F, Model
from django.test import Client

from layers.intake import read_vector_file, to_zone
from layers.models import AdminSuccession, AdminUnit, BatchState, Edition, EditionStatus, Layer
from layers.queries import communes_of_former, former_district_of
from mapping.demo_people import card_of
from mapping.desks.public.guide import STEPS
from planning.checks.models import Rule
from planning.people.models import Assignment, Event, User
from planning.people.queries import can
from planning.proposals.models import (
    Comment,
    Proposal,
    ReturnState,
    Screening,
    SiteSearch,
    State,
    SurveyReturn,
)
from planning.proposals.survey_comparison import comparison_of_return
from planning.registers.models import (
    Allocation,
    ClusterBoundary,
    CraftVillage,
    FundedProject,
    FundedProjectState,
    IndustrialCluster,
    Party,
    PlanListEntry,
)
from project.demo.loader import load_demo

pytestmark = pytest.mark.django_db

RULE_LAYERS = {
    *("forest_special", "forest_protection", "land_parcel", "water", "reservoir", "lake", "residential", "dwelling"),
    *("road", "power_line", "heritage", "slope", "industrial_park", "economic_zone", "border_belt", "land_use_plan"),
    *("active_project", "mineral", "forest_cover", "water_corridor", "water_intake", "intake_point", "cemetery"),
    *("landfill", "canal", "railway", "airport", "military_consult", "coastline", "flood"),
}


def test_units_carry_their_history(demo: list[str]) -> None:
    communes = AdminUnit.objects.of_level("commune").valid_on(date(2026, 11, 22))
    districts = AdminUnit.objects.of_level("district")
    assert (communes.count(), districts.count()) == (102, 24)
    assert not districts.valid_on(date(2025, 7, 1)).exists()
    assert all(unit.schematic and "sơ đồ minh hoạ" in unit.source.lower() for unit in communes)
    ea_kar = communes.get(name="Ea Kar")
    old = former_district_of(ea_kar)
    assert old is not None
    assert old.name == "Ea Kar"
    assert {unit.name for unit in communes_of_former(old)} == {"Ea Kar", "Ea Knốp", "Ea Păl", "Ea Ô", "Cư Yang"}
    for district in districts:
        shares = AdminSuccession.objects.filter(predecessor=district).values_list("share", flat=True)
        assert abs(float(sum(shares)) - 1) < 1e-4, district


def test_every_layer_the_rules_ask_for_has_a_current_edition(demo: list[str]) -> None:
    current = {e.layer.code: e for e in Edition.objects.filter(status=EditionStatus.CURRENT).select_related("layer")}
    assert set(current) >= RULE_LAYERS
    assert all(edition.schematic and edition.parts_built for edition in current.values())
    assert all(edition.report["repair_count"] == 0 for edition in current.values())
    assert 3_500 < current["land_parcel"].feature_count < 5_000
    asked = {layer for layer in Rule.objects.values_list("layer_code", flat=True) if layer}
    assert asked - set(current) == {"landslide"}  # one question without data: shown as not checked, never as clear
    assert Layer.objects.filter(code="landslide", editions__isnull=True).exists()


def test_the_demo_proposals_keep_their_verdicts(demo: list[str]) -> None:
    verdicts = {
        p.name: p.current_version.check_runs.latest("at").verdict
        for p in Proposal.objects.exclude(current_version=None)
    }
    assert "prohibited" not in verdicts.values()
    assert verdicts["CCN Ea Kar 2 – phương án Buôn Tơng Sinh"] == "advisory"
    assert verdicts["CCN Ea Kar 2 – phương án phía bắc quốc lộ 26"] == "conditional"


def test_registers_are_filled_and_marked(demo: list[str]) -> None:
    listed = IndustrialCluster.objects.filter(proposals__isnull=True)
    assert listed.count() == 19
    assert CraftVillage.objects.count() == 25
    assert FundedProject.objects.count() == 60
    assert PlanListEntry.objects.count() >= 30
    for model in (IndustrialCluster, CraftVillage, FundedProject):
        honest = model.objects.exclude(source="").filter(illustrative=False)
        made_up = model.objects.filter(source="", illustrative=True)
        assert honest.exists()
        assert made_up.exists()
    ea_dar = listed.get(slug="ea-dar")
    assert {a.kind: float(a.area_ha) for a in ea_dar.areas.all()}["leased"] == 32.5
    assert all(abs(b.area_m2 / 1e4) > 5 for b in ClusterBoundary.objects.all())


def test_every_trade_has_an_emblem(demo: list[str]) -> None:
    for trade in CraftVillage.objects.values_list("trade", flat=True).distinct():
        assert finders.find(f"img/trades/{trade}.svg"), trade


def test_the_fund_has_every_kind_of_ending(demo: list[str]) -> None:
    states = set(FundedProject.objects.values_list("state", flat=True))
    assert states == set(FundedProjectState.values)
    late = FundedProject.objects.filter(settlement__settled_on__gt=F("allocation__fund_year__settlement_due"))
    assert 3 <= late.count() <= 8
    assert FundedProject.objects.filter(recoverable=True).count() == 1
    assert Allocation.objects.filter(imported_overrun_vnd__gt=0).count() == 1
    years = FundedProject.objects.values_list("allocation__fund_year__year", flat=True)
    assert max(years) - min(years) >= 10


def test_no_natural_person_is_named(demo: list[str]) -> None:
    for party in Party.objects.filter(kind="household"):
        assert party.name.startswith("Hộ kinh doanh số")
        assert "số" not in party.public_name


def test_proposals_stand_in_every_state_with_a_dated_history(demo: list[str]) -> None:
    states = set(Proposal.objects.values_list("state", flat=True))
    wanted = {State.DRAFT, State.SUBMITTED, State.UNDER_REVIEW, State.APPRAISED, State.FORWARDED, State.APPROVED}
    assert states >= wanted | {State.REFUSED, State.WITHDRAWN, State.BEING_SURVEYED}
    returned = Proposal.objects.get(state=State.DRAFT, round=2)
    assert Comment.objects.filter(proposal=returned, closed_at__isnull=True).count() == 2
    rivals = Proposal.objects.filter(need__alternatives__alternative="B").distinct()
    assert sorted(rivals.values_list("alternative", flat=True)) == ["A", "B"]
    days = list(Event.objects.filter(subject_type="proposals.proposal").values_list("at", flat=True))
    assert max(days) - min(days) > timedelta(days=180)
    codes = Proposal.objects.order_by("created_at").values_list("code", flat=True)
    assert list(codes) == sorted(codes)
    approved = Proposal.objects.get(state=State.APPROVED)
    assert approved.cluster is not None
    assert approved.cluster.boundaries.get(valid_to__isnull=True).kind == "decided"


def test_measurements_came_back_in_every_state(demo: list[str]) -> None:
    newest = {one.proposal.name: one for one in SurveyReturn.objects.select_related("proposal", "version")}
    states = {name: (one.state, one.proposal.state) for name, one in newest.items()}
    assert states == {
        "CCN Ea Tyh": (ReturnState.SENT, State.BEING_SURVEYED),
        "CCN Ea Kly": (ReturnState.SENT_BACK, State.BEING_SURVEYED),
        "CCN Đắk Phơi": (ReturnState.ACCEPTED, State.IN_FORCE),
    }
    (mark,) = newest["CCN Ea Kly"].ruling.marks
    assert mark["corner"] == 3
    assert comparison_of_return(newest["CCN Ea Tyh"]).corners.within
    in_force = newest["CCN Đắk Phơi"].proposal
    assert in_force.cluster is not None
    assert in_force.cluster.boundaries.get(valid_to__isnull=True).kind == "measured"


def test_the_file_of_a_team_holds_the_boundary_that_was_sent(demo: list[str], tmp_path: Path) -> None:
    one = SurveyReturn.objects.get(proposal__name="CCN Ea Kly")
    path = tmp_path / one.filename
    path.write_bytes(one.file.read())
    intake = read_vector_file(path, one.filename, declared_unit=one.proposal.unit)
    assert intake.best is not None
    assert to_zone(intake, intake.best).geom.equals(one.geom)


def test_a_search_has_sites_and_a_screening_is_asked_for(demo: list[str]) -> None:
    search = SiteSearch.objects.get()
    assert search.batch is not None
    assert search.batch.state == BatchState.DONE
    assert search.candidates.count() >= 3
    screening = Screening.objects.get()
    assert screening.batch is not None
    assert screening.batch.state == BatchState.RUNNING, "left to the worker"


def test_every_step_of_the_guide_opens_for_its_people(demo: list[str]) -> None:
    for step in STEPS:
        assert all(card_of(name) is not None for name in step.people), step.title
        for name in step.people:
            client = Client()
            client.force_login(User.objects.get(username=name))
            assert client.get(step.link).status_code == 200, (step.title, name)


def test_people_may_do_what_their_office_says(demo: list[str]) -> None:
    planner = User.objects.get(username="hbia.planner")
    communes = AdminUnit.objects.of_level("commune")
    assert can(planner, "draw_proposal", communes.get(name="Ea Ô"))
    assert not can(planner, "draw_proposal", communes.get(name="Cư Bao"))
    assert planner.check_password("datnghe")
    assert Assignment.objects.count() == User.objects.count()


def test_loading_again_changes_nothing(demo: list[str]) -> None:
    def counts() -> list[int]:
        models: list[type[Model]] = [AdminUnit, Edition, IndustrialCluster, CraftVillage, FundedProject, Proposal]
        models += [Event, User, Assignment, SurveyReturn, SiteSearch, Screening]
        return [model._default_manager.count() for model in models]

    before, said = counts(), list[str]()
    load_demo(say=said.append)
    assert counts() == before
    assert any("0 editions" in line for line in said)
