"""Which figures of the fund's rules hold on a day? Dated rows; the fallback is what practice uses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Q

from planning.registers.models import FundParameter, FundParameterName

USUAL_ADVANCE_SHARE = Decimal("0.70")  # practice under Circular 36/2013/TT-BCT; not verified against the text


def max_advance_share(day: date) -> Decimal:
    """Return the largest share (0–1) of the support that may be advanced on *day*."""
    value = (
        FundParameter.objects.filter(name=FundParameterName.MAX_ADVANCE_SHARE, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .order_by("-valid_from")
        .values_list("value", flat=True)
        .first()
    )
    return USUAL_ADVANCE_SHARE if value is None else value
