"""Does promotion refer to a sweep that somebody saw, and what follows it? Wrong person, wrong state, twice at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from layers.batches.run import run_batch
from layers.batches.services import cancel_batch
from layers.errors import Conflict, NotAllowed, TransitionRefused
from layers.models import Batch, Edition, EditionStatus
from planning.people.models import Event
from planning.proposals import services
from planning.proposals.after_promotion import start_recheck
from planning.proposals.models import CheckRun
from planning.proposals.queries import latest_run
from planning.proposals.services.confirm_edition import PROMOTED, confirm_edition
from planning.proposals.sweep import start_sweep
from planning.proposals.sweep_state import latest_sweep
from tests.cast import square
from tests.proposals.plans import FOREST, Plans, load_forest, zone
from tests.proposals.sweeping import confirm, redraw, stage_forest, swept
from tests.registers.books import at_once

pytestmark = pytest.mark.django_db


def status(edition: Edition) -> str:
    edition.refresh_from_db()
    return edition.status


def test_confirming_flips_the_status_and_records_what_was_seen(plans: Plans) -> None:
    plans.submitted(zone(2_000, 2_000))
    edition = stage_forest(square(2_000, 2_000, 100), by=plans.cast.steward)
    old = Edition.objects.get(status=EditionStatus.CURRENT)
    batch = swept(edition)
    assert confirm(plans.cast.appraiser, edition, batch).status == EditionStatus.CURRENT
    assert status(old) == EditionStatus.RETIRED and old.features.exists()  # kept for old reports
    event = Event.objects.get(verb=PROMOTED)
    assert (event.data["sweep"], event.data["verdicts_changed"]) == (batch.pk, 1)
    assert event.data["changes"]["gained_ha"] == 1.0
    assert set(event.data["changes"]["coverage"]) == {"gained_ha", "lost_ha"}


@pytest.mark.parametrize("who", ["planner", "leader", "steward", "inspector", "administrator", "nobody"])
def test_only_who_may_confirm_confirms(plans: Plans, who: str) -> None:
    edition = stage_forest(square(0, 0, 10))
    with pytest.raises(NotAllowed):
        confirm(getattr(plans.cast, who), edition, swept(edition))
    assert status(edition) == EditionStatus.STAGED


def test_who_loaded_it_does_not_confirm_it(plans: Plans) -> None:
    edition = stage_forest(square(0, 0, 10), by=plans.cast.appraiser)
    with pytest.raises(NotAllowed) as refused:
        confirm(plans.cast.appraiser, edition, swept(edition))
    assert refused.value.code == "FOUR_EYES"


def test_without_a_sweep_or_with_another_ones_nothing_is_promoted(plans: Plans) -> None:
    edition, other = stage_forest(square(0, 0, 10)), stage_forest(square(0, 0, 20))
    for batch in (None, swept(other)):
        with pytest.raises(TransitionRefused) as refused:
            confirm(plans.cast.appraiser, edition, batch)
        assert refused.value.code == "SWEEP_MISSING"


def test_an_unfinished_or_stopped_sweep_is_not_enough(plans: Plans) -> None:
    plans.submitted()
    edition = stage_forest(square(0, 0, 10))
    batch = start_sweep(edition, timezone.localdate())
    with pytest.raises(TransitionRefused) as running:
        confirm(plans.cast.appraiser, edition, batch)
    assert running.value.code == "SWEEP_RUNNING"
    cancel_batch(batch)
    with pytest.raises(TransitionRefused) as stopped:
        confirm(plans.cast.appraiser, edition, batch)
    assert stopped.value.code == "SWEEP_INCOMPLETE"
    assert status(edition) == EditionStatus.STAGED


def test_a_list_that_says_something_else_by_now_is_looked_at_again(plans: Plans) -> None:
    moving = plans.ready(zone(2_000, 9_000))
    edition = stage_forest(square(2_600, 9_100, 100))
    batch = swept(edition)
    redraw(plans, moving, zone(2_500, 9_000))
    with pytest.raises(Conflict) as refused:
        confirm(plans.cast.appraiser, edition, batch)
    assert refused.value.code == "SWEEP_CHANGED" and status(edition) == EditionStatus.STAGED
    seen = latest_sweep(edition)  # mended: the person looks again and confirms that list
    assert confirm(plans.cast.appraiser, edition, seen).status == EditionStatus.CURRENT


def test_what_moved_without_another_answer_does_not_stop_it(plans: Plans) -> None:
    moving = plans.ready(zone(2_000, 9_000))
    edition = stage_forest(square(15_000, 15_000, 100))
    batch = swept(edition)
    redraw(plans, moving, zone(2_500, 9_000))
    plans.submitted(zone(8_000, 8_000))
    assert confirm(plans.cast.appraiser, edition, batch).status == EditionStatus.CURRENT


def test_another_edition_promoted_meanwhile_makes_the_sweep_worthless(plans: Plans) -> None:
    edition = stage_forest(square(0, 0, 10))
    batch = swept(edition)
    road = stage_forest(square(2_000, 2_000, 100), code="road")
    confirm(plans.cast.appraiser, road, swept(road))
    with pytest.raises(TransitionRefused) as refused:
        confirm(plans.cast.appraiser, edition, batch)
    assert refused.value.code == "SWEEP_BASIS"
    assert confirm(plans.cast.appraiser, edition, swept(edition)).status == EditionStatus.CURRENT


def test_an_edition_of_tomorrow_waits(plans: Plans) -> None:
    edition = stage_forest(square(0, 0, 10))
    Edition.objects.filter(pk=edition.pk).update(effective_from="2099-01-01")
    with pytest.raises(TransitionRefused):
        confirm(plans.cast.appraiser, edition, swept(edition))


def test_a_promoted_edition_is_not_promoted_again(plans: Plans) -> None:
    edition = stage_forest(square(0, 0, 10))
    batch = swept(edition)
    confirm(plans.cast.appraiser, edition, batch)
    with pytest.raises(Conflict):
        confirm(plans.cast.appraiser, edition, batch)
    assert Event.objects.filter(verb=PROMOTED).count() == 1


def test_after_promotion_every_live_proposal_is_asked_again(plans: Plans) -> None:
    hit, far = plans.submitted(zone(2_000, 2_000)), plans.submitted(zone(2_000, 9_000))
    edition = stage_forest(square(2_000, 2_000, 100))
    confirm(plans.cast.appraiser, edition, swept(edition))
    batch = run_batch(start_recheck(edition.pk).pk)
    # near the second one the two editions say the same: it would only hear its kept answer again
    assert batch.chunks.get().result == {"asked": 1, "untouched": 1, "changed": {hit.code: "prohibited"}}
    kept = latest_run(hit.current_version)  # type: ignore[arg-type]
    assert kept is not None and (kept.verdict, kept.by) == ("prohibited", None)
    assert CheckRun.objects.filter(version=far.current_version).count() == 1
    event = Event.objects.get(verb="recheck", subject_id=str(hit.pk))  # its owner sees it on the file
    assert event.data["verdict_before"] == "clear"
    again = run_batch(start_recheck(edition.pk).pk)
    assert again.chunks.get().result["changed"] == {}


@pytest.mark.django_db(transaction=True)
def test_staging_starts_the_sweep_and_promotion_the_recheck(committed_plans: Plans) -> None:
    plans = committed_plans
    hit = plans.submitted(zone(2_000, 2_000))
    edition = stage_forest(square(2_000, 2_000, 100), by=plans.cast.steward)
    batch = latest_sweep(edition)
    assert batch is not None and batch.state == "done" and batch.params["seal"]
    confirm(plans.cast.appraiser, edition, batch)
    assert Batch.objects.filter(kind="edition_recheck", state="done").count() == 1
    kept = latest_run(hit.current_version)  # type: ignore[arg-type]
    assert kept is not None and kept.verdict == "prohibited"


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_are_one(committed_plans: Plans) -> None:
    plans = committed_plans
    plans.submitted(zone(2_000, 2_000))
    edition = stage_forest(square(2_000, 2_000, 100))
    batch = swept(edition)
    answers = at_once(6, lambda _number: confirm(plans.cast.appraiser, edition, batch).pk)
    assert [answer for answer in answers if not isinstance(answer, Exception)] == [edition.pk]
    assert all(isinstance(answer, Conflict) for answer in answers if isinstance(answer, Exception))
    assert Event.objects.filter(verb=PROMOTED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_editions_at_once_are_one(committed_plans: Plans) -> None:
    plans = committed_plans
    plans.submitted(zone(2_000, 2_000))
    editions = [stage_forest(square(2_000, 2_000, 100)), stage_forest(square(2_000, 2_000, 200))]
    batches = [swept(edition) for edition in editions]
    answers = at_once(2, lambda number: confirm(plans.cast.appraiser, editions[number], batches[number]).pk)
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert all(isinstance(answer, Conflict) for answer in answers if isinstance(answer, Exception))
    assert Edition.objects.filter(layer__code="forest_special", status=EditionStatus.CURRENT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_version_kept_while_somebody_confirms_is_never_overlooked(committed_plans: Plans) -> None:
    plans = committed_plans
    moving = plans.ready(zone(2_000, 9_000))
    edition = stage_forest(square(2_600, 9_100, 100))
    batch = swept(edition)
    draft = moving.draft
    services.save_draft(plans.cast.planner, moving, row_version=draft.row_version, geom=zone(2_500, 9_000))
    acts: list[Any] = [
        lambda: confirm(plans.cast.appraiser, edition, batch).pk,
        lambda: services.keep_version(plans.cast.planner, moving).pk,
    ]
    promoted, kept = at_once(2, lambda number: acts[number]())
    assert not isinstance(kept, Exception)
    if isinstance(promoted, Exception):
        assert isinstance(promoted, Conflict) and status(edition) == EditionStatus.STAGED
        return
    # confirmed first: the version was kept after it, or is asked again by what follows the promotion
    run_batch(start_recheck(edition.pk).pk)
    run = latest_run(plans.fresh(moving).current_version)  # type: ignore[arg-type]
    assert run is not None and run.verdict == "prohibited"


@pytest.mark.django_db(transaction=True)
def test_an_act_on_a_proposal_that_lasts_too_long_is_told(committed_plans: Plans) -> None:
    plans = committed_plans
    proposal = plans.submitted(zone(2_000, 2_000))
    edition = stage_forest(square(15_000, 15_000, 100))
    batch = swept(edition)
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        with transaction.atomic():
            type(proposal).objects.filter(pk=proposal.pk).update(name="khác")
            holding.set()
            done.wait(20)
            transaction.set_rollback(True)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    holding.wait(20)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        with pytest.raises(Conflict) as refused:
            confirm(plans.cast.appraiser, edition, batch)
        assert refused.value.code == "BUSY"
    finally:
        done.set()
        other.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    assert (
        confirm_edition(plans.cast.appraiser, edition, sweep_id=batch.pk, seal=batch.params["seal"]).status
        == EditionStatus.CURRENT
    )


def test_the_edition_before_is_not_touched_by_a_refused_confirmation(plans: Plans) -> None:
    old = load_forest(square(*FOREST), number=7)
    edition = stage_forest(square(0, 0, 10))
    with pytest.raises(TransitionRefused):
        confirm(plans.cast.appraiser, edition, None)
    assert status(old) == EditionStatus.CURRENT
