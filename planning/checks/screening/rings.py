"""Which rings bound some areas? All their corners in one table, from shapes or straight from well-known binary.

A block holds tens of thousands of parcels; to make a shape of each only to ask it for its corners costs as much as all
the rest. It deliberately judges no validity: what comes in is valid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

_POLYGON = 3
# Byte order (1: low byte first), kind of shape, for polygons the number of rings; what a plain polygon begins with.
_HEAD = np.dtype([("order", "u1"), ("kind", "<u4"), ("rings", "<u4")])
_PLAIN = _HEAD.itemsize + 4  # and the number of corners of its ring
_CORNER = 16
# Corners worked at together: what is made of them on the way stays in the processor's cache.
_TOGETHER = 16_000


@dataclass(frozen=True)
class Rings:
    """Hold rings in columns: *points* (n, 2) in metres, *ends* (the place behind the last corner of each), *hole*."""

    points: Any
    ends: Any
    hole: Any

    def __len__(self) -> int:
        return len(self.ends)

    def in_parts(self) -> Iterator[Rings]:
        """Yield the rings a few at a time."""
        total = int(self.ends[-1]) if len(self.ends) else 0
        cuts = np.searchsorted(self.ends, np.arange(_TOGETHER, total, _TOGETHER))
        for first, last in zip([0, *cuts.tolist()], [*cuts.tolist(), len(self.ends)], strict=True):
            begin = int(self.ends[first - 1]) if first else 0
            if last > first:
                ends = self.ends[first:last]
                yield Rings(self.points[begin : int(ends[-1])], ends - begin, self.hole[first:last])


def rings_of(shapes: Any) -> Rings:
    """Return the rings of the polygons among *shapes* (array of shapely), of multipolygons and collections, too."""
    parts = np.asarray(shapes, dtype=object)
    if not (shapely.get_type_id(parts) == _POLYGON).all():
        parts = shapely.get_parts(parts)
    parts = parts[(shapely.get_type_id(parts) == _POLYGON) & ~shapely.is_empty(parts)]
    rings, owner = shapely.get_rings(parts, return_index=True)
    hole = np.concatenate([[False], owner[1:] == owner[:-1]])[: len(rings)]
    return Rings(shapely.get_coordinates(rings), np.cumsum(shapely.get_num_coordinates(rings)), hole)


def rings_in(written: Sequence[bytes]) -> Rings:
    """Return the same of shapes *written* as well-known binary in two dimensions, low byte first."""
    heads = np.frombuffer(b"".join([shape[: _HEAD.itemsize] for shape in written]), dtype=_HEAD)
    plain = (heads["kind"] == _POLYGON) & (heads["rings"] == 1)
    if plain.all():
        return _plain(written)
    other = rings_of(shapely.from_wkb([written[place] for place in np.flatnonzero(~plain).tolist()]))
    found = _plain([written[place] for place in np.flatnonzero(plain).tolist()])
    before = int(found.ends[-1]) if len(found) else 0
    return Rings(
        np.concatenate([found.points, other.points]),
        np.concatenate([found.ends, other.ends + before]),
        np.concatenate([found.hole, other.hole]),
    )


def _plain(written: Sequence[bytes]) -> Rings:
    points = np.frombuffer(b"".join([shape[_PLAIN:] for shape in written]), dtype="<f8").reshape(-1, 2)
    lengths = np.array([len(shape) for shape in written], dtype=np.int64)
    return Rings(points, np.cumsum((lengths - _PLAIN) // _CORNER), np.zeros(len(written), dtype=bool))
