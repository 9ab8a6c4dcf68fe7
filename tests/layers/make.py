"""How do tests make editions? Through the ground's own verbs, so that guards and derived tables are real."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib.gis.geos import GEOSGeometry

from layers.models import Edition, Layer
from layers.services import LayerRow, promote_edition, stage_rows


def make_layer(code: str = "rice", **changes: object) -> Layer:
    """Return the layer of that code, made when it is missing."""
    values = {
        "name_vi": f"Lớp {code}",
        "name_en": f"Layer {code}",
        "theme": "land",
        "geometry_kind": "polygon",
        "min_zoom": 6,
        **changes,
    }
    return Layer.objects.get_or_create(code=code, defaults=values)[0]


def stage(
    layer: Layer, geoms: Iterable[GEOSGeometry | LayerRow], *, effective_from: date = date(2026, 1, 1), **options
) -> Edition:
    """Stage geometries as an edition."""
    rows = [item if isinstance(item, LayerRow) else LayerRow(item) for item in geoms]
    return stage_rows(layer, rows, effective_from=effective_from, source="Sở Thử", **options)


def current(layer: Layer, geoms: Iterable[GEOSGeometry | LayerRow], **options) -> Edition:
    """Stage and promote."""
    return promote_edition(stage(layer, geoms, **options), on=options.get("effective_from"))
