"""What does a generator hand to the loader? One row of a layer and one layer with its coverage; no database here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One generated feature: geometry in EPSG:9218 on the 1 mm grid."""

    geom: Any
    name: str = ""
    class_code: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """All rows of one layer, and the area its publisher is said to have looked at."""

    code: str
    rows: list[Row]
    coverage: Any
