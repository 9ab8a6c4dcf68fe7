"""How is a vector file read for a purpose? With the answers given so far; what can be answered becomes a question.

It knows no purpose; each names the kind of geometry it wants, its limits and its unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.errors import InputRefused
from layers.intake.limits import IntakeLimits
from layers.models import AdminUnit
from mapping.desks.intake.models import Arrival
from mapping.desks.intake.purposes.base import Asked

if TYPE_CHECKING:
    from layers.intake.read import Intake


def read_vector(
    arrival: Arrival,
    path: Path,
    answers: Mapping[str, Any],
    *,
    kind: str,
    limits: IntakeLimits,
    unit: AdminUnit | None = None,
) -> Intake:
    """Read the kept file; raises `Asked` for the layer of several, and the refusals of reading."""
    from layers.intake.read import read_vector_file

    try:
        return read_vector_file(
            path,
            arrival.filename,
            declared_unit=unit,
            layer=str(answers.get("layer", "")),
            kind=kind,
            limits=limits,
        )
    except InputRefused as problem:
        layers = problem.detail.get("layers")
        if problem.code == "MULTIPLE_LAYERS" and isinstance(layers, list) and layers:
            raise Asked("layer", {"layers": [str(name) for name in layers]}) from problem
        raise
