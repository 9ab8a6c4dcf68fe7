"""Do CSV, JSON and GeoPackage say exactly what the run keeps, to every program, whatever the names are?"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import sqlite3
from pathlib import Path
from typing import Any

import jsonschema
import pyogrio
import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString, MultiLineString
from django.utils import translation

from layers.errors import NotComputable
from mapping.papers import survey_files
from mapping.papers.report_csv import HEADS, report_csv
from mapping.papers.report_gpkg import report_gpkg
from mapping.papers.report_record import report_json
from planning.proposals.models import CheckRun, Dispute, DisputeRuling, RulingOutcome
from tests.cast import EAST0, NORTH0, Cast, Land, multi, rectangle, square
from tests.papers.report_runs import add_finding, make_run

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://quyhoach.example.vn/bao-cao/1-0123456789ab/"
HOSTILE = ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "＝1+1", '"; DROP', "Y Thắm\nMlô", "\u202egnp\u202c"]


def line(*places: tuple[float, float]) -> LineString:
    return LineString([(EAST0 + east, NORTH0 + north) for east, north in places], srid=9218)


@pytest.fixture
def run(land: Land, cast: Cast) -> CheckRun:
    kept = make_run(land, cast, multi(rectangle(2_000, 2_000, 600, 400)), verdict="prohibited")
    add_finding(kept, "conflict", rectangle(2_000.1234, 2_000.5678, 150, 100), distance_m=0.0, source_hash="cd" * 32)
    add_finding(kept, "condition", MultiLineString(line((2_100, 2_000), (2_100, 2_400)), srid=9218), overlap_m2=None)
    add_finding(kept, "clear", None, distance_m=141.4213, nearest_line=line((2_600, 2_400), (2_700, 2_500)))
    add_finding(kept, "not_checked", None, severity="advisory", unchecked_share=1.0)
    return kept


def rows_of(kept: CheckRun) -> list[dict[str, str]]:
    content = report_csv(kept)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_table_has_one_row_for_each_finding_with_plain_numbers(run: CheckRun) -> None:
    rows = rows_of(run)
    assert tuple(rows[0]) == HEADS
    assert [row["TT"] for row in rows] == ["1", "2", "3", "4"]
    assert float(rows[0]["Diện tích chồng lấn (m2)"]) == 15_000.00
    assert float(rows[0]["Tỷ lệ khu đất"]) == 0.0625
    assert rows[2]["Khoảng cách gần nhất (m)"] == "141.42"
    assert rows[2]["Diện tích chồng lấn (m2)"] == ""
    assert rows[3]["Kết quả"] == "chưa rà soát (thiếu dữ liệu)"
    assert {row["Đã đối chiếu văn bản in"] for row in rows} == {"không"}


def test_the_table_is_vietnamese_for_every_reader(run: CheckRun) -> None:
    vietnamese = report_csv(run)
    with translation.override("en"):
        assert report_csv(run) == vietnamese


@pytest.mark.parametrize("name", HOSTILE)
def test_no_cell_of_the_table_is_a_formula(land: Land, cast: Cast, name: str) -> None:
    kept = make_run(land, cast, multi(square(2_000, 2_000, 500)), name=name)
    add_finding(
        kept, "conflict", square(2_000, 2_000, 100), feature_name=name, data={"text_vi": name, "citation": name}
    )
    (row,) = rows_of(kept)
    for cell in row.values():
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")), cell
        assert "\n" not in cell
        assert "\u202e" not in cell


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / "mapping/static/schema/check-report-2.json").read_text())
    jsonschema.Draft202012Validator.check_schema(loaded)
    return loaded


def test_the_json_keeps_its_written_schema(run: CheckRun, schema: dict[str, Any]) -> None:
    record = json.loads(report_json(run, ADDRESS))
    jsonschema.Draft202012Validator(schema).validate(record)
    assert record["counts"] == {
        "conflict": 1,
        "condition": 1,
        "advice": 0,
        "contact": 0,
        "clear": 1,
        "not_checked": 1,
        "not_computable": 0,
    }
    assert [piece["properties"] for piece in record["pieces"]["features"]] == [
        {"finding": 1, "role": "overlap", "outcome": "conflict"},
        {"finding": 2, "role": "overlap", "outcome": "condition"},
        {"finding": 3, "role": "nearest", "outcome": "clear"},
    ]


def test_every_file_says_what_somebody_disagrees_with(
    run: CheckRun, cast: Cast, schema: dict[str, Any], tmp_path: Path
) -> None:
    first = run.findings.get(order=1)
    Dispute.objects.create(
        proposal=run.version.proposal, round=1, finding=first, reason="=Rừng đã chuyển đổi", by=cast.planner
    )
    assert [row["Ý kiến không đồng ý"] for row in rows_of(run)] == ["chờ kết luận", "", "", ""]
    assert rows_of(run)[0]["Lý do không đồng ý"].endswith("=Rừng đã chuyển đổi")
    _meta, _areas, columns = read(report_gpkg(run), tmp_path, "manh_vung")
    assert columns["y_kien"][0] == "chờ kết luận"
    record = json.loads(report_json(run, ADDRESS))
    jsonschema.Draft202012Validator(schema).validate(record)
    assert [(one["finding"], one["state"], one["ruling"]) for one in record["disputes"]] == [(1, "open", None)]
    assert record["verdicts"]["as_found"] == "prohibited" != record["verdicts"]["if_accepted"]
    DisputeRuling.objects.create(
        dispute=Dispute.objects.get(), outcome=RulingOutcome.UPHELD, reason="Chưa chuyển đổi", by=cast.appraiser
    )
    record = json.loads(report_json(CheckRun.objects.get(pk=run.pk), ADDRESS))
    jsonschema.Draft202012Validator(schema).validate(record)
    assert record["disputes"][0]["ruling"]["outcome"] == record["disputes"][0]["state"] == "upheld"
    assert rows_of(run)[0]["Ý kiến không đồng ý"] == "đã kết luận: giữ nguyên kết quả"


def test_an_empty_report_keeps_the_schema_too(land: Land, cast: Cast, schema: dict[str, Any]) -> None:
    kept = make_run(land, cast, multi(square(2_000, 2_000, 500)))
    jsonschema.Draft202012Validator(schema).validate(json.loads(report_json(kept, ADDRESS)))


def test_anybody_can_verify_the_boundary_from_the_json(run: CheckRun) -> None:
    record = json.loads(report_json(run, ADDRESS))
    wkb = bytes.fromhex(record["zone"]["wkb"])
    assert hashlib.sha256(wkb).hexdigest() == record["zone"]["sha256"] == run.geom_hash
    assert GEOSGeometry(memoryview(wkb)).area == pytest.approx(240_000)


def test_the_json_is_the_same_every_time_and_strict(run: CheckRun) -> None:
    assert report_json(run, ADDRESS) == report_json(CheckRun.objects.get(pk=run.pk), ADDRESS)

    def refuse(name: str) -> None:
        raise AssertionError(name)

    json.loads(report_json(run, ADDRESS), parse_constant=refuse)


def read(content: bytes, folder: Path, layer: str) -> tuple[dict[str, Any], list[GEOSGeometry], dict[str, Any]]:
    path = folder / "report.gpkg"
    path.write_bytes(content)
    meta, _fids, wkb, columns = pyogrio.raw.read(path, layer=layer)
    shapes = [GEOSGeometry(memoryview(bytes(item)), srid=9218) for item in wkb]
    return meta, shapes, dict(zip(meta["fields"], columns, strict=True))


def test_the_geopackage_equals_what_is_stored_to_a_millimetre(run: CheckRun, tmp_path: Path) -> None:
    content = report_gpkg(run)
    meta, zones, columns = read(content, tmp_path, "ranh_gioi")
    assert meta["crs"] == "EPSG:9218"
    assert zones[0].equals_exact(run.version.geom, 0.001)
    assert columns["ma_bam"][0] == run.geom_hash
    _meta, areas, columns = read(content, tmp_path, "manh_vung")
    stored = run.findings.get(order=1).piece
    assert areas[0][0].equals_exact(stored, 0.001)
    assert columns["dien_tich"][0] == 15_000
    assert columns["ket_qua"][0] == "conflict"
    _meta, lines, columns = read(content, tmp_path, "manh_tuyen")
    assert lines[0].equals_exact(run.findings.get(order=2).piece, 0.001)
    assert columns["dien_tich"][0] != columns["dien_tich"][0], "an overlap that is not known is NULL, not nought"
    _meta, nearest, _columns = read(content, tmp_path, "doan_gan_nhat")
    assert nearest[0].length == pytest.approx(141.4213, abs=0.001)
    assert "manh_diem" not in [name for name, _kind in pyogrio.list_layers(tmp_path / "report.gpkg")]


def test_the_geopackage_brings_its_styles_and_is_the_same_every_time(run: CheckRun, tmp_path: Path) -> None:
    content = report_gpkg(run)
    assert content == report_gpkg(run)
    (tmp_path / "report.gpkg").write_bytes(content)
    with sqlite3.connect(tmp_path / "report.gpkg") as database:
        styled = {row[0] for row in database.execute("SELECT f_table_name FROM layer_styles")}
    assert styled == {"ranh_gioi", "manh_vung", "manh_tuyen", "doan_gan_nhat"}


def test_a_geopackage_that_reads_back_differently_is_not_offered(
    run: CheckRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = itertools.count()
    monkeypatch.setattr(survey_files, "shape_key", lambda geom: str(next(keys)))
    with pytest.raises(NotComputable) as refused:
        report_gpkg(run)
    assert refused.value.code == "EXPORT_NOT_VERIFIED"
