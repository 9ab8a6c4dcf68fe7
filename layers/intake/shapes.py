"""Are the shapes of a file whole, and which of them are of the kind that is wanted? WKB in, shapely and notices out.

It mends only what can be said in one sentence (a ring left open by a centimetre, a line that is a ring); what rings
mean is asked later, in the storage CRS, by `layers.vetting`.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from layers.errors import DatNgheError
from layers.intake.limits import CLOSE_M, METRES_A_DEGREE, IntakeLimits
from layers.intake.refusals import place_in_file, refusal, spoken
from layers.said import gettext as _
from layers.said import join
from layers.vetting import Notice

COLLECTION_DEPTH = 8
_KINDS = {0: "point", 4: "point", 1: "line", 5: "line", 2: "line", 3: "polygon", 6: "polygon"}
_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7
# By the number of its type; a missing shape has −1, which is the last.
_KIND_OF_TYPE = np.array([*(_KINDS.get(code, "") for code in range(_COLLECTION + 1)), ""], dtype=object)
_NAMED = 20  # features whose numbers are listed


def said(code: str, params: Mapping[str, Any] | None = None, *, confirm: bool = False) -> Notice:
    """Return the notice of a code in the active language; areas before and after come from *params*, m²."""
    params = params or {}
    message, _todo = spoken(code, params)
    before, after = params.get("before_m2"), params.get("after_m2")
    return Notice(code.partition(".")[0], message, before_m2=before, after_m2=after, confirm=confirm)


def shapes_of(blobs: Sequence[bytes], first: int = 0) -> tuple[Any, list[Notice]]:
    """Build one shape (shapely, None where there is none) per blob; close rings whose ends lie 1 cm apart or less.

    *first*: how many features of the file came before these.

    Raises LINE_NOT_CLOSED, GEOM_DEGENERATE and GEOM_CORRUPT, naming the feature: GEOS would drop such a shape in
    silence, and a boundary would be missing.
    """
    if not len(blobs):
        return np.empty(0, dtype=object), []
    shapes = shapely.from_wkb(np.array(blobs, dtype=object), on_invalid="ignore")
    closed: list[int] = []
    widest = 0.0
    for index in np.flatnonzero(shapely.is_missing(shapes)).tolist():
        number = first + int(index) + 1
        if blobs[index]:
            shapes[index], gap = _mended(blobs[index], number)
            closed.append(number)
            widest = max(widest, gap)
    return shapes, [said("RING_CLOSED", {"count": len(closed), "gap_m": widest})] if closed else []


def _mended(blob: bytes, number: int) -> tuple[Any, float]:
    """Close the rings of one polygon; return it with the widest gap in metres."""
    try:
        polygons, at = _polygons(blob, 0)
    except (struct.error, ValueError) as error:
        raise _refused("GEOM_CORRUPT", number) from error
    if at != len(blob):
        raise _refused("GEOM_CORRUPT", number)
    made, widest = [], 0.0
    for rings in polygons:
        for position, ring in enumerate(rings):
            rings[position], gap = _closed(ring, number)
            widest = max(widest, gap)
        if rings:
            made.append(shapely.polygons(rings[0], [shapely.linearrings(ring) for ring in rings[1:]] or None))
    if not widest:
        raise _refused("GEOM_CORRUPT", number)
    return (made[0] if len(made) == 1 else shapely.multipolygons(made)), widest


def _closed(ring: Any, number: int) -> tuple[Any, float]:
    gap = float(np.hypot(*(ring[-1] - ring[0])))
    if not np.isfinite(ring).all():
        vertex = int(np.flatnonzero(~np.isfinite(ring).all(axis=1))[0]) + 1
        raise _refused("COORD_NOT_FINITE", number, vertex)
    if np.abs(ring).max() <= 360:
        gap *= METRES_A_DEGREE
    if gap > CLOSE_M:
        raise _refused("LINE_NOT_CLOSED", number, gap_m=gap)
    ring = np.vstack([ring, ring[:1]]) if gap else ring
    if len(ring) < 4 or len(np.unique(ring, axis=0)) < 3:
        raise _refused("GEOM_DEGENERATE", number)
    return ring, gap


def _polygons(blob: bytes, at: int) -> tuple[list[list[Any]], int]:
    """Take a (multi)polygon (2-D WKB) apart into rings; raise ValueError or struct.error for anything else."""
    if at >= len(blob):
        raise ValueError("cut off")
    order = "<" if blob[at] else ">"
    kind, count = struct.unpack_from(f"{order}II", blob, at + 1)
    at += 9
    if kind == _MULTIPOLYGON:
        several: list[list[Any]] = []
        for _part in range(min(count, len(blob))):
            inside, at = _polygons(blob, at)
            several += inside
        return several, at
    if kind != _POLYGON or count > len(blob):
        raise ValueError("no polygon")
    rings = []
    for _ring in range(count):
        (points,) = struct.unpack_from(f"{order}I", blob, at)
        xy = np.frombuffer(blob, dtype=f"{order}f8", count=2 * points, offset=at + 4).reshape(-1, 2)
        at += 4 + 16 * points
        if points:
            rings.append(xy.astype(np.float64))
    return [rings], at


def kept(
    shapes: Any, rows: list[list[Any]], kind: str, notices: list[Notice], numbers: Sequence[int] = ()
) -> tuple[Any, list[list[Any]], list[int], dict[str, int], str]:
    """Keep the features of one kind: skip empty ones, take collections apart, close lines when areas are wanted.

    *numbers* are the features' own in the file, when these are not all of it.
    Raises NO_FEATURES, NO_GEOMETRY, GEOM_EMPTY, GEOM_DEPTH, and GEOM_TYPE with the numbers of what is of another kind.
    """
    if not len(shapes):
        raise refusal("NO_FEATURES")
    numbered = np.array(numbers or range(1, len(shapes) + 1))
    missing = shapely.is_missing(shapes)
    empty = missing | shapely.is_empty(shapes)
    if empty.all():
        raise refusal("NO_GEOMETRY") if missing.all() else _refused("GEOM_EMPTY", int(numbered[~missing][0]))
    if empty.any():
        notices.append(said("FEATURE_SKIPPED", {"features": counted(numbered[empty])}))
    types = shapely.get_type_id(shapes)
    kinds = np.where(empty, "", _KIND_OF_TYPE[types]).astype(object)
    collections = np.flatnonzero(types == _COLLECTION)
    for index in collections:
        if empty[index]:
            continue
        if _depth(shapes[index]) > COLLECTION_DEPTH:
            raise _refused("GEOM_DEPTH", int(numbered[index]))
        kinds[index] = _kind(shapes[index], kind)
    counts = {name: int((kinds == name).sum()) for name in ("polygon", "line", "point") if (kinds == name).any()}
    wanted = kind or max(counts, key=lambda name: counts[name], default="polygon")
    if wanted == "polygon" and not counts.get("polygon") and counts.get("line"):
        shapes, kinds = _closed_lines(shapes, kinds, notices)
    others = ~empty & (kinds != wanted)
    if not (kinds == wanted).any():
        raise refusal("GEOM_TYPE", found=_found(counts), detail={"counts": counts})
    if others.any():
        raise refusal("GEOM_TYPE.mixed", where=_("features %(numbers)s") % {"numbers": counted(numbered[others])},
                      found=_found({name: count for name, count in counts.items() if name != wanted}))  # fmt: skip
    if len(collections):
        notices.append(said("GEOM_COLLECTION"))
    keep = np.flatnonzero(kinds == wanted)
    return shapes[keep], [rows[index] for index in keep], numbered[keep].tolist(), counts, wanted


def without_place(
    shapes: Any, rows: Sequence[Sequence[Any]], numbers: Sequence[int] = ()
) -> tuple[tuple[int, Sequence[Any]], ...]:
    """Return the rows that `kept` leaves out because they have no geometry, each with its number in the file."""
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    numbered = numbers or range(1, len(shapes) + 1)
    return tuple((numbered[index], rows[index]) for index in np.flatnonzero(empty).tolist())


def check_vertices(shapes: Any, limits: IntakeLimits, before: int = 0, numbers: Sequence[int] = ()) -> int:
    """Refuse more points than are read at once, and points that are no numbers; return how many there are by now.

    *before*: the points of the file so far; *numbers*: see `kept`.
    """
    count = before + int(shapely.get_num_coordinates(shapes).sum())
    if count > limits.vertices:
        raise refusal("TOO_MANY_VERTICES", count=count, limit=limits.vertices)
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.isfinite(coordinates)
    if not finite.all():
        bad = np.flatnonzero(~finite.all(axis=1))
        feature = int(owner[bad[0]])
        number = numbers[feature] if numbers else feature + 1
        raise _refused("COORD_NOT_FINITE", number, int(bad[0] - np.searchsorted(owner, feature)) + 1)
    return count


def _refused(code: str, feature: int, vertex: int = 0, **params: Any) -> DatNgheError:
    where = place_in_file({"feature": feature, "vertex": vertex})
    return refusal(code, where=where, feature=feature, vertex=vertex, **params)


def counted(numbers: Any) -> str:
    """List the numbers of features, the first ones when there are many."""
    return ", ".join(str(number) for number in numbers[:_NAMED]) + (", …" if len(numbers) > _NAMED else "")


def _kind(shape: Any, wanted: str) -> str:
    type_id = int(shapely.get_type_id(shape))
    if type_id != _COLLECTION:
        return _KINDS.get(type_id, "")
    inside = [_kind(part, wanted) for part in shapely.get_parts(shape)]
    return wanted if wanted in inside else (inside[0] if inside else "")


def _depth(shape: Any) -> int:
    """Return how many collections lie in one another, counted as far as it matters."""
    level, depth = [shape], 0
    while level and depth <= COLLECTION_DEPTH:
        depth += 1
        inside = shapely.get_parts(np.array(level, dtype=object))
        level = list(inside[shapely.get_type_id(inside) == _COLLECTION])
    return depth


def _found(counts: Mapping[str, int]) -> str:
    names = {"point": _("points"), "line": _("lines"), "polygon": _("areas")}
    return join(", ", [join(" ", [count, names[name]]) for name, count in counts.items()]) or "0"


def _closed_lines(shapes: Any, kinds: Any, notices: list[Notice]) -> tuple[Any, Any]:
    """Read lines that end where they begin as areas; a person confirms it, because a road may run in a ring too."""
    shapes, kinds = shapes.copy(), kinds.copy()
    closed = 0
    for index in np.flatnonzero(kinds == "line"):
        parts = shapely.get_parts(shapes[index])
        if len(parts) == 1 and shapely.is_closed(parts[0]) and shapely.get_num_points(parts[0]) >= 4:
            shapes[index], kinds[index] = shapely.polygons(shapely.get_coordinates(parts[0])), "polygon"
            closed += 1
    if closed:
        notices.append(said("LINE_CLOSED_TO_POLYGON", confirm=True))
    return shapes, kinds
