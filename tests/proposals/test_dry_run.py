"""Does the trial of a draft flip exactly the proposals whose verdict the changed rule decides?"""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from layers.batches.services import run_batch, start_batch
from layers.errors import Conflict, NotAllowed
from layers.grid import geometry_hash
from layers.models import Batch, BatchState
from planning.checks.basis import forget_basis
from planning.checks.content import rule_content
from planning.checks.models import RuleSet
from planning.checks.services import open_draft, publish_rules, remove_rule, write_rule
from planning.proposals.dry_run import KIND, DryRun, result_of, start_dry_run, still_holds, trials_of, zones_of
from planning.proposals.models import CheckRun, Proposal, ZoneVersion
from planning.registers.models import ClusterBoundary, IndustrialCluster
from tests.cast import multi, square
from tests.proposals.plans import FOREST, Plans, load_forest, zone

pytestmark = pytest.mark.django_db

# The forest is the square (5 000, 5 000) + 1 000 m: one zone in it, one 200 m east of it, one far away.
INSIDE, NEAR, FAR = zone(5_500, 5_500, 500), zone(6_200, 5_000, 500), zone(2_000, 2_000, 500)


@pytest.fixture
def past(plans: Plans) -> dict[str, Proposal]:
    """Give three submitted proposals and one that was only drawn; the forest is published after they were submitted."""
    load_forest(square(40_000, 5_000, 1_000), number=2)
    plans.ready(zone(5_200, 5_200, 300))
    proposals = {name: plans.submitted(drawn) for name, drawn in (("inside", INSIDE), ("near", NEAR), ("far", FAR))}
    load_forest(square(*FOREST), number=3)
    forget_basis()
    return proposals


@pytest.fixture
def draft(past: dict[str, Proposal], plans: Plans) -> RuleSet:
    return open_draft(plans.cast.administrator)


def write(plans: Plans, draft: RuleSet, code: str, **changes: Any) -> None:
    rule = draft.rules.get(code=code)
    content = {**rule_content(rule), **changes}
    write_rule(plans.cast.administrator, draft, content, row_version=rule.row_version)


def run(plans: Plans, draft: RuleSet) -> DryRun:
    draft.refresh_from_db()
    batch = run_batch(start_dry_run(plans.cast.administrator, draft).pk)
    assert batch.state == BatchState.DONE, [chunk.error for chunk in batch.chunks.all()]
    return result_of(batch)


def verdicts(found: DryRun) -> dict[str, tuple[str, str]]:
    return {row["code"]: (row["old"], row["new"]) for row in found.rows if row["what"] == "proposal"}


def test_an_unchanged_draft_changes_no_verdict(past: dict[str, Proposal], plans: Plans, draft: RuleSet) -> None:
    found = run(plans, draft)
    assert (len(found.rows), found.flipped, found.touched, found.moves, found.rules) == (3, 0, 0, (), ())
    assert not found.stale
    row = found.rows[0]
    assert (row["code"], row["stored"], row["old"]) == (
        past["inside"].code,
        "clear",
        "prohibited",
    )  # the edition's doing


def test_a_milder_rule_frees_exactly_the_zone_it_held(past: dict[str, Proposal], plans: Plans, draft: RuleSet) -> None:
    write(plans, draft, "forest", severity="conditional")
    found = run(plans, draft)
    assert verdicts(found)[past["inside"].code] == ("prohibited", "conditional")
    assert (found.flipped, found.moves) == (1, (("prohibited", "conditional", 1),))
    assert [(rule.rule, rule.zones) for rule in found.rules] == [("forest", 1)]
    first = found.rows[0]
    assert (first["code"], first["rules"][0]["outcome"]) == (past["inside"].code, ["conflict", "condition"])


def test_a_setback_reaches_the_neighbour_too(past: dict[str, Proposal], plans: Plans, draft: RuleSet) -> None:
    write(plans, draft, "forest", question="setback", distance_m=300)
    found = run(plans, draft)
    changed = {code for code, (old, new) in verdicts(found).items() if old != new}
    assert changed == {past["near"].code}
    assert verdicts(found)[past["near"].code][1] == "prohibited"
    assert verdicts(found)[past["inside"].code] == ("prohibited", "prohibited")


def test_a_rule_left_out_is_not_asked_any_more(past: dict[str, Proposal], plans: Plans, draft: RuleSet) -> None:
    remove_rule(plans.cast.administrator, draft, "forest", row_version=1)
    found = run(plans, draft)
    assert found.flipped == 1
    assert found.rows[0]["rules"][0]["outcome"] == ["conflict", ""]


def test_clusters_with_a_boundary_are_tried_too(past: dict[str, Proposal], plans: Plans, draft: RuleSet) -> None:
    cluster = IndustrialCluster.objects.create(
        slug="ccn-thu", name="CCN Thử", lifecycle="operating", unit=plans.land.west, valid_from="2026-01-01"
    )
    geom = multi(square(5_000, 6_100, 400))
    ClusterBoundary.objects.create(
        cluster=cluster,
        kind="decided",
        valid_from="2026-01-01",
        geom=geom,
        geom_hash=geometry_hash(geom),
        area_m2=geom.area,
    )
    write(plans, draft, "forest", question="setback", distance_m=200)
    found = run(plans, draft)
    (row,) = [row for row in found.rows if row["what"] == "cluster"]
    assert (row["code"], row["new"]) == ("ccn-thu", "prohibited")
    assert {row["code"] for row, _geom in zones_of(found.rows)} >= {"ccn-thu", past["far"].code}


def test_an_approved_zone_is_not_held_against_its_own_cluster(
    past: dict[str, Proposal], plans: Plans, draft: RuleSet
) -> None:
    approved = plans.approved(zone(3_000, 8_000, 500))
    assert approved.cluster_id is not None
    old, new = verdicts(run(plans, draft))[approved.code]
    assert (old, new) == ("clear", "clear")


def test_a_trial_stores_nothing_but_its_figures(past: dict[str, Proposal], plans: Plans, draft: RuleSet) -> None:
    write(plans, draft, "forest", severity="advisory")
    kept = (CheckRun.objects.count(), ZoneVersion.objects.count(), list(Proposal.objects.values("pk", "state")))
    run(plans, draft)
    assert kept == (
        CheckRun.objects.count(),
        ZoneVersion.objects.count(),
        list(Proposal.objects.values("pk", "state")),
    )


def test_a_draft_changed_meanwhile_says_so(past: dict[str, Proposal], plans: Plans, draft: RuleSet) -> None:
    batch = start_dry_run(plans.cast.administrator, draft)
    assert still_holds(batch, draft)
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.CANCELLED)
    again = start_batch(KIND, batch.params, [dict(chunk.params) for chunk in batch.chunks.all()])
    write(plans, draft, "forest", severity="advisory")
    found = result_of(run_batch(again.pk))
    assert found.stale and not found.rows
    assert not still_holds(again, draft)
    assert list(trials_of(draft)) == [again, batch]


def test_a_published_draft_cannot_be_tried_but_its_trial_still_reads(
    past: dict[str, Proposal], plans: Plans, draft: RuleSet
) -> None:
    write(plans, draft, "forest", severity="conditional")
    batch = start_dry_run(plans.cast.administrator, draft)
    draft.refresh_from_db()
    publish_rules(plans.cast.administrator, draft, "Nhẹ hơn", row_version=draft.row_version)
    again = start_batch(KIND, batch.params, [dict(chunk.params) for chunk in batch.chunks.all()])
    assert result_of(run_batch(again.pk)).flipped == 1  # against the version it was made from, not against itself
    draft.refresh_from_db()
    with pytest.raises(Conflict):
        start_dry_run(plans.cast.administrator, draft)


@pytest.mark.parametrize("name", ["planner", "appraiser", "steward", "inspector", "nobody"])
def test_nobody_else_starts_a_trial(plans: Plans, draft: RuleSet, name: str) -> None:
    with pytest.raises(NotAllowed):
        start_dry_run(plans.cast.everyone()[name], draft)
    assert not Batch.objects.filter(created_at__lte=timezone.now()).exists()
