"""Does the sweep say whose verdict a staged edition would change, exactly as the check itself would answer?"""

from __future__ import annotations

import pytest
from django.utils import timezone

from layers.batches.run import run_batch
from layers.errors import Conflict
from layers.models import Batch, BatchState, ChunkState
from planning.checks.basis import basis_on, basis_with, forget_basis
from planning.checks.engine import check_report
from planning.checks.types import Level
from planning.proposals import sweep
from planning.proposals.freshness import parts_of, subject_for
from planning.proposals.models import CheckRun, Proposal
from planning.proposals.sweep import rows_of, seal_of, start_sweep
from planning.proposals.sweep_state import latest_sweep, mend, state_of
from planning.proposals.untouched import touched
from planning.registers.models import ClusterBoundary
from tests.cast import Cast, multi, rectangle, square
from tests.layers.make import make_layer
from tests.proposals.plans import FOREST, Plans, zone
from tests.proposals.sweeping import confirm, redraw, stage_forest, swept

pytestmark = pytest.mark.django_db


def by_code(batch: Batch) -> dict[str, dict]:
    return {row["code"]: row for row in rows_of(batch)}


def test_a_verdict_that_would_change_is_told_with_its_rule_and_hectares(plans: Plans) -> None:
    hit, far = plans.submitted(zone(2_000, 2_000)), plans.submitted(zone(2_000, 9_000))
    edition = stage_forest(square(*FOREST), square(2_000, 2_000, 100))
    batch = swept(edition)
    assert batch.state == BatchState.DONE and latest_sweep(edition) == batch
    rows = by_code(batch)
    assert set(rows) == {hit.code, far.code}
    row = rows[hit.code]
    assert (row["before"], row["after"], row["changed"], row["differs"]) == ("clear", "prohibited", True, True)
    (rule,) = row["rules"]
    assert (rule["rule"], rule["outcome"], rule["overlap_ha"]) == ("forest", ["clear", "conflict"], [None, 1.0])
    (feature,) = rule["features"]
    assert (feature["name"], feature["change"], feature["overlap_ha"]) == ("Rừng 1", "new", 1.0)
    assert not rows[far.code]["changed"]
    assert CheckRun.objects.count() == 2  # a sweep keeps no run: nothing has changed yet


def test_what_the_sweep_says_is_what_the_check_answers_one_by_one(plans: Plans) -> None:
    drafts = [plans.ready(zone(2_000 + 700 * number, 2_000)) for number in range(3)]
    drafts += [plans.ready(zone(5_200, 5_200)), plans.appraised(zone(9_000, 9_000))]
    approved = plans.approved(zone(12_000, 2_000))
    edition = stage_forest(square(5_600, 5_000, 1_000), square(2_100, 1_900, 900), square(12_100, 2_100, 50))
    rows = by_code(swept(edition))
    now = basis_on(timezone.localdate())
    then = basis_with(now, editions=[edition.pk])
    for proposal in drafts:
        version = proposal.current_version
        assert version is not None
        subject = subject_for(proposal, version.geom, parts_of(version))
        before, after = (check_report(subject, basis, level=Level.STORED) for basis in (now, then))
        row = rows[proposal.code]
        assert (row["before"], row["after"]) == (before.verdict.value, after.verdict.value)
        assert row["differs"] == (before.findings_hash != after.findings_hash)
    boundary = ClusterBoundary.objects.get(proposal_code=approved.code)
    row = rows[boundary.cluster.slug]
    assert (row["before"], row["after"]) == ("clear", "prohibited")
    assert row["rules"][0]["overlap_ha"] == [None, 0.25]


def test_an_approved_cluster_is_asked_about_land_only(plans: Plans) -> None:
    plans.approved(zone(12_000, 2_000))
    edition = stage_forest(square(*FOREST))
    asked = sweep._subjects(list(sweep.stamps_now(timezone.localdate())), *bases(edition))
    (cluster,) = asked
    assert {rule.code for rule in cluster.basis.rules} == {"forest", "road"}
    assert cluster.subject.ignore_cluster_ids  # it does not run into itself


def bases(edition):
    now = basis_on(timezone.localdate())
    return now, basis_with(now, editions=[edition.pk])


def test_withdrawn_and_unkept_proposals_are_not_asked(plans: Plans) -> None:
    plans.in_state("withdrawn")
    plans.in_state("refused")
    assert rows_of(swept(stage_forest(square(0, 0, 10)))) == []


def test_an_edition_that_changes_nothing_for_anybody_says_so(plans: Plans) -> None:
    plans.submitted()
    (row,) = rows_of(swept(stage_forest(square(*FOREST))))
    assert not row["changed"] and not row["differs"] and row["rules"] == []


def test_a_sweep_stops_when_the_rules_change_under_it(plans: Plans) -> None:
    plans.submitted()
    batch = start_sweep(stage_forest(square(0, 0, 10)), timezone.localdate())
    Batch.objects.filter(pk=batch.pk).update(params={**batch.params, "basis": "another"})
    batch = run_batch(batch.pk)
    assert batch.state == BatchState.FAILED
    assert sweep.BASIS_CHANGED in batch.chunks.get().error


def test_a_chunk_done_twice_says_the_same(plans: Plans) -> None:
    plans.submitted(zone(2_000, 2_000))
    batch = swept(stage_forest(square(2_000, 2_000, 100)))
    chunk = batch.chunks.get()
    assert sweep.work(batch.params, chunk.params) == chunk.result


def test_what_is_open_after_a_stop_is_asked_on_resuming(plans: Plans, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "CHUNK", 1)
    for number in range(3):
        plans.submitted(zone(2_000 + 700 * number, 2_000))
    batch = start_sweep(stage_forest(square(0, 0, 10)), timezone.localdate())
    first = batch.chunks.get(number=1)
    first.result, first.state = sweep.work(batch.params, first.params), ChunkState.DONE
    first.save()
    assert (state_of(batch).done, state_of(batch).total) == (1, 3)
    done = run_batch(batch.pk)
    assert done.state == BatchState.DONE and len(rows_of(done)) == 3
    assert done.chunks.get(number=1).attempts == 0  # what was done stayed done
    assert done.params["seal"] == seal_of(rows_of(done))


def test_mending_asks_again_only_about_what_moved(plans: Plans) -> None:
    still, moving = plans.submitted(zone(2_000, 2_000)), plans.ready(zone(2_000, 9_000))
    batch = swept(stage_forest(square(2_600, 9_100, 100)))
    assert not mend(batch) and batch.chunks.count() == 1
    redraw(plans, moving, zone(2_500, 9_000))
    assert mend(batch)  # it says something else now
    assert batch.chunks.count() == 2
    assert batch.chunks.get(number=2).params == {"subjects": [f"proposal:{moving.pk}"]}
    rows = by_code(batch)
    assert (rows[moving.code]["before"], rows[moving.code]["after"]) == ("clear", "prohibited")
    assert not rows[still.code]["changed"]
    assert not mend(batch)


def test_a_new_promise_to_somebody_makes_all_be_asked_again(plans: Plans) -> None:
    neighbour = plans.submitted(zone(2_000, 2_000))
    forwarded = plans.forwarded(zone(2_250, 2_000))
    batch = swept(stage_forest(square(0, 0, 10)))
    plans.decide(forwarded)
    mend(batch)
    rows = by_code(batch)
    assert forwarded.code not in rows  # decided: no longer live
    assert rows[neighbour.code]["before"] == "prohibited"


def test_too_much_moved_is_a_sweep_of_its_own(plans: Plans, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planning.proposals.sweep_state.MENDED_AT_ONCE", 0)
    batch = swept(stage_forest(square(0, 0, 10)))
    plans.submitted()
    with pytest.raises(Conflict) as refused:
        mend(batch)
    assert refused.value.code == "SWEEP_STALE"


def test_without_rules_there_is_nothing_to_sweep(cast: Cast) -> None:
    forget_basis()
    make_layer("forest_special")
    edition = stage_forest(square(0, 0, 10))
    batch = swept(edition)
    assert batch.state == BatchState.DONE and rows_of(batch) == []
    assert confirm(cast.appraiser, edition, batch).status == "current"


def test_the_seal_tells_verdicts_not_names(plans: Plans) -> None:
    proposal = plans.submitted(zone(2_000, 2_000))
    rows = rows_of(swept(stage_forest(square(2_000, 2_000, 100))))
    renamed = [{**row, "name": "khác"} for row in rows]
    assert seal_of(rows) == seal_of(renamed) == seal_of(list(reversed(rows)))
    assert seal_of(rows) != seal_of([{**row, "after": "clear"} for row in rows])
    assert Proposal.objects.get(pk=proposal.pk).row_version == proposal.row_version


def test_where_nothing_differs_nothing_is_asked(plans: Plans, monkeypatch: pytest.MonkeyPatch) -> None:
    far, near = plans.submitted(zone(2_000, 9_000)), plans.submitted(zone(2_000, 2_000))
    edition = stage_forest(square(*FOREST), square(2_600, 2_100, 100))
    asked: list[float] = []
    whole = sweep.check_report

    def counted(subject, *args, **options):
        asked.append(subject.zone.extent[1])
        return whole(subject, *args, **options)

    monkeypatch.setattr(sweep, "check_report", counted)
    rows = by_code(swept(edition))
    # the forest itself was published under another name and identifier, four kilometres from both
    assert set(asked) == {near.current_version.geom.extent[1]}
    assert (rows[far.code]["before"], rows[far.code]["differs"]) == ("clear", False)


@pytest.mark.parametrize("metres", [150.0, 990.0, 999.9, 1_000.1, 1_500.0])
def test_untouched_means_that_the_check_answers_the_same(plans: Plans, metres: float) -> None:
    proposal = plans.submitted(zone(2_000, 2_000))
    edition = stage_forest(square(*FOREST), square(2_500 + metres, 2_000, 100))
    now, then = bases(edition)
    subject = subject_for(proposal, proposal.current_version.geom, parts_of(proposal.current_version))
    answers = [check_report(subject, basis, level=Level.STORED).canonical_bytes() for basis in (now, then)]
    if not touched(subject, "forest_special", now, then):
        assert answers[0] == answers[1]
    assert touched(subject, "forest_special", now, then) == (metres < 1_001)


def test_another_coverage_of_the_zone_touches_it(plans: Plans) -> None:
    proposal = plans.submitted(zone(2_000, 2_000))
    subject = subject_for(proposal, proposal.current_version.geom, ())
    edition = stage_forest(square(*FOREST), coverage=multi(rectangle(0, 0, 2_250, 30_000)))
    assert touched(subject, "forest_special", *bases(edition))
    close = stage_forest(square(*FOREST), coverage=multi(rectangle(0, 0, 3_400, 30_000)))  # 900 m beyond the zone
    assert touched(subject, "forest_special", *bases(close))
    wide = stage_forest(square(*FOREST), coverage=multi(rectangle(0, 0, 22_500, 30_000)))
    assert not touched(subject, "forest_special", *bases(wide))
