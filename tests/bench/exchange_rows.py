"""Which rows go out and come in at the exchange bench? Polygons of 20 corners with twelve attributes, always the same.

They lie in a table of their own beside the house's: what is measured is writing, not a permission or a join.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import psycopg2
import shapely

from mapping.papers.export import Column, Kind, Query, checked
from tests.bench.province import database

CORNERS = 20
CHUNK = 20_000
NAMES = ("Lúa nước", "Đất trồng cây lâu năm", "Rừng sản xuất", "Đất ở nông thôn")
CODES = ("LUC", "CLN", "RSX", "ONT")
COLUMNS = checked(
    [
        Column("sheet", "so_to", "Tờ bản đồ"),
        Column("plot", "so_thua", "Số thửa", Kind.WHOLE),
        Column("code", "ma_loai", "Mã loại đất"),
        Column("owner", "don_vi", "Đơn vị"),
        Column("unit", "xa", "Xã"),
        Column("note", "ghi_chu", "Ghi chú"),
        Column("area_m2", "dien_tich", "Diện tích, m²", Kind.NUMBER),
        Column("value_vnd", "gia_tri", "Giá trị, đồng", Kind.WHOLE),
        Column("noted_on", "ngay", "Ngày", Kind.DAY),
        Column("share", "ty_le", "Tỷ lệ", Kind.NUMBER),
        Column("checked", "da_ktra", "Đã kiểm tra", Kind.YES_NO),
        Column("id", "ma", "Mã", Kind.WHOLE),
    ]
)


def table_of(count: int) -> str:
    """Return the name of the table with *count* rows."""
    return f"bench_exchange_{count}"


def query_of(count: int) -> Query:
    """Return the query of the rows, as a desk would write it."""
    return Query(f"SELECT * FROM {table_of(count)}", (), "polygon")


def make_rows(name: str, count: int, srid: int) -> None:
    """Fill the table of *count* rows in database *name* unless it is there; the application may read it."""
    table = table_of(count)
    with closing(psycopg2.connect(database.owner_dsn(name))) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        if cursor.fetchone() == (True,):
            cursor.execute(f"SELECT count(*) = {count} FROM {table}")
            if cursor.fetchone() == (True,):
                return
        cursor.execute(
            f"DROP TABLE IF EXISTS {table}; CREATE UNLOGGED TABLE {table} (id bigint PRIMARY KEY, sheet text,"
            " plot bigint, code text, owner text, unit text, note text, area_m2 float8, value_vnd bigint,"
            f" noted_on date, share float8, checked boolean, geom geometry(Polygon, {srid}));"
            f" GRANT SELECT ON {table} TO datnghe_app"
        )
        for chunk in _lines(count, srid):
            cursor.copy_expert(f"COPY {table} FROM STDIN", chunk)
        cursor.execute(f"ANALYZE {table}")
        connection.commit()


def _lines(count: int, srid: int) -> Iterator[io.StringIO]:
    chance = np.random.default_rng(42)
    side = int(np.ceil(count**0.5))
    angles = np.linspace(0, 2 * np.pi, CORNERS + 1)[:-1]
    for first in range(0, count, CHUNK):
        numbers = np.arange(first, min(first + CHUNK, count))
        middles = np.stack([380_000 + (numbers % side) * 120, 1_370_000 + (numbers // side) * 120], axis=-1)
        radius = 40 + 15 * chance.random((len(numbers), CORNERS))
        ring = np.round(
            middles[:, None, :] + radius[..., None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1), 3
        )
        areas = shapely.polygons(np.concatenate([ring, ring[:, :1]], axis=1))
        wkb = shapely.to_wkb(shapely.set_srid(areas, srid), hex=True, include_srid=True)
        yield io.StringIO("".join(_line(int(number), str(one)) for number, one in zip(numbers, wkb, strict=True)))


def _line(number: int, wkb: str) -> str:
    kind = number % 4
    return (
        f"{number + 1}\tTờ {number % 97}\t{number % 500}\t{CODES[kind]}\tUBND xã Ea Kar\tXã Cư M'gar {number % 13}\t"
        f"{NAMES[kind]}, thửa số {number}\t{1000 + number / 7}\t{number * 1000}\t2026-0{number % 9 + 1}-1{number % 9}\t"
        f"{number % 100 / 100}\t{'t' if number % 2 else 'f'}\t{wkb}\n"
    )
