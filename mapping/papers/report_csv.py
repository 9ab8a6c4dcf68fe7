"""How does a stored report become a table? One row per finding, Vietnamese heads, plain numbers, no live formulas."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.utils import translation

from layers.models import Edition
from mapping.papers.cells import plain, safe_cell
from mapping.papers.disagreements import NONE, disagreements_of
from planning.checks.types import Outcome
from planning.proposals.models import CheckFinding, CheckRun
from planning.proposals.queries import report_number

HEADS = (
    "TT",
    "Số báo cáo",
    "Mã hồ sơ",
    "Phương án ranh giới (lần)",
    "Mã quy tắc",
    "Nội dung rà soát",
    "Kết quả",
    "Mức độ của quy tắc",
    "Đối tượng",
    "Số đối tượng",
    "Diễn giải",
    "Diện tích chồng lấn (m2)",
    "Tỷ lệ khu đất",
    "Khoảng cách gần nhất (m)",
    "Khoảng cách quy định (m)",
    "Tỷ lệ chưa rà soát",
    "Việc cần làm",
    "Cơ quan hỏi ý kiến",
    "Căn cứ",
    "Đã đối chiếu văn bản in",
    "Lớp dữ liệu",
    "Phiên bản dữ liệu",
    "Dữ liệu minh hoạ",
    "SHA-256 đối tượng nguồn",
    "Ý kiến không đồng ý",
    "Lý do không đồng ý",
)


def report_csv(run: CheckRun) -> bytes:
    """Write the findings of *run* as CSV: UTF-8 with BOM, comma separated, decimal points, shares 0–1."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADS)
    with translation.override("vi"):
        number = report_number(run)
        code, version = run.version.proposal.code, run.version.number
        findings = list(run.findings.order_by("order"))
        disputed = disagreements_of(run)
        editions = Edition.objects.in_bulk({finding.edition_id_at for finding in findings if finding.edition_id_at})
        for finding in findings:
            edition = editions.get(finding.edition_id_at or 0)
            row = [finding.order, number, code, version, *_row(finding), edition.number if edition else ""]
            other = disputed.get(finding.pk, NONE)
            row += [_yes(finding.data.get("schematic")), finding.source_hash, other.state, other.reason]
            writer.writerow([safe_cell(plain(cell) if isinstance(cell, str) else cell) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def _row(finding: CheckFinding) -> list[Any]:
    data = finding.data
    return [
        finding.rule_code,
        finding.title,
        str(Outcome(finding.outcome).label),
        SEVERITIES.get(finding.severity, finding.severity),
        finding.feature_name,
        data.get("count") or "",
        finding.text,
        _number(finding.overlap_m2, 2),
        _number(finding.share_of_zone, 6),
        _number(finding.distance_m, 2),
        _number(data.get("required_m"), 3),
        _number(finding.unchecked_share, 6),
        finding.next_step,
        finding.body,
        data.get("citation", ""),
        _yes(data.get("verified", True)),
        data.get("layer_vi", ""),
    ]


SEVERITIES = {"prohibited": "cấm", "conditional": "có điều kiện", "advisory": "lưu ý"}


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value + 0.0:.{digits}f}"


def _yes(value: object) -> str:
    return "có" if value else "không"
