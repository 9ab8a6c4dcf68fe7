"""What does the legend of a map sheet say? Only what is on the sheet: parts, borders, the layers around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry

from layers.models.layer import LayerTheme
from mapping.papers import map_sheet
from mapping.papers.map_context import Around, Border


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
    seen: dict[tuple[str, str], list[Around]] = {}
    for feature in around:
        # parcels wear a colour for each kind of land, and each colour on the sheet has its line
        colour = feature.colour if feature.theme == LayerTheme.LAND else ""
        seen.setdefault((feature.layer, colour), []).append(feature)
    for (layer, colour), features in sorted(seen.items(), key=lambda each: (each[1][0].title, each[0])):
        first = features[0]
        name = f"layer-{layer}{'-' if colour else ''}{colour.removeprefix('#')}"
        drawings[name] = map_sheet.layer_swatch_svg(first.colour, line=first.geom.dims < 2)
        codes = ", ".join(sorted({feature.class_code for feature in features if feature.class_code})) if colour else ""
        legend.append(LegendLine(name, f"{first.title}: {codes}" if codes else first.title))
    return legend
