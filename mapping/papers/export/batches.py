"""How are the rows of a query read with flat memory? By a server cursor, batch after batch, the next one meanwhile.

It writes no file: it yields rows, or the same rows as Arrow columns.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.db import connection, transaction

from mapping.papers.export.arrow import ArrowColumn, ArrowField
from mapping.papers.export.columns import SQL_TYPE, Column, Kind
from mapping.papers.export.query import Query

BATCH = 1_000
AHEAD = 1
# A person waits for the file; the five seconds of a page are for pages.
TIMEOUT = "60s"
GEOM = "geom"
_FORMATS = {Kind.TEXT: "u", Kind.WHOLE: "l", Kind.NUMBER: "g", Kind.DAY: "tdD", Kind.YES_NO: "b"}

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Statement:
    """One SELECT with its values."""

    sql: str
    values: tuple[Any, ...]


def statement(query: Query, columns: Sequence[Column], *last: str, where: str = "true") -> Statement:
    """Return the SELECT of *columns*, then of the expressions *last*, over the rows of *query* that meet *where*."""
    listed, words = [], []
    for column in columns:
        expression, values = _expression(column)
        listed.append(expression)
        words += values
    sql = (
        f"SELECT {', '.join([*listed, *last])} FROM ({query.sql}) AS q"  # noqa: S608 - columns of our own tables
        f" WHERE {query.where} AND {where} ORDER BY {query.order}"
    )
    return Statement(sql, (*words, *query.values))


def _expression(column: Column) -> tuple[str, list[str]]:
    name = f'q."{column.name}"'
    if not column.words:
        return f"{name}::{SQL_TYPE[column.kind]}", []
    cases = " ".join("WHEN %s THEN %s" for _code in column.words)
    values = [text for code, word in column.words.items() for text in (code, str(word))]
    return f"CASE {name} {cases} ELSE {name}::text END", values


@contextmanager
def row_batches(asked: Statement, size: int = BATCH) -> Iterator[Iterator[Rows]]:
    """Open the rows of a statement as lists; while one is worked on, the next is fetched.

    The cursor and its transaction end with the context, not with the iteration: a reader that gives up midway would
    leave them open for as long as its error is remembered. Raises what the database raises.
    """
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        with connection.cursor() as setting:
            setting.execute("SELECT set_config('statement_timeout', %s, true)", [TIMEOUT])
        cursor.execute(asked.sql, asked.values)
        with closing(_ahead(cursor, size)) as batches:
            yield batches


def copy_out(asked: Statement, sink: IO[bytes]) -> int:
    """Write the rows of a statement, each one text without control characters, to *sink* as lines; return their number.

    The texts stay as they are: what CSV would set in marks, or the plain format of COPY write twice, does not occur.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [TIMEOUT])
        sql = cursor.mogrify(asked.sql, asked.values or None)
        cursor.copy_expert(b"COPY (" + sql + rb") TO STDOUT (FORMAT csv, DELIMITER E'\x02', QUOTE E'\x01')", sink)
        return int(cursor.rowcount)


def _ahead(cursor: Any, size: int) -> Generator[Rows, None, None]:
    fetched: queue.Queue[Rows | BaseException] = queue.Queue(AHEAD)
    wanted = threading.Event()
    wanted.set()

    def fetch() -> None:
        rows: Rows | BaseException = []
        while wanted.is_set():
            try:
                rows = cursor.fetchmany(size)
            except BaseException as problem:  # noqa: BLE001 - raised again by the thread that waits for the rows
                rows = problem
            fetched.put(rows)
            if isinstance(rows, BaseException) or not rows:
                return

    reader = threading.Thread(target=fetch, name="export-reader", daemon=True)
    reader.start()
    try:
        while rows := fetched.get():
            if isinstance(rows, BaseException):
                raise rows
            yield rows
    finally:
        wanted.clear()
        while reader.is_alive():
            try:
                fetched.get(timeout=0.05)
            except queue.Empty:
                continue
        reader.join()


def arrow_fields(columns: Sequence[Column], names: Sequence[str], *, geometry: bool) -> list[ArrowField]:
    """Return the Arrow fields of *columns* under *names*, the geometry as WKB behind them."""
    fields = [ArrowField(name, _FORMATS[column.kind]) for column, name in zip(columns, names, strict=True)]
    return [*fields, ArrowField(GEOM, "z")] if geometry else fields


def arrow_columns(fields: Sequence[ArrowField], rows: Rows) -> tuple[ArrowColumn, ...]:
    """Return a batch of rows as Arrow columns."""
    return tuple(_arrow(field.format, values) for field, values in zip(fields, zip(*rows, strict=True), strict=True))


def _arrow(kind: str, values: Sequence[Any]) -> ArrowColumn:
    import numpy as np

    count = len(values)
    missing = sum(value is None for value in values)
    valid = None
    if missing:
        valid = np.packbits(np.fromiter((value is not None for value in values), bool, count), bitorder="little")
    if kind in "uz":
        blobs = _blobs(kind, values)
        offsets = np.zeros(count + 1, dtype=np.int32)
        np.cumsum(np.fromiter(map(len, blobs), np.int32, count), out=offsets[1:])
        return ArrowColumn(count, missing, (valid, offsets, np.frombuffer(b"".join(blobs) or b"\0", dtype=np.uint8)))
    if kind == "tdD":
        days = np.array(values, dtype="datetime64[D]").astype(np.int64)
        return ArrowColumn(count, missing, (valid, np.where(days < -(2**31), 0, days).astype(np.int32)))
    if missing:
        values = [0 if value is None else value for value in values]
    if kind == "b":
        return ArrowColumn(count, missing, (valid, np.packbits(np.array(values, dtype=bool), bitorder="little")))
    return ArrowColumn(count, missing, (valid, np.array(values, dtype=np.int64 if kind == "l" else np.float64)))


def _blobs(kind: str, values: Sequence[Any]) -> list[bytes | memoryview]:
    if kind == "u":
        return [b"" if value is None else value.encode() for value in values]
    return [b"" if value is None else value for value in values]
