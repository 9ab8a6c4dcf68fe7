"""How does a cluster that exists already enter the register? By the department, with what is known of its areas.

A new cluster does not pass here: recording the decision on its proposal enters it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone

from layers.errors import InputRefused
from layers.grid import on_grid
from layers.models import AdminUnit
from layers.said import capitalised
from layers.said import gettext as _
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.registers.models import AreaKind, BoundaryKind, ClusterArea, IndustrialCluster, Lifecycle, WastewaterState
from planning.registers.services.clusters import record_boundary, register_cluster
from planning.registers.services.names import one_at_a_time, refuse_same_name

EXISTING = (Lifecycle.ESTABLISHED, Lifecycle.BUILDING, Lifecycle.OPERATING, Lifecycle.EXPANDING)
FIRST_AREAS = (AreaKind.PLANNED, AreaKind.INDUSTRIAL_LAND, AreaKind.LEASABLE, AreaKind.LEASED)
"""Largest first: none of them can be larger than the one before it."""


@dataclass(frozen=True)
class ClusterInput:
    """What is entered about an existing cluster.

    *location* and *boundary* (an area of the kind *boundary_kind*) in the storage CRS, *areas* in hectares on
    *areas_on*.
    """

    name: str
    kind: str
    lifecycle: str
    unit: AdminUnit
    established_by: str = ""
    established_on: date | None = None
    infrastructure_owner: str = ""
    wastewater_state: str = WastewaterState.UNKNOWN
    location: GEOSGeometry | None = None
    boundary: GEOSGeometry | None = None
    boundary_kind: str = BoundaryKind.ILLUSTRATIVE
    areas: Mapping[AreaKind, Decimal] = field(default_factory=dict)
    areas_on: date | None = None
    source: str = ""


def enter_cluster(actor: User, given: ClusterInput) -> IndustrialCluster:
    """Enter an existing cluster with its first dated areas; it is in the register from today on.

    Raises NotAllowed, InputRefused for a state that needs a decision, a place or boundary outside the commune, a
    boundary said to be decided or measured without its decision and day, areas without date or source or larger than
    what holds them, Conflict when the commune has a cluster of that name.
    """
    require(actor, Capability.KEEP_CLUSTERS, given.unit)
    today = timezone.localdate()
    if given.lifecycle not in EXISTING:
        raise InputRefused(_("Only a cluster that exists is entered here."), code="NOT_EXISTING", where=given.name)
    if given.established_on is not None and given.established_on > today:
        raise InputRefused(_("The day of establishment is in the future."), code="DATE_IN_FUTURE")
    _check_areas(given, today)
    location = None if given.location is None else on_grid(given.location)
    if location is not None and given.unit.geom is not None and not given.unit.geom.intersects(location):
        raise InputRefused(
            _("The marked place lies outside the commune."),
            code="PLACE_OUTSIDE_UNIT",
            where=given.unit.full_name,
            todo=_("Move the mark, or choose the commune it lies in."),
        )
    _check_boundary(given)
    with transaction.atomic():
        one_at_a_time(IndustrialCluster)
        sentence = _("This commune already has an industrial cluster of this name.")
        refuse_same_name(IndustrialCluster, given.name, given.unit, sentence)
        cluster = register_cluster(
            actor,
            name=given.name,
            kind=given.kind,
            lifecycle=given.lifecycle,
            unit=given.unit,
            valid_from=today,
            established_by=given.established_by,
            established_on=given.established_on,
            infrastructure_owner=given.infrastructure_owner,
        )
        cluster.wastewater_state = given.wastewater_state
        cluster.location = location
        cluster.source = given.source.strip()
        cluster.save(update_fields=["wastewater_state", "location", "source"])
        if given.areas and given.areas_on is not None:
            _enter_areas(actor, cluster, given, given.areas_on)
        if given.boundary is not None:
            decided = given.boundary_kind != BoundaryKind.ILLUSTRATIVE
            record_boundary(
                actor,
                cluster,
                given.boundary,
                kind=given.boundary_kind,
                valid_from=given.established_on if decided and given.established_on else today,
                decision=given.established_by if decided else "",
            )
    return cluster


def _check_boundary(given: ClusterInput) -> None:
    """Refuse a boundary that does not touch the commune, or that claims a decision nobody names."""
    if given.boundary is None:
        return
    if given.boundary_kind not in BoundaryKind.values:
        raise InputRefused(_("The boundary is of no known kind."), code="BOUNDARY_KIND", where=given.name)
    if given.boundary_kind != BoundaryKind.ILLUSTRATIVE and not (given.established_by and given.established_on):
        raise InputRefused(
            _("A boundary that was decided or measured needs the decision and its day."),
            code="BOUNDARY_UNSOURCED",
            where=given.name,
            todo=_("Fill in who established the cluster and when, or enter the boundary as illustrative."),
        )
    if given.unit.geom is not None and not given.unit.geom.intersects(given.boundary):
        raise InputRefused(
            _("The boundary lies outside the commune."), code="PLACE_OUTSIDE_UNIT", where=given.unit.full_name
        )


def _enter_areas(actor: User, cluster: IndustrialCluster, given: ClusterInput, on: date) -> None:
    ClusterArea.objects.bulk_create(
        ClusterArea(cluster=cluster, kind=kind, area_ha=area, on=on, source=given.source.strip())
        for kind, area in given.areas.items()
    )
    areas = {kind.value: area for kind, area in given.areas.items()}
    record_event(actor, "record_cluster_areas", cluster, {"on": on, "source": given.source, **areas})


def _check_areas(given: ClusterInput, today: date) -> None:
    if not given.areas:
        return
    if given.areas_on is None or not given.source.strip():
        raise InputRefused(
            _("An area needs the day it was stated and its source."),
            code="AREA_UNSOURCED",
            todo=_("State the day and the source, or leave the areas out."),
        )
    if given.areas_on > today:
        raise InputRefused(_("The day of the areas is in the future."), code="DATE_IN_FUTURE")
    known = [(kind, given.areas[kind]) for kind in FIRST_AREAS if kind in given.areas]
    for (outer, outer_ha), (inner, inner_ha) in pairwise(known):
        if not 0 <= inner_ha <= outer_ha:
            raise InputRefused(
                _("%(inner)s cannot be larger than %(outer)s.")
                % {"inner": capitalised(inner.label), "outer": outer.label},
                code="AREAS_OUT_OF_ORDER",
                where=given.name,
            )
