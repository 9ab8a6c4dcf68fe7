"""What lies around a boundary on a map sheet? Features of the editions a kept run names, cut to the frame, and units.

It reads the editions of the run, not today's, so that the sheet shows what the report was asked against.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import F, Func, Q, QuerySet, Value

from layers.crs import storage_srid
from layers.fields import StorageGeometryField
from layers.models import AdminUnit
from layers.models.layer import LayerTheme
from layers.queries import features_near
from mapping.papers.map_window import Window

# What a paper can show is finer than this: 0.1 mm.
DETAIL_MM = 0.1
MOST_FEATURES = 2_500
# Parcels turn into a grey net on smaller scales.
PARCELS_UP_TO = 10_000
THEME_COLOURS = {
    LayerTheme.LAND: "#c9b458",
    LayerTheme.FOREST: "#5f9a4b",
    LayerTheme.WATER: "#4f9dc0",
    LayerTheme.TRAFFIC: "#a9824a",
    LayerTheme.ENERGY: "#7a3fa0",
    LayerTheme.PEOPLE: "#c98fa8",
    LayerTheme.HERITAGE: "#b5733d",
    LayerTheme.INDUSTRY: "#8d86a8",
}


@dataclass(frozen=True)
class Around:
    """One feature beside the boundary: layer code and name, colour, its own *name*, and what of it the frame shows."""

    layer: str
    title: str
    theme: str
    colour: str
    name: str
    geom: GEOSGeometry
    class_code: str = ""


@dataclass(frozen=True)
class Border:
    """The border of one administrative unit in the frame, with its name."""

    name: str
    geom: GEOSGeometry


def features_in(window: Window, editions: Iterable[int]) -> list[Around]:
    """Return the public features of *editions* that the window shows, cut to it and thinned to 0.1 mm on paper."""
    themes = Q(edition__layer__theme__in=THEME_COLOURS)
    if window.scale > PARCELS_UP_TO:
        themes &= ~Q(edition__layer__theme=LayerTheme.LAND)
    box = window.box(storage_srid())
    rows = (
        _shown(features_near(editions, box).filter(themes, edition__layer__is_public=True), window)
        .filter(edition__layer__is_constraint=True)
        .order_by("edition__layer__order", "-area_m2", "id")
        .values_list(
            "edition__layer__code",
            "edition__layer__name_vi",
            "edition__layer__theme",
            "edition__layer__style",
            "class_code",
            "name",
            "shown",
        )[:MOST_FEATURES]
    )
    return [
        Around(code, title, theme, _colour(style, class_code, theme), name, shown, class_code)
        for code, title, theme, style, class_code, name, shown in rows
        if shown is not None and not shown.empty
    ]


def borders_in(window: Window, day: date) -> list[Border]:
    """Return the communes of *day* that the window shows."""
    rows = _shown(AdminUnit.objects.valid_on(day).of_level("commune"), window).order_by("code")
    return [Border(unit.full_name, unit.shown) for unit in rows if unit.shown is not None and not unit.shown.empty]


def _shown(rows: QuerySet[Any], window: Window) -> Any:
    box = window.box(storage_srid())
    corners = (window.west, window.south, window.east, window.north)
    frame = Func(*map(Value, corners), Value(storage_srid()), function="ST_MakeEnvelope")
    clipped = Func(F("geom"), frame, function="ST_ClipByBox2D", output_field=StorageGeometryField())
    thinned = Func(
        clipped,
        Value(DETAIL_MM * window.scale / 1_000),
        function="ST_Simplify",
        output_field=StorageGeometryField(),
    )
    return rows.filter(geom__bboverlaps=box).annotate(shown=thinned)


def _colour(style: Mapping[str, Any], class_code: str, theme: str) -> str:
    colours = style.get("colours") or {}
    found = colours.get(class_code) or style.get("fill") or colours.get("default") or THEME_COLOURS[LayerTheme(theme)]
    return str(found) if str(found).startswith("#") else THEME_COLOURS[LayerTheme(theme)]
