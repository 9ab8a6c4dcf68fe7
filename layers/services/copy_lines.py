"""How do rows of a layer become lines for COPY? Vetted batch by batch, written to a temporary file, with flat memory.

What is kept, skipped or refused is judged by the caller; nothing is in the database before every row was judged.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.utils.translation import gettext as _

from layers.crs import storage_srid
from layers.errors import InputRefused
from layers.vetting import Limits, VettedFeature, vet_features

if TYPE_CHECKING:
    from layers.services.stage import RowLike

    Judge = Callable[[int, RowLike, VettedFeature], VettedFeature | None]

MAX_FEATURES = 200_000
# Rows judged at a time: what is in memory of a layer, however many rows it has.
BATCH = 2_000
Bounds = tuple[float, float, float, float]


class Lines:
    """Write the rows of one edition to *file* (text) and count them; *edition*: the row number it will have.

    *judge* is told number, row and vetted feature and returns the feature to keep or None. *bounds*: west, south, east,
    north of what is kept; *digest*: SHA-256 over its WKB.
    """

    def __init__(self, file: IO[str], kind: str, limits: Limits, judge: Judge) -> None:
        self._file, self._kind, self._limits, self._judge = file, kind, limits, judge
        self.total = self.kept = 0
        self.digest = hashlib.sha256()
        self.bounds: Bounds = (math.inf, math.inf, -math.inf, -math.inf)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('layers_edition', 'id'))")
            self.edition = int(cursor.fetchone()[0])

    def write_all(self, rows: Iterable[RowLike]) -> None:
        """Judge all rows and write those that are kept. Raises InputRefused (TOO_MANY_FEATURES)."""
        running = iter(rows)
        while batch := list(itertools.islice(running, BATCH)):
            self._write(batch)

    def copy(self) -> None:
        """Copy the lines into the table."""
        self._file.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(
                "COPY layers_feature (edition_id, source_id, name, class_code, attributes, area_m2, geom_hash, geom)"
                " FROM STDIN",
                self._file,
            )

    def _write(self, batch: list[RowLike]) -> None:
        import shapely

        first = self.total + 1
        self.total += len(batch)
        if self.total > MAX_FEATURES:
            raise InputRefused(
                _("There are more than %(limit)s features; they are not accepted in one layer.")
                % {"limit": MAX_FEATURES},
                code="TOO_MANY_FEATURES",
            )
        vetted = vet_features([wkb_of(row.geom) for row in batch], self._kind, self._limits)
        kept = [
            (row, usable)
            for number, (row, feature) in enumerate(zip(batch, vetted, strict=True), start=first)
            if (usable := self._judge(number, row, feature)) is not None
        ]
        if not kept:
            return
        self.kept += len(kept)
        west, south, east, north = shapely.total_bounds(shapely.from_wkb([feature.wkb for _row, feature in kept]))
        self.bounds = (
            min(self.bounds[0], float(west)),
            min(self.bounds[1], float(south)),
            max(self.bounds[2], float(east)),
            max(self.bounds[3], float(north)),
        )
        for row, feature in kept:
            self.digest.update(feature.wkb)
            self._file.write(self._line(row, feature))

    def _line(self, row: RowLike, feature: VettedFeature) -> str:
        texts = (
            clean_text(getattr(row, "source_id", "") or "", 120),
            clean_text(row.name, 240),
            clean_text(row.class_code, 60),
            json.dumps(_clean(row.attributes), ensure_ascii=False, allow_nan=False, default=str),
        )
        figures = (repr(feature.area_m2), hashlib.sha256(feature.wkb).hexdigest(), _ewkb_hex(feature.wkb))
        return "\t".join((str(self.edition), *map(_escaped, texts), *figures)) + "\n"


def wkb_of(geom: Any) -> bytes:
    """Return WKB of a GEOS geometry (checked SRID), a shapely geometry or bytes."""
    if isinstance(geom, bytes | memoryview):
        return bytes(geom)
    if isinstance(geom, GEOSGeometry) and geom.srid != storage_srid():
        raise InputRefused(
            _("The coordinate system of a geometry is not the expected one."),
            code="CRS_MISMATCH",
            where=f"SRID {geom.srid}",
        )
    return bytes(geom.wkb)


def clean_text(value: object, limit: int) -> str:
    """Return text as NFC without control characters, cut to *limit*."""
    text = "" if value is None else str(value)
    if text.isascii() and text.isprintable():  # nine texts of ten: nothing to look at letter by letter
        return text.strip()[:limit]
    text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = "".join(char for char in text if char >= " " or char in "\t\n")
    return text.strip()[:limit]


@lru_cache(maxsize=4_096)
def _clean_name(name: str) -> str:
    return clean_text(name, 60)


def _clean(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return clean_text(value, 10_000)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {_clean_name(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return clean_text(value, 10_000)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _ewkb_hex(wkb: bytes) -> str:
    """Put the SRID into little-endian two-dimensional WKB."""
    kind = int.from_bytes(wkb[1:5], "little") | 0x20000000
    return (wkb[:1] + kind.to_bytes(4, "little") + storage_srid().to_bytes(4, "little") + wkb[5:]).hex()
