"""How full are the clusters, and where are their boundaries on a day?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import Q

from planning.registers.models import AreaKind, ClusterArea, ClusterReport, IndustrialCluster, Lifecycle

BOUNDARY_COLUMNS = (
    "boundary_id",
    "cluster_id",
    "slug",
    "name",
    "cluster_kind",
    "lifecycle",
    "boundary_kind",
    "unit_id",
    "valid_from",
    "decision",
    "proposal_code",
    "geom_hash",
    "area_m2",
    "geom",
)
"""The columns of the SQL function ``cluster_boundaries_asof(day)``; a contract with the checks."""

WORKING = (Lifecycle.ESTABLISHED, Lifecycle.BUILDING, Lifecycle.OPERATING, Lifecycle.EXPANDING)


@dataclass(frozen=True)
class Boundary:
    """One cluster's boundary on a day; geometry in the storage CRS."""

    boundary_id: int
    cluster_id: int
    slug: str
    name: str
    cluster_kind: str
    lifecycle: str
    boundary_kind: str
    unit_id: int
    valid_from: date
    decision: str
    proposal_code: str
    geom_hash: str
    area_m2: float
    geom: GEOSGeometry


@dataclass(frozen=True)
class Occupancy:
    """How much of the leasable industrial land is leased, hectares; *share* is 0–1, None when not known."""

    leasable_ha: Decimal | None
    leased_ha: Decimal | None
    as_of: date | None

    @property
    def share(self) -> Decimal | None:
        """Return leased ÷ leasable, rounded to 0.0001; None when not known or nothing can be leased."""
        if self.leased_ha is None or not self.leasable_ha:
            return None
        return (self.leased_ha / self.leasable_ha).quantize(Decimal("0.0001"))


@dataclass(frozen=True)
class ScopeOccupancy:
    """Occupancy over the working clusters of a scope (Decree 32/2024, art. 8): mean share and land not leased, ha.

    *unknown* counts clusters without figures; a rule must not read their absence as empty or full.
    """

    clusters: int
    unknown: int
    mean_share: Decimal | None
    unleased_ha: Decimal


def boundaries_asof(day: date) -> tuple[Boundary, ...]:
    """Return the boundary of every cluster that has one valid on *day*, in order of the cluster."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(BOUNDARY_COLUMNS)} FROM cluster_boundaries_asof(%s)", [day])  # noqa: S608 - our own names, values apart
        return tuple(_boundary(row) for row in cursor.fetchall())


def boundary_of(cluster: IndustrialCluster, day: date) -> Boundary | None:
    """Return the cluster's boundary on *day*, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(BOUNDARY_COLUMNS)} FROM cluster_boundaries_asof(%s) WHERE cluster_id = %s",  # noqa: S608 - our own names, values apart
            [day, cluster.pk],
        )
        row = cursor.fetchone()
    return _boundary(row) if row else None


def occupancy_of(cluster: IndustrialCluster, day: date) -> Occupancy:
    """Return the cluster's occupancy as last reported on or before *day*; dated areas stand in where no report does."""
    report = (
        ClusterReport.objects.filter(
            cluster=cluster, period_end__lte=day, leasable_ha__isnull=False, leased_ha__isnull=False
        )
        .order_by("-period_end")
        .first()
    )
    if report is not None:
        return Occupancy(report.leasable_ha, report.leased_ha, report.period_end)
    newest: dict[str, ClusterArea] = {}
    areas = ClusterArea.objects.filter(cluster=cluster, on__lte=day, kind__in=[AreaKind.LEASABLE, AreaKind.LEASED])
    for area in areas.order_by("on"):
        newest[area.kind] = area
    leasable, leased = newest.get(AreaKind.LEASABLE), newest.get(AreaKind.LEASED)
    return Occupancy(
        leasable.area_ha if leasable else None, leased.area_ha if leased else None, leased.on if leased else None
    )


def occupancy_in(unit_ids: Collection[int], day: date) -> ScopeOccupancy:
    """Return the occupancy over the working clusters of the units with these identifiers on *day*."""
    clusters = (
        IndustrialCluster.objects.filter(unit_id__in=unit_ids, lifecycle__in=WORKING, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .order_by("pk")
    )
    found = [occupancy_of(cluster, day) for cluster in clusters]
    shares = [one.share for one in found if one.share is not None]
    unleased = sum(
        (one.leasable_ha - one.leased_ha for one in found if one.leasable_ha is not None and one.leased_ha is not None),
        Decimal(0),
    )
    mean = (sum(shares, Decimal(0)) / len(shares)).quantize(Decimal("0.0001")) if shares else None
    return ScopeOccupancy(len(found), len(found) - len(shares), mean, unleased)


def _boundary(row: tuple[Any, ...]) -> Boundary:
    values = dict(zip(BOUNDARY_COLUMNS, row, strict=True))
    values["geom"] = GEOSGeometry(values["geom"])
    return Boundary(**values)
