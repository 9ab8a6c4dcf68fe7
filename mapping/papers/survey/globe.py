"""How does the boundary reach a globe or a hand-held receiver? As KML, and as GPX waypoints of the corners; WGS 84.

Both come from the stored boundary by the pinned datum operation, whatever zone the rest of the package is in. A
hand-held receiver is metres off: the files are for finding the place, not for staking it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from django.contrib.gis.geos import GEOSGeometry, Polygon

from layers.crs import as_multi, to_wgs84
from mapping.papers.cells import plain
from mapping.papers.corner_table import Block
from planning.proposals.models import ZoneVersion

# 0.1 mm on the ground, below the 1 mm that is verified.
DECIMALS = 9
KML, GPX = "http://www.opengis.net/kml/2.2", "http://www.topografix.com/GPX/1/1"
# KML writes colours as alpha, blue, green, red.
_COLOURS = {"ranh": "ff1e1ea0", "khu": "ff3c3c5a"}


def kml(version: ZoneVersion, blocks: Sequence[Block], facts: Mapping[str, str], about: str) -> bytes:
    """Write boundary, parts and numbered corners as KML; *facts* are named values kept with the boundary."""
    root = ElementTree.Element("kml", xmlns=KML)
    document = _child(root, "Document")
    _child(document, "name", plain(f"{version.proposal.code} {version.proposal.name}"))
    _child(document, "description", plain(about))
    for name, colour in _COLOURS.items():
        style = _child(document, "Style", id=name)
        line = _child(style, "LineStyle")
        _child(line, "color", colour)
        _child(line, "width", "3" if name == "ranh" else "1")
        _child(_child(style, "PolyStyle"), "fill", "0")
    boundary = _folder(document, "ranh_gioi")
    mark = _placemark(boundary, version.proposal.name, "#ranh", facts)
    several = _child(mark, "MultiGeometry")
    for part in as_multi(to_wgs84(version.geom)):
        _polygon(several, part)
    parts = _folder(document, "khu_chuc_nang")
    for row in version.parts.order_by("number"):
        mark = _placemark(parts, f"{row.number}. {row.get_use_display()}", "#khu", {"ma_su_dung": row.use})
        _polygon(mark, to_wgs84(row.geom))
    corners = _folder(document, "diem_goc")
    for number, lon, lat, words in _corners(version, blocks):
        mark = _placemark(corners, number, "", {})
        _child(mark, "description", words)
        _child(_child(mark, "Point"), "coordinates", f"{lon},{lat}")
    return _bytes(root)


def gpx(version: ZoneVersion, blocks: Sequence[Block], about: str) -> bytes:
    """Write the corners as GPX 1.1 waypoints, named by their numbers, with their VN-2000 coordinates as description."""
    root = ElementTree.Element("gpx", xmlns=GPX, version="1.1", creator="Dat Nghe")
    head = _child(root, "metadata")
    _child(head, "name", plain(f"{version.proposal.code} {version.proposal.name}"))
    _child(head, "desc", plain(about))
    for number, lon, lat, words in _corners(version, blocks):
        point = _child(root, "wpt", lat=lat, lon=lon)
        _child(point, "name", number)
        _child(point, "desc", words)
        _child(point, "sym", "Flag, Red")
    return _bytes(root)


def _corners(version: ZoneVersion, blocks: Sequence[Block]) -> list[tuple[str, str, str, str]]:
    """Return number, longitude, latitude and VN-2000 coordinates in words of every corner, in table order."""
    import numpy as np

    from layers.crs import coordinates_to_wgs84

    corners = [(block, corner) for block in blocks for corner in block.corners[:-1]]
    degrees = coordinates_to_wgs84(np.array([(corner.y_m, corner.x_m) for _block, corner in corners], dtype=float))
    return [
        (
            str(corner.number),
            f"{lon:.{DECIMALS}f}",
            f"{lat:.{DECIMALS}f}",
            plain(f"{block.title}; X {corner.x_m:.3f} Y {corner.y_m:.3f} VN-2000"),
        )
        for (block, corner), (lon, lat) in zip(corners, degrees, strict=True)
    ]


def _folder(parent: ElementTree.Element, name: str) -> ElementTree.Element:
    folder = _child(parent, "Folder")
    _child(folder, "name", name)
    return folder


def _placemark(parent: ElementTree.Element, name: str, style: str, facts: Mapping[str, str]) -> ElementTree.Element:
    mark = _child(parent, "Placemark")
    _child(mark, "name", plain(name))
    if style:
        _child(mark, "styleUrl", style)
    if facts:
        kept = _child(mark, "ExtendedData")
        for key, value in facts.items():
            _child(_child(kept, "Data", name=key), "value", plain(value))
    return mark


def _polygon(parent: ElementTree.Element, geom: GEOSGeometry) -> None:
    outline = _child(parent, "Polygon")
    if not isinstance(geom, Polygon):
        return
    for index, ring in enumerate(geom):
        line = _child(_child(outline, "innerBoundaryIs" if index else "outerBoundaryIs"), "LinearRing")
        places = (f"{lon:.{DECIMALS}f},{lat:.{DECIMALS}f}" for lon, lat, *_z in ring.coords)
        _child(line, "coordinates", " ".join(places))


def _child(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, tag, attributes)
    child.text = text or None
    return child


def _bytes(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
