"""What is a row of a layer, and what do many rows look like side by side? One list per thing, ready for COPY.

Thousands of rows are made clean in a few calls, one by one only where a value needs it. No geometry is judged here.
"""

from __future__ import annotations

import itertools
import json
import math
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from json.encoder import encode_basestring
from types import NoneType
from typing import Any, Protocol

from django.contrib.gis.geos import GEOSGeometry

from layers.crs import storage_srid
from layers.errors import InputRefused
from layers.said import gettext as _

# Rows judged at a time: what is in memory of a layer, however many rows it has.
BATCH = 2_000
BATCH_BYTES = 8_000_000
# How long texts may be, as the table says, and those among the attributes.
_ID, _NAME, _CLASS, _TEXT = 120, 240, 60, 10_000


class RowLike(Protocol):
    """One published object: geometry in the storage CRS (GEOS, shapely or WKB), name, class, further attributes."""

    @property
    def geom(self) -> Any:
        """Return the geometry in the storage CRS."""

    @property
    def name(self) -> str:
        """Return the name to show, or an empty text."""

    @property
    def class_code(self) -> str:
        """Return the class (land code, road class …), or an empty text."""

    @property
    def attributes(self) -> Mapping[str, Any]:
        """Return further attributes, JSON-ready."""


@dataclass(frozen=True)
class LayerRow:
    """A plain row for `stage_rows`."""

    geom: Any
    name: str = ""
    class_code: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    source_id: str = ""


@dataclass(frozen=True)
class RowBatch:
    """Some rows side by side: WKB, texts clean and cut to their length, *attributes* as clean JSON objects."""

    geoms: Sequence[bytes]
    source_ids: Sequence[str]
    names: Sequence[str]
    class_codes: Sequence[str]
    attributes: Sequence[str]

    @classmethod
    def of_rows(cls, rows: Sequence[RowLike]) -> RowBatch:
        """Put rows side by side; raises InputRefused (CRS_MISMATCH) as `wkb_of` does."""
        return cls(
            [wkb_of(row.geom) for row in rows],
            clean_texts([getattr(row, "source_id", "") or "" for row in rows], _ID),
            clean_texts([row.name for row in rows], _NAME),
            clean_texts([row.class_code for row in rows], _CLASS),
            [json_of(row.attributes) for row in rows],
        )

    @classmethod
    def of_columns(
        cls,
        geoms: Sequence[bytes],
        fields: Sequence[str],
        columns: Sequence[Sequence[Any]],
        *,
        source_ids: Sequence[str],
        names: Sequence[str],
        class_codes: Sequence[str],
    ) -> RowBatch:
        """Make rows of columns of plain values."""
        return cls(
            geoms,
            clean_texts(source_ids, _ID),
            clean_texts(names, _NAME),
            clean_texts(class_codes, _CLASS),
            json_objects(fields, columns, len(geoms)),
        )

    def __len__(self) -> int:
        return len(self.geoms)

    def row(self, index: int) -> LayerRow:
        """Return one row as what is said of it needs it: without its attributes."""
        return LayerRow(self.geoms[index], self.names[index], self.class_codes[index], {}, self.source_ids[index])

    def part(self, start: int, end: int) -> RowBatch:
        """Return the rows from *start* to before *end*."""
        return RowBatch(
            self.geoms[start:end],
            self.source_ids[start:end],
            self.names[start:end],
            self.class_codes[start:end],
            self.attributes[start:end],
        )

    def parts(self) -> Iterator[RowBatch]:
        """Yield parts that are judged in one go: neither too many rows nor too many bytes."""
        start = size = 0
        for index, geom in enumerate(self.geoms):
            size += len(geom)
            if size >= BATCH_BYTES or index + 1 - start >= BATCH:
                yield self.part(start, index + 1)
                start, size = index + 1, 0
        if start < len(self):
            yield self.part(start, len(self))


class RowBatches(ABC):
    """Rows that come side by side without being made one by one first."""

    @abstractmethod
    def __iter__(self) -> Iterator[LayerRow]:
        """Yield the rows one by one."""

    @abstractmethod
    def batches(self) -> Iterator[RowBatch]:
        """Yield all rows, batch by batch."""


def batches_of(rows: Iterable[RowLike]) -> Iterator[RowBatch]:
    """Yield all rows in parts that are judged in one go."""
    if isinstance(rows, RowBatches):
        for batch in rows.batches():
            yield from batch.parts()
        return
    running = iter(rows)
    while some := list(itertools.islice(running, BATCH)):
        yield from RowBatch.of_rows(some).parts()


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


def clean_texts(values: Sequence[Any], limit: int) -> list[str]:
    """Return what `clean_text` makes of each of many values; looks at single letters only where the whole needs it."""
    plain = set(map(type, values)) == {str}
    texts = values if plain else ["" if value is None else str(value) for value in values]
    whole = " ".join(texts)  # a blank joins with nothing: the whole is in normal form when every text is
    clean = whole.isprintable() and (whole.isascii() or unicodedata.is_normalized("NFC", whole))
    if not clean or max(map(len, texts), default=0) > limit:
        return [clean_text(text, limit) for text in texts]
    return list(map(str.strip, texts))


def json_of(attributes: Mapping[str, Any]) -> str:
    """Return the attributes of one row as a clean JSON object."""
    return json.dumps(_clean(attributes), ensure_ascii=False, allow_nan=False, default=str)


def json_objects(fields: Sequence[str], columns: Sequence[Sequence[Any]], count: int) -> list[str]:
    """Return *count* rows of columns as what `json_of` makes of each."""
    if not fields:
        return ["{}"] * count
    names = (encode_basestring(_clean_name(name)).replace("%", "%%") for name in fields)
    written = [_written(column) for column in columns]
    pattern = "{" + ", ".join(f"{name}: {form}" for name, (form, _told) in zip(names, written, strict=True)) + "}"
    return list(map(pattern.__mod__, zip(*(told for _form, told in written), strict=True)))


def _written(column: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """Return how a column is written as JSON: what `%` makes of it, and the values for that."""
    kinds = set(map(type, column))
    if NoneType in kinds and len(kinds) == 2:
        form, told = _written([value for value in column if value is not None])
        known = map(form.__mod__, zip(told, strict=True))
        return "%s", ["null" if value is None else next(known) for value in column]
    if kinds == {str}:
        texts = clean_texts(column, _TEXT)
        whole = "".join(texts)
        if whole.isprintable() and '"' not in whole and "\\" not in whole:
            return '"%s"', texts
        return "%s", list(map(encode_basestring, texts))
    if kinds == {int} or (kinds == {float} and all(map(math.isfinite, column))):
        return "%r", column
    if kinds == {bool}:
        return "%s", ["true" if value else "false" for value in column]
    return "%s", [json.dumps(_clean(value), ensure_ascii=False, allow_nan=False, default=str) for value in column]


@lru_cache(maxsize=4_096)
def _clean_name(name: str) -> str:
    return clean_text(name, 60)


def _clean(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return clean_text(value, _TEXT)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {_clean_name(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return clean_text(value, _TEXT)
