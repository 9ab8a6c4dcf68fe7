"""Which tables belong to the windows? Derived ones for drawing and the working papers of files on their way in."""

from mapping.desks.intake.models import Arrival, ArrivalLine, SenderMapping
from mapping.glass.models import TileFeature
from mapping.papers.models import BoundaryCode, BuildState, PackageBuild

__all__ = [
    "Arrival",
    "ArrivalLine",
    "BoundaryCode",
    "BuildState",
    "PackageBuild",
    "SenderMapping",
    "TileFeature",
]
