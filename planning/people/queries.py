"""What may this person do, and where? Answers come from valid assignments only, never from flags on the user.

It does not know what a capability protects: workflow, registers and desks ask, and act on the answer.
"""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.db.models import Union
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Func, IntegerField, Q, QuerySet, Value
from django.utils import timezone

from layers.errors import NotAllowed
from layers.models import AdminUnit
from layers.said import gettext as _
from planning.people.capabilities import ROLE_CAPABILITIES, Capability, Role
from planning.people.models import Assignment, Event, User
from planning.people.models.assignment import AssignmentQuerySet

COMMUNE = "commune"
PROVINCE = "province"


class _UnitsCovering(Func):
    """Call the SQL function that lists the units an office must be in to reach a place."""

    function = "units_covering"
    output_field = IntegerField()
    set_returning = True


class _UnitsCoveredBy(Func):
    """Call the SQL function that lists the units an office reaches."""

    function = "units_covered_by"
    output_field = IntegerField()
    set_returning = True


def roles_with(capability: Capability) -> tuple[Role, ...]:
    """Return the roles that give *capability*, in the order they are declared."""
    return tuple(role for role in Role if capability in ROLE_CAPABILITIES[role])


def assignments_of(user: User | AnonymousUser, on: date | None = None) -> AssignmentQuerySet:
    """Return the person's assignments valid on *on* (today when absent); an inactive or unknown person has none."""
    if not user.is_authenticated or not user.is_active:
        return Assignment.objects.none()
    return Assignment.objects.filter(user_id=user.pk).valid_on(on or timezone.localdate())


def capabilities_of(user: User | AnonymousUser, on: date | None = None) -> frozenset[Capability]:
    """Return everything the person may do somewhere, in one query; for navigation, not for guarding an act."""
    roles = assignments_of(user, on).values_list("role", flat=True).distinct().order_by()
    return frozenset(capability for role in roles for capability in ROLE_CAPABILITIES[Role(role)])


def roles_of(user: User | AnonymousUser, on: date | None = None) -> tuple[Role, ...]:
    """Return the roles the person holds on *on*, in the order they are declared."""
    held = set(assignments_of(user, on).values_list("role", flat=True))
    return tuple(role for role in Role if role.value in held)


def can(
    user: User | AnonymousUser, capability: Capability, unit: AdminUnit | None = None, on: date | None = None
) -> bool:
    """Tell whether the person holds *capability* in *unit* on *on*.

    Without *unit* the question is "anywhere". An assignment without a unit reaches the whole province; one in a unit
    reaches what lies below it and what succeeded to its territory (``sql/scope.sql``).
    """
    held = assignments_of(user, on).filter(role__in=roles_with(capability))
    if unit is not None:
        held = held.filter(Q(unit__isnull=True) | Q(unit_id__in=_covering(unit)))
    return held.exists()


def require(
    user: User | AnonymousUser, capability: Capability, unit: AdminUnit | None = None, on: date | None = None
) -> None:
    """Do nothing when the person holds *capability* (in *unit*).

    Raises NotAllowed with a sentence for the person otherwise.
    """
    if can(user, capability, unit, on):
        return
    if unit is not None and can(user, capability, on=on):
        raise NotAllowed(
            _("This place is outside the area you are responsible for."),
            code="OUTSIDE_SCOPE",
            where=unit.full_name,
            todo=_("Ask the administrator to extend your assignment, or hand the matter to the responsible office."),
        )
    raise NotAllowed(
        _("Your role does not include this act."),
        todo=_("Sign in with the account of the responsible role, or ask the administrator for an assignment."),
    )


def scope_units(
    user: User | AnonymousUser, capability: Capability | None = None, on: date | None = None
) -> QuerySet[AdminUnit]:
    """Return the communes that exist on *on* and that the person reaches (with *capability*, when given)."""
    day = on or timezone.localdate()
    units = AdminUnit.objects.valid_on(day).of_level(COMMUNE).order_by("name")
    offices = _offices(user, capability, day)
    if None in offices:
        return units
    if not offices:
        return units.none()
    reached = Q()
    for office in sorted(office for office in offices if office is not None):
        reached |= Q(
            pk__in=AdminUnit.objects.filter(pk=office)
            .annotate(reached_id=_UnitsCoveredBy("pk"))
            .values_list("reached_id", flat=True)
        )
    return units.filter(reached)


def scope_geom(
    user: User | AnonymousUser, capability: Capability | None = None, on: date | None = None
) -> GEOSGeometry | None:
    """Return the person's area in the storage CRS: the assigned units' own extent, abolished ones included.

    None when the person has no assignment (with *capability*), or no unit is loaded.
    """
    day = on or timezone.localdate()
    offices = _offices(user, capability, day)
    if not offices:
        return None
    if None in offices:
        current = AdminUnit.objects.valid_on(day)
        province = current.of_level(PROVINCE)
        whole = province if province.exists() else current.of_level(COMMUNE)
        return _union(whole)
    return _union(AdminUnit.objects.filter(pk__in=[office for office in offices if office is not None]))


def scope_name(user: User | AnonymousUser, capability: Capability | None = None, on: date | None = None) -> str:
    """Return the name of the person's area for the scope chip: unit names, or "Whole province"."""
    held = assignments_of(user, on).select_related("unit")
    if capability is not None:
        held = held.filter(role__in=roles_with(capability))
    units = {assignment.unit for assignment in held}
    if not units:
        return ""
    if None in units:
        return _("Whole province")
    return ", ".join(sorted(unit.full_name for unit in units if unit is not None))


def overlapping(user: User, role: Role, unit: AdminUnit | None, first: date, last: date | None) -> AssignmentQuerySet:
    """Return the person's assignments of the same role in the same unit that share a day with *first* … *last*."""
    same = Assignment.objects.filter(user=user, role=role, unit=unit).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=first)
    )
    return same if last is None else same.filter(valid_from__lte=last)


def events_of(subject_type: str, subject_id: str) -> QuerySet[Event]:
    """Return the acts on one thing, newest first."""
    return Event.objects.filter(subject_type=subject_type, subject_id=subject_id).select_related("actor")


def _offices(user: User | AnonymousUser, capability: Capability | None, day: date) -> set[int | None]:
    held = assignments_of(user, day)
    if capability is not None:
        held = held.filter(role__in=roles_with(capability))
    return set(held.values_list("unit_id", flat=True))


def _covering(unit: AdminUnit) -> QuerySet[AdminUnit, int]:
    return (
        AdminUnit.objects.filter(pk=unit.pk)
        .annotate(office_id=_UnitsCovering(Value(unit.pk)))
        .values_list("office_id", flat=True)
    )


def _union(units: QuerySet[AdminUnit]) -> GEOSGeometry | None:
    result = units.order_by().aggregate(area=Union("geom"))["area"]
    return result if isinstance(result, GEOSGeometry) else None
