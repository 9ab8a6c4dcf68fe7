"""Is the kept report still an answer to today's question? Same boundary, same question, same rules and editions.

It never runs the check; `planning.proposals.services.keep_version` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from planning.checks.basis import basis_on
from planning.checks.declared import Declared
from planning.checks.types import Basis, Part, Subject
from planning.proposals.models import CheckRun, Draft, Proposal, VersionKind, ZoneVersion


def subject_for(
    proposal: Proposal,
    zone: GEOSGeometry,
    parts: Sequence[Part],
    rivals: Sequence[str] | None = None,
    *,
    own_cluster: bool = False,
) -> Subject:
    """Return what the check is asked about *zone* of *proposal*: alternatives of the same need are no obstacle.

    *rivals*: the codes of these alternatives in their order, itself included, when the caller has them at hand.
    *own_cluster*: the zone was decided or staked out, so the cluster that the approval made is the zone itself and no
    neighbour.
    """
    own = (proposal.expands_id, proposal.cluster_id if own_cluster else None)
    codes = rivals
    if codes is None:
        codes = list(Proposal.objects.filter(need_id=proposal.need_id).order_by("code").values_list("code", flat=True))
    return Subject(
        zone=zone,
        kind=proposal.kind,
        unit_id=proposal.unit_id,
        parts=tuple(parts),
        plan_entry_id=proposal.plan_entry_id,
        ignore_cluster_ids=tuple(dict.fromkeys(cluster for cluster in own if cluster is not None)),
        ignore_proposal_codes=tuple(codes),
        demand_ha=None if proposal.demand_ha is None else float(proposal.demand_ha),
        declared=Declared.of(proposal.declared),
    )


def subject_of_version(proposal: Proposal, version: ZoneVersion) -> Subject:
    """Return what the check is asked about a kept *version* of *proposal*."""
    measured = version.kind == VersionKind.MEASURED
    return subject_for(proposal, version.geom, parts_of(version), own_cluster=measured)


def parts_of(version: ZoneVersion) -> list[Part]:
    """Return the kept land-use parts of *version* as the check reads them; none when the zone was not cut."""
    return [Part(use=part.use, geom=part.geom, area_m2=part.area_m2) for part in version.parts.order_by("number")]


def identical(draft: Draft, version: ZoneVersion) -> bool:
    """Tell whether *version* keeps exactly what the draft holds: boundary, cuts and uses."""
    return (
        _bytes(draft.geom) == _bytes(version.geom)
        and _bytes(draft.cuts) == _bytes(version.cuts)
        and draft.uses == version.uses
    )


def latest_run(version: ZoneVersion) -> CheckRun | None:
    """Return the newest kept run about *version*."""
    return version.check_runs.order_by("-at", "-id").first()


@dataclass(frozen=True)
class Freshness:
    """Say whether a run answers today's question, and if not, which of boundary, question or basis changed."""

    same_boundary: bool
    same_question: bool
    same_basis: bool

    @property
    def fresh(self) -> bool:
        """Tell whether nothing changed."""
        return self.same_boundary and self.same_question and self.same_basis


def freshness_of(run: CheckRun, against: Basis | None = None) -> Freshness:
    """Compare a kept *run* with what would be asked today (or against *against*)."""
    version = run.version
    basis = against if against is not None else basis_on(timezone.localdate())
    return freshness_between(run, version, subject_of_version(version.proposal, version), basis)


def freshness_between(run: CheckRun, version: ZoneVersion, subject: Subject, against: Basis) -> Freshness:
    """Compare a kept *run* about *version* with the question *subject* asked of *against*."""
    return Freshness(
        same_boundary=run.geom_hash == version.geom_hash,
        same_question=_question(run.subject) == _question(subject.as_data()),
        same_basis=against.same_as(run.basis),
    )


def _question(subject: dict[str, object]) -> dict[str, object]:
    """Leave out what changes no answer: a new rival of the same need has no zone in the register."""
    return {key: value for key, value in subject.items() if key != "ignore_proposals"}


def _bytes(geom: GEOSGeometry | None) -> bytes | None:
    return bytes(geom.wkb) if geom is not None else None
