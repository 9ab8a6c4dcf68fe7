"""How does the boundary open in a CAD program? As DXF 2010 and R12: named layers, closed lines, text labels, metres.

A drawing names no coordinate system, so a line of text in it does. It draws no map frame; that is the plan's matter.
"""

from __future__ import annotations

import io
import logging
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, LineString, Point

from mapping.papers.cells import plain
from mapping.papers.survey.placed import Placed

# Layer names are ASCII: old programs know nothing else. Colours are AutoCAD's indices.
OUTLINE, PARTS, POINTS, NUMBERS, SIDES, NAMES, NOTES = (
    "RANH_GIOI",
    "KHU_CHUC_NANG",
    "DIEM_GOC",
    "SO_HIEU_DIEM",
    "CHIEU_DAI_CANH",
    "TEN_KHU",
    "GHI_CHU",
)
# Only in the drawing of a draft: across every area, to be seen before anything else.
DRAFT = "DU_THAO"
COLOURS = {OUTLINE: 1, PARTS: 3, POINTS: 2, NUMBERS: 7, SIDES: 8, NAMES: 4, NOTES: 7}
# Marks that mean something else in a label.
_COMMANDS = str.maketrans({"^": "ˆ", "\\": "/", "{": "(", "}": ")"})
VERSIONS = {"2010": "R2010", "r12": "R12"}
_METRES = 6
# Labels are readable at the scale at which the boundary fills a sheet, metres.
SMALLEST_M, LARGEST_M, SHARE_OF_EXTENT = 0.5, 12.0, 1 / 180
# A letter of the stamp is about this wide, as a share of its height; the stamp fills this much of the width it has.
LETTER_WIDTH, STAMP_FILLS = 0.9, 0.8


def drawing(place: Placed, version: str, notes: Iterable[str], stamp: str = "") -> bytes:
    """Draw *place* as DXF of *version* (``R2010`` or ``R12``); *notes* are lines of text below the boundary.

    *stamp* lies across every area on a layer of its own; there is no such layer without it.

    Coordinates are written with every digit they have, in metres: X of the drawing is the easting. The same input gives
    the same bytes: the moment of writing and random numbers are left out.
    """
    from ezdxf._options import options
    from ezdxf.filemanagement import new

    logging.getLogger("ezdxf").setLevel(logging.ERROR)  # it tells of every table it fills in
    options.write_fixed_meta_data_for_testing = True
    document = new(version)
    if version != "R12":
        document.header["$INSUNITS"] = _METRES
    document.header["$MEASUREMENT"] = 1
    document.header["$LUPREC"] = 3
    document.header["$AUPREC"] = 4
    document.styles.add("CHU", font="arial.ttf")
    for name, colour in (COLOURS | ({DRAFT: 1} if stamp else {})).items():
        document.layers.add(name, color=colour)
    paint = _Paint(document.modelspace(), place, old=version == "R12")
    paint.everything(list(notes))
    if stamp:
        paint.across(stamp)
    stream = io.StringIO()
    document.write(stream)
    return bytes(document.encode(stream.getvalue()))


def cad_text(text: str) -> str:
    """Return *text* for a label: one line, without the marks that CAD programs read as commands."""
    return plain(text).translate(_COMMANDS).replace("%%", "% %")


def unaccented(text: str) -> str:
    """Return *text* in ASCII, as drawings of R12 have it: that format has no letter for ư or ộ."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D").replace("–", "-"))
    return "".join(letter for letter in letters if letter.isascii())


def _escaped(text: str) -> str:
    r"""Return *text* with ``\U+0111`` for what is not ASCII; GDAL, and so QGIS, reads UTF-8 in a drawing as Latin."""
    return "".join(letter if letter.isascii() else f"\\U+{ord(letter):04X}" for letter in text if ord(letter) < 0x10000)


class _Paint:
    """Put one placed version into a model space."""

    def __init__(self, space: Any, place: Placed, *, old: bool) -> None:
        self.space, self.place, self.old = space, place, old
        west, south, east, north = place.geom.extent
        self.height = round(min(LARGEST_M, max(SMALLEST_M, max(east - west, north - south) * SHARE_OF_EXTENT)), 2)
        self.below = (round(west, 3), round(south - 4 * self.height, 3))

    def everything(self, notes: list[str]) -> None:
        for block in self.place.blocks:
            self._closed([(corner.y_m, corner.x_m) for corner in block.corners[:-1]], OUTLINE)
            for corner, following in zip(block.corners, block.corners[1:], strict=False):
                middle = ((corner.y_m + following.y_m) / 2, (corner.x_m + following.x_m) / 2)
                self._text(f"{corner.side_m:.2f}", middle, SIDES, 0.6)
        for _block, corner in self.place.corners:
            self.space.add_point((corner.y_m, corner.x_m), dxfattribs={"layer": POINTS})
            self._text(str(corner.number), (corner.y_m + self.height / 3, corner.x_m + self.height / 3), NUMBERS, 1)
        for part in self.place.parts:
            for ring in part.rings:
                self._closed(ring[:-1], PARTS)
            inside = part.geom.point_on_surface
            self._words(f"{part.number}. {part.label}", (inside.x, inside.y), NAMES)
        for index, note in enumerate(notes):
            at = (self.below[0], self.below[1] - index * 1.8 * self.height)
            self._words(note, at, NOTES)

    def across(self, stamp: str) -> None:
        """Put *stamp* into every area, as large as the land on both sides of a place in it allows."""
        from ezdxf.enums import TextEntityAlignment

        for area in self.place.geom:
            inside = area.point_on_surface
            room = _room(area, inside)
            height = round(max(SMALLEST_M, STAMP_FILLS * room / (LETTER_WIDTH * len(stamp))), 3)
            at = (round(inside.x, 3), round(inside.y, 3))
            if self.old:
                shape = {"layer": DRAFT, "style": "CHU", "height": height}
                text = self.space.add_text(unaccented(cad_text(stamp)), dxfattribs=shape)
                text.set_placement(at, align=TextEntityAlignment.MIDDLE_CENTER)
            else:
                shape = {"layer": DRAFT, "style": "CHU", "char_height": height, "attachment_point": 5, "insert": at}
                self.space.add_mtext(_escaped(cad_text(stamp)), dxfattribs=shape)

    def _closed(self, places: list[tuple[float, float]], layer: str) -> None:
        if self.old:
            self.space.add_polyline2d(places, close=True, dxfattribs={"layer": layer})
        else:
            self.space.add_lwpolyline(places, close=True, dxfattribs={"layer": layer})

    def _words(self, text: str, at: tuple[float, float], layer: str) -> None:
        """Put words with accents: as MTEXT, whose escapes every reader knows; R12 has no such thing and no accents."""
        if self.old:
            self._text(unaccented(cad_text(text)), at, layer, 1)
            return
        shape = {"layer": layer, "style": "CHU", "char_height": round(self.height, 3)}
        self.space.add_mtext(
            _escaped(cad_text(text)), dxfattribs={**shape, "insert": (round(at[0], 3), round(at[1], 3))}
        )

    def _text(self, text: str, at: tuple[float, float], layer: str, size: float) -> None:
        shape = {"layer": layer, "style": "CHU", "height": round(self.height * size, 3)}
        self.space.add_text(text, dxfattribs={**shape, "insert": (round(at[0], 3), round(at[1], 3))})


def _room(area: GEOSGeometry, inside: Point) -> float:
    """Return how long a line of text with its middle *inside* an area may be without leaving it, metres."""
    west, _south, east, _north = area.extent
    across: Any = LineString((west - 1, inside.y), (east + 1, inside.y), srid=area.srid).intersection(area)
    pieces = [across] if isinstance(across, LineString) else [each for each in across if isinstance(each, LineString)]
    middle = next((each for each in pieces if each.extent[0] <= inside.x <= each.extent[2]), None)
    return 0.0 if middle is None else float(2 * min(inside.x - middle.extent[0], middle.extent[2] - inside.x))
