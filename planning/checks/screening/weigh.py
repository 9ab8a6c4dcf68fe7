"""Why does a site rank where it ranks? Every figure becomes 0–1 on a fixed scale; weights make one score of them.

The scales do not depend on the other candidates, so a site's score never changes because another one is found. It reads
no geometry: ranking again is a read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Measures = Mapping[str, Any]


@dataclass(frozen=True)
class Criterion:
    """Describe one figure that is weighed: *scale* gives 0 (worst) to 1 (best), None while the figure is not known."""

    code: str
    title: _StrPromise
    weight: float
    scale: Callable[[Measures], float | None]


def _near(name: str, far_m: float) -> Callable[[Measures], float | None]:
    def scale(measures: Measures) -> float | None:
        value = measures.get(name)
        return None if value is None else 1 - min(1.0, float(value) / far_m)

    return scale


def _far(name: str, enough_m: float) -> Callable[[Measures], float | None]:
    def scale(measures: Measures) -> float | None:
        # nothing within reach is far enough
        value = measures.get(name)
        return 1.0 if value is None else min(1.0, float(value) / enough_m)

    return scale


def _without(name: str) -> Callable[[Measures], float | None]:
    def scale(measures: Measures) -> float | None:
        value = measures.get(name)
        return None if value is None else 1 - min(1.0, float(value))

    return scale


def _conditions(measures: Measures) -> float:
    count, share = float(measures.get("conditions", 0)), float(measures.get("condition_share", 0))
    return 1 - (0.6 * min(1.0, count / 5) + 0.4 * min(1.0, share))


def _unchecked(measures: Measures) -> float:
    return 1 - min(1.0, float(measures.get("unchecked", 0)) / 10)


def _area(measures: Measures) -> float:
    wanted, area = float(measures["wanted_ha"]), float(measures["area_ha"])
    return 1 - min(1.0, abs(area - wanted) / wanted)


def _compact(measures: Measures) -> float:
    # a square is as compact as a cluster need be
    return min(1.0, float(measures["compactness"]) / (math.pi / 4))


CRITERIA: tuple[Criterion, ...] = (
    Criterion("conditions", _("few conditions"), 5, _conditions),
    Criterion("road", _("near a main road"), 3, _near("road_m", 5_000)),
    Criterion("rice", _("little rice land"), 3, _without("rice_share")),
    Criterion("slope", _("gentle slope"), 2, _without("steep_share")),
    Criterion("housing", _("far from housing"), 2, _far("housing_m", 1_000)),
    Criterion("unchecked", _("data complete"), 2, _unchecked),
    Criterion("power", _("near a power line"), 1, _near("power_m", 10_000)),
    Criterion("compact", _("compact shape"), 1, _compact),
    Criterion("area", _("area as wanted"), 1, _area),
    Criterion("cluster", _("near an existing cluster"), 0, _near("cluster_m", 20_000)),
)
DEFAULT_WEIGHTS = {criterion.code: float(criterion.weight) for criterion in CRITERIA}
MAX_WEIGHT = 10.0


@dataclass(frozen=True)
class Weighed:
    """State how one criterion counts: *value* 0–1 (None: figure not known, not weighed), *points* of 100."""

    criterion: Criterion
    weight: float
    value: float | None
    points: float


def weighed(measures: Measures, weights: Mapping[str, float]) -> tuple[float, list[Weighed]]:
    """Return the score (0–100) and its parts, most points first; a figure that is not known gives no points."""
    total = sum(weights.get(criterion.code, 0.0) for criterion in CRITERIA)
    parts = []
    for criterion in CRITERIA:
        weight = weights.get(criterion.code, 0.0)
        value = criterion.scale(measures)
        points = 100 * weight * (value or 0.0) / total if total else 0.0
        parts.append(Weighed(criterion, weight, value, points))
    parts.sort(key=lambda part: -part.points)
    return math.fsum(part.points for part in parts), parts


def weights_from(given: Mapping[str, Any]) -> dict[str, float]:
    """Read weights 0–10 by criterion; what is absent or no number keeps its default, what is outside is cut."""
    found = dict(DEFAULT_WEIGHTS)
    for code in found:
        try:
            value = float(given[code])
        except (KeyError, TypeError, ValueError):
            continue
        if math.isfinite(value):
            found[code] = min(MAX_WEIGHT, max(0.0, value))
    return found
