"""Where does a large file wait while a person decides? Batch by batch in an unnamed temporary file, not in memory.

Shapes and rows look like the array and the tuple of a small file; whoever walks over them by batches keeps memory flat,
whoever asks for all at once gets all at once. Nothing is read from the file from outside here, and nothing vetted.
"""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from layers.geomchild import protocol
from layers.intake import limits as written
from layers.intake.limits import IntakeLimits
from layers.intake.packed import Columns
from layers.intake.shapes import check_vertices, counted, kept, said, shapes_of
from layers.vetting import Notice, prepare

Frames = Iterable[tuple[dict[str, Any], list[bytes]]]
Row = tuple[Any, ...]
# Of a frame in the file: offset, length of the text, length of all.
Place = tuple[int, int, int]
_SAMPLED = 4_000


def gather(frames: Frames, kind: str, limits: IntakeLimits) -> tuple[dict[str, Any], list[bytes], Bulk | None]:
    """Take what the reader child streams: (facts with ``rows``, blobs, None) of a file of usual size, else its Bulk."""
    facts: dict[str, Any] = {}
    notices: list[dict[str, Any]] = []
    waiting: list[tuple[Columns | None, list[bytes]]] = []
    bulk: Bulk | None = None
    for head, batch in frames:
        said_of_it = head.get("start") or head.get("result") or {}
        notices += [*said_of_it.get("notices", []), *head.get("end", {}).get("notices", [])]
        facts.update(said_of_it)
        if bulk is None:
            waiting.append((head.get("columns"), batch))
            if "columns" not in head or sum(len(blobs) for _columns, blobs in waiting) <= written.FEATURES:
                continue
            bulk = Bulk(kind, limits)
            prepare()  # it will be vetted, which needs a child with its libraries loaded
            for columns, blobs in waiting:
                if columns is not None:
                    bulk.add(columns, blobs)
            waiting = []
        elif "columns" in head:
            bulk.add(head["columns"], batch)
    if bulk is not None:
        bulk.check()
    facts.setdefault("rows", [row for columns, _blobs in waiting if columns is not None for row in columns.rows()])
    return {**facts, "notices": notices}, [blob for _columns, blobs in waiting for blob in blobs], bulk


class Bulk:
    """The kept features of a large file, in an unnamed temporary file that goes with this object."""

    def __init__(self, kind: str, limits: IntakeLimits) -> None:
        self.kind, self.limits = kind, limits
        self.numbers: list[int] = []
        self.counts: dict[str, int] = {}
        self.notices: list[Notice] = []
        self._file = tempfile.TemporaryFile(prefix="datnghe-intake-")  # noqa: SIM115 – lives and goes with this object
        weakref.finalize(self, self._file.close)
        self._places: list[Place] = []
        self._ends: list[int] = []
        self._bounds: list[Any] = []
        self._sampled: list[Any] = []
        self._seen = self._vertices = 0
        self._unplaced: list[tuple[Place, list[int]]] = []

    def add(self, columns: Columns, blobs: Sequence[bytes]) -> None:
        """Keep the features of one batch that are of the kind wanted; raise what `kept` and `check_vertices` raise."""
        if not len(blobs):
            return
        first = self._seen
        self._seen += len(blobs)
        shapes, mended = shapes_of(blobs, first)
        empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
        if empty.any():
            skipped = np.flatnonzero(empty)
            self._unplaced.append((self._put(columns.taken(skipped.tolist()), []), (skipped + first + 1).tolist()))
        if empty.all():
            return
        full = np.flatnonzero(~empty)
        remarks = list(mended)
        shapes, chosen, numbers, counts, self.kind = kept(
            shapes[full], full[:, None].tolist(), self.kind, remarks, (full + first + 1).tolist()
        )
        rows = [row[0] for row in chosen]
        for name, count in counts.items():
            self.counts[name] = self.counts.get(name, 0) + count
        self.notices += [notice for notice in remarks if notice not in self.notices]
        self._vertices = check_vertices(shapes, self.limits, self._vertices, numbers)
        if len(rows) < len(blobs):
            columns = columns.taken(rows)
        if len(remarks) > 0 or len(rows) < len(blobs):  # something was closed, read as an area or left out
            blobs = list(shapely.to_wkb(shapes, byte_order=1))
        self._write(columns, blobs, shapes, numbers)

    def _write(self, columns: Columns, blobs: Sequence[bytes], shapes: Any, numbers: list[int]) -> None:
        self._places.append(self._put(columns, blobs))
        self.numbers += numbers
        self._ends.append(len(self.numbers))
        self._bounds.append(shapely.bounds(shapes))
        step = max(1, self.limits.features // _SAMPLED)
        self._sampled += list(shapes[::step])

    def _put(self, columns: Columns, blobs: Sequence[bytes]) -> Place:
        frame = protocol.encode({}, [columns.data, *blobs])
        head = protocol.head_size()
        text_length, total = protocol.body_size(frame[:head])
        place = (self._file.tell() + head, text_length, total)
        self._file.write(frame)
        return place

    def check(self) -> None:
        """Say which features had no geometry; raise NO_GEOMETRY when none had."""
        if not self.numbers:
            kept(np.array([None]), [[]], self.kind, [])
        if self._unplaced:
            self.notices.append(said("FEATURE_SKIPPED", {"features": counted(self.skipped)}))

    @property
    def skipped(self) -> list[int]:
        """Return the numbers of the features without a geometry."""
        return [number for _place, numbers in self._unplaced for number in numbers]

    @property
    def bounds(self) -> Any:
        """Return the bounds of every feature, (n, 4), in the file's coordinates."""
        return np.vstack(self._bounds)

    @property
    def sampled(self) -> Any:
        """Return some of the shapes, spread over the file: enough to rank coordinate systems and draw a ghost."""
        return np.array(self._sampled, dtype=object)

    def batches(self) -> Iterator[tuple[int, Any, list[Row]]]:
        """Yield (index of the first, shapes, rows) batch by batch."""
        for number, end in enumerate(self._ends):
            shapes, rows = self.batch(number)
            yield end - len(rows), shapes, rows

    def packed_batches(self) -> Iterator[tuple[int, list[bytes], list[list[Any]]]]:
        """Yield (index of the first, WKB, attributes column by column) batch by batch."""
        for number, end in enumerate(self._ends):
            blobs, columns = self.packed(number)
            yield end - len(blobs), blobs, columns.values()

    def batch(self, number: int) -> tuple[Any, list[Row]]:
        """Return the shapes and rows of one batch."""
        blobs, columns = self.packed(number)
        return shapely.from_wkb(np.array(blobs, dtype=object)), [tuple(row) for row in columns.rows()]

    def packed(self, number: int) -> tuple[list[bytes], Columns]:
        """Return the WKB (two-dimensional) and the columns of one batch."""
        blobs = self._taken(self._places[number])
        return blobs[1:], Columns(blobs[0], len(blobs) - 1)

    def unplaced(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield the number in the file and the row of every feature without a geometry."""
        for place, numbers in self._unplaced:
            yield from zip(numbers, Columns(self._taken(place)[0], len(numbers)).rows(), strict=True)

    def _taken(self, place: Place) -> list[bytes]:
        offset, text_length, total = place
        self._file.seek(offset)
        _head, blobs = protocol.decode(self._file.read(total), text_length)
        return blobs

    def find(self, index: int) -> tuple[int, int]:
        """Return (batch, place in it) of a feature by its index; raise IndexError."""
        if not -len(self.numbers) <= index < len(self.numbers):
            raise IndexError(index)
        index %= len(self.numbers)
        number = int(np.searchsorted(self._ends, index, side="right"))
        return number, index - (self._ends[number - 1] if number else 0)


class BulkShapes:
    """The shapes of a large file: an array to numpy and shapely, read from the temporary file when they ask."""

    def __init__(self, bulk: Bulk) -> None:
        self.bulk = bulk

    def __len__(self) -> int:
        return len(self.bulk.numbers)

    def __iter__(self) -> Iterator[Any]:
        for _first, shapes, _rows in self.bulk.batches():
            yield from shapes

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, int | np.integer):
            number, place = self.bulk.find(int(index))
            return self.bulk.batch(number)[0][place]
        return np.asarray(self)[index]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """Return all shapes at once; for files of this size that costs what the batches save."""
        return np.concatenate([shapes for _first, shapes, _rows in self.bulk.batches()])


class BulkRows(Sequence[Row]):
    """The rows of a large file, one batch in memory at a time."""

    def __init__(self, bulk: Bulk) -> None:
        self.bulk = bulk
        self._held: tuple[int, list[Row]] = (-1, [])

    def __len__(self) -> int:
        return len(self.bulk.numbers)

    def __iter__(self) -> Iterator[Row]:
        for _first, _shapes, rows in self.bulk.batches():
            yield from rows

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self))))
        number, place = self.bulk.find(int(index))
        if self._held[0] != number:
            self._held = (number, self.bulk.batch(number)[1])
        return self._held[1][place]


class BulkUnplaced:
    """The rows of a large file that have no geometry, each with its number; read when they are asked for."""

    def __init__(self, bulk: Bulk) -> None:
        self.bulk = bulk

    def __len__(self) -> int:
        return len(self.bulk.skipped)

    def __iter__(self) -> Iterator[tuple[int, list[Any]]]:
        return self.bulk.unplaced()
