"""Is this boundary still the one that counts? Current, superseded, ended, or a draft nobody has decided about.

It names no cluster and no person: what it says may be shown to anybody who holds the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from planning.proposals.models import Decision, DecisionOutcome, ZoneVersion
from planning.proposals.models.zone import VersionKind
from planning.registers.models import ClusterBoundary


class Standing(StrEnum):
    """The four answers."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    DRAFT = "draft"


@dataclass(frozen=True)
class Stand:
    """How a version stands: *by* is the number of the version that took its place, *since* the day it did."""

    standing: Standing
    decision: Decision | None = None
    by: int | None = None
    since: date | None = None

    @property
    def official(self) -> bool:
        """Tell whether the version was ever decided about or measured; else its papers are drafts."""
        return self.decision is not None


def standing_of(version: ZoneVersion) -> Stand:
    """Return how *version* stands today.

    A version counts from the decision about it, or, when it was measured, from the decision about the boundary that was
    measured. The register's open boundary of the cluster says which one is in force: a later decision on an expansion
    takes its place too.
    """
    decision = _decision(version)
    if decision is None:
        return _undecided(version)
    cluster = version.proposal.cluster_id
    in_force = ClusterBoundary.objects.filter(cluster=cluster, valid_to__isnull=True).first() if cluster else None
    annulled = decision.later_decisions.filter(outcome=DecisionOutcome.ANNULLED).exists()
    if annulled or (cluster is not None and in_force is None):
        return Stand(Standing.ENDED, decision)
    if in_force is None or in_force.geom_hash == version.geom_hash:
        return Stand(Standing.CURRENT, decision)
    successor = version.proposal.versions.filter(geom_hash=in_force.geom_hash, number__gt=version.number).last()
    return Stand(Standing.SUPERSEDED, decision, successor.number if successor else None, in_force.valid_from)


def _undecided(version: ZoneVersion) -> Stand:
    """Return how a version stands that nothing was decided about: the newest draft, or one that was overtaken."""
    newer = version.proposal.versions.filter(number__gt=version.number).order_by("number").last()
    approved = Decision.objects.filter(proposal=version.proposal_id, outcome=DecisionOutcome.APPROVED)
    if newer is None and not approved.exists():
        return Stand(Standing.DRAFT)
    return Stand(Standing.SUPERSEDED, by=newer.number if newer else None)


def _decision(version: ZoneVersion) -> Decision | None:
    approved = Decision.objects.filter(outcome=DecisionOutcome.APPROVED)
    if version.kind == VersionKind.MEASURED:
        return approved.filter(proposal=version.proposal_id, at__lte=version.at).order_by("at", "id").last()
    return approved.filter(version=version).order_by("at", "id").last()
