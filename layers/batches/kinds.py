"""Who does which long work? Upper floors enter their functions by name; the ground imports them when a chunk is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.module_loading import import_string

from layers.models import Batch

Finish = Callable[[Batch], None]


@dataclass(frozen=True)
class Kind:
    """Name the functions of one kind of long work by dotted path."""

    name: str
    work: str
    finish: str = ""

    def finish_function(self) -> Finish | None:
        """Return what runs once after the last chunk, or None."""
        return import_string(self.finish) if self.finish else None


_kinds: dict[str, Kind] = {}


def register(name: str, *, work: str, finish: str = "") -> None:
    """Enter a kind of long work; call it in ``AppConfig.ready``.

    *work* and *finish* are dotted paths: ``work(batch parameters, chunk parameters) -> result``, all three JSON
    objects, and ``finish(batch)``. A chunk's work runs inside one transaction with its mark *done*: what it writes to
    this database stands or falls with the mark; what it does elsewhere must bear being done twice.
    Raises ValueError when the name is taken by other functions.
    """
    kind = Kind(name, work, finish)
    if _kinds.setdefault(name, kind) != kind:
        raise ValueError(f"The kind of long work {name!r} is taken.")


def kind_named(name: str) -> Kind:
    """Return the kind of that name; raises LookupError when no floor entered it."""
    if name not in _kinds:
        raise LookupError(f"No floor does long work of the kind {name!r}.")
    return _kinds[name]
