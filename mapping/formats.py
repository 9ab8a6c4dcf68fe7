"""How does a person read a number, an area, a sum or a date? The same words on pages and on papers.

It does not round what is stored or published: it only writes values that are already final.
"""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import get_language, gettext

NBSP = "\u00a0"
NO_VALUE = "–"

Numeric = int | float | Decimal | str

HA_IN_M2 = Decimal(10_000)
BILLION = Decimal(1_000_000_000)
MILLION = Decimal(1_000_000)


def as_decimal(value: Numeric | None) -> Decimal | None:
    """Read *value* as a Decimal; None when it is absent or not a finite number."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def number(value: Numeric | None, places: int = 0, *, trim: bool = False) -> str:
    """Write *value* with *places* decimals in the active language: ``1.234,56`` in Vietnamese, ``1,234.56`` in English.

    *trim* drops trailing zeros of the fraction. Absent values give an en dash.
    """
    amount = as_decimal(value)
    if amount is None:
        return NO_VALUE
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)
    text = f"{rounded:,.{places}f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    if (get_language() or "vi").startswith("vi"):
        text = text.translate(str.maketrans(",.", ".,"))
    return text.replace("-", "\u2212")


def hectares(value: Numeric | None, places: int = 2) -> str:
    """Write an area given in hectares: ``30,25 ha``."""
    return _with_unit(number(value, places), "ha")


def square_metres(value: Numeric | None, places: int = 0) -> str:
    """Write an area given in square metres: ``1.234 m²``."""
    return _with_unit(number(value, places), "m²")


def hectares_of_m2(value: Numeric | None, places: int = 2) -> str:
    """Write an area given in square metres as hectares."""
    amount = as_decimal(value)
    return hectares(None if amount is None else amount / HA_IN_M2, places)


def metres(value: Numeric | None) -> str:
    """Write a distance given in metres: ``0,35 m`` below ten metres, ``1.234 m``, ``12,4 km`` from ten kilometres."""
    amount = as_decimal(value)
    if amount is None:
        return NO_VALUE
    if abs(amount) >= 10_000:
        return _with_unit(number(amount / 1000, 1), "km")
    return _with_unit(number(amount, 2 if abs(amount) < 10 else 0), "m")


def dong(value: Numeric | None) -> str:
    """Write a sum in full: ``1.250.000.000 đồng``."""
    return _with_unit(number(value), gettext("đồng"))


def dong_short(value: Numeric | None) -> str:
    """Write a sum briefly: ``1,25 tỷ đồng``, ``350 triệu đồng``."""
    amount = as_decimal(value)
    if amount is None:
        return NO_VALUE
    if abs(amount) >= BILLION:
        return gettext("%(amount)s billion đồng") % {"amount": number(amount / BILLION, 2, trim=True)}
    if abs(amount) >= MILLION:
        return gettext("%(amount)s million đồng") % {"amount": number(amount / MILLION, 1, trim=True)}
    return dong(amount)


def percent(share: Numeric | None, places: int = 1) -> str:
    """Write a share (0–1) as a percentage: ``12,4 %``."""
    amount = as_decimal(share)
    return _with_unit(number(None if amount is None else amount * 100, places), "%")


def date(value: datetime.date | datetime.datetime | None) -> str:
    """Write a date as dd/mm/yyyy, in the local time zone."""
    if value is None:
        return NO_VALUE
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def moment(value: datetime.datetime | None) -> str:
    """Write a moment as ``10:42 22/11/2026``, in the local time zone."""
    if value is None:
        return NO_VALUE
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local.hour:02d}:{local.minute:02d} {date(local)}"


def _with_unit(text: str, unit: str) -> str:
    return text if text == NO_VALUE else f"{text}{NBSP}{unit}"
