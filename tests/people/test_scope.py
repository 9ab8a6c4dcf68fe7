"""Where does an office reach? Own unit, below it, what succeeded to it, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from layers.errors import NotAllowed
from layers.models import AdminSuccession, AdminUnit, SuccessionKind
from planning.people.capabilities import Capability, Role
from planning.people.models import Assignment, User
from planning.people.queries import can, capabilities_of, require, roles_of, scope_geom, scope_name, scope_units
from tests.cast import LAST_OLD_DAY, REFORM, TODAY, Cast, Land, multi, square

DRAW = Capability.DRAW_PROPOSAL


def test_former_district_reaches_the_communes_that_took_over(cast: Cast, land: Land) -> None:
    assert [can(cast.planner, DRAW, unit) for unit in (land.east, land.west, land.old_district)] == [True, True, True]
    assert [can(cast.planner, DRAW, unit) for unit in (land.far, land.far_district, land.province)] == [False] * 3
    assert set(scope_units(cast.planner)) == {land.west, land.east}


def test_commune_office_stays_in_its_commune(cast: Cast, land: Land) -> None:
    keep = Capability.KEEP_VILLAGE
    assert can(cast.commune_officer, keep, land.west)
    assert not can(cast.commune_officer, keep, land.east)
    assert not can(cast.commune_officer, keep, land.old_district)
    assert list(scope_units(cast.commune_officer, keep)) == [land.west]


def test_assignment_without_unit_reaches_everything(cast: Cast, land: Land) -> None:
    assert all(
        can(cast.fund_officer, Capability.ENTER_FUND, unit)
        for unit in (land.east, land.far, land.old_district, land.province)
    )
    assert set(scope_units(cast.fund_officer)) == {land.east, land.west, land.far}
    assert scope_name(cast.fund_officer)


def test_parent_reaches_children(cast: Cast, land: Land) -> None:
    chief = User.objects.create_user("chief", full_name="Chief")
    Assignment.objects.create(user=chief, role=Role.PLANNER, unit=land.province, valid_from=REFORM)
    assert can(chief, DRAW, land.far)
    assert can(chief, DRAW, land.far_district)


def test_dates_bound_an_office(cast: Cast, land: Land) -> None:
    person = User.objects.create_user("short", full_name="Short")
    Assignment.objects.create(user=person, role=Role.PLANNER, unit=land.east, valid_from=REFORM, valid_to=TODAY)
    assert can(person, DRAW, land.east, TODAY)
    assert not can(person, DRAW, land.east, TODAY + timedelta(days=1))
    assert not can(person, DRAW, land.east, LAST_OLD_DAY)


def test_inactive_unknown_and_unassigned_people_may_nothing(cast: Cast, land: Land) -> None:
    cast.planner.is_active = False
    cast.planner.save()
    for person in (cast.planner, cast.nobody, AnonymousUser()):
        assert not can(person, DRAW)
        assert capabilities_of(person) == frozenset()
        assert not scope_units(person).exists()
        assert scope_geom(person) is None


def test_superuser_flag_gives_nothing(cast: Cast) -> None:
    cast.nobody.is_superuser = True
    cast.nobody.save()
    assert not any(can(cast.nobody, capability) for capability in Capability)


def test_require_says_whether_role_or_place_is_missing(cast: Cast, land: Land) -> None:
    with pytest.raises(NotAllowed) as elsewhere:
        require(cast.planner, DRAW, land.far)
    assert elsewhere.value.code == "OUTSIDE_SCOPE"
    with pytest.raises(NotAllowed) as never:
        require(cast.inspector, DRAW, land.far)
    assert never.value.code == "NOT_ALLOWED"
    require(cast.planner, DRAW, land.east)


def test_scope_geometry_is_the_former_district(cast: Cast, land: Land) -> None:
    area = scope_geom(cast.planner)
    assert area is not None
    assert area.srid == land.old_district.geom.srid
    assert area.area == pytest.approx(20_000**2)


def test_wider_successor_gives_no_siblings_but_a_renaming_gives_all(cast: Cast, land: Land) -> None:
    old = _unit("66o", "province", None, date(2000, 1, 1), LAST_OLD_DAY)
    land.old_district.parent = old
    land.old_district.save()
    link = AdminSuccession.objects.create(predecessor=old, successor=land.province, kind=SuccessionKind.FULL)
    person = User.objects.create_user("old", full_name="Old")
    Assignment.objects.create(user=person, role=Role.PLANNER, unit=old, valid_from=REFORM)
    assert can(person, DRAW, land.east)
    assert not can(person, DRAW, land.far)
    link.kind = SuccessionKind.RENAME
    link.save()
    assert can(person, DRAW, land.far)


def test_the_two_directions_agree(cast: Cast, land: Land) -> None:
    """``units_covering`` is the inverse of ``units_covered_by`` on every pair of units."""
    old = _unit("66o", "province", None, date(2000, 1, 1), LAST_OLD_DAY)
    land.old_district.parent = old
    land.old_district.save()
    AdminSuccession.objects.create(predecessor=old, successor=land.province, kind=SuccessionKind.FULL)
    later = _unit("24999", "commune", land.province, TODAY, None)
    AdminSuccession.objects.create(predecessor=land.east, successor=later, kind=SuccessionKind.RENAME)
    with connection.cursor() as cursor:
        cursor.execute("SELECT a.id, reached FROM layers_adminunit a, units_covered_by(a.id) AS reached")
        down = set(cursor.fetchall())
        cursor.execute("SELECT office, b.id FROM layers_adminunit b, units_covering(b.id) AS office")
        up = set(cursor.fetchall())
    assert down == up
    assert (land.old_district.pk, later.pk) in down


@pytest.mark.parametrize("role", list(Role))
def test_every_role_gives_exactly_its_capabilities(cast: Cast, role: Role) -> None:
    from planning.people.capabilities import ROLE_CAPABILITIES

    Assignment.objects.create(user=cast.nobody, role=role, valid_from=REFORM)
    assert capabilities_of(cast.nobody) == ROLE_CAPABILITIES[role]
    assert roles_of(cast.nobody) == (role,)
    assert {c for c in Capability if can(cast.nobody, c)} == ROLE_CAPABILITIES[role]


def _unit(code: str, level: str, parent: AdminUnit | None, first: date, last: date | None) -> AdminUnit:
    return AdminUnit.objects.create(
        code=code,
        name=code,
        kind_name="",
        level_id=level,
        parent=parent,
        valid_from=first,
        valid_to=last,
        geom=multi(square(0, 0, 1000)),
    )
