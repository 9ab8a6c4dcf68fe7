"""How is money written and checked in the books? Whole đồng, never a fraction, never a float."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers.errors import InputRefused

LARGEST_VND = Decimal(10) ** 15  # a thousand trillion đồng; far above any fund, far below the column


def dong(amount: Decimal | int) -> str:
    """Write an amount for a sentence: ``1.250.000.000 đồng`` in Vietnamese, ``1,250,000,000 đồng`` in English."""
    grouped = f"{int(amount):,}"
    if (get_language() or "vi").startswith("vi"):
        grouped = grouped.replace(",", ".")
    return _("%(amount)s đồng") % {"amount": grouped}


def whole_dong(amount: Decimal | int, *, zero_allowed: bool = False) -> Decimal:
    """Return the amount as whole đồng.

    Raises InputRefused for a float, a fraction, a negative amount, zero unless allowed, and absurd sizes.
    """
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        raise InputRefused(_("An amount of money must be a whole number of đồng."), code="AMOUNT_NOT_WHOLE")
    value = Decimal(amount)
    if not value.is_finite() or value != value.to_integral_value():
        raise InputRefused(_("An amount of money must be a whole number of đồng."), code="AMOUNT_NOT_WHOLE")
    if value < 0 or (value == 0 and not zero_allowed):
        raise InputRefused(_("The amount must be above zero."), code="AMOUNT_NOT_POSITIVE")
    if value > LARGEST_VND:
        raise InputRefused(
            _("The amount is implausibly large; check the unit (đồng, not thousand or million đồng)."),
            code="AMOUNT_TOO_LARGE",
        )
    return value.to_integral_value()
