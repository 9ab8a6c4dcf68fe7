"""What does an approval change in the books? The cluster, its decided boundary, and its dated areas.

It opens no transaction: it is a part of recording the decision, and the register's own verbs do the writing.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.db import connection
from django.db.models import Sum

from planning.people.models import User
from planning.proposals.models import Decision, LandUse, Proposal, ProposalKind
from planning.registers.models import (
    AreaKind,
    BoundaryKind,
    ClusterArea,
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
    boundary ends the day before. Proposals about the plan list change no cluster: None.
    """
    kind = ProposalKind(proposal.kind)
    if kind in KIND_OF_CLUSTER:
        cluster = _new_cluster(actor, proposal, decision, KIND_OF_CLUSTER[kind])
    elif proposal.expands is not None:
        cluster = proposal.expands
    else:
        return None
    record_boundary(
        actor,
        cluster,
        decision.version.geom,
        kind=BoundaryKind.DECIDED,
        valid_from=decision.decided_on,
        decision=decision.number[:DECISION_LENGTH],
        proposal_code=proposal.code,
    )
    _enter_areas(cluster, decision)
    return cluster


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


def _enter_areas(cluster: IndustrialCluster, decision: Decision) -> None:
    version = decision.version
    _enter_area(cluster, AreaKind.ESTABLISHED, version.area_m2, decision)
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
