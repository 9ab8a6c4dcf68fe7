"""How are numbers written for a person? Rounded: Django's own `number_format` cuts a float's last places off."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format as written

from layers.said import figure

__all__ = ["number_format"]


@figure("number")
def number_format(value: Any, decimal_pos: int | None = None, *, force_grouping: bool = False) -> str:
    """Write a number in the active language's form, rounded to *decimal_pos* places (4.9999999 is 5,0 and not 4,9)."""
    if decimal_pos is not None and isinstance(value, float):
        value = round(value, decimal_pos) + 0.0  # minus zero is zero
    return str(written(value, decimal_pos, force_grouping=force_grouping))
