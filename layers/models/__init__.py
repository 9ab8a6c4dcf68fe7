"""Which nouns does the ground have? Import them from here; one noun per file inside."""

from layers.models.batch import Batch, BatchState, Chunk, ChunkState
from layers.models.calendar import Holiday
from layers.models.edition import Edition, EditionStatus, Feature, FeaturePart
from layers.models.edition_line import EditionLine, LineKind
from layers.models.instrument import LegalInstrument
from layers.models.layer import Layer
from layers.models.unit import AdminLevel, AdminSuccession, AdminUnit, Body, SuccessionKind

__all__ = [
    "AdminLevel",
    "AdminSuccession",
    "AdminUnit",
    "Batch",
    "BatchState",
    "Body",
    "Chunk",
    "ChunkState",
    "Edition",
    "EditionLine",
    "EditionStatus",
    "Feature",
    "FeaturePart",
    "Holiday",
    "Layer",
    "LegalInstrument",
    "LineKind",
    "SuccessionKind",
]
