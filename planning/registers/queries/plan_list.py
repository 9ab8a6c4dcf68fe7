"""Which entry of the approved list belongs to a place, and how much of it is left?

What is pending is told by the caller: proposals live on a floor above.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet

from layers.models import AdminUnit
from planning.registers.models import ClusterPlan, PlanListEntry


@dataclass(frozen=True)
class Quota:
    """Hectares of one list entry and of its whole plan; *left* may be below zero, which the screen says."""

    entry_ha: Decimal
    used_ha: Decimal
    pending_ha: Decimal
    mine_ha: Decimal
    plan_total_ha: Decimal
    plan_used_ha: Decimal
    plan_pending_ha: Decimal

    @property
    def left_ha(self) -> Decimal:
        """Return what the entry leaves when pending proposals and mine are all approved."""
        return self.entry_ha - self.used_ha - self.pending_ha - self.mine_ha

    @property
    def plan_left_ha(self) -> Decimal:
        """Return what the plan leaves when pending proposals and mine are all approved."""
        return self.plan_total_ha - self.plan_used_ha - self.plan_pending_ha - self.mine_ha


def plan_in_force(day: date) -> QuerySet[ClusterPlan]:
    """Return the plans in force on *day*; a merged province may have several."""
    return ClusterPlan.objects.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def entries_for_unit(unit: AdminUnit, day: date) -> QuerySet[PlanListEntry]:
    """Return the list entries in force on *day* for a unit, entries kept under a predecessor of it included."""
    return (
        PlanListEntry.objects.filter(plan__in=plan_in_force(day))
        .filter(Q(unit=unit) | Q(unit__in=AdminUnit.objects.filter(successions__successor=unit)))
        .select_related("plan", "unit")
        .order_by("plan", "code")
        .distinct()
    )


def used_ha_by_entry(day: date) -> dict[int, Decimal]:
    """Return the hectares that clusters use of each list entry, by its identifier; entries without any are absent.

    A cluster uses the area of its boundary valid on *day*, or else of its latest establishing decision.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT cluster.plan_entry_id, sum(used.ha)
            FROM registers_industrialcluster cluster
            LEFT JOIN cluster_boundaries_asof(%(day)s) boundary ON boundary.cluster_id = cluster.id
            CROSS JOIN LATERAL (
                SELECT coalesce(
                    (boundary.area_m2 / 10000)::numeric,
                    (SELECT area.area_ha FROM registers_clusterarea area
                     WHERE area.cluster_id = cluster.id AND area.kind = 'established' AND area.on <= %(day)s
                     ORDER BY area.on DESC LIMIT 1)
                ) AS ha
            ) AS used
            WHERE cluster.plan_entry_id IS NOT NULL AND cluster.lifecycle NOT IN ('planned', 'removed')
              AND cluster.valid_from <= %(day)s AND (cluster.valid_to IS NULL OR cluster.valid_to >= %(day)s)
              AND used.ha IS NOT NULL
            GROUP BY 1
            """,
            {"day": day},
        )
        return dict(cursor.fetchall())


def quota_of(
    entry: PlanListEntry,
    day: date,
    *,
    mine_ha: Decimal = Decimal(0),
    pending_ha: Decimal = Decimal(0),
    plan_pending_ha: Decimal | None = None,
) -> Quota:
    """Return used, pending and mine against the entry and against the total of its plan, hectares.

    Used is what `used_ha_by_entry` says.
    *pending_ha* and *plan_pending_ha* come from proposals and leave mine out.
    """
    used = used_ha_by_entry(day)
    siblings = dict(PlanListEntry.objects.filter(plan=entry.plan).values_list("pk", "area_ha"))
    total = entry.plan.total_area_ha
    if total is None:
        total = sum(siblings.values(), Decimal(0))
    cent = Decimal("0.01")
    return Quota(
        entry_ha=entry.area_ha,
        used_ha=used.get(entry.pk, Decimal(0)).quantize(cent),
        pending_ha=pending_ha.quantize(cent),
        mine_ha=mine_ha.quantize(cent),
        plan_total_ha=total,
        plan_used_ha=sum((used.get(pk, Decimal(0)) for pk in siblings), Decimal(0)).quantize(cent),
        plan_pending_ha=(pending_ha if plan_pending_ha is None else plan_pending_ha).quantize(cent),
    )
