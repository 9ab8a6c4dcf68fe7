"""Which tables belong to the windows? Derived ones for drawing and the steward's working papers; no source of truth."""

from mapping.desks.steward.models import LayerLoad
from mapping.glass.models import TileFeature
from mapping.papers.models import BoundaryCode, BuildState, PackageBuild

__all__ = ["BoundaryCode", "BuildState", "LayerLoad", "PackageBuild", "TileFeature"]
