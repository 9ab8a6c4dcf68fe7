"""How are numbers and areas kept with a file, so that each reader has them in the own way of writing?

It writes nothing itself: `mapping.formats` does.
"""

from __future__ import annotations

from layers.said import figure
from mapping import formats


@figure("count")
def number(value: float) -> str:
    """Write a number without decimals."""
    return formats.number(value)


@figure("square metres")
def square_metres(value: float) -> str:
    """Write an area given in square metres."""
    return formats.square_metres(value)


@figure("hectares of m2")
def hectares_of_m2(value: float) -> str:
    """Write an area given in square metres as hectares."""
    return formats.hectares_of_m2(value)
