"""How does a file from outside come in? Read it, let a person confirm where it lies, then make a zone or rows of it.

Nothing heavy is imported here: desks import these names at start-up, and the reader child must not load Django.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from layers.intake.limits import LAYER, PROPOSAL, IntakeLimits

if TYPE_CHECKING:
    from layers.intake.candidates import CrsCandidate
    from layers.intake.read import Intake
    from layers.models import AdminUnit, Layer
    from layers.services import LayerRow
    from layers.vetting import VettedZone

__all__ = ["LAYER", "PROPOSAL", "IntakeLimits", "read_vector_file", "to_rows", "to_zone"]


def read_vector_file(
    path: Path | str,
    filename: str,
    *,
    declared_unit: AdminUnit | None = None,
    layer: str = "",
    kind: str = "polygon",
    limits: IntakeLimits = PROPOSAL,
) -> Intake:
    """Read a file from outside and rank its coordinate systems: see `layers.intake.read.read_vector_file`."""
    from layers.intake import read

    return read.read_vector_file(path, filename, declared_unit=declared_unit, layer=layer, kind=kind, limits=limits)


def to_zone(intake: Intake, candidate: CrsCandidate, *, features: list[int] | None = None) -> VettedZone:
    """Turn a file's areas into one vetted zone: see `layers.intake.read.to_zone`."""
    from layers.intake import read

    return read.to_zone(intake, candidate, features=features)


def to_rows(intake: Intake, candidate: CrsCandidate, layer: Layer, *, id_field: str = "") -> Iterator[LayerRow]:
    """Turn a file's features into rows of a layer: see `layers.intake.read.to_rows`."""
    from layers.intake import read

    return read.to_rows(intake, candidate, layer, id_field=id_field)
