"""How do the pieces of a stored report get into a GIS? As a GeoPackage in the storage CRS, read back before use.

It cuts nothing: zone, pieces, nearest lines and parts are those kept with the run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.contrib.gis.geos import (
    GEOSGeometry,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)
from django.utils import translation
from django.utils.text import slugify

from layers.crs import as_multi, storage_srid
from mapping.papers.disagreements import NONE, Disagreement, disagreements_of
from mapping.papers.survey_fields import PARTS, Field, FileLayer
from mapping.papers.survey_files import Rows, geopackage
from planning.checks.types import Outcome
from planning.proposals.models import CheckFinding, CheckRun
from planning.proposals.queries import report_number

HECTARE_M2 = 10_000
ZONE = FileLayer(
    "ranh_gioi",
    "MultiPolygon",
    "Ranh giới khu đất đã rà soát",
    "Boundary that was checked",
    (
        Field("so_bao_cao", "Số báo cáo", "Number of the report"),
        Field("ma_ho_so", "Mã hồ sơ", "Code of the proposal"),
        Field("ten", "Tên cụm công nghiệp", "Name of the cluster"),
        Field("phuong_an", "Phương án ranh giới (lần)", "Boundary version"),
        Field("ket_luan", "Kết luận rà soát", "Verdict"),
        Field("dien_tich", "Diện tích", "Area", "ha"),
        Field("ngay", "Ngày của quy định và dữ liệu (năm-tháng-ngày)", "Day of rules and data"),
        Field("ma_bam", "Mã băm SHA-256 của ranh giới", "SHA-256 of the boundary"),
        Field("bam_kq", "Mã băm SHA-256 của kết quả", "SHA-256 of the findings"),
    ),
)
_FINDING = (
    Field("tt", "Số thứ tự trong báo cáo", "Row of the report"),
    Field("quy_tac", "Mã quy tắc", "Code of the rule"),
    Field("noi_dung", "Nội dung rà soát", "Title of the rule"),
    Field("ket_qua", "Mã kết quả", "Code of the outcome"),
    Field("dien_giai", "Kết quả", "Outcome in words"),
    Field("doi_tuong", "Đối tượng", "Feature"),
    Field("dien_tich", "Diện tích chồng lấn", "Overlap", "m²"),
    Field("ty_le", "Tỷ lệ khu đất (0–1)", "Share of the zone"),
    Field("khoang_cach", "Khoảng cách gần nhất", "Nearest distance", "m"),
    Field("quy_dinh", "Khoảng cách quy định", "Required distance", "m"),
    Field("can_cu", "Căn cứ", "Citation"),
    Field("bam_nguon", "Mã băm SHA-256 của đối tượng nguồn", "SHA-256 of the source row"),
    Field("y_kien", "Ý kiến không đồng ý: tình trạng", "Disagreement: where it stands"),
)
AREAS = FileLayer("manh_vung", "MultiPolygon", "Mảnh chồng lấn (vùng)", "Overlap pieces (areas)", _FINDING)
LINES = FileLayer("manh_tuyen", "MultiLineString", "Mảnh chồng lấn (tuyến)", "Overlap pieces (lines)", _FINDING)
POINTS = FileLayer("manh_diem", "MultiPoint", "Mảnh chồng lấn (điểm)", "Overlap pieces (points)", _FINDING)
NEAREST = FileLayer("doan_gan_nhat", "LineString", "Đoạn gần nhất", "Lines between nearest points", _FINDING)


def report_gpkg(run: CheckRun) -> bytes:
    """Write zone, overlap pieces by dimension, nearest lines and land-use parts of *run*; empty layers are left out.

    Raises NotComputable (EXPORT_NOT_VERIFIED) when what GDAL reads back is not what is stored, to 1 mm.
    """
    with translation.override("vi"):
        findings = list(run.findings.order_by("order"))
        disputed = disagreements_of(run)
        layers = [
            _zone(run),
            _pieces(AREAS, findings, disputed, Polygon, MultiPolygon),
            _pieces(LINES, findings, disputed, LineString, MultiLineString),
            _pieces(POINTS, findings, disputed, Point, MultiPoint),
            _nearest(findings, disputed),
            _parts(run),
        ]
        return geopackage(f"ra-soat-{slugify(report_number(run))}", [layer for layer in layers if layer.geometries])


def _zone(run: CheckRun) -> Rows:
    version = run.version
    row = [
        report_number(run),
        version.proposal.code,
        version.proposal.name,
        version.number,
        run.verdict,
        round(version.area_m2 / HECTARE_M2, 4),
        str(run.basis.get("date", "")),
        run.geom_hash,
        run.findings_hash,
    ]
    return Rows(ZONE, [as_multi(version.geom)], [[value] for value in row])


def _pieces(
    layer: FileLayer,
    findings: Sequence[CheckFinding],
    disputed: Mapping[int, Disagreement],
    simple: type[Any],
    multiple: Callable[..., GEOSGeometry],
) -> Rows:
    geometries, rows = [], []
    for finding in findings:
        parts = [part for part in _simple(finding.piece) if isinstance(part, simple)] if finding.piece else []
        if parts:
            geometries.append(multiple(*parts, srid=storage_srid()))
            rows.append(_columns(finding, disputed))
    return Rows(layer, geometries, _turned(rows))


def _nearest(findings: Sequence[CheckFinding], disputed: Mapping[int, Disagreement]) -> Rows:
    with_line = [finding for finding in findings if finding.nearest_line is not None]
    rows = [_columns(one, disputed) for one in with_line]
    return Rows(NEAREST, [finding.nearest_line for finding in with_line], _turned(rows))


def _parts(run: CheckRun) -> Rows:
    kept = list(run.version.parts.order_by("number"))
    rows = [[part.number, part.use, str(part.get_use_display()), round(part.area_m2 / HECTARE_M2, 4)] for part in kept]
    return Rows(PARTS, [part.geom for part in kept], _turned(rows))


def _columns(finding: CheckFinding, disputed: Mapping[int, Disagreement]) -> list[Any]:
    return [
        finding.order,
        finding.rule_code,
        finding.title,
        finding.outcome,
        str(Outcome(finding.outcome).label),
        finding.feature_name,
        _number(finding.overlap_m2, 2),
        _number(finding.share_of_zone, 6),
        _number(finding.distance_m, 3),
        _number(finding.data.get("required_m"), 3),
        finding.data.get("citation", ""),
        finding.source_hash,
        disputed.get(finding.pk, NONE).state,
    ]


def _number(value: float | None, digits: int) -> float:
    """Return a number for a column; GDAL writes NaN as NULL."""
    return math.nan if value is None else round(float(value), digits)


def _turned(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _simple(geom: Any) -> Iterable[Any]:
    if geom.geom_type.startswith("Multi") or geom.geom_type == "GeometryCollection":
        for part in geom:
            yield from _simple(part)
    else:
        yield geom
