"""How does a file from outside come in? Read it, let a person confirm where it lies, then make a zone or rows of it.

Nothing heavy is imported here: the reader child must not load Django. What `layers.intake.read` offers is fetched from
there when it is first asked for by name, so import those names inside functions where start-up matters.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from layers.intake.limits import LAYER, PROPOSAL, IntakeLimits

if TYPE_CHECKING:
    from layers.intake.read import read_vector_file, to_rows, to_zone

__all__ = ["LAYER", "PROPOSAL", "IntakeLimits", "read_vector_file", "to_rows", "to_zone"]


def __getattr__(name: str) -> Any:
    """Fetch a reading function; raises AttributeError for any other name."""
    if name in {"read_vector_file", "to_rows", "to_zone"}:
        return getattr(import_module("layers.intake.read"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
