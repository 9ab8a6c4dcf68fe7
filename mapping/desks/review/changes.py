"""What changed between two kept boundaries? Added and removed land, in hectares and as pieces.

Both boundaries are stored and valid; the difference runs in the vetting child all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from layers.vetting import call
from mapping.glass.geojson import feature, feature_collection
from planning.proposals.models import ZoneVersion

HECTARE_M2 = 10_000


@dataclass(frozen=True)
class Change:
    """The step from one version to the next, areas in hectares."""

    version: ZoneVersion
    before: ZoneVersion | None
    added_ha: float
    removed_ha: float
    pieces: dict[str, Any]

    @property
    def same(self) -> bool:
        """Tell whether the boundary stayed as it was, to 1 m²."""
        return self.before is not None and self.added_ha < 1e-4 and self.removed_ha < 1e-4


def changes_of(versions: list[ZoneVersion]) -> list[Change]:
    """Return the steps between *versions* (newest first), newest first; the first version has nothing before it."""
    steps = []
    for index, version in enumerate(versions):
        before = versions[index + 1] if index + 1 < len(versions) else None
        steps.append(_step(version, before))
    return steps


def _step(version: ZoneVersion, before: ZoneVersion | None) -> Change:
    if before is None or before.geom_hash == version.geom_hash:
        return Change(version, before, 0.0, 0.0, feature_collection([]))
    added, removed = _difference(version, before), _difference(before, version)
    pieces = [
        feature(geom, {"change": name}) for name, geoms in (("added", added), ("removed", removed)) for geom in geoms
    ]
    return Change(
        version,
        before,
        sum(float(geom.area) for geom in added) / HECTARE_M2,
        sum(float(geom.area) for geom in removed) / HECTARE_M2,
        feature_collection(pieces),
    )


def _difference(one: ZoneVersion, other: ZoneVersion) -> tuple[GEOSGeometry, ...]:
    """Return what *one* has and *other* has not, slivers below 1 m² left out."""
    return call("difference", one.geom, other.geom, drop_below_m2=1.0).geoms
