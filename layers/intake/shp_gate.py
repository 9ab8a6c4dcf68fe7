"""Is this shapefile whole, and what would GDAL get wrong in it without a word? Own look at .shp, .shx and .dbf.

GDAL reads on with whatever it finds: it skips records it cannot read, believes the winding of rings, makes nothing of
stars in a number. Nothing is mended here but the roles of rings, and that is told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from layers.geomchild.refusal import Refusal

_MAGIC = b"\x00\x00\x27\x0a"
_POLYGONS = frozenset({5, 15, 25})
_HEAD, _RING_HEAD = 100, 44  # bytes: of a file; of a polygon record before its list of parts
_METRES_A_DEGREE = (111_320.0, 110_574.0)
_ROWS_AT_ONCE = 10_000
_SMALL_BYTES = 48 * 1024 * 1024  # of a batch in the file; a reader holds several times as much for a while
_MOST_RINGS = 1_000  # above it nobody wound them by hand, and comparing each with each takes its time


@dataclass(frozen=True)
class Records:
    """Where each record's content lies in the .shp (bytes), and of how many rings it is made (0: no polygon)."""

    start: Any
    size: Any
    rings: Any


def check(path: Path) -> Records:
    """Compare the three files' own counts and places; return where the records lie.

    Raises Refusal SHP_CORRUPT, naming the part and, where there is one, the record.
    """
    shp, shx, dbf = (path.with_suffix(suffix) for suffix in (".shp", ".shx", ".dbf"))
    for part in (shp, shx):
        with part.open("rb") as stream:
            head = stream.read(_HEAD)
        if len(head) < _HEAD or head[:4] != _MAGIC:
            raise _corrupt(part.suffix)
    index = np.frombuffer(shx.read_bytes()[_HEAD:], dtype=">i4")
    if len(index) % 2:
        raise _corrupt(".shx")
    start, size = index[0::2].astype(np.int64) * 2, index[1::2].astype(np.int64) * 2
    rings = _rings_in_places(shp, start, size)
    _check_table(dbf, len(start))
    return Records(start + 8, size, rings)


def _rings_in_places(shp: Path, start: Any, size: Any) -> Any:
    """Count rings; refuse a record outside the file, or whose own head says something else than the index."""
    end = shp.stat().st_size
    wrong = (start < _HEAD) | (size < 4) | (start + 8 + size > end)
    if wrong.any():
        raise _corrupt(".shp", int(np.flatnonzero(wrong)[0]) + 1)
    if not len(start):
        return start
    data: Any = np.memmap(shp, dtype=np.uint8, mode="r")
    own_size = _big_endian(data, start + 4) * 2
    kinds = _little_endian(data, start + 8)
    wrong = (own_size != size) | ((kinds != 0) & (kinds != kinds.max()))
    ringed = np.isin(kinds, list(_POLYGONS)) & (size >= _RING_HEAD)
    parts, points = (_little_endian(data, np.where(ringed, start + 8 + at, start)) for at in (36, 40))
    # Counts that the record cannot hold: a billion points in a hundred bytes.
    wrong |= ringed & ((parts < 1) | (points < parts) | (_RING_HEAD + 4 * parts + 16 * points > size))
    wrong |= np.isin(kinds, list(_POLYGONS)) & ~ringed
    if wrong.any():
        raise _corrupt(".shp", int(np.flatnonzero(wrong)[0]) + 1)
    return np.where(ringed, parts, 0)


def _check_table(dbf: Path, records: int) -> None:
    with dbf.open("rb") as stream:
        head = stream.read(32)
    if len(head) < 32:
        raise _corrupt(".dbf")
    rows, start, width = _table_head(head)
    if rows != records:
        raise Refusal("SHP_CORRUPT", params={"path": f".dbf ({rows} ≠ {records})"})
    if start < 33 or dbf.stat().st_size + 2 < start + rows * width:
        raise _corrupt(".dbf")


def batches_are_small(path: Path, records: Records, count: int) -> bool:
    """Tell whether the file has more than one batch of *count* records, and none holds more than a little memory."""
    if len(records.size) <= count:
        return False
    _rows, _start, width, _fields = _layout(path.with_suffix(".dbf"))
    largest = int(np.add.reduceat(records.size, np.arange(0, len(records.size), count)).max())
    return largest + count * width <= _SMALL_BYTES


def nulls(path: Path) -> dict[str, int]:
    """Count, per numeric column, the values that are no number (stars, ``nan``): they are read as missing."""
    dbf = path.with_suffix(".dbf")
    rows, start, width, every = _layout(dbf)
    fields = [(name, begin, length) for name, kind, begin, length in every if kind in "NF"]
    found: dict[str, int] = {}
    for first in range(0, rows, _ROWS_AT_ONCE):  # read, not mapped: pages once touched would count as our memory
        count = min(_ROWS_AT_ONCE, rows - first)
        block = np.fromfile(dbf, dtype=np.uint8, count=count * width, offset=start + first * width)
        block = block.reshape(-1, width)
        for name, begin, length in fields:
            column = block[:, begin : begin + length]
            # stars; the letters of nan and inf, but not those of 1e5
            odd = ((column == ord("*")) | ((column | 0x20) == ord("n"))).any(axis=1)
            if odd.any():
                found[name] = found.get(name, 0) + int(odd.sum())
    return found


def is_utf8(path: Path) -> bool:
    """Tell whether every text of the table surely is UTF-8; False, too, where a text ends before its field does."""
    dbf = path.with_suffix(".dbf")
    rows, start, width, every = _layout(dbf)
    if not rows:
        return False
    fields = [(begin, length) for _name, kind, begin, length in every if kind not in "NF"]
    for first in range(0, rows, _ROWS_AT_ONCE):
        count = min(_ROWS_AT_ONCE, rows - first)
        block = np.fromfile(dbf, dtype=np.uint8, count=count * width, offset=start + first * width)
        if block.size < count * width:
            return False
        block = block.reshape(-1, width)
        for begin, length in fields:
            # a blank after each text: half a letter at its end must not find its other half in the next one
            column = np.full((count, length + 1), ord(" "), dtype=np.uint8)
            column[:, :length] = block[:, begin : begin + length]
            try:
                if "\0" in column.tobytes().decode("utf-8"):
                    return False
            except UnicodeDecodeError:
                return False
    return True


def rings_by_nesting(path: Path, records: Records, blobs: list[bytes], first: int = 0) -> list[dict[str, Any]]:
    """Rebuild, in place, polygons whose rings GDAL took for what they are not, going by their winding.

    *blobs*: one WKB a record from record *first* on. Returns what was found where windings contradict each other:
    ``{"feature", "before_m2", "after_m2"}``, areas to about a thousandth. Rings all wound the wrong way are no news.
    """
    counts = records.rings[first : first + len(blobs)]
    several = np.flatnonzero((counts > 1) & (counts <= _MOST_RINGS))
    if not len(several):
        return []
    shapes = shapely.from_wkb(np.array([blobs[index] for index in several], dtype=object), on_invalid="ignore")
    told = []
    data: Any = np.memmap(path, dtype=np.uint8, mode="r")
    for position, index in enumerate(several):
        place, size = int(records.start[first + index]), int(records.size[first + index])
        rings = _rings(bytes(data[place : place + size]))
        shells = shapely.get_num_geometries(shapes[position])
        if shapely.is_valid(shapes[position]) and shells == sum(_signed(ring) < 0 for ring in rings):
            continue
        rebuilt, agree, claimed = nested(rings)
        if rebuilt is None:
            continue
        blobs[index] = shapely.to_wkb(rebuilt, byte_order=1)
        if not agree:
            scale = _square_metres(rebuilt)
            after = float(shapely.area(rebuilt))
            told.append({"feature": first + int(index) + 1, "before_m2": claimed * scale, "after_m2": after * scale})
    return told


def nested(rings: list[Any]) -> tuple[Any, bool, float]:
    """Make polygons of closed rings by which lies in which; (None, …) when that gives no valid area either.

    Also returned: whether shells wind one way and holes the other, and the area the windings claim.
    """
    areas = [_signed(ring) for ring in rings]
    polygons = [shapely.polygons(ring) if len(ring) >= 4 else None for ring in rings]
    if any(polygon is None or not shapely.is_valid(polygon) for polygon in polygons):
        return None, True, 0.0
    order = sorted(range(len(rings)), key=lambda index: -abs(areas[index]))
    shells: dict[int, list[int]] = {}
    depth: dict[int, int] = {}
    for position, index in enumerate(order):
        around = [other for other in order[:position] if shapely.covers(polygons[other], polygons[index])]
        depth[index] = len(around)
        if len(around) % 2 == 0:
            shells[index] = []
        else:
            shells[next(other for other in reversed(around) if depth[other] == len(around) - 1)].append(index)
    made = [_polygon(rings, shell, holes) for shell, holes in shells.items()]
    whole = made[0] if len(made) == 1 else shapely.multipolygons(made)
    if not shapely.is_valid(whole):
        return None, True, 0.0
    outer = {math.copysign(1, areas[index]) for index in shells}
    inner = {math.copysign(1, areas[index]) for index in range(len(rings)) if index not in shells}
    if len(outer) > 1:  # a hole beside its shell, not in it: kept as one, so that the vetting can say so
        return _with_loose_holes(rings, areas, order, shells), True, 0.0
    return whole, not (outer & inner), abs(sum(areas))


def _polygon(rings: list[Any], shell: int, holes: list[int]) -> Any:
    return shapely.polygons(rings[shell], [shapely.linearrings(rings[hole]) for hole in holes] or None)


def _with_loose_holes(rings: list[Any], areas: list[float], order: list[int], shells: dict[int, list[int]]) -> Any:
    """Make polygons of which the largest carries every ring that is wound as a hole and lies in no shell."""
    largest = order[0]
    loose = [index for index in shells if areas[index] * areas[largest] < 0]
    made = [
        _polygon(rings, shell, [*holes, *(loose if shell == largest else ())])
        for shell, holes in shells.items()
        if shell not in loose
    ]
    return made[0] if len(made) == 1 else shapely.multipolygons(made)


def _rings(content: bytes) -> list[Any]:
    count, points = np.frombuffer(content, dtype="<i4", count=2, offset=36)
    starts = np.frombuffer(content, dtype="<i4", count=int(count), offset=_RING_HEAD)
    xy = np.frombuffer(content, dtype="<f8", count=2 * int(points), offset=_RING_HEAD + 4 * int(count)).reshape(-1, 2)
    return np.split(xy, starts[1:])


def _signed(ring: Any) -> float:
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2


def _square_metres(shape: Any) -> float:
    """Return m² a square unit of the file: 1 for metres; for degrees what a square degree is there."""
    west, south, east, north = shapely.bounds(shape)
    if max(abs(west), abs(south), abs(east), abs(north)) > 360:
        return 1.0
    return _METRES_A_DEGREE[0] * _METRES_A_DEGREE[1] * math.cos(math.radians((south + north) / 2))


def _layout(dbf: Path) -> tuple[int, int, int, list[tuple[str, str, int, int]]]:
    """Return rows (0 when the fields do not fit in), their start and width, and (name, kind, begin, length)s."""
    with dbf.open("rb") as stream:
        head = stream.read(32 + 256 * 32)
    rows, start, width = _table_head(head)
    fields, at = [], 1
    for offset in range(32, min(start, len(head)) - 32, 32):
        name = head[offset : offset + 11].split(b"\0")[0].decode("latin-1")
        length = head[offset + 16]
        if length:
            fields.append((name, chr(head[offset + 11]), at, length))
        at += length
    return (rows if at <= width else 0), start, width, fields


def _table_head(head: bytes) -> tuple[int, int, int]:
    return (
        int.from_bytes(head[4:8], "little"),
        int.from_bytes(head[8:10], "little"),
        int.from_bytes(head[10:12], "little"),
    )


def _big_endian(data: Any, at: Any) -> Any:
    return _four(data, at).view(">i4").ravel().astype(np.int64)


def _little_endian(data: Any, at: Any) -> Any:
    return _four(data, at).view("<i4").ravel().astype(np.int64)


def _four(data: Any, at: Any) -> Any:
    return np.ascontiguousarray(data[at[:, None] + np.arange(4)])


def _corrupt(suffix: str, record: int = 0) -> Refusal:
    return Refusal("SHP_CORRUPT", params={"path": suffix, **({"feature": record} if record else {})})
