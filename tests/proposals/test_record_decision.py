"""Is a decision recorded once, about the right boundary, with its facts? And what it changes in the books."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.gis.geos import MultiPolygon
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from layers.errors import Conflict, DatNgheError, FormatRefused, InputRefused, LimitExceeded, TransitionRefused
from planning.proposals import services
from planning.proposals.models import Decision, ProposalKind, State, ZoneVersion
from planning.registers.models import ClusterBoundary, ClusterKind, IndustrialCluster, Lifecycle
from tests.proposals.plans import Plans, zone


def stored_files() -> list[Path]:
    root = Path(settings.MEDIA_ROOT) / "decisions"
    return [path for path in root.rglob("*") if path.is_file()] if root.exists() else []


def test_facts_are_kept(plans: Plans) -> None:
    proposal = plans.forwarded()
    decision = plans.decide(
        proposal,
        number=" 12/QĐ-UBND ",
        signer_title="Chủ tịch",
        conditions=[{"text": "Giữ hành lang suối", "at": [1, 2]}],
    )
    assert (decision.number, decision.signer_title) == ("12/QĐ-UBND", "Chủ tịch")
    assert decision.conditions == [{"text": "Giữ hành lang suối", "at": [1, 2]}]
    assert (decision.by, decision.appraised_by, decision.signed_off_by) == (
        plans.cast.recorder,
        plans.cast.appraiser,
        plans.cast.leader,
    )
    assert len(decision.file_sha256) == 64
    assert len(stored_files()) == 1
    assert decision.file.name.endswith(".pdf")


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"outcome": "annulled"}, InputRefused, "OUTCOME_UNKNOWN"),
        ({"number": "  "}, InputRefused, "NUMBER_MISSING"),
        ({"signer": ""}, InputRefused, "SIGNER_MISSING"),
        ({"decided_on": date(2999, 1, 1)}, InputRefused, "DECISION_DATE"),
        ({"decided_on": date(2020, 1, 1)}, InputRefused, "DECISION_DATE"),
        ({"file": ContentFile(b"", name="a.pdf")}, InputRefused, "FILE_EMPTY"),
        ({"file": ContentFile(b"<svg/>", name="a.svg")}, FormatRefused, "FORMAT_UNSUPPORTED"),
        ({"file": ContentFile(b"MZ...", name="a.pdf")}, FormatRefused, "FORMAT_MISMATCH"),
        ({"file": ContentFile(b"%PDF-" + bytes(51 * 1024 * 1024), name="a.pdf")}, LimitExceeded, "UPLOAD_TOO_LARGE"),
        ({"geom_hash": "0" * 64}, TransitionRefused, "VERSION_MISMATCH"),
    ],
)
def test_wrong_facts_are_refused(
    plans: Plans, changes: dict[str, object], error: type[DatNgheError], code: str
) -> None:
    proposal = plans.forwarded()
    with pytest.raises(error) as refused:
        plans.decide(proposal, **changes)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert refused.value.message
    assert not Decision.objects.exists()
    assert stored_files() == []
    assert plans.fresh(proposal).state == State.FORWARDED


def test_another_version_is_refused(plans: Plans) -> None:
    proposal = plans.forwarded()
    other = plans.draft()
    version = services.keep_version(plans.cast.planner, other)
    with pytest.raises(TransitionRefused) as refused:
        plans.decide(proposal, version=version, geom_hash=version.geom_hash)
    assert refused.value.code == "VERSION_MISMATCH"


def test_a_number_is_used_once(plans: Plans) -> None:
    plans.decide(plans.forwarded(), number="7/QĐ-UBND")
    second = plans.forwarded()
    with pytest.raises(Conflict) as refused:
        plans.decide(second, number="7/QĐ-UBND ")
    assert refused.value.code == "NUMBER_TAKEN"
    assert len(stored_files()) == 1


def test_two_clusters_of_one_name_have_two_addresses(plans: Plans) -> None:
    proposals = [plans.forwarded(), plans.forwarded()]
    for proposal in proposals:
        type(proposal).objects.filter(pk=proposal.pk).update(name="Cụm Ea Đar")
        plans.decide(proposal)
    assert sorted(IndustrialCluster.objects.values_list("slug", flat=True)) == ["cum-ea-dar", "cum-ea-dar-2"]


def test_a_craft_village_cluster_is_entered_as_one(plans: Plans) -> None:
    proposal = plans.submitted(kind=ProposalKind.CRAFT_VILLAGE_CLUSTER)
    services.accept_dossier(plans.cast.appraiser, proposal)
    services.appraise(plans.cast.appraiser, proposal, recommends=True, note="Đủ.")
    services.sign_off(plans.cast.leader, proposal)
    plans.decide(plans.fresh(proposal))
    cluster = plans.fresh(proposal).cluster
    assert cluster is not None
    assert (cluster.kind, cluster.lifecycle) == (ClusterKind.CRAFT_VILLAGE_CLUSTER, Lifecycle.ESTABLISHED)


@pytest.mark.parametrize(
    ("drawn", "area_m2"),
    [
        (zone(1_000, 1_000, 700), 490_000),  # the whole cluster after expansion
        (zone(1_500, 1_000, 500), 500_000),  # only the land added, next door
        (zone(1_400, 1_000, 500), 450_000),  # the land added, overlapping by 100 m
    ],
)
def test_an_expansion_follows_the_older_boundary(plans: Plans, drawn: MultiPolygon, area_m2: float) -> None:
    first = plans.approved(zone(1_000, 1_000))
    cluster = first.cluster
    assert cluster is not None
    long_ago = timezone.localdate() - timedelta(days=400)
    ClusterBoundary.objects.filter(cluster=cluster).update(valid_from=long_ago)
    wider = plans.start_expansion(cluster, drawn)
    plans.decide(wider)
    old, new = ClusterBoundary.objects.filter(cluster=cluster).order_by("valid_from")
    assert old.valid_to == new.valid_from - timedelta(days=1)
    assert new.valid_to is None
    assert new.area_m2 == pytest.approx(area_m2)
    assert IndustrialCluster.objects.count() == 1
    established = cluster.areas.get(kind="established", on=new.valid_from)
    assert float(established.area_ha) == pytest.approx(area_m2 / 10_000)


def test_a_broken_geometry_is_noticed(plans: Plans) -> None:
    """Somebody with the owner's rights changed the boundary behind the guard: the decision is refused."""
    proposal = plans.forwarded()
    version = proposal.current_version
    assert version is not None
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE proposals_zoneversion DISABLE TRIGGER append_only")
        cursor.execute("UPDATE proposals_zoneversion SET geom = ST_Translate(geom, 1, 0) WHERE id = %s", [version.pk])
        cursor.execute("ALTER TABLE proposals_zoneversion ENABLE TRIGGER append_only")
    with pytest.raises(TransitionRefused) as refused:
        plans.decide(proposal, version=ZoneVersion.objects.get(pk=version.pk))
    assert refused.value.code == "VERSION_MISMATCH"
