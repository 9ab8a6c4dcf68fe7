"""Is the PDF of a report true to scale, whole, the same every time, and made of nothing but our own files?"""

from __future__ import annotations

import math
import re
import sys

import pytest
import qrcode
from django.contrib.gis.geos import LineString, MultiPolygon, Polygon
from django.utils import translation

from layers.errors import NotComputable
from mapping.papers import pdf as pdf_module
from mapping.papers import report_pdf as module
from mapping.papers.map_sheet import ZONE_INK
from mapping.papers.map_window import SCALES, window_around
from mapping.papers.qr import qr_svg
from mapping.papers.report_pdf import report_pdf
from planning.proposals.models import CheckRun
from tests.cast import EAST0, NORTH0, Cast, Land, multi, rectangle, square
from tests.papers.pdf_reader import streams, strokes
from tests.papers.report_runs import add_finding, make_run

ADDRESS = "https://quyhoach.example.vn/bao-cao/1-0123456789ab/"
POINTS_PER_MM = 72 / 25.4


@pytest.fixture
def run(land: Land, cast: Cast) -> CheckRun:
    kept = make_run(land, cast, multi(rectangle(2_000, 2_000, 600, 400)), verdict="prohibited")
    add_finding(kept, "conflict", rectangle(2_000, 2_000, 150, 100), distance_m=0.0)
    add_finding(kept, "condition", rectangle(2_300, 2_000, 100, 100), severity="conditional")
    line = LineString((EAST0 + 2_600, NORTH0 + 2_400), (EAST0 + 2_700, NORTH0 + 2_500), srid=9218)
    add_finding(kept, "clear", None, distance_m=141.42, nearest_line=line)
    add_finding(kept, "not_checked", None, severity="advisory", unchecked_share=1.0)
    return kept


def test_a_known_side_measures_on_paper_what_the_scale_says(run: CheckRun) -> None:
    scale = window_around(run.version.geom, *module.MAP_MM).scale
    outline = next(
        stroke for stroke in strokes(report_pdf(run, ADDRESS)) if stroke.colour == ZONE_INK and len(stroke.points) == 4
    )
    xs, ys = [x for x, _y in outline.points], [y for _x, y in outline.points]
    assert (max(xs) - min(xs)) / POINTS_PER_MM * scale / 1_000 == pytest.approx(600, abs=0.1)
    assert (max(ys) - min(ys)) / POINTS_PER_MM * scale / 1_000 == pytest.approx(400, abs=0.1)


@pytest.mark.parametrize("side", [40, 150, 500, 900, 2_400])
def test_the_scale_is_the_largest_of_the_list_at_which_the_boundary_fits(side: float) -> None:
    window = window_around(multi(square(0, 0, side)), *module.MAP_MM)
    assert window.scale in SCALES[:6]
    for scale in SCALES[: SCALES.index(window.scale)]:
        assert side * 1_000 / scale > 0.86 * min(module.MAP_MM)


def test_the_same_run_gives_the_same_bytes(run: CheckRun) -> None:
    assert report_pdf(run, ADDRESS) == report_pdf(CheckRun.objects.get(pk=run.pk), ADDRESS)


def test_the_reader_s_language_does_not_change_the_paper(run: CheckRun) -> None:
    vietnamese = report_pdf(run, ADDRESS)
    with translation.override("en"):
        assert report_pdf(run, ADDRESS) == vietnamese


def test_it_is_a_tagged_vietnamese_a4_with_its_own_fonts(run: CheckRun) -> None:
    pdf = report_pdf(run, ADDRESS)
    plain = pdf + b"".join(streams(pdf))
    assert pdf.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in plain
    assert b"/StructTreeRoot" in plain
    assert re.search(rb"/Lang \(vi\)", plain)
    assert b"pdfuaid" in plain
    assert re.search(rb"/MediaBox \[0 0 595\.27\d* 841\.8\d*\]", plain)
    assert plain.count(b"/FontFile") >= 4
    assert b"Dat-Nghe" in plain


def test_the_qr_code_is_the_permanent_address() -> None:
    """The modules of the drawing are those of the code for the address: size and every dark module."""
    code = qrcode.QRCode(box_size=12)
    code.add_data(ADDRESS)
    code.make(fit=True)
    dark = {(x, y) for y, row in enumerate(code.get_matrix()) for x, cell in enumerate(row) if cell}
    drawn = qr_svg(ADDRESS).decode()
    # the library draws one "M x,y H … V … H … z" per dark module, in units of a module
    size = float(re.search(r'viewBox="0 0 ([\d.]+)', drawn)[1])  # type: ignore[index]
    step = size / len(code.get_matrix())
    placed = {(round(float(x) / step), round(float(y) / step)) for x, y in re.findall(r"M([\d.]+),([\d.]+)H", drawn)}
    assert placed == dark


def test_the_paper_carries_that_code_and_the_address(run: CheckRun, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(module, "qr_svg", lambda address: asked.append(address) or qr_svg(address))
    html: list[str] = []
    monkeypatch.setattr(module, "render_to_string", _spy(html))
    report_pdf(run, ADDRESS)
    assert asked == [ADDRESS]
    assert html[0].count(ADDRESS) == 3


def _spy(html: list[str]):  # type: ignore[no-untyped-def]
    from django.template.loader import render_to_string

    def render(name: str, context: dict[str, object]) -> str:
        html.append(render_to_string(name, context))
        return html[-1]

    return render


def test_nothing_is_fetched_but_our_own_drawings_and_fonts() -> None:
    fetch = pdf_module._fetcher({"qr": b"<svg/>"})
    assert fetch("datnghe:drawing/qr").read() == b"<svg/>"
    assert fetch("datnghe:font/be-vietnam-pro-latin-400-normal.woff2").read()[:4] == b"\x00\x01\x00\x00"
    for address in (
        "https://example.org/x.svg",
        "http://127.0.0.1:8000/",
        "file:///etc/passwd",
        "data:text/plain,x",
        "datnghe:drawing/other",
        "datnghe:font/../../../../../../etc/passwd",
        "datnghe:font//etc/passwd",
        "qr",
    ):
        with pytest.raises(ValueError, match="not ours"):
            fetch(address)


def test_a_draft_says_so_on_every_page_until_its_boundary_is_decided(
    run: CheckRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    html: list[str] = []
    monkeypatch.setattr(module, "render_to_string", _spy(html))
    report_pdf(run, ADDRESS)
    monkeypatch.setattr(module, "is_decided", lambda run: True)
    report_pdf(run, ADDRESS)
    assert '<body class="draft">' in html[0]
    assert "<body>" in html[1]
    assert "dự thảo" in html[0]
    assert "dự thảo" not in html[1]


def test_the_paper_says_everything_the_run_keeps(run: CheckRun, monkeypatch: pytest.MonkeyPatch) -> None:
    html: list[str] = []
    monkeypatch.setattr(module, "render_to_string", _spy(html))
    report_pdf(run, ADDRESS)
    for text in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "XÃ TÂY",
        "24,00 ha",
        "1,50 ha",
        "16/2017/QH14, Điều 14",
        "chưa đối chiếu với văn bản in",
        "EPSG:6960",
        "kinh tuyến trục 108°30′",
        run.geom_hash,
        run.findings_hash,
        "postgis 3.3.2",
        "Chưa rà soát không có nghĩa là không vướng",
        "141 m",
        "H&#x27;Bia Niê",
    ):
        assert text in html[0].replace("\u00a0", " "), text


def test_an_empty_report_is_a_paper_too(land: Land, cast: Cast) -> None:
    pdf = report_pdf(make_run(land, cast, multi(square(2_000, 2_000, 500))), ADDRESS)
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize(
    "name",
    [
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "\u202egnp.exe\u202c \u200fCCN",
        "Cụm công nghiệp " * 15,
        "&amp;<img src=x>",
    ],
)
def test_a_hostile_name_stays_a_name(land: Land, cast: Cast, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    html: list[str] = []
    monkeypatch.setattr(module, "render_to_string", _spy(html))
    kept = make_run(land, cast, multi(square(2_000, 2_000, 500)), name=name, verdict="prohibited")
    add_finding(kept, "conflict", square(2_000, 2_000, 100), feature_name=name[:240])
    assert report_pdf(kept, ADDRESS).startswith(b"%PDF")
    assert "<script" not in html[0]
    assert "<img src=x" not in html[0]
    assert not set("\u202e\u202c\u200f") & set(html[0])


@pytest.mark.slow
def test_ten_thousand_corners_and_three_hundred_pieces_become_a_paper(land: Land, cast: Cast) -> None:
    """No clock here: decision 0018 says how long it takes."""

    def ring(east: float, north: float, radius: float, corners: int) -> Polygon:
        turns = [2 * math.pi * index / corners for index in range(corners)]
        places = [
            (
                EAST0 + east + radius * (1 + 0.04 * math.sin(37 * turn)) * math.cos(turn),
                NORTH0 + north + radius * (1 + 0.04 * math.sin(37 * turn)) * math.sin(turn),
            )
            for turn in turns
        ]
        return Polygon([*places, places[0]], srid=9218)

    kept = make_run(land, cast, MultiPolygon(ring(3_000, 3_000, 450, 10_000), srid=9218), verdict="prohibited")
    for index in range(300):
        place = 380 * math.sqrt((index + 0.5) / 300)
        turn = index * 2.4
        piece = ring(3_000 + place * math.cos(turn), 3_000 + place * math.sin(turn), 9, 60)
        add_finding(kept, ("conflict", "condition", "advice")[index % 3], piece, feature_name=f"Thửa {index} " * 20)
    pdf = report_pdf(kept, ADDRESS)
    assert len(pdf) < 5_000_000


def test_the_style_names_only_font_files_that_exist() -> None:
    style = pdf_module.style_sheet("report")
    names = re.findall(r"datnghe:font/([\w.-]+)", style)
    assert len(names) == 12
    assert [name for name in names if not (pdf_module.FONTS / name).exists()] == []
    # one family per subset: WeasyPrint mixes up the glyphs of several files of one family, weight and style
    rules = re.findall(r'font-family: "([^"]+)"; font-weight: (\d+);( font-style: italic;)?', style)
    assert len(rules) == len(set(rules)) == 12


def test_a_machine_without_pango_says_so(run: CheckRun, monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def find_spec(self, name: str, *_more: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(NotComputable) as refused:
        report_pdf(run, ADDRESS)
    assert refused.value.code == "PDF_LIBRARIES"
    assert "libpango" not in str(refused.value)
