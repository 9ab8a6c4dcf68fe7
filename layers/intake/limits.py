"""How much of a file from outside is accepted? The written limits (ASVS 5.1.1); nothing is checked here."""

from __future__ import annotations

from dataclasses import dataclass, replace

UPLOAD_BYTES = 50 * 1024 * 1024
UNPACKED_BYTES = 300 * 1024 * 1024
MEMBERS = 200
RATIO = 100
RATIO_FROM_BYTES = 1024 * 1024
FEATURES = 20_000
VERTICES_PER_GEOMETRY = 100_000
VERTICES = 500_000
TEXT_LENGTH = 10_000
FIELDS = 255
JSON_DEPTH = 64
XML_DEPTH = 64
PREVIEW_TEXTS = 5
CLOSE_M = 0.01  # ends of a ring so near each other are one point
METRES_A_DEGREE = 111_320.0  # near enough to judge a gap of a ring in degrees
CAD_EXPLODED = 20_000  # entities that block references unfold to, in the layers chosen
CAD_LEVELS = 8
RASTER_SIDE = 20_000
RASTER_PIXELS = 40_000_000
CHILD_MEMORY_BYTES = 2 * 1024**3
WAITED_FOR_BYTES = 5 * 1024 * 1024  # larger files are read by the worker: nobody waits, and they may take longer
SHARED_BYTES = 32 * 1024 * 1024  # unpacked; from here on a second reader saves more than its start takes (0.3 s)
SECONDS_A_MEGABYTE = 1.5  # three times what the slowest drawing takes (DXF R12, 0.45 s)


@dataclass(frozen=True)
class IntakeLimits:
    """How much one reading may cost; a steward's layer may be larger than a planner's boundary."""

    features: int = FEATURES
    vertices: int = VERTICES
    seconds: float = 20.0

    def for_size(self, size: int) -> IntakeLimits:
        """Return the limits for a file of *size* bytes: a large one has more time, never more than a layer has."""
        more = SECONDS_A_MEGABYTE * max(0, size - WAITED_FOR_BYTES) / (1024 * 1024)
        return replace(self, seconds=max(self.seconds, min(LAYER.seconds, self.seconds + more)))


PROPOSAL = IntakeLimits(features=2_000, vertices=200_000, seconds=20.0)
LAYER = IntakeLimits(features=200_000, vertices=10_000_000, seconds=120.0)
