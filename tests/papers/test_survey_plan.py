"""Is the boundary drawn to a legal scale on a paper it fits, true to scale, and marked as a draft until decided?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.utils import timezone

from layers.errors import InputRefused
from mapping.papers.map_sheet import ZONE_INK
from mapping.papers.survey import sheets
from mapping.papers.survey.facts import facts_of
from mapping.papers.survey.frame import plan_frame, sketch_frame
from mapping.papers.survey.placed import placed
from mapping.papers.survey.reopen_papers import pdf_agrees
from planning.proposals.models import Decision, DecisionOutcome, ZoneVersion
from tests.cast import Cast, Land, multi, rectangle, square
from tests.papers.pdf_reader import strokes
from tests.papers.test_survey_package import make_version

POINTS_PER_MM = 72 / 25.4


@pytest.mark.parametrize(
    ("zone", "paper", "expected"),
    [
        (square(0, 0, 70), "auto", ("A4", 500)),
        (square(0, 0, 150), "auto", ("A4", 1_000)),
        (square(0, 0, 320), "auto", ("A4", 2_000)),
        (square(0, 0, 500), "auto", ("A2", 2_000)),
        (square(0, 0, 870), "auto", ("A1", 2_000)),
        (square(0, 0, 1_500), "auto", ("A2", 5_000)),
        (square(0, 0, 4_500), "auto", ("A1", 10_000)),
        (square(0, 0, 500), "A4", ("A4", 5_000)),
        (square(0, 0, 500), "A3", ("A3", 5_000)),
        (square(0, 0, 500), "A1", ("A1", 1_000)),
    ],
)
def test_the_largest_legal_scale_that_fits_is_chosen(zone: Any, paper: str, expected: tuple[str, int]) -> None:
    frame = plan_frame(zone, paper)
    assert (frame.paper, frame.window.scale) == expected
    west, south, east, north = zone.extent
    window = frame.window
    assert window.west < west < east < window.east
    assert window.south < south < north < window.north


@pytest.mark.parametrize(
    ("zone", "paper", "scale", "upright"),
    [
        (rectangle(0, 0, 80, 480), "A4", 2_000, True),
        (rectangle(0, 0, 480, 80), "A4", 5_000, False),
        (rectangle(0, 0, 300, 1_200), "auto", 2_000, True),
        (rectangle(0, 0, 160, 160), "A4", 1_000, False),
    ],
)
def test_a_paper_stands_upright_only_where_the_scale_gains(zone: Any, paper: str, scale: int, upright: bool) -> None:
    frame = plan_frame(zone, paper)
    assert (frame.window.scale, frame.upright) == (scale, upright)
    width, height = frame.size_mm
    assert (width < height) is upright
    west, south, east, north = zone.extent
    assert frame.window.west < west < east < frame.window.east
    assert frame.window.south < south < north < frame.window.north


@pytest.mark.parametrize(("zone", "paper"), [(square(0, 0, 8_000), "auto"), (rectangle(0, 0, 2_500, 10), "A4")])
def test_what_fits_no_legal_scale_is_refused(zone: Any, paper: str) -> None:
    with pytest.raises(InputRefused) as refused:
        plan_frame(zone, paper)
    assert refused.value.code == "PLAN_TOO_LARGE"


@pytest.mark.parametrize(("side", "scale"), [(500, 10_000), (1_500, 25_000), (3_500, 25_000)])
def test_a_location_sketch_has_one_of_its_two_scales(side: float, scale: int) -> None:
    assert sketch_frame(square(0, 0, side)).window.scale == scale


def draw(version: ZoneVersion, paper: str = "auto", srid: int = 9218) -> sheets.Drawn:
    place = placed(version, srid)
    return sheets.plan(place, facts_of(version, place), paper)


@pytest.mark.parametrize("paper", ["A4", "A3", "A1"])
def test_the_boundary_on_the_sheet_is_true_to_scale(land: Land, cast: Cast, paper: str) -> None:
    """A zone of 500 m is 500/scale on paper, whatever the paper."""
    drawn = draw(make_version(land, cast, multi(square(0, 0, 500))), paper)
    outline = max((stroke.points for stroke in strokes(drawn.pdf) if stroke.colour == ZONE_INK), key=_width)
    assert _width(outline) / POINTS_PER_MM == pytest.approx(500_000 / drawn.scale, abs=0.1)


def _width(points: Any) -> float:
    return max(x for x, _y in points) - min(x for x, _y in points)


def laid_out(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Keep what would be drawn, without drawing it."""
    kept: dict[str, Any] = {}

    def keep(text: str, drawings: dict[str, Any], style: str, identifier: bytes) -> bytes:
        kept.update(text=text, drawings=dict(drawings))
        return b""

    monkeypatch.setattr(sheets, "write_pdf", keep)
    return kept


def decide(version: ZoneVersion, cast: Cast) -> None:
    Decision.objects.create(
        proposal=version.proposal,
        round=1,
        version=version,
        by=cast.recorder,
        outcome=DecisionOutcome.APPROVED,
        number="12/QĐ-UBND",
        decided_on=timezone.localdate(),
        signer="Người ký",
        geom_hash=version.geom_hash,
        file_sha256="0" * 64,
        appraised_by=cast.appraiser,
        signed_off_by=cast.leader,
    )


def test_a_sheet_carries_the_draft_mark_until_a_decision_stands_behind_the_boundary(
    land: Land, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = make_version(land, cast, multi(square(0, 0, 500)))
    kept = laid_out(monkeypatch)
    draw(version)
    assert "DỰ THẢO" in kept["drawings"]["watermark"]
    assert "chưa có quyết định" in kept["text"]
    decide(version, cast)
    kept.clear()
    draw(version)
    assert "watermark" not in kept["drawings"]
    assert "12/QĐ-UBND" in kept["text"]


def test_a_decision_about_another_version_does_not_make_this_one_decided(
    land: Land, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_version(land, cast, multi(square(0, 0, 500)))
    decide(first, cast)
    later = ZoneVersion.objects.create(
        proposal=first.proposal, number=2, geom=first.geom, geom_hash="f" * 64, area_m2=1, author=cast.planner
    )
    kept = laid_out(monkeypatch)
    draw(later)
    assert "watermark" in kept["drawings"]
    assert "12/QĐ-UBND" not in kept["text"]


def test_the_sheet_says_scale_paper_system_operation_and_where_to_ask(
    land: Land, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = laid_out(monkeypatch)
    version = make_version(land, cast, multi(square(0, 0, 500)), name="Cụm <thử> & nghiệm")
    draw(version, srid=9217)
    text = kept["text"]
    for words in ("1:2.000", "khổ A2", "EPSG:9217", "108°15′", "EPSG:6960", "/xac-minh/", version.geom_hash[:16]):
        assert words in text
    assert "<thử>" not in text
    numbers = re.findall(r">(\d+)</text>", kept["drawings"]["map"])
    assert {"1", "2", "3", "4"} <= set(numbers)


def many_corners(count: int) -> MultiPolygon:
    """Build a saw of *count* teeth."""
    from math import cos, pi, sin

    from django.contrib.gis.geos import Polygon

    from tests.cast import EAST0, NORTH0

    places = [
        (
            round(EAST0 + 500 + (250 + index % 2) * cos(2 * pi * index / count), 3),
            round(NORTH0 + 500 + (250 + index % 2) * sin(2 * pi * index / count), 3),
        )
        for index in range(count)
    ]
    return multi(Polygon([*places, places[0]], srid=9218))


@pytest.mark.parametrize(
    ("corners", "paper", "pages"), [(4, "A4", 1), (300, "A4", 3), (300, "A3", 3), (300, "A2", 2), (300, "A1", 2)]
)
def test_a_long_corner_table_has_pages_of_its_own_and_runs_over_none(
    land: Land, cast: Cast, tmp_path: Path, corners: int, paper: str, pages: int
) -> None:
    version = make_version(land, cast, many_corners(corners) if corners > 4 else multi(square(0, 0, 500)))
    drawn = draw(version, paper)
    assert drawn.pages == pages
    path = tmp_path / "plan.pdf"
    path.write_bytes(drawn.pdf)
    assert pdf_agrees(path, pages)
    assert not pdf_agrees(path, pages + 1)


@pytest.mark.parametrize("paper", ["A4", "A2"])
def test_no_figure_of_the_table_is_wider_than_its_cell(
    land: Land, cast: Cast, monkeypatch: pytest.MonkeyPatch, paper: str
) -> None:
    from weasyprint import CSS, HTML
    from weasyprint.formatting_structure.boxes import TableCellBox, TextBox
    from weasyprint.text.fonts import FontConfiguration

    from mapping.papers import pdf

    kept = laid_out(monkeypatch)
    draw(make_version(land, cast, many_corners(1_100 if paper == "A2" else 200)), paper)
    fetch, fonts = pdf._fetcher(kept["drawings"]), FontConfiguration()
    sheet = CSS(string=pdf.style_sheet("plan"), url_fetcher=fetch, font_config=fonts)
    pages = HTML(string=kept["text"], url_fetcher=fetch).render(stylesheets=[sheet], font_config=fonts).pages
    cells = [box for box in pages[1]._page_box.descendants() if isinstance(box, TableCellBox)]
    assert len(cells) > 200
    for cell in cells:
        words = [box for box in cell.descendants() if isinstance(box, TextBox)]
        assert sum(box.width for box in words) <= cell.width, "".join(box.text for box in words)
