"""Which papers go along to be signed in the field? Minutes of staking and of handing over, and the sheet of markers.

They come from the office's own templates when it keeps some (`mapping.papers.docx.template_path`). What is not measured
yet is left blank.
"""

from __future__ import annotations

import io
from typing import Any

from mapping import formats
from mapping.papers.archive import repack_office_file
from mapping.papers.cells import plain
from mapping.papers.docx import template_path
from mapping.papers.map_picture import PictureContent, draw_picture
from mapping.papers.survey.facts import Facts
from mapping.papers.survey.placed import Placed
from mapping.papers.survey.staked import staked, staking_rows

STAKING = "bien_ban_cam_moc"
PAPERS = (STAKING, "ban_giao_moc_gioi", "so_do_moc")
WITH_PICTURE = "so_do_moc"


def handover_papers(place: Placed, facts: Facts) -> dict[str, bytes]:
    """Render the three papers; return them by file name."""
    context = _context(place, facts)
    return {f"{kind}.docx": _render(kind, context, place) for kind in PAPERS}


def _render(kind: str, context: dict[str, Any], place: Placed) -> bytes:
    from docx.shared import Cm
    from docxtpl import DocxTemplate, InlineImage

    template = DocxTemplate(str(template_path(kind)))
    shown = dict(context)
    if kind == WITH_PICTURE:
        picture = draw_picture(
            PictureContent(zone=place.geom, parts=[(part.use, part.geom) for part in place.parts], context=())
        )
        shown["picture"] = InlineImage(template, io.BytesIO(picture.png), width=Cm(picture.width_cm))
        shown["scale"] = formats.number(picture.scale)
    template.render(shown, autoescape=True)
    buffer = io.BytesIO()
    template.save(buffer)
    return repack_office_file(buffer.getvalue())


def _context(place: Placed, facts: Facts) -> dict[str, Any]:
    proposal = facts.proposal
    found = staked(facts.version, place.srid)
    return {
        "province": facts.province_text.upper(),
        "place": plain(proposal.unit.name),
        "code": proposal.code,
        "name": plain(proposal.name),
        "unit": facts.unit_text,
        "commune": f"Ủy ban nhân dân {proposal.unit.kind_name.lower()} {plain(proposal.unit.name)}",
        "applicant": plain(proposal.applicant.name) if proposal.applicant else _blank(),
        "decision": facts.decision_text,
        "draft": "" if facts.decided else "DỰ THẢO – chưa có quyết định, không dùng để cắm mốc",
        "version": facts.kind_text,
        "area_text": facts.area_text,
        "corners_count": str(facts.corners),
        "crs_text": facts.crs_text,
        "picture_crs": facts.crs_text,
        "markers": marker_rows(place),
        "staked": staking_rows(place, found),
        "instrument": found.instrument,
        "error": found.error,
        "geom_hash": facts.version.geom_hash,
        "address": facts.address,
    }


def marker_rows(place: Placed) -> list[dict[str, str]]:
    """Return the rows of the markers: every corner once, in the order of the corner table."""
    return [
        {
            "block": block.title,
            "number": str(corner.number),
            "x": formats.number(corner.x_m, 3),
            "y": formats.number(corner.y_m, 3),
            "side": formats.number(corner.side_m, 2),
        }
        for block, corner in place.corners
    ]


def _blank() -> str:
    return "...................."
