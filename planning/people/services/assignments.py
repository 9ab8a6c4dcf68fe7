"""How does a person get an office, and lose it? Verbs on assignments; an office is ended, never erased.

They do not touch accounts: who may sign in is the administrator's page.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused, NotAllowed
from layers.models import AdminUnit
from planning.people.capabilities import Capability, Role
from planning.people.models import Assignment, User
from planning.people.queries import overlapping, require
from planning.people.services.events import record_event


def assign(
    actor: User | None,
    user: User,
    role: Role,
    unit: AdminUnit | None,
    valid_from: date,
    *,
    valid_to: date | None = None,
) -> Assignment:
    """Give *user* the office *role* in *unit* (None: the whole province) for some time.

    *actor* None means the house itself (demo, set-up). Raises NotAllowed when the actor may not manage people or means
    himself, InputRefused for dates out of order, Conflict when the same office is held during a part of that time.
    """
    if actor is not None:
        require(actor, Capability.MANAGE_PEOPLE)
        if actor.pk == user.pk:
            raise NotAllowed(
                _("Nobody gives an office to himself."), code="OWN_OFFICE", todo=_("Ask another administrator.")
            )
    if valid_to is not None and valid_to < valid_from:
        raise InputRefused(_("The last day is before the first one."), code="DATES_OUT_OF_ORDER")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if overlapping(user, role, unit, valid_from, valid_to).exists():
            raise Conflict(
                _("%(name)s already holds this office during a part of that time.") % {"name": user.get_full_name()},
                code="ASSIGNMENT_OVERLAPS",
                todo=_("End the running assignment first, or choose other dates."),
            )
        assignment = Assignment.objects.create(
            user=user, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to
        )
        record_event(
            actor,
            "assign",
            assignment,
            {"user": user.username, "role": role, "unit": unit.full_name if unit else None, "from": valid_from},
        )
    return assignment


def end_assignment(actor: User | None, assignment: Assignment, last_day: date) -> Assignment:
    """End an office on *last_day*, the last day it is held.

    Raises NotAllowed when the actor may not manage people, InputRefused when the day is before the first one.
    """
    if actor is not None:
        require(actor, Capability.MANAGE_PEOPLE)
    with transaction.atomic():
        row = Assignment.objects.select_for_update().get(pk=assignment.pk)
        if last_day < row.valid_from:
            raise InputRefused(_("The last day is before the first one."), code="DATES_OUT_OF_ORDER")
        row.valid_to = last_day
        row.save(update_fields=["valid_to"])
        record_event(actor, "end_assignment", row, {"user": row.user.username, "role": row.role, "to": last_day})
    return row
