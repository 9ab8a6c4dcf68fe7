"""How does any drawing become features? Layers chosen, units settled, lines to areas, texts offered; for DXF and DGN.

It asks by refusing: MULTIPLE_LAYERS, UNITS_SUSPECT and UNITS_UNKNOWN carry what may be answered. It opens no file.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import shapely
import shapely.errors

from layers.geomchild.refusal import Refusal
from layers.intake import limits
from layers.intake.cad.enclosing import enclosing
from layers.intake.cad.labels import Label, labels_inside
from layers.intake.cad.options import METRES, CadFacts, CadLayer, CadOptions, CadRepair
from layers.intake.cad.rings import Areas, areas
from layers.intake.cad.strokes import CHORD_M, Budget, Points, Stroke
from layers.intake.cad.texts import Texts, Written, decode
from layers.intake.columns import Table

REPAIRS_TOLD = 1_000
# No projected coordinate of Việt Nam in metres is larger (Web Mercator: 12,200,000); in centimetres it is.
_METRES_AT_MOST = 5e7
_CENTIMETRES_AT_MOST = 5e8
_MILLIMETRES_AT_MOST = 1e10
# Northings of Việt Nam in metres; easting or, swapped, northing lies there.
_NORTHINGS = (8e5, 2.7e6)


@dataclass
class RawLayer:
    """One layer as the file holds it; *too_complex*: more block content than is ever exploded."""

    visible: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    too_complex: bool = False


@dataclass(frozen=True)
class RawLabel:
    """One text as the file holds it, in drawing units."""

    written: Written
    at: tuple[float, float]
    height: float
    layer: str


Layers = dict[str, RawLayer]


class Source(Protocol):
    """What a reader of one CAD format offers."""

    layers: Layers
    codec: str
    codepage: str
    unit_named: str
    unit_asked: bool
    notices: list[dict[str, Any]]
    dropped: Counter[str]

    def anchors(self, chosen: frozenset[str]) -> Points:
        """Return some points (n, 2) of the chosen layers in drawing units, to judge their size by."""
        ...

    def strokes(self, chosen: frozenset[str], tolerance: float, budget: Budget) -> Iterator[Stroke]:
        """Yield the lines of the chosen layers, curves as chords within *tolerance* drawing units."""
        ...

    def points(self, chosen: frozenset[str]) -> Points:
        """Return the single points (n, 2) of the chosen layers."""
        ...

    def labels(self) -> Sequence[RawLabel]:
        """Return the texts of all visible layers."""
        ...


def take(source: Source, params: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Make the reader child's answer of a drawing: facts and one WKB for each area (or line, or point)."""
    options = CadOptions(**_options(params.get("cad")))
    raw_labels = list(source.labels())
    names, found_texts = _decoded(source, raw_labels, str(params.get("encoding") or ""))
    texts = found_texts.texts[len(names) :]
    facts = [CadLayer(names[raw], layer.visible, dict(layer.counts)) for raw, layer in source.layers.items()]
    facts.sort(key=lambda layer: (not layer.visible, -layer.lines, layer.name))
    kind = str(params.get("kind") or "polygon")
    chosen = _choose(source, names, facts, options, kind=kind, vertices=int(params["vertices"]))
    units = options.units or _judged(source, chosen, facts)
    factor = METRES[source.unit_named] if units == "dgn" and source.unit_named in METRES else METRES.get(units, 1.0)
    notices: list[dict[str, Any]] = []
    if kind == "point":
        found = _points(source, chosen, factor)
    else:
        strokes = _strokes(source, chosen, factor, int(params["vertices"]))
        curved = sum(stroke.curved for stroke in strokes)
        if curved:
            notices.append({"code": "OK_CURVE_LINEARISED", "params": {"count": curved}})
        try:
            found = _lines(strokes) if kind == "line" else areas(strokes, options.close_m)
        except shapely.errors.GEOSException as error:  # no memory left for millions of crossings
            raise Refusal("FILE_TOO_COMPLEX", params={"reason": str(error)[:200]}) from error
    if not found.shapes:
        raise Refusal("NO_FEATURES")
    if len(found.shapes) > params["features"]:
        raise Refusal("TOO_MANY_FEATURES", params={"limit": params["features"]})
    labels = [
        Label(text, (raw.at[0] * factor, raw.at[1] * factor), raw.height, names.get(raw.layer, ""))
        for raw, text in zip(raw_labels, texts, strict=True)
        if text.strip() and np.isfinite(raw.at).all()
    ]
    inside = labels_inside(found.shapes, labels) if kind == "polygon" else [() for _shape in found.shapes]
    table = Table()
    for texts_inside, layer in zip(inside, found.layers, strict=True):
        table.add({"label": texts_inside[0] if texts_inside else None, "layer": names.get(layer, layer)})
    notices = [*source.notices, *notices]
    notices += _notices(source, found.repairs, found_texts)
    if table.control:
        notices.append({"code": "TEXT_CONTROL_CHARS", "params": {}})
    shown = ", ".join(sorted(names[raw] for raw in chosen))
    cad = CadFacts(
        layers=tuple(facts),
        chosen=tuple(sorted(names[raw] for raw in chosen)),
        units=units,
        units_named=source.unit_named,
        rings=len(found.shapes),
        labels=tuple(inside),
        dropped=dict(source.dropped),
        repairs=found.repairs[:REPAIRS_TOLD],
    )
    head = {
        "layer": shown[:300],
        "texts": found_texts.readings.as_dict(),
        "declared": {"epsg": None, "how": "missing", "name": ""},
        "notices": notices,
    }
    blobs = [shapely.to_wkb(shape, byte_order=1) for shape in found.shapes]
    return {**head, "cad": cad.as_json(), **table.as_dict()}, blobs


def _options(given: Mapping[str, Any] | None) -> dict[str, Any]:
    if not given:
        return {}
    return {"layers": tuple(given["layers"]), "units": str(given["units"]), "close_m": float(given["close_m"])}


def _decoded(source: Source, labels: Sequence[RawLabel], forced: str) -> tuple[dict[str, str], Texts]:
    """Decode layer names and texts together (names first); names that become equal keep a number apart."""
    raw_names = list(source.layers)
    written = [*(Written(name) for name in raw_names), *(label.written for label in labels)]
    decoded = decode(written, source.codec, source.codepage, forced)
    names: dict[str, str] = {}
    taken: set[str] = set()
    for raw, text in zip(raw_names, decoded.texts, strict=False):
        plain = "".join(char for char in text if char.isprintable()).strip()[:200] or "0"
        name = next(name for number in itertools.count(1) if (name := _numbered(plain, number)) not in taken)
        taken.add(name)
        names[raw] = name
    return names, decoded


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} ({number})"


def _choose(
    source: Source,
    names: Mapping[str, str],
    facts: Sequence[CadLayer],
    options: CadOptions,
    *,
    kind: str,
    vertices: int,
) -> frozenset[str]:
    """Return the raw names of the layers to read; ask when a person has to say which."""
    wanted = options.layers
    offered = [layer for layer in facts if layer.lines]
    simple = {names[raw] for raw, layer in source.layers.items() if not layer.too_complex}
    told = {"cad": CadFacts(layers=tuple(facts), units_named=source.unit_named).as_json()}
    if wanted:
        chosen = frozenset(raw for raw, name in names.items() if name in wanted or raw in wanted)
        if len(chosen) < len(set(wanted)):
            raise Refusal("NO_LAYER", params=told)
        if any(source.layers[raw].too_complex for raw in chosen):
            raise Refusal("DXF_TOO_COMPLEX", params={"limit": limits.CAD_EXPLODED, **told})
        return chosen
    if not offered:
        points = sum(layer.counts.get("point", 0) for layer in facts)
        if points:
            raise Refusal("GEOM_TYPE", params={"counts": {"point": points}, **told})
        raise Refusal("NO_FEATURES", params=told)
    offered = [layer for layer in offered if layer.name in simple]
    if not offered:
        raise Refusal("DXF_TOO_COMPLEX", params={"limit": limits.CAD_EXPLODED, **told})
    seen = [layer.name for layer in offered if layer.visible]
    if len(seen) != 1:
        raws = [raw for raw, name in names.items() if name in {layer.name for layer in offered}]
        fits: dict[str, bool | None] = dict.fromkeys(raws, True)
        if kind != "line":
            factor = _factor(source, raws, options)
            fits = enclosing(source, raws, factor=factor, close_m=options.close_m, vertices=vertices)
        judged = {names[raw]: found for raw, found in fits.items()}
        tried = tuple(replace(layer, fits=judged.get(layer.name)) for layer in facts)
        told = {"cad": CadFacts(layers=tried, units_named=source.unit_named).as_json()}
        raise Refusal("MULTIPLE_LAYERS", params={"layers": [layer.name for layer in offered][:200], **told})
    return frozenset(raw for raw, name in names.items() if name == seen[0])


def _size(source: Source, chosen: frozenset[str]) -> float:
    """Return how large the numbers of the chosen layers are."""
    anchors = np.abs(source.anchors(chosen))
    anchors = anchors[np.isfinite(anchors).all(axis=1)] if anchors.size else anchors
    return float(np.median(anchors.max(axis=1))) if len(anchors) else 0.0


def _factor(source: Source, layers: Sequence[str], options: CadOptions) -> float:
    """Return the metres of one unit as the numbers look: good enough to try which lines meet, never to place them."""
    if options.units in METRES:
        return METRES[options.units]
    size = _size(source, frozenset(layers))
    if _METRES_AT_MOST < size <= _MILLIMETRES_AT_MOST:
        return METRES["cm" if size <= _CENTIMETRES_AT_MOST else "mm"]
    return METRES.get(source.unit_named, 1.0) if source.unit_asked else 1.0


def _judged(source: Source, chosen: frozenset[str], facts: Sequence[CadLayer]) -> str:
    """Return "m" when the numbers look like metres; ask otherwise."""
    size = _size(source, chosen)
    told = {"cad": CadFacts(layers=tuple(facts), units_named=source.unit_named).as_json()}
    if _METRES_AT_MOST < size <= _MILLIMETRES_AT_MOST:
        unit = "cm" if size <= _CENTIMETRES_AT_MOST else "mm"
        offers = [{"option": "units", "value": unit}, {"option": "units", "value": "m"}]
        raise Refusal("UNITS_SUSPECT", params={"unit": unit, "offers": offers, **told})
    if source.unit_asked and not _NORTHINGS[0] <= size <= _NORTHINGS[1]:
        fitting = [unit for unit, metres in METRES.items() if _NORTHINGS[0] <= size * metres <= _NORTHINGS[1]]
        named = ["dgn"] if source.unit_named in METRES and source.unit_named not in fitting else []
        offers = [{"option": "units", "value": unit} for unit in [*fitting, *named, "m"]]
        unique = [offer for index, offer in enumerate(offers) if offer not in offers[:index]]
        raise Refusal("UNITS_UNKNOWN", params={"unit": source.unit_named or "?", "offers": unique, **told})
    return "m"


def _points(source: Source, chosen: frozenset[str], factor: float) -> Areas:
    spots: Any = shapely.points(source.points(chosen) * factor)
    return Areas(tuple(spots), ("",) * len(spots), ())


def _strokes(source: Source, chosen: frozenset[str], factor: float, vertices: int) -> list[Stroke]:
    """Return the lines in metres; the tolerance of curves is in metres too, whatever the drawing's unit."""
    return [
        Stroke(stroke.xy * factor, stroke.closed, stroke.layer, stroke.number, stroke.curved, stroke.hatch)
        for stroke in source.strokes(chosen, CHORD_M / factor, Budget(vertices))
    ]


def _lines(strokes: Sequence[Stroke]) -> Areas:
    lines = [stroke for stroke in strokes if not stroke.hatch and len(np.unique(stroke.xy, axis=0)) > 1]
    shapes = tuple(
        shapely.LineString(np.concatenate([line.xy, line.xy[:1]]) if line.closed else line.xy) for line in lines
    )
    return Areas(shapes, tuple(line.layer for line in lines), ())


def _notices(source: Source, repairs: Sequence[CadRepair], texts: Texts) -> list[dict[str, Any]]:
    """Gather repairs of one kind into one notice each: how many, the largest gap, the first place."""
    by_code: dict[str, list[CadRepair]] = {}
    for repair in repairs:
        by_code.setdefault(repair.code, []).append(repair)
    notices: list[dict[str, Any]] = []
    for code, same in by_code.items():
        first = same[0]
        params: dict[str, Any] = {
            "count": sum(int(repair.params.get("count", 1)) for repair in same),
            "drawing_at": list(first.xy),
            "feature": first.feature,
        }
        if code == "RING_CLOSED":
            params["gap_m"] = max(float(repair.params["gap_m"]) for repair in same)
        if first.before_m2 is not None and first.after_m2 is not None:
            params["before_m2"] = sum(repair.before_m2 or 0.0 for repair in same)
            params["after_m2"] = sum(repair.after_m2 or 0.0 for repair in same)
        notices.append({"code": code, "params": params})
    if source.dropped:
        notices.append({"code": "CAD_LEFT_OUT", "params": {"found": dict(sorted(source.dropped.items()))}})
    if texts.guessed:
        best = texts.readings.readings[0]
        preview = "; ".join(best.samples)[:300]
        notices.append({"code": "ENCODING_GUESSED", "params": {"encoding": best.name, "preview": preview}})
    return notices
