"""How do generated rows get into the tables of the house? COPY, the house's own parts, and five more editions by SQL.

The others (retired 1 to 4, staged 6) repeat the rows of the current edition 5, every fiftieth a little smaller, so that
nothing overlaps that did not before.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date, timedelta
from typing import Any

import numpy as np
import psycopg2
import shapely
from numpy.typing import NDArray

from tests.bench.province.parcels import SHEET, land_codes, parcel_shapes

EDITIONS = 6
CURRENT = 5
FIRST_DAY = date(2025, 7, 1)
DAYS_APART = 60
CHUNK = 50_000
TABLES = ("layers_featurepart", "layers_feature")
COPY = "COPY layers_feature (edition_id, source_id, name, class_code, attributes, area_m2, geom_hash, geom) FROM STDIN"
COPIED = """
    INSERT INTO layers_feature (edition_id, source_id, name, class_code, attributes, area_m2, geom_hash, geom)
    SELECT %(new)s, source_id, name, class_code, attributes, area_m2,
           CASE WHEN smaller THEN encode(sha256(ST_AsBinary(now)), 'hex') ELSE geom_hash END, now
    FROM (
        SELECT f.*, hit.smaller,
               CASE WHEN hit.smaller THEN ST_Scale(f.geom, ST_MakePoint(0.97, 0.97), ST_Centroid(f.geom))
                    ELSE f.geom END AS now
        FROM layers_feature f
        CROSS JOIN LATERAL (SELECT (f.id + %(new)s) %% 50 = 0 AS smaller OFFSET 0) AS hit
        WHERE f.edition_id = %(filled)s
        ORDER BY f.id
    ) AS rows
"""

Line = tuple[str, str, str]


def layer_lines(code: str, geoms: Sequence[Any], classes: Sequence[str], attributes: Sequence[dict[str, Any]]) -> Any:
    """Return what `write` takes: the geometries, and (source, class, attributes as JSON) of each."""
    lines = [
        (f"{code}/{number}", kind, json.dumps(more))
        for number, (kind, more) in enumerate(zip(classes, attributes, strict=True))
    ]
    return iter([(np.array(geoms, dtype=object), lines)])


def parcel_lines(cells: NDArray[np.int64]) -> Iterator[tuple[NDArray[Any], list[Line]]]:
    """Yield parcels by the chunk."""
    for start in range(0, len(cells), CHUNK):
        chunk = cells[start : start + CHUNK]
        lines = [
            (f"{column}-{row}", code, f'{{"parcel": {number}, "sheet": "{column // SHEET}-{row // SHEET}"}}')
            for number, (column, row, code) in enumerate(
                zip(chunk[:, 0].tolist(), chunk[:, 1].tolist(), land_codes(chunk).tolist(), strict=True), start=start
            )
        ]
        yield parcel_shapes(chunk), lines


def write(dsn: str, edition: int, chunks: Iterator[tuple[NDArray[Any], list[Line]]], srid: int) -> int:
    """COPY rows into an edition and build its parts; return how many features there are."""
    count = 0
    with closing(_connected(dsn)) as connection, connection.cursor() as cursor:
        for geoms, lines in chunks:
            hashes = [hashlib.sha256(blob).hexdigest() for blob in shapely.to_wkb(geoms, byte_order=1)]
            texts = shapely.to_wkb(shapely.set_srid(geoms, srid), hex=True, include_srid=True, byte_order=1)
            areas = shapely.area(geoms).tolist()
            buffer = io.StringIO(
                "".join(
                    f"{edition}\t{source}\t{source}\t{code}\t{more}\t{area!r}\t{digest}\t{text}\n"
                    for (source, code, more), area, digest, text in zip(lines, areas, hashes, texts, strict=True)
                )
            )
            cursor.copy_expert(COPY, buffer)
            count += len(lines)
        _build(cursor, edition, count)
    return count


def repeat(dsn: str, filled: int, editions: Sequence[int], count: int) -> None:
    """Fill *editions* with the rows of *filled*, one in fifty smaller, and build their parts; two at a time."""

    def one(edition: int) -> None:
        with closing(_connected(dsn)) as connection, connection.cursor() as cursor:
            cursor.execute(COPIED, {"new": edition, "filled": filled})
            _build(cursor, edition, count)

    in_two(one, editions)


def _build(cursor: Any, edition: int, count: int) -> None:
    cursor.execute("SELECT layers_build_parts(%s)", [edition])
    cursor.execute("UPDATE layers_edition SET feature_count = %s, parts_built = true WHERE id = %s", [count, edition])


def add_editions(dsn: str, layer: int, coverage: bytes, srid: int, digest: str) -> list[int]:
    """Create six staged editions of a layer without rows; return their row numbers."""
    found: list[int] = []
    with closing(_connected(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM layers_edition WHERE layer_id = %s", [layer])
        last = int(cursor.fetchone()[0])
        for place in range(EDITIONS):
            cursor.execute(
                "INSERT INTO layers_edition (layer_id, number, status, effective_from, staged_at, source, licence,"
                " sha256, schematic, note, coverage, feature_count, report, parts_built, tiles_built) VALUES"
                " (%s, %s, 'staged', %s, now(), 'tests.bench.province', '', %s, true, '',"
                f" ST_GeomFromWKB(%s, {srid}), 0, '{{}}', false, false) RETURNING id",
                [
                    layer,
                    last + 1 + place,
                    _day(place),
                    hashlib.sha256(f"{digest}{place}".encode()).hexdigest(),
                    coverage,
                ],
            )
            found.append(int(cursor.fetchone()[0]))
    return found


def promote(dsn: str, editions: Sequence[int]) -> None:
    """Give the editions of a layer their states: retired one after the other, one current, the last one staged."""
    with closing(_connected(dsn)) as connection, connection.cursor() as cursor:
        for place, edition in enumerate(editions):
            if place + 1 == CURRENT:
                cursor.execute(
                    "UPDATE layers_edition SET status = 'retired', retired_on = %s WHERE status = 'current'"
                    " AND layer_id = (SELECT layer_id FROM layers_edition WHERE id = %s)",
                    [_day(0), edition],
                )
            if place < CURRENT:
                state, end = ("current", None) if place + 1 == CURRENT else ("retired", _day(place + 1))
                cursor.execute(
                    "UPDATE layers_edition SET status = %s, retired_on = %s, promoted_at = now() WHERE id = %s",
                    [state, end, edition],
                )


def mark_apart(dsn: str) -> None:
    """Mark the current and staged editions as the house does when it builds their parts; retired ones are not asked."""
    with closing(_connected(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM layers_edition WHERE parts_built AND features_apart IS NULL AND status <> 'retired'"
            " ORDER BY feature_count DESC"
        )
        editions = [int(row[0]) for row in cursor.fetchall()]

    def one(edition: int) -> None:
        with closing(_connected(dsn)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "UPDATE layers_edition SET features_apart = layers_features_apart(id) WHERE id = %s", [edition]
            )

    in_two(one, editions)


def _day(place: int) -> date:
    return FIRST_DAY + timedelta(days=DAYS_APART * place)


@contextmanager
def bare_tables(dsn: str) -> Iterator[None]:
    """Load without indexes, foreign keys and the validity test; put all back as it was, unproven.

    The rows are valid by construction (tested), so proving it again for millions of rows buys nothing here.
    """
    with closing(_connected(dsn)) as connection, connection.cursor() as cursor:
        indexes = _dropped(cursor, INDEXES, "DROP INDEX {name}")
        constraints = _dropped(cursor, CONSTRAINTS, "ALTER TABLE {table} DROP CONSTRAINT {name}")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} SET UNLOGGED")
            cursor.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield

    def built(table: str) -> None:
        with closing(_connected(dsn)) as connection, connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '1GB'")
            for owner, definition in indexes:
                if owner == table:
                    cursor.execute(definition)
            cursor.execute(f"ANALYZE {table}")

    in_two(built, TABLES)
    with closing(_connected(dsn)) as connection, connection.cursor() as cursor:
        for table, definition in constraints:
            cursor.execute(f"ALTER TABLE {table} ADD {definition} NOT VALID")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")


INDEXES = """
    SELECT i.tablename, i.indexname, i.indexdef FROM pg_indexes i
    WHERE i.tablename = ANY (%s) AND i.indexname NOT LIKE '%%_pkey'
      AND i.indexname NOT LIKE 'layers_feature_edition_id%%'
"""
CONSTRAINTS = """
    SELECT c.conrelid::regclass::text, quote_ident(c.conname),
           concat('CONSTRAINT ', quote_ident(c.conname), ' ', replace(pg_get_constraintdef(c.oid), ' NOT VALID', ''))
    FROM pg_constraint c WHERE c.conrelid = ANY (%s::regclass[]) AND c.contype IN ('f', 'c')
"""


def _dropped(cursor: Any, question: str, drop: str) -> list[tuple[str, str]]:
    """Drop what *question* finds; return (table, definition) of each."""
    cursor.execute(question, [list(TABLES)])
    found = cursor.fetchall()
    for table, name, _definition in found:
        cursor.execute(drop.format(table=table, name=name))
    return [(table, definition) for table, _name, definition in found]


def in_two(work: Callable[[Any], None], items: Sequence[Any]) -> None:
    """Work on two items at a time: the database does the work, one backend a core."""
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work, item) for item in items]:
            done.result()


def _connected(dsn: str) -> Any:
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET statement_timeout = 0; SET lock_timeout = 0")
    return connection
