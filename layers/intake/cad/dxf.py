"""What lies in the model space of this DXF? Layers with counts first, then lines and texts of those chosen.

ezdxf loads the file in the reader child; sheets (paper space), outside references and solids are left out and said.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import ezdxf.filemanagement
import ezdxf.recover
import numpy as np
from ezdxf.audit import AuditError
from ezdxf.lldxf.const import DXFError

from layers.geomchild.refusal import Refusal
from layers.intake import limits
from layers.intake.cad.drawing import Layers, RawLabel, RawLayer, take
from layers.intake.cad.dxf_blocks import BYLAYER, Blocks, content, repeats
from layers.intake.cad.dxf_entities import anchor, drawn, has_height, kind_of
from layers.intake.cad.strokes import Budget, Pen, Points, Stroke
from layers.intake.cad.texts import Written, font_inside

_INSUNITS = {1: "in", 2: "ft", 4: "mm", 5: "cm", 6: "m", 7: "km", 14: "dm"}
_UNICODE_SINCE = "AC1021"
_ANCHORS = 2_000
_TAIL_BYTES = 4_096
_TEXT_LENGTH = 1_000
_HAS_LINES = frozenset({"closed", "open", "hatch"})
_USEFUL = _HAS_LINES | {"point"}


def read(path: Path, params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Read a drawing; raises the refusals of `drawing.take`, DXF_CORRUPT and DXF_TOO_COMPLEX."""
    try:
        return take(Dxf(path), params)
    except (DXFError, OSError, LookupError, AttributeError, TypeError, ValueError, AssertionError) as error:
        raise Refusal("DXF_CORRUPT", params={"reason": f"{type(error).__name__}: {error}"[:200]}) from error
    except (RecursionError, OverflowError, ZeroDivisionError) as error:
        raise Refusal("DXF_TOO_COMPLEX", params={"limit": limits.CAD_EXPLODED}) from error


class Dxf:
    """One DXF, loaded."""

    def __init__(self, path: Path) -> None:
        _check_whole(path)
        self.codec, self.codepage, self._document, mended = _load(path)
        self.unit_named = _INSUNITS.get(int(self._document.header.get("$INSUNITS", 0) or 0), "")
        self.unit_asked = False  # the header's unit is a habit of the office's template, not a statement
        self.notices: list[dict[str, Any]] = [{"code": "CAD_RECOVERED", "params": {}}] if mended else []
        self.dropped: Counter[str] = Counter()
        self._blocks = Blocks(self._document)
        self._entities = [entity for entity in self._document.modelspace() if not entity.dxf.get("invisible", 0)]
        self.layers: Layers = {}
        self._count()

    def anchors(self, chosen: frozenset[str]) -> Points:
        """Return some points of the chosen layers."""
        own = (entity for entity in self._entities if entity.dxf.layer in chosen or kind_of(entity) == "insert")
        found = [spot for entity in itertools.islice(own, _ANCHORS) if (spot := anchor(entity)) is not None]
        return np.array(found, dtype=float).reshape(-1, 2)

    def strokes(self, chosen: frozenset[str], tolerance: float, budget: Budget) -> Iterator[Stroke]:
        """Yield the lines of the chosen layers, blocks unfolded."""
        heights = 0
        for number, entity in enumerate(self._entities, start=1):
            for part, layer, matrix in self._parts(entity, chosen):
                heights += has_height(part)
                hatch = kind_of(part) == "hatch"
                for points, closed, curved in drawn(part, Pen(tolerance / _scale(matrix), budget)):
                    yield Stroke(_moved(points, matrix), closed, layer, number, curved, hatch)
        if heights:
            self.notices.append({"code": "OK_Z_DROPPED", "params": {}})

    def points(self, chosen: frozenset[str]) -> Points:
        """Return the POINT entities of the chosen layers."""
        found = [
            _moved(np.array([[part.dxf.location.x, part.dxf.location.y]]), matrix)
            for entity in self._entities
            for part, _layer, matrix in self._parts(entity, chosen)
            if part.dxftype() == "POINT"
        ]
        return np.concatenate(found) if found else np.empty((0, 2))

    def labels(self) -> Sequence[RawLabel]:
        """Return the texts of the model space and of its block references on visible layers."""
        found: list[RawLabel] = []
        for entity in self._entities:
            own = entity.attribs if entity.dxftype() == "INSERT" else [entity]
            for text in own:
                layer = self.layers.get(text.dxf.layer)
                if kind_of(text) == "text" and text.dxftype() != "ATTDEF" and (layer is None or layer.visible):
                    label = self._label(text)
                    if label.written.text.strip():
                        found.append(label)
        return found

    def _count(self) -> None:
        """Count what lies on each layer; note layers that unfold to too much."""
        exploded: Counter[str] = Counter()
        for entity in self._entities:
            kind = kind_of(entity)
            if kind != "insert":
                self._layer(entity.dxf.layer).counts[kind] += 1
                if kind == "other":
                    self.dropped[entity.dxftype()] += 1
                continue
            block = self._document.blocks.get(entity.dxf.name)
            if block is not None and block.block is not None and (block.block.is_xref or block.block.is_xref_overlay):
                self.dropped["XREF"] += 1
            for (layer, inner), count in self._blocks.of(entity).items():
                self._layer(layer).counts[inner] += count
                if inner in _HAS_LINES:
                    exploded[layer] += count
        for layer, count in exploded.items():
            self.layers[layer].too_complex = count > limits.CAD_EXPLODED
        sheets = sum(
            1 for layout in self._document.layouts if not layout.is_modelspace for entity in layout
            if entity.dxftype() != "VIEWPORT"
        )  # fmt: skip
        if sheets:
            self.notices.append({"code": "CAD_PAPER_SPACE", "params": {"count": sheets}})

    def _layer(self, name: str) -> RawLayer:
        if name not in self.layers:
            known = self._document.layers
            visible = True
            if known.has_entry(name):
                layer = known.get(name)
                visible = layer.is_on() and not layer.is_frozen()
            self.layers[name] = RawLayer(visible)
        return self.layers[name]

    def _parts(
        self, entity: Any, chosen: frozenset[str], matrix: Points | None = None, inherited: str = ""
    ) -> Iterator[tuple[Any, str, Points | None]]:
        """Unfold one entity to those on the chosen layers: each with its layer and its way from block to world."""
        layer = inherited if inherited and entity.dxf.layer == BYLAYER else entity.dxf.layer
        if entity.dxftype() != "INSERT":
            if layer in chosen:
                yield entity, layer, matrix
            return
        inside = {layer if own == BYLAYER else own for own, kind in self._blocks.of(entity) if kind in _USEFUL}
        if not inside & chosen:
            return
        for reference in entity.multi_insert() if repeats(entity) > 1 else [entity]:
            own = np.array(list(reference.matrix44()), dtype=float).reshape(4, 4)
            for part in content(self._document, entity.dxf.name):
                yield from self._parts(part, chosen, own if matrix is None else own @ matrix, layer)

    def _label(self, text: Any) -> RawLabel:
        dxf = text.dxf
        font = self._font(str(dxf.get("style", "")))
        if text.dxftype() == "MTEXT":
            spot, height = dxf.insert, float(dxf.get("char_height", 0.0))
            font = font_inside(text.text) or font
        else:
            aligned = (dxf.get("halign", 0) or dxf.get("valign", 0)) and dxf.hasattr("align_point")
            spot = text.ocs().to_wcs(dxf.align_point if aligned else dxf.insert)
            height = float(dxf.get("height", 0.0))
        words = " ".join(text.plain_text().split())[:_TEXT_LENGTH]
        return RawLabel(Written(words, font), (float(spot.x), float(spot.y)), height, dxf.layer)

    def _font(self, style: str) -> str:
        styles = self._document.styles
        if not styles.has_entry(style):
            return ""
        entry = styles.get(style)
        return str(entry.get_extended_font_data()[0] or entry.dxf.get("font", ""))


def _scale(matrix: Points | None) -> float:
    """Return by how much a block is enlarged where it is enlarged most."""
    if matrix is None:
        return 1.0
    if not np.isfinite(matrix).all():
        raise Refusal("COORD_NOT_FINITE")
    return float(np.linalg.norm(matrix[:2, :2], 2)) or 1.0


def _moved(points: Points, matrix: Points | None) -> Points:
    if matrix is None:
        return points
    moved: Points = points @ matrix[:2, :2] + matrix[3, :2]
    return moved


def _check_whole(path: Path) -> None:
    """Refuse a file without its end mark: ezdxf would read what is there, and a boundary would be missing."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        if not stream.read().rstrip(b"\x00\x1a \t\r\n").endswith(b"EOF"):
            raise Refusal("DXF_CORRUPT.cut", params={"path": "EOF"})


def _load(path: Path) -> tuple[str, str, Any, bool]:
    """Return the codec the file was opened with, the code page it names, the document, and whether it was mended.

    Old files are opened byte by letter (Latin-1), so that nothing of an old Vietnamese code page is lost.
    """
    info = ezdxf.filemanagement.dxf_file_info(str(path))
    codec = "utf-8" if info.version >= _UNICODE_SINCE else "latin-1"
    try:
        with _nothing_is_rubbish():
            return codec, info.encoding, ezdxf.filemanagement.readfile(str(path), encoding=codec), False
    except DXFError:
        document, audit = ezdxf.recover.readfile(str(path))
        if any(fix.code == AuditError.INVALID_FLOATING_POINT_VALUE for fix in (*audit.fixes, *audit.errors)):
            # ezdxf mends "492000,55" to 492000.0: half a metre lost; a number is read as it stands or not at all
            raise Refusal("DXF_CORRUPT.number") from None
        return document.encoding.lower(), document.encoding, document, True


@contextlib.contextmanager
def _nothing_is_rubbish() -> Iterator[None]:
    """Load without looking for cycles to free: a drawing is millions of objects that stay (a fifth of the time)."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
