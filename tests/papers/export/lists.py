"""Which small lists do the tests of exports take home? Rows written as SQL, awkward on purpose."""

from __future__ import annotations

from mapping.papers.export import Column, Kind, Query, checked

AWKWARD = "Xã Ea Đar, buôn M'Um – “dệt” 'thổ cẩm' \\ = 1;\n50 %"
COLUMNS = checked(
    [
        Column("name", "ten", "Tên"),
        Column("lifecycle", "trang_thai", "Trạng thái", words={"operating": "đang hoạt động", "'": "dấu nháy"}),
        Column("workers", "lao_dong", "Lao động", Kind.WHOLE),
        Column("area_ha", "dien_tich", "Diện tích, ha", Kind.NUMBER, "#,##0.00"),
        Column("founded", "ngay_tl", "Ngày thành lập", Kind.DAY, "dd/mm/yyyy"),
        Column("is_public", "cong_khai", "Công khai", Kind.YES_NO),
    ]
)
ROWS = """
    SELECT * FROM (VALUES
        (1, %s::text, 'operating', 12::bigint, 30.25::float8, date '2014-03-01', true, {one}),
        (2, '=HYPERLINK("http://x.vn")', 'building', NULL, NULL, NULL, false, {two}),
        (3, NULL, NULL, 9007199254740993, -0.000001, date '1899-12-31', NULL, {three})
    ) AS rows(id, name, lifecycle, workers, area_ha, founded, is_public, geom)
"""
SQUARE = (
    "ST_GeomFromText('POLYGON((480000.123 1400000.456,480500.123 1400000.456,480500.123 1400500.456,"
    "480000.123 1400000.456))', 9218)"
)
FAR = f"ST_Translate({SQUARE}, 90000, 0)"
POINT = "ST_SetSRID(ST_MakePoint(480000.123, 1400000.456), 9218)"


def areas() -> Query:
    """Return two areas, far from each other, and a row without a place."""
    return Query(ROWS.format(one=SQUARE, two=FAR, three="NULL"), (AWKWARD,), "polygon")


def points() -> Query:
    """Return two points and a row without a place."""
    return Query(ROWS.format(one=POINT, two="ST_Translate(" + POINT + ", 90000, 0)", three="NULL"), (AWKWARD,), "point")


def mixed() -> Query:
    """Return an area, a point and a row without a place."""
    return Query(ROWS.format(one=SQUARE, two=POINT, three="NULL"), (AWKWARD,), "mixed")


def plain() -> Query:
    """Return rows that have no place at all."""
    return Query(ROWS.format(one="NULL::text", two="NULL", three="NULL"), (AWKWARD,))


def many(count: int, geometry: str = "polygon") -> Query:
    """Return *count* triangles, none on another."""
    sql = f"""
        SELECT n AS id, 'Thửa ' || n AS name, 'operating' AS lifecycle, n AS workers, n / 7.0 AS area_ha,
               date '2020-01-01' + (n %% 900)::int AS founded, n %% 2 = 0 AS is_public,
               ST_Translate({SQUARE}, 600 * (n %% 300), 600 * (n / 300)) AS geom
        FROM generate_series(1, {count}) AS n
    """
    return Query(sql, (), geometry)
