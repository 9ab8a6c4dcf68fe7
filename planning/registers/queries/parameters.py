"""Which figures of the law do the books use on a day? Dated rows only: where no row holds, there is no figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Q

from planning.registers.models import RegisterParameter, RegisterParameterName


def parameter_row_on(name: RegisterParameterName, day: date) -> RegisterParameter | None:
    """Return the row that holds on *day* with its citation; None when there is none."""
    return (
        RegisterParameter.objects.select_related("instrument")
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), name=name, valid_from__lte=day)
        .order_by("-valid_from")
        .first()
    )


def parameter_on(name: RegisterParameterName, day: date) -> Decimal | None:
    """Return the value that holds on *day*, in the unit its name says (shares 0–1, years); None when no row does."""
    row = parameter_row_on(name, day)
    return None if row is None else row.value
