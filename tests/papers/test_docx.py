"""Do the papers say what is stored, in Vietnamese, in the layout an office signs?"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from docx import Document

from layers.errors import NotFound
from layers.models import LegalInstrument
from mapping.papers.docx import render_paper
from planning.proposals.models import Applicant, CheckFinding, CheckRun, PaperKind, ZoneVersion
from tests.cast import Cast, Land, multi, square
from tests.papers.test_survey_package import make_version


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def version(land: Land, cast: Cast) -> ZoneVersion:
    version = make_version(land, cast, multi(square(0.1234, 0.5678, 500)))
    version.proposal.applicant = Applicant.objects.create(name="HTX Dệt <Tơng Bông> & bạn", capital_vnd=61_000_000_000)
    version.proposal.save()
    LegalInstrument.objects.get_or_create(
        number="32/2024/NĐ-CP", defaults={"title": "Nghị định", "issuer": "Chính phủ"}
    )
    run = CheckRun.objects.create(
        version=version,
        verdict="conditional",
        basis={
            "ruleset": 3,
            "date": "2026-11-22",
            "editions": [{"layer": "rice", "title_vi": "Thửa đất", "number": 2}],
        },
        engine={"geos": "3.14.1"},
        geom_hash=version.geom_hash,
        findings_hash="f" * 64,
        land_use=[
            {"code": "LUC", "name_vi": "Đất chuyên trồng lúa", "area_m2": 31_250.4, "share": 0.125, "parcels": 7},
            {"code": "", "name_vi": "Chưa có dữ liệu", "area_m2": 218_749.6, "share": 0.875, "parcels": 0},
        ],
        ratios=[{"rule": "r", "title_vi": "Cây xanh", "value": 0.08, "min": 0.1, "max": None, "ok": False}],
        size={"min_ha": 5, "max_ha": 75},
    )
    CheckFinding.objects.create(
        run=run,
        order=1,
        rule_code="rice",
        severity="conditional",
        outcome="condition",
        overlap_m2=31_250.4,
        share_of_zone=0.125,
        distance_m=0,
        data={
            "title_vi": "Đất trồng lúa",
            "text_vi": "Phải được HĐND tỉnh chấp thuận",
            "citation": "31/2024/QH15, Điều 122",
        },
        piece=square(10, 10, 100),
    )
    CheckFinding.objects.create(
        run=run,
        order=2,
        rule_code="heritage",
        severity="prohibited",
        outcome="not_checked",
        unchecked_share=1,
        data={"title_vi": "Khu vực bảo vệ di tích"},
    )
    return version


def text_of(content: bytes) -> str:
    """Return all text of a document, tables included, with plain spaces."""
    document = Document(io.BytesIO(content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(texts).replace("\u00a0", " ")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", PaperKind.values)
def test_a_paper_prints_the_stored_figures(version: ZoneVersion, cast: Cast, kind: str) -> None:
    text = text_of(render_paper(cast.planner, version.proposal, version, kind).content)
    for expected in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "XÃ TÂY",
        "25,00 ha",
        "Đất chuyên trồng lúa",
        "3,13",
        "12,5",
        "kinh tuyến trục 108°30′",
        "EPSG:6960",
        "1.400.500,568",
        "480.000,123",
        "500,00",
    ):
        assert expected in text, expected
    assert "{{" not in text
    assert "{%" not in text


def test_the_report_lists_findings_and_what_was_not_checked_apart(version: ZoneVersion, cast: Cast) -> None:
    text = text_of(render_paper(cast.planner, version.proposal, version, PaperKind.CHECK_REPORT).content)
    for expected in (
        "31/2024/QH15, Điều 122",
        "Khu vực bảo vệ di tích (100,0 % diện tích)",
        version.geom_hash,
        "không đạt",
    ):
        assert expected in text


def test_markup_in_a_name_is_printed_not_obeyed(version: ZoneVersion, cast: Cast) -> None:
    text = text_of(render_paper(cast.planner, version.proposal, version, PaperKind.SUBMISSION_LETTER).content)
    assert "HTX Dệt <Tơng Bông> & bạn" in text
    assert "61.000.000.000 đồng" in text


def test_a_paper_is_kept_once_with_its_hash(version: ZoneVersion, cast: Cast) -> None:
    first = render_paper(cast.planner, version.proposal, version, PaperKind.CHECK_REPORT)
    again = render_paper(cast.planner, version.proposal, version, PaperKind.CHECK_REPORT)
    assert first.paper.pk == again.paper.pk
    assert first.paper.sha256 == hashlib.sha256(first.content).hexdigest()
    with first.paper.file.open() as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == first.paper.sha256


def test_the_office_may_edit_its_template(version: ZoneVersion, cast: Cast) -> None:
    own = Path(settings.MEDIA_ROOT) / "office"
    own.mkdir(parents=True)
    document = Document()
    document.add_paragraph("Mẫu riêng của xã: {{ code }}")
    document.save(str(own / "to_trinh.docx"))
    text = text_of(render_paper(cast.planner, version.proposal, version, PaperKind.SUBMISSION_LETTER).content)
    assert "Mẫu riêng của xã: CCN-2026-007" in text


def test_a_version_without_a_report_has_no_paper(land: Land, cast: Cast) -> None:
    version = make_version(land, cast, multi(square(0, 0, 500)))
    with pytest.raises(NotFound):
        render_paper(cast.planner, version.proposal, version, PaperKind.CHECK_REPORT)
