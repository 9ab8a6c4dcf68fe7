"""Are appraisal, sign-off and decision really three persons, none of them the author? By guard, and by the database."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from layers.errors import TransitionRefused
from planning.people.capabilities import Role
from planning.people.models import Assignment, User
from planning.proposals import services
from planning.proposals.models import Appraisal, Decision, SignOff
from tests.proposals.plans import Plans

EVERY_OFFICE = (Role.PLANNER, Role.APPRAISER, Role.LEADER, Role.RECORDER)


def with_every_office(user: User) -> User:
    for role in EVERY_OFFICE:
        Assignment.objects.get_or_create(user=user, role=role, unit=None, valid_from=date(2025, 7, 1))
    return user


def refused_as_same_person(call: object) -> None:
    with pytest.raises(TransitionRefused) as error:
        call()  # type: ignore[operator]
    assert error.value.code == "SAME_PERSON"


def test_the_appraiser_does_not_sign_off(plans: Plans) -> None:
    proposal = plans.appraised()
    refused_as_same_person(lambda: services.sign_off(with_every_office(plans.cast.appraiser), proposal))


def test_neither_appraiser_nor_leader_records_the_decision(plans: Plans) -> None:
    proposal = plans.forwarded()
    for person in (plans.cast.appraiser, plans.cast.leader):
        held = with_every_office(person)
        refused_as_same_person(lambda who=held: plans.decide(proposal, who=who))
    assert not Decision.objects.exists()


def test_the_author_takes_part_in_none_of_it(plans: Plans) -> None:
    author = with_every_office(plans.cast.planner)
    submitted = plans.submitted()
    refused_as_same_person(lambda: services.accept_dossier(author, submitted))
    services.accept_dossier(plans.cast.appraiser, submitted)
    refused_as_same_person(lambda: services.appraise(author, submitted, recommends=True, note="x"))
    services.appraise(plans.cast.appraiser, submitted, recommends=True, note="x")
    refused_as_same_person(lambda: services.sign_off(author, submitted))


def test_who_submitted_for_the_author_counts_as_author(plans: Plans) -> None:
    proposal = plans.ready()
    services.submit(plans.cast.colleague, proposal)
    refused_as_same_person(lambda: services.accept_dossier(with_every_office(plans.cast.colleague), proposal))


def test_a_new_round_needs_three_persons_again_but_may_change_them(plans: Plans) -> None:
    proposal = plans.appraised()
    services.return_for_changes(plans.cast.leader, proposal, reasons=["need"], text="Làm rõ.")
    services.submit(plans.cast.planner, proposal)
    services.accept_dossier(plans.cast.appraiser, proposal)
    leader = with_every_office(plans.cast.leader)
    services.appraise(leader, proposal, recommends=True, note="Đủ.")
    refused_as_same_person(lambda: services.sign_off(leader, proposal))
    services.sign_off(with_every_office(plans.cast.appraiser), proposal)  # appraised round 1, not round 2


def test_the_database_tells_persons_apart_too(plans: Plans) -> None:
    proposal = plans.appraised()
    appraisal = Appraisal.objects.get(proposal=proposal)
    shared = {"proposal": proposal, "round": 1, "version": appraisal.version}
    with pytest.raises(IntegrityError, match="sign_off_by_another_person"), transaction.atomic():
        SignOff.objects.create(**shared, appraisal=appraisal, appraised_by=appraisal.by, by=appraisal.by)
    facts = {"number": "1/QĐ", "decided_on": date(2026, 1, 1), "outcome": "approved", "signer": "x", "geom_hash": "x"}
    with pytest.raises(IntegrityError, match="decision_by_a_third_person"), transaction.atomic():
        Decision.objects.create(
            **shared, **facts, by=appraisal.by, appraised_by=appraisal.by, signed_off_by=plans.cast.leader
        )
