"""What do approval and survey change in the books? The cluster, its decided and measured boundary, its dated areas.

It opens no transaction: it is a part of recording the decision or accepting measurements; the register's own verbs do
the writing.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.contrib.gis.geos import MultiPolygon
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from layers.vetting import STORED, call, vet
from planning.people.models import User
from planning.proposals.models import Decision, LandUse, Proposal, ProposalKind, ZoneVersion
from planning.registers.models import (
    AreaKind,
    BoundaryKind,
    ClusterArea,
    ClusterBoundary,
    ClusterKind,
    IndustrialCluster,
    Lifecycle,
)
from planning.registers.services import record_boundary, register_cluster

KIND_OF_CLUSTER = {
    ProposalKind.NEW_CLUSTER: ClusterKind.CLUSTER,
    ProposalKind.CRAFT_VILLAGE_CLUSTER: ClusterKind.CRAFT_VILLAGE_CLUSTER,
}
INDUSTRIAL_USES = (LandUse.FACTORY, LandUse.CRAFT_FACTORY)
DECISION_LENGTH = 120
SOURCE_LENGTH = 240


def enter_approved_boundary(actor: User, proposal: Proposal, decision: Decision) -> IndustrialCluster | None:
    """Enter the boundary of an approving *decision* as the valid one of its cluster; return the cluster.

    A new cluster is entered as established on the day of the decision; for an expansion or adjustment the older
    boundary ends the day before. An expansion that draws only the land added is entered together with the land the
    cluster has. Proposals about the plan list change no cluster: None.
    """
    kind = ProposalKind(proposal.kind)
    if kind in KIND_OF_CLUSTER:
        cluster = _new_cluster(actor, proposal, decision, KIND_OF_CLUSTER[kind])
    elif proposal.expands is not None:
        cluster = proposal.expands
    else:
        return None
    whole = (
        _with_present_land(cluster, decision.version.geom) if kind == ProposalKind.EXPANSION else decision.version.geom
    )
    boundary = record_boundary(
        actor,
        cluster,
        whole,
        kind=BoundaryKind.DECIDED,
        valid_from=decision.decided_on,
        decision=decision.number[:DECISION_LENGTH],
        proposal_code=proposal.code,
    )
    _enter_areas(cluster, boundary, decision)
    return cluster


def enter_measured_boundary(
    actor: User, proposal: Proposal, measured: ZoneVersion, approved: ZoneVersion
) -> ClusterBoundary | None:
    """Enter the *measured* boundary of a proposal in the place of the *approved* one; None when it made no cluster.

    It holds from today on, or from the day after the present boundary began: a boundary holds for whole days. Of an
    expansion the land the cluster had before stays with it. Dated areas stay those of the decision.
    """
    cluster = proposal.cluster
    if cluster is None:
        return None
    decided = (
        ClusterBoundary.objects.filter(cluster=cluster, proposal_code=proposal.code, kind=BoundaryKind.DECIDED)
        .order_by("-valid_from")
        .first()
    )
    whole = measured.geom
    if decided is not None and decided.geom_hash != approved.geom_hash:  # entered together with the land before it
        before = ClusterBoundary.objects.filter(
            cluster=cluster, valid_to=decided.valid_from - timedelta(days=1)
        ).first()
        if before is not None:
            whole = vet(call("union", measured.geom, before.geom).geoms[0], STORED).geom
    present = ClusterBoundary.objects.filter(cluster=cluster, valid_to__isnull=True).first()
    earliest = present.valid_from + timedelta(days=1) if present is not None else date.min
    return record_boundary(
        actor,
        cluster,
        whole,
        kind=BoundaryKind.MEASURED,
        valid_from=max(timezone.localdate(), earliest),
        decision=present.decision if present is not None else "",
        proposal_code=proposal.code,
    )


def _new_cluster(actor: User, proposal: Proposal, decision: Decision, kind: ClusterKind) -> IndustrialCluster:
    with connection.cursor() as cursor:  # address names are given one at a time, until the transaction ends
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registers.cluster.slug'))")
    return register_cluster(
        actor,
        name=proposal.name,
        kind=kind,
        lifecycle=Lifecycle.ESTABLISHED,
        unit=proposal.unit,
        valid_from=decision.decided_on,
        plan_entry=proposal.plan_entry,
        established_by=decision.number[:DECISION_LENGTH],
        established_on=decision.decided_on,
        infrastructure_owner=proposal.applicant.name if proposal.applicant is not None else "",
    )


def _with_present_land(cluster: IndustrialCluster, zone: MultiPolygon) -> MultiPolygon:
    """Return *zone*, united with the cluster's present boundary when it does not repeat it; vetted, on the grid."""
    present = ClusterBoundary.objects.filter(cluster=cluster, valid_to__isnull=True).first()
    if present is None or zone.covers(present.geom):
        return zone
    return vet(call("union", zone, present.geom).geoms[0], STORED).geom


def _enter_areas(cluster: IndustrialCluster, boundary: ClusterBoundary, decision: Decision) -> None:
    """Enter the established area; the industrial land only when the decided zone is the whole cluster."""
    _enter_area(cluster, AreaKind.ESTABLISHED, boundary.area_m2, decision)
    version = decision.version
    if boundary.geom_hash != version.geom_hash:
        return
    industrial = version.parts.filter(use__in=INDUSTRIAL_USES).aggregate(total=Sum("area_m2"))["total"]
    if industrial:
        _enter_area(cluster, AreaKind.INDUSTRIAL_LAND, industrial, decision)


def _enter_area(cluster: IndustrialCluster, kind: AreaKind, area_m2: float, decision: Decision) -> None:
    hectares = (Decimal(area_m2) / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    ClusterArea.objects.update_or_create(
        cluster=cluster,
        kind=kind,
        on=decision.decided_on,
        defaults={"area_ha": hectares, "source": decision.number[:SOURCE_LENGTH]},
    )
