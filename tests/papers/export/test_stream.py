"""Does every file hold what the database holds, told by the programs that will open it?"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import tempfile
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from django.db import DataError, connection, transaction
from openpyxl import load_workbook

from layers.crs import CONTROL_POINTS, STORAGE_ZONES, wgs84_to_zone
from layers.errors import InputRefused, LimitExceeded, NotComputable, NotFound
from layers.spatial_ref_sys import pinned_srid
from mapping.papers.export import Column, Query, checked, formats_of, sheet_file, stream, take_home, verify
from tests.papers.export.lists import AWKWARD, COLUMNS, areas, many, mixed, plain, points

pytestmark = pytest.mark.django_db


def saved(folder: Path, query: Query, kind: str, columns: tuple[Column, ...] = COLUMNS) -> Path:
    with stream(query, columns, kind, name="thu-nghiem", title="Thử [nghiệm]") as export:
        path = folder / export.name
        path.write_bytes(export.file.read())
    return path


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the exports a folder for temporary files that no other process of this machine writes to."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_geopackage_holds_every_value_as_it_is_stored(tmp_path: Path) -> None:
    path = saved(tmp_path, areas(), "gpkg")
    frame = pyogrio.read_dataframe(path)
    assert frame.crs.to_epsg() == 9218
    assert frame["name"].tolist()[:2] == [AWKWARD, '=HYPERLINK("http://x.vn")']
    assert frame["lifecycle"].tolist()[:2] == ["đang hoạt động", "building"]
    assert frame["founded"].dt.date.tolist()[::2] == [date(2014, 3, 1), date(1899, 12, 31)]
    assert frame["is_public"].tolist()[:2] == [True, False]
    assert frame.isna().sum().to_dict() == {
        "name": 1, "lifecycle": 1, "workers": 1, "area_ha": 1, "founded": 1, "is_public": 1, "geometry": 1,
    }  # fmt: skip
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT workers FROM thu_nghiem ORDER BY fid").fetchall()[2] == (9007199254740993,)
    assert frame.geometry[0].geoms[0].exterior.coords[0] == (480000.123, 1400000.456)


def test_a_shapefile_comes_zipped_with_its_zone_its_alphabet_and_its_columns_explained(tmp_path: Path) -> None:
    path = saved(tmp_path, areas(), "shp")
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        assert archive.read("thu_nghiem.cpg") == b"UTF-8"
        assert b"TM-3" in archive.read("thu_nghiem.prj").replace(b"_", b"-")
        explained = list(csv.reader(io.StringIO(archive.read("cot_du_lieu.csv").decode("utf-8-sig"))))
    assert names == {
        *(f"thu_nghiem{part}" for part in (".shp", ".shx", ".dbf", ".prj", ".cpg")), "cot_du_lieu.csv", "DOC_TOI.txt",
    }  # fmt: skip
    assert ["lao_dong", "workers", "Lao động"] in explained
    frame = pyogrio.read_dataframe(f"/vsizip/{path}/thu_nghiem.shp")
    assert list(frame.columns[:-1]) == [column.short for column in COLUMNS]
    assert frame["ten"][0] == AWKWARD
    assert frame["dien_tich"][0] == 30.25


def test_ogrinfo_reads_both_map_files(tmp_path: Path) -> None:
    for kind in ("gpkg", "shp"):
        path = saved(tmp_path, areas(), kind)
        run = subprocess.run(
            ["ogrinfo", "-ro", "-so", "-al", f"/vsizip/{path}" if kind == "shp" else path],
            capture_output=True, text=True, check=True, env={"PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        assert "Feature Count: 3" in run.stdout
        assert "VN-2000" in run.stdout


def test_geojson_is_what_the_pinned_operation_says_to_a_tenth_of_a_millimetre(tmp_path: Path) -> None:
    data = json.loads(saved(tmp_path, areas(), "geojson").read_text())
    assert [feature["id"] for feature in data["features"]] == [1, 2, 3]
    assert data["features"][2]["geometry"] is None
    assert data["features"][0]["properties"] == {
        "name": AWKWARD, "lifecycle": "đang hoạt động", "workers": 12, "area_ha": 30.25, "founded": "2014-03-01",
        "is_public": True,
    }  # fmt: skip
    ring = data["features"][0]["geometry"]["coordinates"][0]
    assert shapely.is_ccw(shapely.linearrings(ring))
    x, y = wgs84_to_zone(9218).transform([at[0] for at in ring], [at[1] for at in ring])
    back = sorted(zip(np.round(x, 3).tolist(), np.round(y, 3).tolist(), strict=True))
    assert (480000.123, 1400000.456) in back


def test_every_zone_has_a_pinned_row_that_leaves_postgis_no_choice() -> None:
    """Also where PostGIS would take another operation: 0.8 m off in the Mekong delta."""
    with connection.cursor() as cursor:
        for srid in sorted(STORAGE_ZONES):
            _lon, _lat, east, north = CONTROL_POINTS[srid]
            for x, y in ((east, north), (600_000, 1_000_000), (400_000, 2_400_000)):
                cursor.execute(
                    "SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), %s), 4326) AS p",
                    [x, y, pinned_srid(srid)],
                )
                assert cursor.fetchone() == pytest.approx(
                    wgs84_to_zone(srid).transform(x, y, direction="INVERSE"), abs=1e-10
                ), srid


def test_csv_holds_no_live_formula_and_says_where(tmp_path: Path) -> None:
    content = saved(tmp_path, points(), "csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0][:2] == ["Tên", "Trạng thái"]
    assert rows[1][0] == AWKWARD
    assert rows[1][4] == "01/03/2014"
    assert rows[2][0] == '\'=HYPERLINK("http://x.vn")'
    assert rows[3][2] == "9007199254740993"
    lon, lat = float(rows[1][-2]), float(rows[1][-1])
    assert wgs84_to_zone(9218).transform(lon, lat) == pytest.approx((480000.123, 1400000.456), abs=0.001)
    assert rows[3][-2:] == ["", ""]


def test_a_workbook_holds_numbers_and_days_and_no_formula(tmp_path: Path) -> None:
    sheet = load_workbook(saved(tmp_path, plain(), "xlsx")).worksheets[0]
    assert sheet.title == "Thử nghiệm"
    assert [cell.value for cell in sheet[2]][:5] == [AWKWARD, "đang hoạt động", 12, 30.25, datetime(2014, 3, 1)]
    assert sheet["A3"].value == '\'=HYPERLINK("http://x.vn")'
    assert sheet["E2"].number_format == "dd/mm/yyyy"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("text", ["\x00a", "a\x0bb", "\x1f"])
def test_marks_that_xml_has_no_place_for_do_not_break_a_workbook(tmp_path: Path, text: str) -> None:
    query = Query("SELECT 1 AS id, chr(11) || %s AS name", (text.replace("\x00", ""),))
    sheet = load_workbook(saved(tmp_path, query, "xlsx", checked([Column("name", "ten", "Tên")]))).worksheets[0]
    assert sheet["A2"].value is None or "\x0b" not in sheet["A2"].value


def test_places_of_several_kinds_become_a_layer_each(tmp_path: Path) -> None:
    path = saved(tmp_path, mixed(), "gpkg")
    assert dict(pyogrio.list_layers(path).tolist()) == {
        "thu_nghiem_diem": "Point",
        "thu_nghiem_vung": "MultiPolygon",
    }
    with zipfile.ZipFile(saved(tmp_path, mixed(), "shp")) as archive:
        assert {"thu_nghiem_diem.shp", "thu_nghiem_vung.shp"} <= set(archive.namelist())


def test_a_list_without_places_comes_as_tables_only(tmp_path: Path) -> None:
    assert formats_of(plain()) == ("xlsx", "csv")
    for kind in ("gpkg", "shp", "geojson", "pdf", "", "../csv"):
        with pytest.raises(NotFound):
            stream(plain(), COLUMNS, kind, name="x")


@pytest.mark.parametrize("kind", ["xlsx", "csv", "geojson", "gpkg", "shp"])
def test_an_empty_list_is_a_file_with_headings(tmp_path: Path, kind: str) -> None:
    query = areas().narrowed({"ids": "99"})
    with stream(query, COLUMNS, kind, name="rong") as export:
        assert (export.rows, bool(export.file.read())) == (0, True)


def test_a_text_too_long_for_a_shapefile_is_refused_with_its_column_and_row(tmp_path: Path, scratch: Path) -> None:
    long = Query("SELECT 1 AS id, repeat('ườ', 64) AS name, " + point_sql() + " AS geom", (), "point")
    columns = checked([Column("name", "ten", "Tên gọi")])
    with pytest.raises(InputRefused) as refused:
        stream(long, columns, "shp", name="x")
    assert refused.value.code == "ATTR_TOO_LONG"
    assert "Tên gọi" in refused.value.where
    assert pyogrio.read_dataframe(saved(tmp_path, long, "gpkg", columns))["name"][0] == "ườ" * 64
    fits = Query("SELECT 1 AS id, repeat('b', 254) AS name, " + point_sql() + " AS geom", (), "point")
    frame = pyogrio.read_dataframe(f"/vsizip/{saved(tmp_path, fits, 'shp', columns)}/thu_nghiem.shp")
    assert frame["ten"][0] == "b" * 254
    assert not any(scratch.iterdir())


def point_sql() -> str:
    return "ST_SetSRID(ST_MakePoint(480000, 1400000), 9218)"


@pytest.mark.parametrize("kind", ["gpkg", "shp", "csv", "geojson", "xlsx"])
def test_five_thousand_rows_arrive_in_order_and_complete(tmp_path: Path, kind: str) -> None:
    path = saved(tmp_path, many(5_001), kind)
    if kind in {"gpkg", "shp"}:
        frame = pyogrio.read_dataframe(path if kind == "gpkg" else f"/vsizip/{path}/thu_nghiem.shp")
        found = frame[frame.columns[2]].tolist()
    elif kind == "csv":
        found = [int(row[2]) for row in list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))[1:]]
    elif kind == "geojson":
        found = [feature["properties"]["workers"] for feature in json.loads(path.read_text())["features"]]
    else:
        found = [row[2] for row in load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert found == list(range(1, 5_002))


@pytest.mark.parametrize("kind", ["gpkg", "shp", "csv", "geojson", "xlsx"])
def test_a_writer_that_loses_rows_gives_nothing(monkeypatch: pytest.MonkeyPatch, scratch: Path, kind: str) -> None:
    if kind in {"gpkg", "shp"}:
        note = verify.Sample.note

        def more(self: verify.Sample, rows: Any) -> None:
            note(self, rows)
            self.count += 1

        monkeypatch.setattr(verify.Sample, "note", more)
    else:
        name = f"write_{kind}"
        writer = getattr(take_home, name)
        monkeypatch.setattr(take_home, name, lambda *given: writer(*given) + 1)
    with pytest.raises(NotComputable) as refused:
        stream(areas(), COLUMNS, kind, name="x")
    assert refused.value.code == "EXPORT_NOT_VERIFIED"
    assert not any(scratch.iterdir())


@pytest.mark.parametrize("kind", ["gpkg", "shp"])
@pytest.mark.parametrize("what", ["geometry", "text", "number"])
def test_a_writer_that_changes_a_row_gives_nothing(monkeypatch: pytest.MonkeyPatch, kind: str, what: str) -> None:
    note = verify.Sample.note

    def other(self: verify.Sample, rows: Any) -> None:
        first = list(rows[0])
        if what == "geometry":
            first[-1] = shapely.to_wkb(shapely.affinity.translate(shapely.from_wkb(bytes(first[-1])), 0.002))
        else:
            first[0 if what == "text" else 2] = "khác" if what == "text" else 13
        note(self, [tuple(first), *rows[1:]])

    monkeypatch.setattr(verify.Sample, "note", other)
    with pytest.raises(NotComputable):
        stream(areas(), COLUMNS, kind, name="x")


def test_a_database_that_stops_midway_leaves_nothing_and_the_connection_works(tmp_path: Path, scratch: Path) -> None:
    broken = Query("SELECT n AS id, (1 / (3000 - n))::text AS name FROM generate_series(1, 5000) AS n")
    columns = checked([Column("name", "ten", "Tên")])
    for kind in ("csv", "xlsx"):
        with pytest.raises(DataError), transaction.atomic():
            stream(broken, columns, kind, name="x")
    assert not any(scratch.iterdir())
    assert saved(tmp_path, plain(), "csv").exists()


def test_a_stream_that_breaks_inside_gdal_says_why(tmp_path: Path) -> None:
    broken = Query(
        f"SELECT n AS id, (1 / (3000 - n))::text AS name, {point_sql()} AS geom FROM generate_series(1, 5000) AS n",
        (), "polygon",
    )  # fmt: skip
    with pytest.raises(DataError), transaction.atomic():
        stream(broken, checked([Column("name", "ten", "Tên")]), "gpkg", name="x")


def test_only_what_was_chosen_leaves(tmp_path: Path) -> None:
    with stream(areas().narrowed({"ids": "2,3"}), COLUMNS, "csv", name="x") as export:
        assert export.rows == 2
    with stream(areas().narrowed({"bbox": "108.31,12.6,108.33,12.7"}), COLUMNS, "csv", name="x") as export:
        assert export.rows == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"ids": "1;DROP TABLE x"}, {"ids": "-1"}, {"ids": "٣"}, {"ids": "1,,2"}, {"ids": ",".join("1" * 5_001)},
        {"ids": "9" * 40}, {"bbox": "NaN,1,2,3"}, {"bbox": "1e400,1,2,3"}, {"bbox": "1,2,3"}, {"bbox": "3,2,1,4"},
        {"bbox": "-200,0,10,10"}, {"bbox": "108,12,109,inf"}, {"bbox": "a,b,c,d"},
    ],
)  # fmt: skip
def test_a_choice_that_makes_no_sense_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(InputRefused) as refused:
        areas().narrowed(asked)
    assert refused.value.code == "EXPORT_SELECTION"


def test_a_sheet_that_would_overflow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_file, "MAX_ROWS", 2)
    with pytest.raises(LimitExceeded):
        stream(plain(), COLUMNS, "xlsx", name="x")


@pytest.mark.parametrize("short", ["ten_qua_dai_roi", "Ten", "tên", "", "geom", "fid", "a b"])
def test_a_short_name_that_a_dbf_cannot_hold_is_no_column(short: str) -> None:
    with pytest.raises(ValueError, match="shapefile"):
        checked([Column("name", short, "Tên")])


def test_a_name_stands_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        checked([Column("a", "ten", "A"), Column("b", "ten", "B")])
