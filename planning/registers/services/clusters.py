"""How does a cluster come into the register, and its boundary with it? Boundaries follow one another, none is edited.

Whether a boundary was rightly decided is not asked here: proposals record the decision and call this.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db import transaction
from django.utils import timezone

from layers.errors import InputRefused
from layers.grid import geometry_hash, on_grid
from layers.models import AdminUnit
from layers.said import gettext as _
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.registers.models import (
    ClusterBoundary,
    ClusterReport,
    IndustrialCluster,
    PlanListEntry,
)
from planning.registers.services.names import free_slug

HALF_YEAR_ENDS = ((6, 30), (12, 31))
LARGEST_COUNT = 1_000_000


def register_cluster(
    actor: User | None,
    *,
    name: str,
    kind: str,
    lifecycle: str,
    unit: AdminUnit,
    valid_from: date,
    plan_entry: PlanListEntry | None = None,
    established_by: str = "",
    established_on: date | None = None,
    infrastructure_owner: str = "",
    illustrative: bool = False,
) -> IndustrialCluster:
    """Open a record for a cluster under a free address name.

    The caller answers for the actor's right to do so (a decision was recorded, a register is imported). Raises
    InputRefused when the name is empty.
    """
    cleaned = " ".join(name.split())
    if not cleaned:
        raise InputRefused(_("A name is missing."), code="NAME_MISSING")
    with transaction.atomic():
        cluster = IndustrialCluster.objects.create(
            slug=free_slug(IndustrialCluster, cleaned, "cum"),
            name=cleaned,
            kind=kind,
            lifecycle=lifecycle,
            unit=unit,
            unit_as_reported=unit.full_name,
            plan_entry=plan_entry,
            established_by=established_by,
            established_on=established_on,
            infrastructure_owner=infrastructure_owner,
            illustrative=illustrative,
            valid_from=valid_from,
        )
        record_event(actor, "register_cluster", cluster, {"name": cleaned, "unit": unit.full_name})
    return cluster


def record_boundary(
    actor: User | None,
    cluster: IndustrialCluster,
    geom: GEOSGeometry,
    *,
    kind: str,
    valid_from: date,
    decision: str = "",
    proposal_code: str = "",
) -> ClusterBoundary:
    """Make *geom* (polygon or multipolygon, storage CRS) the cluster's boundary from *valid_from* on.

    The boundary before it ends the day before. The same boundary recorded again is returned unchanged. Raises
    InputRefused for an empty or invalid geometry and for a day not after the start of the present boundary.
    """
    zone = on_grid(geom)
    if isinstance(zone, Polygon):
        zone = MultiPolygon(zone, srid=zone.srid)
    if not isinstance(zone, MultiPolygon) or zone.empty or not zone.valid:
        raise InputRefused(_("The boundary is not a valid area."), code="BOUNDARY_INVALID", where=cluster.name)
    digest = geometry_hash(zone)
    with transaction.atomic():
        IndustrialCluster.objects.select_for_update().get(pk=cluster.pk)
        present = ClusterBoundary.objects.filter(cluster=cluster, valid_to__isnull=True).first()
        if present is not None:
            if (present.geom_hash, present.kind, present.valid_from) == (digest, kind, valid_from):
                return present
            if valid_from <= present.valid_from:
                raise InputRefused(
                    _("The new boundary must begin after the present one."),
                    code="DATES_OUT_OF_ORDER",
                    where=cluster.name,
                )
            present.valid_to = valid_from - timedelta(days=1)
            present.save(update_fields=["valid_to"])
        boundary = ClusterBoundary.objects.create(
            cluster=cluster,
            kind=kind,
            valid_from=valid_from,
            decision=decision,
            proposal_code=proposal_code,
            geom=zone,
            geom_hash=digest,
            area_m2=zone.area,
        )
        if cluster.location is None:
            cluster.location = zone.point_on_surface
            cluster.save(update_fields=["location"])
        record_event(
            actor,
            "record_boundary",
            cluster,
            {"kind": kind, "valid_from": valid_from, "decision": decision, "geom_hash": digest, "area_m2": zone.area},
        )
    return boundary


def record_cluster_report(
    actor: User,
    cluster: IndustrialCluster,
    period_end: date,
    *,
    leasable_ha: Decimal,
    leased_ha: Decimal,
    projects: int | None = None,
    projects_operating: int | None = None,
    workers: int | None = None,
) -> ClusterReport:
    """Keep the half-yearly figures of a cluster (hectares to 0.01); the same period again replaces them.

    Raises NotAllowed outside the actor's scope, InputRefused when more is leased than can be, for a number that is not
    plausible, and for a period that is no half-year or not over yet.
    """
    require(actor, Capability.KEEP_CLUSTERS, cluster.unit)
    if (period_end.month, period_end.day) not in HALF_YEAR_ENDS or period_end > timezone.localdate():
        raise InputRefused(_("The report is for a half-year that is over."), code="PERIOD_IMPLAUSIBLE")
    counts = (projects, projects_operating, workers)
    if any(count is not None and not 0 <= count <= LARGEST_COUNT for count in counts):
        raise InputRefused(_("A number is not plausible."), code="NUMBER_IMPLAUSIBLE")
    if leased_ha < 0 or leasable_ha < 0 or leased_ha > leasable_ha:
        raise InputRefused(
            _("The land leased cannot be larger than the land that can be leased."), code="LEASED_ABOVE_LEASABLE"
        )
    figures = {
        "leasable_ha": leasable_ha,
        "leased_ha": leased_ha,
        "projects": projects,
        "projects_operating": projects_operating,
        "workers": workers,
    }
    with transaction.atomic():
        report, _created = ClusterReport.objects.update_or_create(
            cluster=cluster, period_end=period_end, defaults=figures
        )
        record_event(actor, "record_cluster_report", cluster, {"period_end": period_end, **figures})
    return report
