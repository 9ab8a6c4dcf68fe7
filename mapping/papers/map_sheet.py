"""How does a boundary look on a printed sheet? A vector drawing true to scale: one unit of the SVG is one millimetre.

It draws what it is given and queries nothing. Severity is colour and pattern together, readable in grey.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.utils.html import escape

from layers.models.layer import LayerTheme
from mapping import formats
from mapping.papers.map_context import Around, Border
from mapping.papers.map_labels import Labels
from mapping.papers.map_window import Window, multiples

INK, QUIET, ZONE_INK = "#1d2321", "#6b6458", "#7a1420"
# Room left of and below the frame for the coordinates.
GUTTER_MM = 5.5
EDGE_MM = 0.3
# One family per subset of the font: WeasyPrint takes files of the same family for one font and mixes up their glyphs.
FONTS = "Dat Nghe, Dat Nghe Viet, Dat Nghe Ext"
LESS_THAN_SEEN_MM = 0.03


@dataclass(frozen=True)
class Look:
    """How a severity is drawn, as on the maps of the browser: outline, fill, strength of the tint, pattern, dashes."""

    line: str
    fill: str
    tint: float
    marks: str
    dash: str = ""


LOOKS = {
    "prohibited": Look("#a8123a", "#a8123a", 0.16, "cross"),
    "condition": Look("#8a5200", "#d98800", 0.16, "diagonal"),
    "advice": Look("#1b5ba6", "#1b5ba6", 0.10, "dots"),
    "contact": Look("#5c4a7d", "#5c4a7d", 0.08, "none"),
    "clear": Look("#22693a", "#22693a", 0.0, "none"),
    "not_checked": Look("#585c61", "#585c61", 0.06, "none", "1.6 1.2"),
    "not_computable": Look("#585c61", "#585c61", 0.06, "sparse", "0.6 1"),
}


@dataclass(frozen=True)
class SheetPiece:
    """One piece of a finding: its row *number* in the table, severity, geometry (None: only the line)."""

    number: int
    severity: str
    geom: GEOSGeometry | None
    line: GEOSGeometry | None = None


@dataclass(frozen=True)
class Sheet:
    """What to draw; *corners* as `Labels.corners` takes them."""

    window: Window
    zone: GEOSGeometry
    pieces: Sequence[SheetPiece] = ()
    parts: Sequence[GEOSGeometry] = ()
    around: Sequence[Around] = ()
    borders: Sequence[Border] = ()
    corners: Sequence[tuple[int, float, float, float, float]] = ()


def sheet_svg(sheet: Sheet) -> str:
    """Draw the sheet with grid, coordinates, north arrow and scale bar; width and height are in millimetres."""
    window = sheet.window
    width, height = window.width_mm + GUTTER_MM + EDGE_MM, window.height_mm + GUTTER_MM + EDGE_MM
    labels = Labels(window)
    body = [
        *(_around(window, feature) for feature in sheet.around),
        *(_border(window, border) for border in sheet.borders),
        *(_path(window, part, 'fill="none" stroke="#5a3c3c" stroke-width="0.2"') for part in sheet.parts),
        *_crosses(window),
        *_pieces(window, sheet.pieces),
        _path(
            window,
            sheet.zone,
            f'class="zone" fill="none" stroke="{ZONE_INK}" stroke-width="0.7" stroke-linejoin="round"',
        ),
        *_nearest(window, sheet.pieces),
    ]
    names = labels.corners(sheet.corners)
    names += labels.numbers((piece.number, piece.severity, piece.geom) for piece in sheet.pieces)
    names += labels.names(sheet.around, sheet.borders)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm"'
        f' viewBox="{-GUTTER_MM} {-EDGE_MM} {width} {height}" font-family="{FONTS}">'
        f"<defs>{_patterns()}"
        f'<clipPath id="frame"><rect width="{window.width_mm}" height="{window.height_mm}"/></clipPath></defs>'
        f'<g clip-path="url(#frame)">{"".join(body)}{"".join(names)}</g>'
        f'<rect width="{window.width_mm}" height="{window.height_mm}" fill="none" stroke="{INK}" stroke-width="0.35"/>'
        f"{_coordinates(window)}{_north(window)}{_bar(window)}</svg>"
    )


def swatch_svg(severity: str) -> str:
    """Draw the legend's sample of a severity, 8 × 5 mm."""
    look = LOOKS.get(severity, LOOKS["not_computable"])
    fill = f"url(#m-{severity})" if look.tint else "none"
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    return _sample(
        f"<defs>{_pattern(severity, look)}</defs>"
        f'<rect x="0.3" y="0.3" width="7.4" height="4.4" fill="{fill}" stroke="{look.line}" stroke-width="0.5"{dash}/>'
    )


def layer_swatch_svg(colour: str, *, line: bool) -> str:
    """Draw the legend's sample of a layer, 8 × 5 mm: an area, or a line."""
    if line:
        return _sample(
            f'<path d="M0.5 4 L3 1.5 L5.5 3 L7.5 1" fill="none" stroke="{escape(colour)}" stroke-width="0.6"/>'
        )
    return _sample(
        f'<rect x="0.3" y="0.3" width="7.4" height="4.4" fill="{escape(colour)}" fill-opacity="0.35"'
        f' stroke="{escape(colour)}" stroke-width="0.3"/>'
    )


def zone_swatch_svg() -> str:
    """Draw the legend's sample of the boundary, 8 × 5 mm."""
    return _sample(f'<rect x="0.5" y="0.5" width="7" height="4" fill="none" stroke="{ZONE_INK}" stroke-width="0.7"/>')


def border_swatch_svg() -> str:
    """Draw the legend's sample of a commune's border, 8 × 5 mm."""
    return _sample(f'<path d="M0.3 2.5 H7.7" stroke="{QUIET}" stroke-width="0.35" stroke-dasharray="2 0.8 0.4 0.8"/>')


def parts_swatch_svg() -> str:
    """Draw the legend's sample of a land-use part, 8 × 5 mm."""
    return _sample('<path d="M0.4 0.4H7.6V4.6H0.4ZM4 0.4V4.6" fill="none" stroke="#5a3c3c" stroke-width="0.2"/>')


def nearest_swatch_svg() -> str:
    """Draw the legend's sample of the line to the nearest point, 8 × 5 mm."""
    return _sample(f'<path d="M0.3 2.5H7.7" stroke="{INK}" stroke-width="0.25" stroke-dasharray="0.8 0.6"/>')


def _sample(body: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="8mm" height="5mm" viewBox="0 0 8 5">{body}</svg>'


def _patterns() -> str:
    return "".join(_pattern(name, look) for name, look in LOOKS.items())


def _pattern(name: str, look: Look) -> str:
    """Return the pattern of a severity, tiles of 2.4 mm; strokes run past the corners so that neighbours join."""
    size = 2.4
    rising = [(-0.6, 3, 3, -0.6), (-0.6, 0.6, 0.6, -0.6), (1.8, 3, 3, 1.8)]
    falling = [(-0.6, -0.6, 3, 3), (-0.6, 1.8, 0.6, 3), (1.8, -0.6, 3, 0.6)]
    strokes = {"cross": rising + falling, "diagonal": rising}
    dots = {"dots": [(0.6, 0.6), (1.8, 1.8)], "sparse": [(1.2, 1.2)]}
    marks = "".join(
        f'<line x1="{a}" y1="{b}" x2="{c}" y2="{d}" stroke="{look.line}" stroke-width="0.22"/>'
        for a, b, c, d in strokes.get(look.marks, ())
    ) + "".join(f'<circle cx="{x}" cy="{y}" r="0.26" fill="{look.line}"/>' for x, y in dots.get(look.marks, ()))
    return (
        f'<pattern id="m-{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">'
        f'<rect width="{size}" height="{size}" fill="{look.fill}" fill-opacity="{look.tint}"/>{marks}</pattern>'
    )


def _around(window: Window, feature: Around) -> str:
    colour = escape(feature.colour)
    if feature.geom.dims < 2:
        width = 0.7 if feature.theme == LayerTheme.TRAFFIC else 0.45
        return _path(
            window, feature.geom, f'fill="none" stroke="{colour}" stroke-width="{width}" stroke-opacity="0.75"'
        )
    fill, line = (0.16, 0.12) if feature.theme == LayerTheme.LAND else (0.28, 0.2)
    edge = "#a9a290" if feature.theme == LayerTheme.LAND else colour
    return _path(window, feature.geom, f'fill="{colour}" fill-opacity="{fill}" stroke="{edge}" stroke-width="{line}"')


def _border(window: Window, border: Border) -> str:
    return _path(
        window, border.geom, f'fill="none" stroke="{QUIET}" stroke-width="0.35" stroke-dasharray="2 0.8 0.4 0.8"'
    )


def _pieces(window: Window, pieces: Sequence[SheetPiece]) -> Iterable[str]:
    """Draw the pieces, one path for all areas of a severity: a pattern costs the PDF as much as a hundred outlines."""
    for severity, look in LOOKS.items():
        drawn = [piece.geom for piece in pieces if piece.geom is not None and _known(piece.severity) == severity]
        dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
        areas = "".join(path_data(window, geom) for geom in drawn if geom.dims == 2)
        if areas:
            fill = f'fill="url(#m-{severity})" stroke="{look.line}" stroke-width="0.3"{dash}'
            yield f'<path class="{severity}" d="{areas}" {fill}/>'
        thin = "".join(path_data(window, geom) for geom in drawn if geom.dims < 2)
        if thin:
            yield f'<path class="{severity}" d="{thin}" fill="none" stroke="{look.line}" stroke-width="0.9"{dash}/>'


def _known(severity: str) -> str:
    return severity if severity in LOOKS else "not_computable"


def _nearest(window: Window, pieces: Iterable[SheetPiece]) -> Iterable[str]:
    for piece in pieces:
        if piece.line is not None:
            style = f'fill="none" stroke="{INK}" stroke-width="0.25" stroke-dasharray="0.8 0.6"'
            yield _path(window, piece.line, style)


def _path(window: Window, geom: GEOSGeometry, style: str) -> str:
    data = path_data(window, geom)
    return f'<path d="{data}" {style}/>' if data else ""


def path_data(window: Window, geom: GEOSGeometry) -> str:
    """Write a storage geometry as an SVG path in millimetres, 0.01 mm; points closer than 0.03 mm to the last go.

    Outer rings run one way and holes the other, so that the plain filling rule leaves holes open.
    """
    return "".join(_strokes(window, geom))


def _strokes(window: Window, geom: Any) -> Iterable[str]:
    if geom.geom_type == "Point":
        x, y = window.place(geom.x, geom.y)
        yield f"M{x - 0.5:.2f} {y:.2f}a0.5 0.5 0 1 0 1 0a0.5 0.5 0 1 0 -1 0Z"
    elif geom.geom_type == "LineString":
        yield _stroke(window, geom.coords, closed=False)
    elif geom.geom_type == "Polygon":
        for index, ring in enumerate(geom):
            forward = ring.is_counterclockwise == (index == 0)
            yield _stroke(window, ring.coords if forward else ring.coords[::-1], closed=True)
    else:
        for part in geom:
            yield from _strokes(window, part)


def _stroke(window: Window, coordinates: Sequence[Sequence[float]], *, closed: bool) -> str:
    places = [window.place(each[0], each[1]) for each in coordinates]
    if closed:
        places.pop()
    kept = places[:1]
    for place in places[1:]:
        if abs(place[0] - kept[-1][0]) + abs(place[1] - kept[-1][1]) >= LESS_THAN_SEEN_MM:
            kept.append(place)
    if len(kept) < 2:
        return ""
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in kept) + ("Z" if closed else "")


def _crosses(window: Window) -> Iterable[str]:
    step = window.grid_step_m()
    arms = []
    for east in multiples(window.west, window.east, step):
        for north in multiples(window.south, window.north, step):
            x, y = window.place(east, north)
            arms.append(f"M{x - 1.5:.2f} {y:.2f}h3M{x:.2f} {y - 1.5:.2f}v3")
    yield f'<path d="{"".join(arms)}" stroke="{QUIET}" stroke-width="0.15" fill="none"/>'


def _coordinates(window: Window) -> str:
    """Write X (northing) at the left and Y (easting) below in whole metres; ticks on all four sides."""
    step = window.grid_step_m()
    ticks, texts = [], []
    text = f'font-size="1.9" fill="{INK}" text-anchor="middle"'
    for east in multiples(window.west, window.east, step):
        x, _y = window.place(east, window.south)
        ticks.append(f"M{x:.2f} 0v1.2M{x:.2f} {window.height_mm}v-1.2")
        if 14 < x < window.width_mm - 8:
            texts.append(f'<text x="{x:.2f}" y="{window.height_mm + 3.2}" {text}>{formats.number(east)}</text>')
    for north in multiples(window.south, window.north, step):
        _x, y = window.place(window.west, north)
        ticks.append(f"M0 {y:.2f}h1.2M{window.width_mm} {y:.2f}h-1.2")
        if 8 < y < window.height_mm - 14:
            turned = f'transform="translate(-1.6 {y:.2f}) rotate(-90)"'
            texts.append(f"<text {turned} {text}>{formats.number(north)}</text>")
    quiet = f'font-size="1.9" fill="{QUIET}"'
    axes = (
        f'<text x="0" y="{window.height_mm + 3.2}" {quiet}>Y (m)</text>'
        f'<text transform="translate(-1.6 {window.height_mm}) rotate(-90)" {quiet}>X (m)</text>'
    )
    return f'<path d="{"".join(ticks)}" stroke="{INK}" stroke-width="0.2" fill="none"/>{"".join(texts)}{axes}'


def _north(window: Window) -> str:
    return (
        f'<g transform="translate({window.width_mm - 9} 13)">'
        '<circle cx="0" cy="-0.5" r="7.2" fill="#ffffff" fill-opacity="0.85"/>'
        f'<path d="M0 -4.6L2.2 4L0 2.5Z" fill="{INK}"/>'
        f'<path d="M0 -4.6L-2.2 4L0 2.5Z" fill="#ffffff" stroke="{INK}" stroke-width="0.25" stroke-linejoin="round"/>'
        f'<path d="M0 -4.6L2.2 4L0 2.5Z" fill="none" stroke="{INK}" stroke-width="0.25" stroke-linejoin="round"/>'
        f'<text x="0" y="-5.2" font-size="2.6" font-weight="700" text-anchor="middle" fill="{INK}">B</text></g>'
    )


def _bar(window: Window) -> str:
    """Draw the scale bar: four blocks of one centimetre of paper."""
    block_m = window.scale * 10 / 1_000
    places = 0 if block_m == int(block_m) else 1
    shades = (INK, "#ffffff", INK, "#ffffff")
    blocks = "".join(
        f'<rect x="{index * 10}" y="0" width="10" height="1.2" fill="{shade}" stroke="{INK}" stroke-width="0.2"/>'
        for index, shade in enumerate(shades)
    )
    marks = "".join(
        f'<text x="{index * 10}" y="3.4" font-size="1.9" text-anchor="middle" fill="{INK}">'
        f"{formats.number(index * block_m, places)}</text>"
        for index in (0, 1, 2, 4)
    )
    title = f"Tỷ lệ 1:{formats.number(window.scale)}"
    return (
        f'<g transform="translate(6 {window.height_mm - 8.5})">'
        '<rect x="-4" y="-4.6" width="51" height="10.6" fill="#ffffff" fill-opacity="0.85"/>'
        f'<text x="0" y="-1.2" font-size="2.4" font-weight="600" fill="{INK}">{title}</text>'
        f'{blocks}{marks}<text x="42.2" y="1.2" font-size="1.9" fill="{INK}">m</text></g>'
    )
