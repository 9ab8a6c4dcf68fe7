"""What may a person say about a drawing, and what do they learn of it? Plain data on both sides of the reader child.

It judges nothing; `drawing` does, and texts for people are made by the parent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

# How many metres one drawing unit is; "dgn" means the unit that the design file itself names.
METRES: Mapping[str, float] = {
    "m": 1.0, "dm": 0.1, "cm": 0.01, "mm": 0.001, "km": 1000.0, "in": 0.0254, "ft": 0.3048,
}  # fmt: skip
UNITS = ("", *METRES, "dgn")
CLOSE_M = 0.01
CLOSE_MOST_M = 1.0
KINDS = ("closed", "open", "hatch", "point", "text", "other")


@dataclass(frozen=True)
class CadOptions:
    """What a person says: which CAD layers, which unit, which gaps to close (metres, at most 1).

    *layers* empty: ask when several hold lines. *units* empty: metres, and ask when the numbers do not look like it.
    """

    layers: tuple[str, ...] = ()
    units: str = ""
    close_m: float = CLOSE_M

    def __post_init__(self) -> None:
        """Raise ValueError for a unit nobody knows or a gap nobody should close."""
        if self.units not in UNITS:
            raise ValueError(f"unknown unit {self.units[:20]!r}")
        if not 0 < self.close_m <= CLOSE_MOST_M:
            raise ValueError(f"gaps of {self.close_m} m are not closed")


@dataclass(frozen=True)
class CadLayer:
    """One layer (level) of a drawing: its name, whether the draughtsman shows it, how much of which kind it holds.

    *fits*: whether it can give what is wanted: for areas something closed, or lines that meet within the tolerance;
    None when nobody tried.
    """

    name: str
    visible: bool
    counts: Mapping[str, int]
    fits: bool | None = None

    @property
    def lines(self) -> int:
        """Return how many things of it can become rings."""
        return sum(self.counts.get(kind, 0) for kind in ("closed", "open", "hatch"))


@dataclass(frozen=True)
class CadRepair:
    """One thing that was mended or left out: *xy* in metres as the drawing counts them, areas in m²."""

    code: str
    xy: tuple[float, float]
    feature: int = 0
    before_m2: float | None = None
    after_m2: float | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CadFacts:
    """What a drawing holds and how it was read; *labels* runs in step with the rings: all texts inside each."""

    layers: tuple[CadLayer, ...]
    chosen: tuple[str, ...] = ()
    units: str = ""
    units_named: str = ""
    rings: int = 0
    labels: tuple[tuple[str, ...], ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    repairs: tuple[CadRepair, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the facts as JSON-ready data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CadFacts:
        """Build the facts from what the child said; raises KeyError or TypeError for anything else."""
        return cls(
            layers=tuple(
                CadLayer(str(item["name"]), bool(item["visible"]), dict(item["counts"]), item.get("fits"))
                for item in data["layers"]
            ),
            chosen=tuple(str(name) for name in data["chosen"]),
            units=str(data["units"]),
            units_named=str(data["units_named"]),
            rings=int(data["rings"]),
            labels=tuple(tuple(str(text) for text in texts) for texts in data["labels"]),
            dropped={str(name): int(count) for name, count in data["dropped"].items()},
            repairs=tuple(
                CadRepair(
                    str(item["code"]), (float(item["xy"][0]), float(item["xy"][1])), int(item["feature"]),
                    item["before_m2"], item["after_m2"], dict(item["params"]),
                )
                for item in data["repairs"]
            ),
        )  # fmt: skip
