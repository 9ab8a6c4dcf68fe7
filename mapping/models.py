"""Which tables belong to the windows? Only derived ones for drawing; nothing here is a source of truth."""

from mapping.glass.models import TileFeature

__all__ = ["TileFeature"]
