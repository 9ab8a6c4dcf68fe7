"""Where is a cluster on a day, how full is it, and what does the list leave?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from layers.errors import InputRefused
from planning.registers.models import (
    AreaKind,
    BoundaryKind,
    ClusterArea,
    ClusterPlan,
    ClusterReport,
    IndustrialCluster,
    Lifecycle,
    PlanListEntry,
)
from planning.registers.queries import (
    BOUNDARY_COLUMNS,
    boundaries_asof,
    boundary_of,
    entries_for_unit,
    occupancy_in,
    occupancy_of,
    quota_of,
)
from planning.registers.services import record_boundary, register_cluster
from tests.cast import TODAY, make_instrument, rectangle, square
from tests.registers.books import Books

FIRST, SECOND = date(2020, 1, 1), date(2024, 1, 1)


def bound(books: Books, side: float, day: date, kind: str = BoundaryKind.DECIDED) -> object:
    return record_boundary(None, books.cluster, square(12_000, 1_000, side), kind=kind, valid_from=day)


def test_later_boundary_ends_the_one_before(books: Books) -> None:
    bound(books, 500, FIRST)
    bound(books, 600, SECOND, BoundaryKind.MEASURED)
    assert boundary_of(books.cluster, date(2019, 12, 31)) is None
    before, after = boundary_of(books.cluster, date(2023, 12, 31)), boundary_of(books.cluster, SECOND)
    assert before is not None
    assert after is not None
    assert (before.area_m2, after.area_m2) == (250_000, 360_000)
    assert (before.boundary_kind, after.boundary_kind) == ("decided", "measured")
    assert before.geom.srid == books.land.west.geom.srid


def test_same_boundary_again_changes_nothing(books: Books) -> None:
    assert bound(books, 500, FIRST) == bound(books, 500, FIRST)
    with pytest.raises(InputRefused):
        bound(books, 600, FIRST)


def test_broken_boundary_is_refused(books: Books) -> None:
    bow = rectangle(0, 0, 100, 100)
    bow = type(bow)(((0, 0), (100, 100), (100, 0), (0, 100), (0, 0)), srid=bow.srid)
    with pytest.raises(InputRefused):
        record_boundary(None, books.cluster, bow, kind=BoundaryKind.DECIDED, valid_from=FIRST)


def test_removed_cluster_is_not_in_the_way(books: Books) -> None:
    bound(books, 500, FIRST)
    assert len(boundaries_asof(TODAY)) == 1
    IndustrialCluster.objects.update(lifecycle=Lifecycle.REMOVED)
    assert boundaries_asof(TODAY) == ()


def test_columns_are_the_contract_with_the_checks(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cluster_boundaries_asof(current_date)")
        assert tuple(column.name for column in cursor.description) == BOUNDARY_COLUMNS


def test_new_cluster_gets_a_free_address(books: Books) -> None:
    made = [
        register_cluster(
            None, name="CCN Ea Đar", kind="cluster", lifecycle="established", unit=books.land.east, valid_from=FIRST
        )
        for _ in range(2)
    ]
    assert [cluster.slug for cluster in made] == ["ccn-ea-dar", "ccn-ea-dar-2"]


def test_occupancy_is_leased_by_leasable(books: Books) -> None:
    cluster = books.cluster
    assert occupancy_of(cluster, TODAY).share is None
    ClusterArea.objects.create(cluster=cluster, kind=AreaKind.LEASABLE, area_ha=Decimal("39.82"), on=FIRST)
    ClusterArea.objects.create(cluster=cluster, kind=AreaKind.LEASED, area_ha=Decimal("32.50"), on=FIRST)
    assert occupancy_of(cluster, TODAY).share == Decimal("0.8162")
    ClusterReport.objects.create(cluster=cluster, period_end=SECOND, leasable_ha=Decimal(40), leased_ha=Decimal(10))
    assert occupancy_of(cluster, TODAY).share == Decimal("0.2500")
    assert occupancy_of(cluster, date(2023, 1, 1)).share == Decimal("0.8162")
    scope = occupancy_in([books.land.east.pk], TODAY)
    assert (scope.clusters, scope.unknown, scope.mean_share, scope.unleased_ha) == (1, 0, Decimal("0.2500"), 30)
    empty = occupancy_in([books.land.far.pk], TODAY)
    assert (empty.clusters, empty.mean_share) == (0, None)


def test_unknown_occupancy_is_counted_apart(books: Books) -> None:
    scope = occupancy_in([books.land.east.pk], TODAY)
    assert (scope.clusters, scope.unknown, scope.mean_share) == (1, 1, None)


def test_quota_of_entry_and_plan(books: Books) -> None:
    plan = ClusterPlan.objects.create(
        name="Phương án", instrument=make_instrument(), period_from=2021, period_to=2030, valid_from=FIRST
    )
    entry = PlanListEntry.objects.create(plan=plan, code="1", name="CCN Thử", unit=books.land.east, area_ha=60)
    PlanListEntry.objects.create(plan=plan, code="2", name="CCN Khác", unit=books.land.far, area_ha=40)
    books.cluster.plan_entry = entry
    books.cluster.save()
    bound(books, 500, FIRST)
    quota = quota_of(entry, TODAY, mine_ha=Decimal(30), pending_ha=Decimal(10))
    assert (quota.used_ha, quota.left_ha) == (25, -5)
    assert (quota.plan_total_ha, quota.plan_used_ha, quota.plan_left_ha) == (100, 25, 35)
    assert list(entries_for_unit(books.land.east, TODAY)) == [entry]
    assert not entries_for_unit(books.land.east, date(2019, 1, 1)).exists()
