"""How does a boundary look on a paper? A picture to a fixed scale, with grid, scale bar and north, in the storage CRS.

It draws only what it is given; `context_of` decides which layers are shown. matplotlib is imported inside functions.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon

from layers.crs import storage_srid
from layers.models import AdminUnit, Edition, EditionStatus
from layers.queries import features_near
from mapping.papers.corner_table import corner_blocks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SCALES = (500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000)
WIDTH_CM, HEIGHT_CM = 16.0, 11.5
FRAME_CM = (1.5, 1.1, 14.2, 10.1)  # left, bottom, width, height of the map frame inside the picture
DPI = 200
# At most this many corners are numbered on the picture; the corner table has them all.
MAX_NUMBERED = 60
# Land-use colours of parts, after the ministry's plan-map convention (see docs/glossary.md).
PART_COLOURS = {
    "factory": "#faaaa0",
    "craft_factory": "#f5c896",
    "road": "#ffaa32",
    "green": "#6ec864",
    "technical": "#c8a0dc",
    "service": "#ffd0ff",
    "unassigned": "#d8d8d8",
}
# Layers shown for orientation: colour, line width in points, filled?
CONTEXT_STYLES: dict[str, tuple[str, float, bool]] = {
    "land_parcel": ("#b9b3a6", 0.3, False),
    "forest_special": ("#8fbf7f", 0.6, True),
    "forest_protection": ("#b5d99c", 0.6, True),
    "reservoir": ("#a9d3ea", 0.6, True),
    "lake": ("#a9d3ea", 0.6, True),
    "water": ("#6aa9cf", 0.9, False),
    "residential": ("#f0c8d8", 0.4, True),
    "road": ("#8a6d3b", 1.0, False),
    "power_line": ("#7a4fa3", 0.7, False),
}


@dataclass(frozen=True)
class PictureContent:
    """What to draw: *zone*, *parts* as (use, geometry), *pieces* of findings as (severity, geometry)."""

    zone: Polygon | MultiPolygon
    parts: Sequence[tuple[str, GEOSGeometry]] = ()
    pieces: Sequence[tuple[str, GEOSGeometry]] = ()
    numbered_corners: bool = True
    context: Sequence[tuple[str, GEOSGeometry]] = field(default_factory=tuple)


@dataclass(frozen=True)
class Picture:
    """A PNG with the scale it is drawn to when placed ``width_cm`` wide."""

    png: bytes
    scale: int
    width_cm: float


def frame_of(zone: GEOSGeometry) -> tuple[int, tuple[float, float, float, float]]:
    """Choose the largest scale at which the zone fills at most 80 % of the frame; return it with the extent, metres."""
    west, south, east, north = zone.extent
    _left, _bottom, width_cm, height_cm = FRAME_CM
    for scale in SCALES:
        width, height = width_cm / 100 * scale, height_cm / 100 * scale
        if east - west <= width * 0.8 and north - south <= height * 0.8:
            break
    middle_e, middle_n = (west + east) / 2, (south + north) / 2
    return scale, (middle_e - width / 2, middle_n - height / 2, middle_e + width / 2, middle_n + height / 2)


def context_of(zone: GEOSGeometry) -> list[tuple[str, GEOSGeometry]]:
    """Read what lies around the zone for orientation: features of current editions and unit boundaries in the frame."""
    _scale, extent = frame_of(zone)
    window = Polygon.from_bbox(extent)
    window.srid = storage_srid()
    editions = Edition.objects.filter(
        status=EditionStatus.CURRENT, layer__code__in=CONTEXT_STYLES, layer__is_public=True
    ).values_list("pk", flat=True)
    features = (
        features_near(editions, window)
        .order_by("edition__layer__order", "id")
        .values_list("edition__layer__code", "geom")[:4_000]
    )
    units = AdminUnit.objects.filter(level_id="commune", valid_to__isnull=True, geom__bboverlaps=window)
    return [*features, *(("unit", geom) for geom in units.values_list("geom", flat=True))]


def draw_picture(content: PictureContent) -> Picture:
    """Draw the picture as PNG at a round scale with VN-2000 grid ticks (X northing at the left, Y easting below)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    scale, extent = frame_of(content.zone)
    figure = Figure(figsize=(WIDTH_CM / 2.54, HEIGHT_CM / 2.54), dpi=DPI)
    FigureCanvasAgg(figure)
    left, bottom, width, height = FRAME_CM
    axes = figure.add_axes((left / WIDTH_CM, bottom / HEIGHT_CM, width / WIDTH_CM, height / HEIGHT_CM))
    axes.set_xlim(extent[0], extent[2])
    axes.set_ylim(extent[1], extent[3])
    axes.set_facecolor("#fbfaf6")
    for code, geom in content.context:
        if code == "unit":
            _draw(axes, geom, edgecolor="#8c8577", linewidth=0.8, linestyle=(0, (6, 3)), fill=False)
        else:
            colour, line, filled = CONTEXT_STYLES[code]
            _draw(axes, geom, facecolor=colour, edgecolor=colour, linewidth=line, fill=filled)
    for use, geom in content.parts:
        _draw(axes, geom, facecolor=PART_COLOURS.get(use, "#d8d8d8"), edgecolor="#5a3c3c", linewidth=0.5, alpha=0.55)
    for severity, geom in content.pieces:
        colour, hatch = {"prohibited": ("#a8122a", "xxxx"), "conditional": ("#b26a00", "////")}.get(
            severity, ("#1f5fa8", "....")
        )
        _draw(axes, geom, facecolor="none", edgecolor=colour, linewidth=0.6, hatch=hatch)
    _draw(axes, content.zone, facecolor="none", edgecolor="#a01e1e", linewidth=1.6)
    if content.numbered_corners:
        _number_corners(axes, content.zone)
    _grid(axes, extent, scale)
    _scale_bar(axes, extent, scale)
    _north_arrow(axes, extent)
    return Picture(_png(figure), scale, WIDTH_CM)


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return buffer.getvalue()


def _draw(axes: Axes, geom: GEOSGeometry, **style: Any) -> None:
    """Draw points, lines or areas with holes."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    part: Any
    for part in _simple_parts(geom):
        if part.geom_type == "Point":
            axes.plot([part.x], [part.y], "o", markersize=2, color=style.get("edgecolor", "#333333"))
        elif part.geom_type == "LineString":
            xs, ys = zip(*((x, y) for x, y, *_z in part.coords), strict=True)
            axes.plot(xs, ys, color=style.get("edgecolor"), linewidth=style.get("linewidth", 1))
        else:
            vertices: list[tuple[float, float]] = []
            codes: list[Any] = []
            for ring in part:
                places = [(x, y) for x, y, *_z in ring.coords]
                vertices += places
                codes += [Outline.MOVETO, *[Outline.LINETO] * (len(places) - 2), Outline.CLOSEPOLY]
            axes.add_patch(PathPatch(Outline(vertices, codes), **style))


def _simple_parts(geom: Any) -> Iterable[GEOSGeometry]:
    if geom.geom_type.startswith("Multi") or geom.geom_type == "GeometryCollection":
        for part in geom:
            yield from _simple_parts(part)
    else:
        yield geom


def _number_corners(axes: Axes, zone: Polygon | MultiPolygon) -> None:
    corners = [corner for block in corner_blocks(zone) for corner in block.corners[:-1]]
    step = max(1, -(-len(corners) // MAX_NUMBERED))
    middle = zone.centroid
    for corner in corners[::step]:
        axes.plot([corner.y_m], [corner.x_m], "o", markersize=2.2, markerfacecolor="white", markeredgecolor="#a01e1e")
        away = (1 if corner.y_m >= middle.x else -1, 1 if corner.x_m >= middle.y else -1)
        axes.annotate(
            str(corner.number),
            (corner.y_m, corner.x_m),
            xytext=(4 * away[0], 4 * away[1]),
            textcoords="offset points",
            fontsize=5.5,
            ha="left" if away[0] > 0 else "right",
            va="bottom" if away[1] > 0 else "top",
            color="#3c1414",
        )


def _grid(axes: Axes, extent: tuple[float, float, float, float], scale: int) -> None:
    """Put ticks every 4 to 5 cm on the paper at round metres, and crosses where the grid lines meet."""
    step = max(round(scale * 0.04 / size) * size for size in _round_sizes(scale * 0.04))
    easts = _multiples(extent[0], extent[2], step)
    norths = _multiples(extent[1], extent[3], step)
    axes.set_xticks(easts, [_metres(value) for value in easts], fontsize=5.5)
    axes.set_yticks(norths, [_metres(value) for value in norths], fontsize=5.5, rotation=90, va="center")
    axes.set_xlabel("Y (m)", fontsize=6, labelpad=1)
    axes.set_ylabel("X (m)", fontsize=6, labelpad=1)
    axes.tick_params(length=3, width=0.5)
    for east in easts:
        for north in norths:
            axes.plot([east], [north], "+", color="#6b6458", markersize=6, markeredgewidth=0.4)


def _round_sizes(target: float) -> list[float]:
    size = 10.0
    while size * 10 <= target:
        size *= 10
    return [size, size * 5] if size * 5 <= target else [size]


def _multiples(low: float, high: float, step: float) -> list[float]:
    first = -(-low // step) * step
    return [first + index * step for index in range(int((high - first) // step) + 1)]


def _metres(value: float) -> str:
    return f"{value:,.0f}".replace(",", ".")


def _scale_bar(axes: Axes, extent: tuple[float, float, float, float], scale: int) -> None:
    length = scale * 0.02
    west, south = extent[0] + scale * 0.004, extent[1] + scale * 0.005
    for index, colour in enumerate(("black", "white")):
        axes.barh(south, length, scale * 0.0012, west + index * length, color=colour, edgecolor="black", linewidth=0.5)
    for index in range(3):
        axes.text(west + index * length, south + scale * 0.0013, _metres(length * index), fontsize=5.5, ha="center")
    axes.text(west + 2 * length + scale * 0.003, south, f"m   1:{_metres(scale)}", fontsize=6, va="center")


def _north_arrow(axes: Axes, extent: tuple[float, float, float, float]) -> None:
    axes.annotate(
        "B",
        xy=(0.965, 0.96),
        xytext=(0.965, 0.87),
        xycoords="axes fraction",
        ha="center",
        fontsize=8,
        arrowprops={"arrowstyle": "-|>", "color": "black"},
    )
