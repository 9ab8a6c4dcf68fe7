"""Is this GeoPackage only a container of tables? Opened read-only and immutable, with trust and time taken away.

A GeoPackage is a program: views can be endless and triggers can fire. Only real tables may carry layers; nothing is
ever selected from a view.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from layers.geomchild.refusal import Refusal

_STEPS = 100_000
_MAX_TICKS = 200
_HEAD = 8  # bytes before the envelope of a geometry; the envelope's size by its kind
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_REQUIRED = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")


def check(path: Path) -> tuple[str, ...]:
    """Refuse what is no GeoPackage of tables; there is nothing to tell.

    Raises Refusal GPKG_CORRUPT, GPKG_VIEW, FORMAT_MISMATCH, CRS_MISMATCH or NO_LAYER.
    """
    ticks = [0]

    def tick() -> int:
        ticks[0] += 1
        return int(ticks[0] > _MAX_TICKS)

    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            connection.set_progress_handler(tick, _STEPS)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            _check_tables(connection)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise Refusal("GPKG_CORRUPT", params={"reason": str(error)[:100]}) from error
    return ()


def _check_tables(connection: sqlite3.Connection) -> None:
    kinds = dict(connection.execute("SELECT lower(name), type FROM sqlite_master WHERE type IN ('table', 'view')"))
    for name in _REQUIRED:
        if name not in kinds:
            raise Refusal("FORMAT_MISMATCH", params={"named": ".gpkg"})
        if kinds[name] != "table":
            raise Refusal("GPKG_VIEW", params={"name": name})
    rows = connection.execute(
        "SELECT g.table_name, g.srs_id, c.srs_id FROM gpkg_geometry_columns g"
        " LEFT JOIN gpkg_contents c ON lower(c.table_name) = lower(g.table_name) LIMIT 100"
    ).fetchall()
    if not rows:
        raise Refusal("NO_LAYER")
    for table, srs, contents_srs in rows:
        kind = kinds.get(str(table).lower())
        if kind == "view":
            raise Refusal("GPKG_VIEW", params={"name": str(table)[:60]})
        if kind is None:
            raise Refusal("GPKG_CORRUPT", params={"reason": "table missing"})
        if contents_srs is not None and contents_srs != srs:
            raise Refusal("CRS_MISMATCH", params={"name": str(table)[:60]})
        _check_blob_srs(connection, str(table), int(srs))


def _check_blob_srs(connection: sqlite3.Connection, table: str, srs: int) -> None:
    """Refuse a layer whose geometries carry another SRS than its table says (the header of the first ten)."""
    column = connection.execute(
        "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", [table]
    ).fetchone()[0]
    quoted_table, quoted_column = (str(name).replace('"', '""') for name in (table, column))
    heads = connection.execute(f'SELECT substr("{quoted_column}", 1, 8) FROM "{quoted_table}" LIMIT 10')  # noqa: S608 – quoted
    for (head,) in heads:
        if not isinstance(head, bytes) or len(head) < 8 or head[:2] != b"GP":
            continue
        blob_srs = int.from_bytes(head[4:8], "little" if head[3] & 1 else "big", signed=True)
        if blob_srs != srs and blob_srs not in {0, -1}:
            raise Refusal("CRS_MISMATCH", params={"name": table[:60], "srs": srs, "blob": blob_srs})


def broken(path: Path) -> int:
    """Return the position (from 1) of the first geometry that is none, 0 when all are whole; for what GDAL refused."""
    import shapely

    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        for table, column in connection.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall():
            quoted_table, quoted_column = (str(name).replace('"', '""') for name in (table, column))
            rows = connection.execute(f'SELECT "{quoted_column}" FROM "{quoted_table}"')  # noqa: S608 – quoted
            for position, (blob,) in enumerate(rows, 1):
                if blob is None:
                    continue
                start = _HEAD + _ENVELOPES.get(blob[3] >> 1 & 7, 0) if isinstance(blob, bytes) and len(blob) > 8 else 0
                if not start or shapely.from_wkb(blob[start:], on_invalid="ignore") is None:
                    return position
    except sqlite3.Error:
        return 0
    finally:
        connection.close()
    return 0
