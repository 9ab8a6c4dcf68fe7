"""How does a stored report become a paper for the committee? As an A4 PDF: map to scale, tables, citations, hashes, QR.

It computes nothing: figures are those kept with the run. Nothing is fetched: only the house's own drawings and fonts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from layers.crs import meridian_label, operation_name, storage_srid, zone_of
from mapping import formats
from mapping.papers import map_sheet
from mapping.papers.archive import sha256_of
from mapping.papers.map_context import borders_in, features_in
from mapping.papers.map_legend import LegendLine, context_legend
from mapping.papers.map_sheet import LOOKS, Sheet, SheetPiece, sheet_svg
from mapping.papers.map_window import Window, window_around
from mapping.papers.paper_context import ASKS_FOR, province_of
from mapping.papers.pdf import style_sheet, write_pdf
from mapping.papers.qr import qr_svg
from mapping.papers.stored_report import StoredReport, stored_report
from mapping.severity import severity_code
from planning.checks.types import Outcome
from planning.proposals.models import CheckFinding, CheckRun, Proposal, ProposalKind
from planning.proposals.queries import report_number

# The frame of the map inside the margins of Decree 30/2020 (165 × 257 mm of A4), with room for title and legend.
MAP_MM = (158.5, 186.0)
# Measured: a usual report has 17,000 characters and a map of 15,000 and takes 0.9 s; 155,000 and 400,000 take 7 s.
HEAVY_CHARACTERS = 45_000
MOST_IN_BRIEF = 7
TO_ACT_ON = (Outcome.CONFLICT, Outcome.NOT_COMPUTABLE, Outcome.CONDITION, Outcome.NOT_CHECKED)
SHOWN_ON_MAP = (Outcome.CONFLICT, Outcome.NOT_COMPUTABLE, Outcome.CONDITION, Outcome.ADVICE, Outcome.CONTACT)


@dataclass(frozen=True)
class Sheets:
    """A report laid out but not yet drawn as PDF: the text and its drawings by name."""

    text: str
    drawings: Mapping[str, str | bytes]
    identifier: bytes

    @property
    def key(self) -> str:
        """Return the SHA-256 of all that decides the bytes of the PDF."""
        parts = [self.text.encode(), style_sheet("report").encode(), self.identifier]
        for name, drawing in sorted(self.drawings.items()):
            parts += [name.encode(), drawing if isinstance(drawing, bytes) else drawing.encode()]
        return sha256_of(b"\0".join(parts))

    @property
    def heavy(self) -> bool:
        """Tell whether drawing takes longer than a request should: about two seconds on one core."""
        return len(self.text) + len(self.drawings["map"]) // 6 > HEAVY_CHARACTERS

    def pdf(self) -> bytes:
        """Draw the PDF. The same sheets give the same bytes.

        Raises NotComputable (PDF_LIBRARIES) when the machine has no Pango; everything else works without it.
        """
        return write_pdf(self.text, self.drawings, "report", self.identifier)


def report_sheets(run: CheckRun, address: str) -> Sheets:
    """Lay out the report of *run*; *address* is where it is found, printed as text and QR code.

    The same run in the same state of the procedure gives the same sheets at the same address. Always Vietnamese: a
    document of a Vietnamese office.
    """
    with translation.override("vi"):
        drawings: dict[str, str | bytes] = {"qr": qr_svg(address)}
        text = render_to_string("papers/report.html", _context(run, address, drawings))
    return Sheets(text, drawings, bytes.fromhex(run.findings_hash[:32]))


def report_pdf(run: CheckRun, address: str) -> bytes:
    """Write the report of *run* as PDF at once; see `report_sheets`."""
    return report_sheets(run, address).pdf()


def is_decided(run: CheckRun) -> bool:
    """Tell whether a decision was taken about exactly the boundary of *run*; until then its papers are drafts."""
    return run.version.proposal.decisions.filter(version_id=run.version_id).exists()


def _context(run: CheckRun, address: str, drawings: dict[str, str | bytes]) -> dict[str, Any]:
    report = stored_report(run)
    proposal = run.version.proposal
    window = window_around(run.version.geom, *MAP_MM)
    asked = timezone.localtime(run.at)
    zone = zone_of(storage_srid())
    drawings["watermark"] = _watermark()
    sources = list(dict.fromkeys(edition.source for edition in report.editions if edition.asked and edition.source))
    to_act_on = [finding for finding in report.findings if finding.outcome in TO_ACT_ON]
    drawings.update({code: map_sheet.swatch_svg(code) for code in LOOKS})
    return {
        **_head(proposal),
        "report": report,
        "run": run,
        "proposal": proposal,
        "version": run.version,
        "number": report_number(run),
        "address": address,
        "asked_at": run.at,
        "made_on_long": f"ngày {asked.day:02d} tháng {asked.month:02d} năm {asked.year}",
        "created": asked.isoformat(timespec="seconds"),
        "decided": is_decided(run),
        "listed": _rows([finding for finding in report.findings if finding.outcome in SHOWN_ON_MAP]),
        "edition_of": {edition.key: edition for edition in report.editions},
        "sources": sources,
        "source_number": {source: number for number, source in enumerate(sources, start=1)},
        "brief": to_act_on[:MOST_IN_BRIEF],
        "brief_more": len(to_act_on) - MOST_IN_BRIEF,
        "unchecked": [finding for finding in report.findings if finding.outcome == Outcome.NOT_CHECKED],
        "clear": [finding for finding in report.findings if finding.outcome == Outcome.CLEAR],
        "counted": [(code, report.counts.get(code, 0)) for code in LOOKS],
        "crs_text": f"VN-2000, kinh tuyến trục {meridian_label()}, múi chiếu {zone.width}° (EPSG:{zone.srid})",
        "operation": operation_name(),
        "engine": ", ".join(f"{name} {value}" for name, value in sorted(run.engine.items())),
        "scale": formats.number(window.scale),
        "grid_m": window.grid_step_m(),
        "legend": _draw_map(run, report, window, drawings),
    }


def _rows(findings: Sequence[CheckFinding]) -> list[dict[str, Any]]:
    """Return the rows of the table; *again* marks a further feature of the rule above: its words are not repeated."""
    rows = []
    before: tuple[str, ...] = ()
    for finding in findings:
        words = (finding.rule_code, finding.outcome, finding.title, finding.next_step, finding.body)
        rows.append({"finding": finding, "again": words == before})
        before = words
    return rows


def _head(proposal: Proposal) -> dict[str, str]:
    unit = proposal.unit
    province = province_of(unit)
    return {
        "agency": unit.full_name.upper(),
        "place": unit.name,
        "asks_for": ASKS_FOR[ProposalKind(proposal.kind)],
        "unit": f"{unit.full_name}, {province.kind_name.lower()} {province.name}"
        if unit != province
        else unit.full_name,
    }


def _draw_map(
    run: CheckRun, report: StoredReport, window: Window, drawings: dict[str, str | bytes]
) -> list[LegendLine]:
    """Draw the sheet into *drawings* with the samples of its legend; return the legend: only what is on the sheet."""
    pieces = [
        SheetPiece(finding.order, severity_code(finding.outcome), finding.piece, finding.nearest_line)
        for finding in report.findings
        if finding.outcome in SHOWN_ON_MAP and (finding.piece is not None or finding.nearest_line is not None)
    ]
    editions = [int(row["id"]) for row in run.basis.get("editions", []) if "id" in row]
    around = features_in(window, editions)
    borders = borders_in(window, report.day or date.max)
    parts = [part.geom for part in run.version.parts.order_by("number")]
    drawings["map"] = sheet_svg(Sheet(window, run.version.geom, pieces, parts, around, borders))
    legend = [LegendLine("zone", "Ranh giới khu đất đề xuất")]
    drawings["zone"] = map_sheet.zone_swatch_svg()
    shown = {piece.severity for piece in pieces if piece.geom is not None}
    for code in LOOKS:
        if code in shown:
            legend.append(LegendLine(code, LEGEND_WORDS[code]))
    if any(piece.line is not None for piece in pieces):
        drawings["nearest"] = map_sheet.nearest_swatch_svg()
        legend.append(LegendLine("nearest", "Khoảng cách gần nhất"))
    legend += context_legend(around, borders, parts, drawings)
    return legend


LEGEND_WORDS = {
    "prohibited": "Chồng lấn, không được phép",
    "condition": "Có điều kiện",
    "advice": "Lưu ý",
    "contact": "Giáp ranh (trong sai số)",
    "not_computable": "Chưa tính được",
}


def _watermark() -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm" viewBox="0 0 210 297">'
        f'<text transform="translate(108 160) rotate(-52)" font-size="44" font-weight="700" text-anchor="middle"'
        f' font-family="{map_sheet.FONTS}" letter-spacing="4" fill="#a8123a" fill-opacity="0.055">DỰ THẢO</text></svg>'
    )
