"""What does the legend of a map sheet say? Only what is on the sheet: parts, borders, the layers around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from layers.models.layer import LayerTheme
from mapping.papers import map_sheet
from mapping.papers.map_context import THEME_COLOURS, Around, Border


@dataclass(frozen=True)
class LegendLine:
    """One line of the legend: the name of its drawing and what it stands for."""

    image: str
    text: str


def context_legend(
    around: Sequence[Around],
    borders: Sequence[Border],
    parts: Sequence[GEOSGeometry],
    drawings: dict[str, str | bytes],
) -> list[LegendLine]:
    """Draw the samples of parts, borders and layers into *drawings*; return their lines."""
    legend = []
    if parts:
        drawings["parts"] = map_sheet.parts_swatch_svg()
        legend.append(LegendLine("parts", "Khu chức năng"))
    if borders:
        drawings["border"] = map_sheet.border_swatch_svg()
        legend.append(LegendLine("border", "Địa giới xã, phường (minh hoạ)"))
    seen: dict[str, Any] = {feature.layer: feature for feature in reversed(around)}
    for feature in sorted(seen.values(), key=lambda each: each.title):
        # parcels wear a colour for each kind of land; the legend shows the layer's own
        colour = THEME_COLOURS[LayerTheme.LAND] if feature.theme == LayerTheme.LAND else feature.colour
        drawings[f"layer-{feature.layer}"] = map_sheet.layer_swatch_svg(colour, line=feature.geom.dims < 2)
        legend.append(LegendLine(f"layer-{feature.layer}", feature.title))
    return legend
