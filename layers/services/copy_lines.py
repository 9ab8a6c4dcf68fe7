"""How do rows of a layer come into their table? Judged batch by batch while the database copies the ones before.

They go in COPY's binary form: as text, geometries are twice as long, and reading them took a fifth of the copying.
What is kept, skipped or refused is judged by the caller, in whose transaction all of it stands or falls.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import queue
import struct
import threading
from array import array
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext as _

from layers.crs import storage_srid
from layers.errors import InputRefused
from layers.services.rows import LayerRow, RowBatch, RowLike, batches_of
from layers.vetting import Limits, VettedBatch, VettedFeature, vet_ahead

if TYPE_CHECKING:
    Judge = Callable[[int, LayerRow, VettedFeature], VettedFeature | None]

MAX_FEATURES = 200_000
AHEAD = 2  # batches that may wait for the database: what one takes is ready when the other is gone
_STATEMENT_MS = "1800000"
_COPY = (
    "COPY layers_feature (edition_id, source_id, name, class_code, attributes, area_m2, geom_hash, geom)"
    " FROM STDIN WITH (FORMAT binary)"
)
# PostgreSQL's manual, COPY, "Binary Format": before the first record, after the last. Each field follows its size.
_BEGIN, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_OF_EDITION = struct.Struct(">hiq").pack  # number of fields; size of a number, the number
_OF_AREA = struct.Struct(">idi").pack  # size of an area, the area; size of a hash
_SIZE = struct.Struct(">i").pack
_HASH_BYTES = 64
_JSONB = "\1"  # the version of its form, before the text
Bounds = tuple[float, float, float, float]


class Lines:
    """Copy the rows of one edition (its row number) into the table and count them.

    *judge* is told number, row and vetted feature of what was mended, remarked on or refused, and returns the feature
    to keep or None. *bounds*: west, south, east, north of what is kept; *digest*: SHA-256 over its WKB, if *hashed*.
    """

    def __init__(self, edition: int, kind: str, limits: Limits, judge: Judge, *, hashed: bool) -> None:
        self._edition, self._kind, self._limits, self._judge, self._hashed = edition, kind, limits, judge, hashed
        self.total = self.kept = 0
        self.digest = hashlib.sha256()
        self.bounds: Bounds = (math.inf, math.inf, -math.inf, -math.inf)
        self._marks = array("q")

    def copy(self, rows: Iterable[RowLike]) -> None:
        """Judge all rows and copy those that are kept, in the caller's transaction.

        The rows must not ask the database: it is listening. They are judged in this thread, whose language the
        refusals speak; another hands them to the database. Raises InputRefused (TOO_MANY_FEATURES).
        """
        with closing(self._records(rows)) as lines, connection.cursor() as cursor:
            # the statement lasts as long as the judging, which has its own limits for each batch
            cursor.execute("SELECT current_setting('statement_timeout')")
            usual = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [_STATEMENT_MS])
            feed = _Feed()
            with ThreadPoolExecutor(1) as runner:
                copied = runner.submit(cursor.copy_expert, _COPY, feed)
                copied.add_done_callback(feed.end)
                try:
                    for records in itertools.chain([_BEGIN], lines, [_END]):
                        if not feed.put(records):
                            break
                    feed.put(b"")
                except BaseException:
                    feed.break_off()
                    raise
                with connection.wrap_database_errors:
                    copied.result()
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [usual])

    @property
    def repeated(self) -> bool:
        """Tell whether a boundary may have come twice with one class: never false when one has."""
        return len(set(self._marks)) < len(self._marks)

    def _records(self, rows: Iterable[RowLike]) -> Generator[bytes, None, None]:
        with closing(vet_ahead(self._counted(rows), self._kind, self._limits)) as ahead:
            for vetted, batch in ahead:
                if records := self._packed(vetted, batch):  # none would be the end of all
                    yield records

    def _counted(self, rows: Iterable[RowLike]) -> Iterator[tuple[list[bytes], tuple[int, RowBatch]]]:
        for batch in batches_of(rows):
            first = self.total + 1
            self.total += len(batch)
            if self.total > MAX_FEATURES:
                raise InputRefused(
                    _("There are more than %(limit)s features; they are not accepted in one layer.")
                    % {"limit": MAX_FEATURES},
                    code="TOO_MANY_FEATURES",
                )
            yield list(batch.geoms), (first, batch)

    def _packed(self, vetted: VettedBatch, counted: tuple[int, RowBatch]) -> bytes:
        first, batch = counted
        wkb, areas = list(vetted.wkb), list(vetted.areas)
        dropped = set()
        for index, feature in vetted.special.items():
            usable = self._judge(first + index, batch.row(index), feature)
            if usable is None:
                dropped.add(index)
            else:
                wkb[index], areas[index] = usable.wkb, usable.area_m2
                self._stretch(_bounds_of(usable.wkb))
        if vetted.bounds is not None:
            self._stretch(vetted.bounds)
        texts: list[Sequence[str]] = [batch.source_ids, batch.names, batch.class_codes, batch.attributes]
        if dropped:
            keep = [index for index in range(len(batch)) if index not in dropped]
            wkb, areas = [wkb[index] for index in keep], [areas[index] for index in keep]
            texts = [[column[index] for index in keep] for column in texts]
        count = len(wkb)
        if not count:
            return b""
        self.kept += count
        if self._hashed:
            self.digest.update(b"".join(wkb))
        hashes = [hashlib.sha256(one).hexdigest().encode() for one in wkb]
        self._marks.extend(map(hash, zip(hashes, texts[2], strict=True)))
        fields = [
            [_OF_EDITION(8, 8, self._edition)] * count,
            *itertools.chain.from_iterable(map(_sized, texts[:3])),
            *_sized(texts[3], _JSONB),
            map(_OF_AREA, [8] * count, areas, [_HASH_BYTES] * count),
            hashes,
            *_ewkb(wkb),
        ]
        return b"".join(map((b"%b" * len(fields)).__mod__, zip(*fields, strict=True)))

    def _stretch(self, bounds: tuple[float, ...]) -> None:
        self.bounds = (
            min(self.bounds[0], bounds[0]),
            min(self.bounds[1], bounds[1]),
            max(self.bounds[2], bounds[2]),
            max(self.bounds[3], bounds[3]),
        )


class _Feed:
    """Hand texts from the thread that makes them to the driver, which copies in another; few wait at a time."""

    def __init__(self) -> None:
        self._texts: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._room = threading.Semaphore(AHEAD)
        self._ended = False

    def put(self, text: bytes) -> bool:
        """Give a text, an empty one at the end; wait for room. False when nobody reads any more."""
        self._room.acquire()
        if self._ended:
            self._room.release()
            return False
        self._texts.put(text)
        return True

    def break_off(self) -> None:
        """Have the driver fail in the place of an end."""
        self._texts.put(None)

    def end(self, _copied: Future[None]) -> None:
        """Note that the driver has done, well or not."""
        self._ended = True
        self._room.release()

    def read(self, _size: int = -1) -> bytes:
        """Return the next text, for the driver; an empty one at the end."""
        text = self._texts.get()
        self._room.release()
        if text is None:
            raise EOFError("the rows broke off")
        return text


def _bounds_of(wkb: bytes) -> tuple[float, ...]:
    import shapely

    return tuple(shapely.bounds(shapely.from_wkb(wkb)).tolist())


def _sized(texts: Sequence[str], mark: str = "") -> tuple[list[bytes], list[bytes]]:
    """Return the size in bytes of each text, packed, and the texts in UTF-8, each after *mark*.

    They are encoded as one: a text of the database holds no zero, so zeros keep them apart.
    """
    told = (mark + f"\0{mark}".join(texts)).encode().split(b"\0")
    return list(map(_SIZE, map(len, told))), told


def _ewkb(blobs: Sequence[bytes]) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Return little-endian two-dimensional WKB with the SRID put in, in three pieces: size, packed; head; the rest."""
    srid = storage_srid().to_bytes(4, "little")
    heads = {}
    for head in {wkb[:5] for wkb in blobs}:
        kind = int.from_bytes(head[1:], "little") | 0x20000000
        heads[head] = head[:1] + kind.to_bytes(4, "little") + srid
    sizes = [_SIZE(len(wkb) + len(srid)) for wkb in blobs]
    return sizes, [heads[wkb[:5]] for wkb in blobs], [wkb[5:] for wkb in blobs]
