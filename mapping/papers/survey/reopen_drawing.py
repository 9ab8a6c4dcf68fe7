"""Does a DXF file, opened by GDAL and by ezdxf, hold the placed boundary to the millimetre, with its labels?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Polygon

from mapping.papers.survey.dxf import DRAFT, NAMES, NUMBERS, OUTLINE, PARTS, POINTS, cad_text, unaccented
from mapping.papers.survey.placed import Placed
from mapping.papers.survey_files import shape_key

Places = Sequence[Sequence[float]]


def drawing_agrees(path: Path, place: Placed, stamp: str) -> bool:
    """Compare lines, points and labels as both readers see them, and the *stamp* of a draft in every area."""
    version, by_ezdxf = _by_ezdxf(path)
    return by_ezdxf == _by_gdal(path) == _wanted(place, stamp, unaccented if version == "R12" else str)


def _wanted(place: Placed, stamp: str, spelled: Callable[[str], str]) -> dict[str, Counter[str]]:
    return {
        OUTLINE: Counter(_ring([(corner.y_m, corner.x_m) for corner in block.corners]) for block in place.blocks),
        PARTS: Counter(_ring(ring) for part in place.parts for ring in part.rings),
        POINTS: Counter(_place(corner.y_m, corner.x_m) for _block, corner in place.corners),
        NUMBERS: Counter(str(corner.number) for _block, corner in place.corners),
        NAMES: Counter(spelled(cad_text(f"{part.number}. {part.label}")) for part in place.parts),
        DRAFT: Counter({spelled(cad_text(stamp)): len(place.geom)} if stamp else {}),
    }


def _by_gdal(path: Path) -> dict[str, Counter[str]]:
    import pyogrio
    import shapely

    found = _nothing()
    _meta, _fids, wkb, (layers, texts) = pyogrio.raw.read(path, columns=["Layer", "Text"])
    for layer, text, shape in zip(layers, texts, shapely.from_wkb(wkb), strict=True):
        places = shapely.get_coordinates(shape).tolist()
        _count(found, layer, text or "", places)
    return found


def _by_ezdxf(path: Path) -> tuple[str, dict[str, Counter[str]]]:
    from ezdxf.filemanagement import readfile
    from ezdxf.lldxf.encoding import decode_dxf_unicode

    found = _nothing()
    document = readfile(path)
    entity: Any
    for entity in document.modelspace():
        kind = entity.dxftype()
        if kind == "LWPOLYLINE":
            places = [tuple(point) for point in entity.get_points("xy")]
            _count(found, entity.dxf.layer, "", [*places, places[0]])
        elif kind == "POLYLINE":
            places = [(point.x, point.y) for point in entity.points()]
            _count(found, entity.dxf.layer, "", [*places, places[0]])
        elif kind == "POINT":
            _count(found, entity.dxf.layer, "", [(entity.dxf.location.x, entity.dxf.location.y)])
        elif kind == "TEXT":
            _count(found, entity.dxf.layer, entity.plain_text(), [])
        elif kind == "MTEXT":
            _count(found, entity.dxf.layer, decode_dxf_unicode(entity.text), [])
    return document.acad_release, found


def _nothing() -> dict[str, Counter[str]]:
    return {layer: Counter() for layer in (OUTLINE, PARTS, POINTS, NUMBERS, NAMES, DRAFT)}


def _count(found: dict[str, Counter[str]], layer: str, text: str, places: Places) -> None:
    if layer in {OUTLINE, PARTS}:
        found[layer][_ring(places)] += 1
    elif layer == POINTS:
        found[layer][_place(*places[0][:2])] += 1
    elif layer in {NUMBERS, NAMES, DRAFT}:
        found[layer][text] += 1


def _ring(places: Iterable[Sequence[float]]) -> str:
    """Hash what a ring encloses, wherever it begins and whichever way it runs."""
    return shape_key(Polygon([(place[0], place[1]) for place in places]))


def _place(east: float, north: float) -> str:
    return f"{east:.3f} {north:.3f}"
