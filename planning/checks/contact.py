"""Where does touching end and overlapping begin? The written tolerance of a day: an area and a mean width, dated.

It describes how exactly boundaries are drawn and computed, not what the law allows; it judges nothing by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planning.checks.rules import Figure

AREA, WIDTH = "contact_area_m2", "contact_width_m"
# What an overlay may be off by (check_verified), and twice what the corner of a corridor is drawn short of its arc
# (check_setback): a smaller tolerance would call that an overlap or hide one. Ten times as much hides land.
BOUNDS: Mapping[str, tuple[float, float]] = {AREA: (1.0, 10.0), WIDTH: (0.05, 0.5)}


@dataclass(frozen=True)
class Contact:
    """Hold the tolerance: an overlap below *area_m2* and narrower than *width_m* on average is contact.

    A strip of 1 mm along 1 km is 1 m² and narrower than 5 cm: with the house's first values it counts.
    """

    area_m2: float = 1.0
    width_m: float = 0.05

    def exceeded(self, area_m2: float | None, perimeter_m: float | None) -> bool:
        """Tell whether an overlap counts: it has the area, or the width on average (area ÷ half the perimeter)."""
        if not area_m2:
            return False
        if round(area_m2, 4) >= self.area_m2:  # coordinates on the grid make 0.9999999 of a square metre
            return True
        if not perimeter_m:
            return False
        return area_m2 / (perimeter_m / 2) >= self.width_m

    def as_data(self) -> dict[str, float]:
        """Return the tolerance ready for JSON; kept with a stored run."""
        return {"area_m2": self.area_m2, "width_m": self.width_m}

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Contact:
        """Rebuild the tolerance of a kept run; runs from before it was dated were judged by the first values."""
        return cls(float(kept["area_m2"]), float(kept["width_m"])) if kept else cls()


def contact_of(parameters: Mapping[str, Figure]) -> Contact:
    """Return the tolerance of a day from the parameters of that day; where one has no value, the first one holds."""
    first = Contact()
    area, width = parameters.get(AREA), parameters.get(WIDTH)
    return Contact(area.value if area else first.area_m2, width.value if width else first.width_m)
