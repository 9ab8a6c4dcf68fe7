"""What does the geometry child say about a geometry? Refusals and notices as plain data.

No text for people is here; `layers.messages` has it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Notice:
    """Report something that was mended or is worth knowing; *at* in the storage CRS, areas in m²."""

    code: str
    at: tuple[float, float] | None = None
    before_m2: float | None = None
    after_m2: float | None = None
    confirm: bool = False
    params: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the notice as JSON-ready data."""
        return asdict(self)


class Refusal(Exception):
    """Refuse a geometry with a catalogue code, a place in the storage CRS and, where it helps, alternatives as WKB."""

    def __init__(
        self,
        code: str,
        *,
        at: tuple[float, float] | None = None,
        params: dict[str, Any] | None = None,
        blobs: list[bytes] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.at = at
        self.params = params or {}
        self.blobs = blobs or []

    def as_dict(self) -> dict[str, Any]:
        """Return the refusal as JSON-ready data."""
        return {"code": self.code, "at": self.at, "params": self.params}
