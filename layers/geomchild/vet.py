"""Is this geometry fit to compute with, and if not, can it be mended without guessing? Runs in the geometry child.

It never guesses: where two ways of mending differ by more than max(1 m², 0.01 %), both are handed back. Codes are those
of the bad-input catalogue; the texts for people are in `layers.messages`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from layers.geomchild import rings
from layers.geomchild.protocol import packed_numbers
from layers.geomchild.refusal import Notice, Refusal

DECIMALS = 3
HARMLESS_M2 = 0.01
MIN_AREA_M2 = 1.0
MIN_WIDTH_M = 0.05
POLYGONAL = {3: "polygon", 6: "polygon"}
KIND_OF_TYPE = {0: "point", 4: "point", 1: "line", 5: "line", 2: "line", **POLYGONAL}

__all__ = ["Notice", "Refusal", "vet_blobs", "vet_one"]


@dataclass
class Limits:
    """How much is accepted and how much is mended; *repair* is ``none``, ``harmless`` or ``full``."""

    max_vertices: int = 2000
    max_rings: int = 10_000
    max_crossings: int = 10_000
    repair: str = "harmless"
    kind: str = "polygon"
    shape_notices: bool = False
    small_ok: bool = False


@dataclass
class Result:
    """What became of one geometry."""

    shape: Any
    area_m2: float
    notices: list[Notice] = field(default_factory=list)


def vet_blobs(blobs: list[bytes], params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Vet many geometries; answer ``{"areas", "bounds", "items"}``.

    *areas*: m², one a geometry, 0 where it was refused, packed (`protocol.packed_numbers`); *bounds*: of all that need
    nothing. The others have an item, ``{"index", "count"}`` with ``"notices"`` or ``"refused"``. One blob comes back
    for an accepted geometry; a refusal carries *count* of its own (both ways of an ambiguous repair). Many sound ones
    take a vectorised path.
    """
    limits = Limits(**params)
    shapes = shapely.from_wkb(np.array(blobs, dtype=object), on_invalid="ignore")
    areas, out = [0.0] * len(blobs), [b""] * len(blobs)
    slow, bounds = list(range(len(blobs))), None
    if len(blobs) > 1 and not limits.shape_notices:
        slow, bounds = _vet_sound(shapes, limits, areas, out)
    items: list[dict[str, Any]] = []
    own: dict[int, list[bytes]] = {}
    for index in slow:
        item: dict[str, Any] = {"index": index}
        try:
            if shapes[index] is None:
                raise Refusal("GEOM_CORRUPT")
            result = vet_one(shapes[index], limits)
        except Refusal as refusal:
            item["refused"] = refusal.as_dict()
            own[index] = refusal.blobs
        else:
            areas[index] = result.area_m2
            item["notices"] = [notice.as_dict() for notice in result.notices]
            own[index] = [shapely.to_wkb(result.shape, byte_order=1)]
        items.append({**item, "count": len(own[index])})
    answer = {"areas": packed_numbers(areas), "bounds": bounds, "items": items}
    if not own:
        return answer, out
    return answer, [blob for index, sound in enumerate(out) for blob in own.get(index, (sound,))]


def _vet_sound(
    shapes: Any, limits: Limits, areas: list[float], out: list[bytes]
) -> tuple[list[int], tuple[float, ...] | None]:
    """Answer all geometries that need nothing at once; return the indexes of the others, and the bounds of these."""
    present = ~shapely.is_missing(shapes)
    deep = shapely.has_z(shapes) | shapely.has_m(shapes)
    if deep.any():
        shapes = shapely.force_2d(shapes)
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    finite, known = present.copy(), np.isfinite(coordinates)
    if not known.all():
        finite[np.unique(owner[~known.all(axis=1)])] = False
    coordinates = np.round(coordinates, DECIMALS) + 0.0
    clean = shapely.set_coordinates(shapes, coordinates)
    # asked of all, dropping repeated points took a sixth of the whole: most shapes have none
    alike = coordinates[1:] == coordinates[:-1]
    again = np.flatnonzero(alike[:, 0] & alike[:, 1])
    repeating = np.unique(owner[again][owner[again] == owner[again + 1]])
    with np.errstate(invalid="ignore"):
        try:
            clean[repeating] = shapely.remove_repeated_points(clean[repeating], 0)
        except shapely.errors.GEOSException:  # of one of them no corners would be left: asked one by one
            finite[repeating] = False
        clean = shapely.normalize(clean)
        single = (shapely.get_type_id(clean) >= 4) & (shapely.get_num_geometries(clean) == 1)
        clean[single] = shapely.get_geometry(clean[single], 0)
        area = shapely.area(clean)
        good = finite & shapely.is_valid(clean) & ~shapely.is_empty(clean)
    of_kind = [code for code, kind in KIND_OF_TYPE.items() if kind == limits.kind]
    good &= np.isin(shapely.get_type_id(shapes), of_kind)
    good &= shapely.get_num_coordinates(shapes) <= limits.max_vertices
    if limits.kind == "polygon":
        good &= area >= MIN_AREA_M2
        width = 2 * area / np.maximum(shapely.length(clean), 1e-9)
        good &= width >= MIN_WIDTH_M
    sound, measured = shapely.to_wkb(clean, byte_order=1).tolist(), area.tolist()
    if good.all():
        areas[:], out[:] = measured, sound
    else:
        for index in np.flatnonzero(good).tolist():
            areas[index], out[index] = measured[index], sound[index]
    bounds = tuple(shapely.total_bounds(clean[good]).tolist()) if good.any() else None
    return np.flatnonzero(~good).tolist(), bounds


def vet_one(shape: Any, limits: Limits) -> Result:
    """Vet one geometry; return it on the grid in normal order, or raise Refusal with a catalogue code and a place."""
    shape, notices = _of_kind(shapely.force_2d(shape), limits)
    coordinates = shapely.get_coordinates(shape)
    _check_caps(shape, coordinates, limits)
    rounded = shapely.set_coordinates(shape, np.round(coordinates, DECIMALS) + 0.0)
    if limits.kind != "polygon":
        return _vet_simple(rounded, notices)
    try:
        rounded = shapely.remove_repeated_points(rounded, 0)
    except shapely.errors.GEOSException as error:  # a ring of less than a millimetre has no corners left
        raise Refusal("GEOM_DEGENERATE", at=rings.first_point(shape)) from error
    if shapely.is_valid(rounded):
        clean = rounded
    else:
        clean = _made_valid(_drop_collapsed_rings(rounded, notices), limits, notices)
    clean = shapely.normalize(_unwrapped(clean))
    area = float(shapely.area(clean))
    if not limits.small_ok and (area < MIN_AREA_M2 or 2 * area / shapely.length(clean) < MIN_WIDTH_M):
        raise Refusal("GEOM_TOO_SMALL", at=rings.place_in(clean), params={"area_m2": area})
    if limits.shape_notices:
        notices += rings.shape_notices(clean)
    return Result(clean, area, notices)


def _of_kind(shape: Any, limits: Limits) -> tuple[Any, list[Notice]]:
    """Keep what the kind asks for out of a collection; refuse the rest."""
    if shapely.is_empty(shape):
        raise Refusal("GEOM_EMPTY")
    type_id = int(shapely.get_type_id(shape))
    if type_id == 7:
        parts = [
            part for part in rings.flattened(shape) if KIND_OF_TYPE.get(int(shapely.get_type_id(part))) == limits.kind
        ]
        if not parts:
            raise Refusal("GEOM_TYPE", params={"found": shape.geom_type})
        pieces = [piece for part in parts for piece in shapely.get_parts(part)]
        gather: dict[str, Any] = {
            "polygon": shapely.multipolygons,
            "line": shapely.multilinestrings,
            "point": shapely.multipoints,
        }
        return gather[limits.kind](pieces), [Notice("GEOM_COLLECTION")]
    if KIND_OF_TYPE.get(type_id) != limits.kind:
        raise Refusal("GEOM_TYPE", params={"found": shape.geom_type})
    return shape, []


def _check_caps(shape: Any, coordinates: Any, limits: Limits) -> None:
    corners = len(coordinates)
    if limits.kind == "polygon":  # a ring repeats its first corner at the end
        rings_in = len(shapely.get_rings(shapely.get_parts(shape)))
        corners -= rings_in
        if rings_in > limits.max_rings:
            raise Refusal("TOO_MANY_RINGS", params={"count": rings_in, "limit": limits.max_rings})
    if corners > limits.max_vertices:
        raise Refusal("TOO_MANY_VERTICES", params={"count": corners, "limit": limits.max_vertices})
    bad = np.flatnonzero(~np.isfinite(coordinates).all(axis=1))
    if len(bad):
        raise Refusal("COORD_NOT_FINITE", params={"vertex": int(bad[0]) + 1})


def _vet_simple(shape: Any, notices: list[Notice]) -> Result:
    """Lines and points: drop repeated points and parts without length."""
    shape = shapely.remove_repeated_points(shape, 0)
    parts = shapely.get_parts(shape)
    if shapely.get_dimensions(shape) == 1:
        parts = parts[shapely.length(parts) > 0]
        if not len(parts):
            raise Refusal("GEOM_DEGENERATE", at=rings.place_in(shape))
        shape = parts[0] if len(parts) == 1 else shapely.multilinestrings(parts)
    return Result(shapely.normalize(_unwrapped(shape)), 0.0, notices)


def _unwrapped(shape: Any) -> Any:
    """Return the only part of a multi-geometry itself, so that one thing has one hash whichever format it came in."""
    if shapely.get_num_geometries(shape) == 1 and int(shapely.get_type_id(shape)) >= 4:
        return shapely.get_geometry(shape, 0)
    return shape


def _drop_collapsed_rings(shape: Any, notices: list[Notice]) -> Any:
    """Refuse a shell with fewer than three distinct points or no area; leave out such holes."""
    polygons = []
    for part in shapely.get_parts(shape):
        shell, holes = rings.shell_and_holes(part)
        if rings.collapsed(shell):
            if shapely.get_num_geometries(shape) > 1:
                notices.append(Notice("SLIVER_DROPPED", at=rings.first_point(shell)))
                continue
            raise Refusal("GEOM_DEGENERATE", at=rings.first_point(shell))
        kept = [hole for hole in holes if not rings.collapsed(hole)]
        if len(kept) < len(holes):
            lost = next(hole for hole in holes if rings.collapsed(hole))
            notices.append(Notice("SLIVER_DROPPED", at=rings.first_point(lost)))
        polygons.append(shapely.polygons(shell, kept) if kept else shapely.polygons(shell))
    if not polygons:
        raise Refusal("GEOM_DEGENERATE", at=rings.first_point(shape))
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)


def _made_valid(shape: Any, limits: Limits, notices: list[Notice]) -> Any:
    if shapely.is_valid(shape):  # dropping empty rings was enough
        return shape
    if limits.repair == "none":
        raise rings.diagnosis(shape)
    return _repaired(shape, limits, notices)


def _repaired(shape: Any, limits: Limits, notices: list[Notice]) -> Any:
    """Mend an invalid polygon; with ``harmless`` only when nothing a person would see changes."""
    diagnosis = rings.diagnosis(shape)
    crossings = rings.count_crossings(shape, limits.max_crossings)
    if crossings > limits.max_crossings:
        raise Refusal("GEOM_TOO_COMPLEX", at=diagnosis.at, params={"limit": limits.max_crossings})
    try:
        mended, causes = rings.mend(shape)
    except Refusal as refusal:
        if limits.repair == "harmless" and refusal.code == "REPAIR_AMBIGUOUS":
            raise diagnosis from refusal
        raise
    if shapely.is_empty(mended):
        raise Refusal("GEOM_EMPTY", at=diagnosis.at)
    mended = rings.snapped(mended)
    if shapely.is_empty(mended) or not shapely.is_valid(mended):
        raise Refusal("GEOM_TOO_COMPLEX", at=diagnosis.at, params={"limit": limits.max_crossings})
    before, after = rings.signed_extent(shape), float(shapely.area(mended))
    change = abs(after - before)
    if change < HARMLESS_M2 and all(cause.code in rings.HARMLESS for cause in causes):
        quiet = causes or [Notice("TOUCH_AFTER_TRANSFORM", at=diagnosis.at)]
    elif limits.repair == "harmless":
        raise diagnosis
    else:
        quiet = causes or [Notice(diagnosis.code, at=diagnosis.at)]
    for notice in quiet:
        notice.before_m2, notice.after_m2 = before, after
        notice.confirm = change > 0.01 * max(before, after)
    notices += quiet
    return mended
