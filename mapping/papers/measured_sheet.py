"""How does the comparison of a measured boundary leave the house? As a workbook and as an A4 paper, always Vietnamese.

It compares nothing itself: figures come from `planning.proposals.survey_comparison`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.crs import operation_name, zone_label
from layers.said import kept, say_again
from mapping import formats
from mapping.papers.archive import repack_office_file
from mapping.papers.xlsx import Column, Table, workbook
from planning.proposals.measured import CornerState, SidePair
from planning.proposals.queries import ReturnComparison
from planning.proposals.survey_comparison import PieceKind

MILLIMETRES, SQUARE_METRES = "0.000", "0.00"
STATE_WORDS: dict[CornerState, Promise] = {
    CornerState.WITHIN: gettext_lazy("within the tolerance"),
    CornerState.OUTSIDE: gettext_lazy("outside the tolerance"),
    CornerState.ON_SIDE: gettext_lazy("not measured; the side runs through it"),
    CornerState.MISSING: gettext_lazy("missing"),
}
PIECE_WORDS: dict[PieceKind, Promise] = {
    PieceKind.GAINED: gettext_lazy("gained"),
    PieceKind.LOST: gettext_lazy("lost"),
}


@dataclass(frozen=True)
class CornerRow:
    """One row of the table of displacements: X is the northing, Y the easting, metres; nothing where not measured."""

    number: int
    state: CornerState
    words: str
    x_m: float
    y_m: float
    measured_x_m: float | None
    measured_y_m: float | None
    d_x_m: float | None
    d_y_m: float | None
    distance_m: float | None
    side: SidePair | None

    @property
    def bad(self) -> bool:
        """Tell whether the corner stands against acceptance."""
        return self.state in {CornerState.OUTSIDE, CornerState.MISSING}


def corner_rows(comparison: ReturnComparison) -> list[CornerRow]:
    """Return the approved corners in the order of their table, each with the side that begins at it."""
    sides = {side.start: side for side in comparison.corners.sides}
    return [
        CornerRow(
            match.approved.number,
            match.state,
            str(STATE_WORDS[match.state]),
            match.approved.north,
            match.approved.east,
            match.measured.north if match.measured is not None else None,
            match.measured.east if match.measured is not None else None,
            match.d_north,
            match.d_east,
            match.distance_m,
            sides.get(match.approved.number),
        )
        for match in comparison.corners.matches
    ]


def verdict_words(comparison: ReturnComparison) -> str:
    """Say in one sentence whether the measured boundary keeps the tolerance."""
    if comparison.corners.within is None:
        return _("No tolerance is known for this map scale; nothing is judged.")
    tolerance = {"tol": formats.number(comparison.corners.tolerance_m, 2)}
    if comparison.corners.within:
        return _("Every corner lies within %(tol)s m of the approved one.") % tolerance
    return _("The measured boundary is not within %(tol)s m of the approved one everywhere.") % tolerance


def measured_xlsx(comparison: ReturnComparison) -> bytes:
    """Write the comparison as a workbook: summary, corners, further corners, sides, pieces of land; numbers as numbers.

    The same comparison gives the same bytes.
    """
    with translation.override("vi"):
        return repack_office_file(workbook(_tables(comparison)))


def measured_pdf(comparison: ReturnComparison) -> bytes:
    """Write the comparison as an A4 paper (PDF/UA). Raises NotComputable where WeasyPrint finds no Pango."""
    from mapping.papers.pdf import write_pdf

    with translation.override("vi"):
        text = render_to_string("papers/measured.html", _context(comparison))
        identifier = bytes.fromhex(comparison.returned.geom_hash[:32])
        return write_pdf(text, {}, "measured", identifier)


def _context(comparison: ReturnComparison) -> dict[str, Any]:
    returned = comparison.returned
    return {
        "comparison": comparison,
        "returned": returned,
        "reading": say_again(kept(returned.reading)),
        "proposal": returned.proposal,
        "version": returned.version,
        "order": returned.order,
        "ruling": getattr(returned, "ruling", None),
        "rows": corner_rows(comparison),
        "verdict": verdict_words(comparison),
        "pieces": [(str(PIECE_WORDS[piece.kind]), piece) for piece in comparison.pieces or ()],
        "crs": zone_label(),
        "operation": operation_name(),
    }


def _largest(comparison: ReturnComparison) -> float | None:
    largest = comparison.corners.largest_m
    return None if largest is None else round(largest, 3)


def _tables(comparison: ReturnComparison) -> Sequence[Table]:
    returned = comparison.returned
    wide = Column("", width=44)
    facts: list[tuple[str, Any]] = [
        (_("Proposal"), f"{returned.proposal.code} {returned.proposal.name}"),
        (_("Survey team"), returned.order.team),
        (_("Instrument"), returned.instrument),
        (_("Base points"), returned.base_points),
        (_("Measured on"), formats.date(returned.measured_on)),
        (_("Signed by"), returned.signer),
        (_("Map scale"), returned.order.get_scale_display()),
        (_("Tolerance of a corner, m"), comparison.corners.tolerance_m),
        (_("Largest displacement, m"), _largest(comparison)),
        (_("Approved area, m²"), round(comparison.approved_m2, 1)),
        (_("Measured area, m²"), round(comparison.measured_m2, 1)),
        (_("Difference, m²"), round(comparison.difference_m2, 1)),
        (_("Difference, %"), round(comparison.difference_share * 100, 3)),
        (_("Result"), verdict_words(comparison)),
        ("SHA-256", returned.geom_hash),
    ]
    millimetre_columns = [
        Column(title, MILLIMETRES, 16)
        for title in (
            _("X approved (m)"),
            _("Y approved (m)"),
            _("X measured (m)"),
            _("Y measured (m)"),
            "ΔX (m)",
            "ΔY (m)",
            "d (m)",
        )
    ]
    corners = [
        (
            row.number,
            row.x_m,
            row.y_m,
            row.measured_x_m,
            row.measured_y_m,
            _rounded(row.d_x_m),
            _rounded(row.d_y_m),
            _rounded(row.distance_m),
            row.words,
        )
        for row in corner_rows(comparison)
    ]
    extra = [
        (each.measured.number, each.measured.north, each.measured.east, round(each.off_m, 3), _on(each.on_boundary))
        for each in comparison.corners.extra
    ]
    sides = [
        (
            f"{side.start}–{side.end}",
            round(side.approved_m, 3),
            _rounded(side.measured_m),
            _rounded(side.difference_m),
        )
        for side in comparison.corners.sides
    ]
    pieces = [
        (number, str(PIECE_WORDS[piece.kind]), round(piece.area_m2, 2), round(piece.width_m, 3), _sliver(piece.sliver))
        for number, piece in enumerate(comparison.pieces or (), start=1)
    ]
    return (
        Table(_("Summary"), (Column(_("What"), width=30), wide), facts, above=(_("Measured against approved"),)),
        Table(_("Corners"), (Column(_("Point"), "0", 8), *millimetre_columns, Column(_("Result"), width=30)), corners),
        Table(
            _("Further corners"),
            (
                Column(_("Point"), "0", 8),
                Column("X (m)", MILLIMETRES, 16),
                Column("Y (m)", MILLIMETRES, 16),
                Column(_("Off the approved boundary, m"), MILLIMETRES, 20),
                Column(_("Result"), width=30),
            ),
            extra,
        ),
        Table(
            _("Sides"),
            (
                Column(_("Side"), width=12),
                Column(_("Approved, m"), MILLIMETRES, 16),
                Column(_("Measured, m"), MILLIMETRES, 16),
                Column(_("Difference, m"), MILLIMETRES, 16),
            ),
            sides,
        ),
        Table(
            _("Land between the boundaries"),
            (
                Column("№", "0", 6),
                Column(_("Kind"), width=16),
                Column(_("Area, m²"), SQUARE_METRES, 14),
                Column(_("Average width, m"), MILLIMETRES, 16),
                Column(_("Result"), width=30),
            ),
            pieces,
        ),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _on(on_boundary: bool) -> str:
    return _("on the boundary") if on_boundary else _("off the boundary")


def _sliver(sliver: bool) -> str:
    return _("within the tolerance") if sliver else _("wider than the tolerance")
