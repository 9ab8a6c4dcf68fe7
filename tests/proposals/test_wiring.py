"""Does an act start the work that follows from it: after the commit, once, never when the act fails?"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from planning.people.models import Event
from planning.people.services import record_event
from planning.proposals import services
from planning.proposals.jobs import recheck_neighbours
from planning.proposals.models import CheckRun
from planning.proposals.queries import latest_run
from project import wiring
from tests.proposals.plans import Plans, zone


def test_every_path_of_the_table_is_a_job() -> None:
    for verb in wiring.WIRING:
        assert all(isinstance(job, Task) for job in wiring.jobs_for(verb)), verb
    assert wiring.jobs_for("no such event") == ()


def test_connecting_twice_starts_a_job_once(plans: Plans, django_capture_on_commit_callbacks: Any) -> None:
    wiring.connect()
    with django_capture_on_commit_callbacks() as callbacks:
        plans.approved()
    assert len([call for call in callbacks if getattr(call, "func", None) == recheck_neighbours.enqueue]) == 1


def test_a_job_row_stands_and_falls_with_the_act(db: None, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    with transaction.atomic():
        record_event(None, "decision_recorded", ("proposals.proposal", "1"), {"decision": 1})
    assert DBTaskResult.objects.count() == 1
    with pytest.raises(RuntimeError), transaction.atomic():
        record_event(None, "decision_recorded", ("proposals.proposal", "1"), {"decision": 1})
        raise RuntimeError
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_approval_makes_its_neighbours_look_again(committed_plans: Plans) -> None:
    plans = committed_plans
    neighbour = plans.submitted(zone(2_000, 9_000))
    far = plans.submitted(zone(2_000, 15_000))
    before = latest_run(neighbour.current_version)  # type: ignore[arg-type]
    assert before is not None
    assert before.verdict != "prohibited"
    plans.approved(zone(2_250, 9_000))
    after = latest_run(neighbour.current_version)  # type: ignore[arg-type]
    assert after is not None
    assert after.verdict == "prohibited"
    assert after.by is None
    event = Event.objects.get(verb="recheck")
    assert (event.subject_id, event.data["verdict_before"]) == (str(neighbour.pk), before.verdict)
    assert CheckRun.objects.filter(version=far.current_version).count() == 1
    decided = Event.objects.get(verb="decision_recorded")
    assert recheck_neighbours.call(decided.pk) == 0  # run twice: the answer is known already


def test_a_recheck_without_news_keeps_nothing(plans: Plans) -> None:
    assert services.recheck(plans.submitted()) is None
    assert services.recheck(plans.draft()) is None
