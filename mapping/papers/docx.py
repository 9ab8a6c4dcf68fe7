"""How does a kept version become a paper to sign? Fills the office's DOCX template; every paper is kept with its hash.

It decides nothing and computes nothing: figures are those stored with the version and its check run.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from layers.errors import NotFound
from mapping import formats
from mapping.papers.archive import repack_office_file
from mapping.papers.map_picture import PictureContent, context_of, draw_picture
from mapping.papers.office_templates import BUILT_IN
from mapping.papers.paper_context import paper_context
from planning.people.models import User
from planning.proposals.models import CheckRun, Paper, PaperKind, Proposal, ZoneVersion
from planning.proposals.services import record_paper

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class RenderedPaper:
    """A finished paper: bytes, file name, and the row it is kept under."""

    content: bytes
    filename: str
    paper: Paper


def template_path(kind: str) -> Path:
    """Return the office's own template when it keeps one in ``MEDIA_ROOT/office``, else the built-in one."""
    own = Path(settings.MEDIA_ROOT) / "office" / f"{kind}.docx"
    return own if own.exists() else BUILT_IN / f"{kind}.docx"


def render_paper(actor: User, proposal: Proposal, version: ZoneVersion, kind: str) -> RenderedPaper:
    """Render the paper *kind* about *version* and keep it. The caller has fetched both as visible to *actor*.

    Raises NotFound when the version has no stored check run or the kind is unknown.
    """
    if kind not in PaperKind.values:
        raise NotFound(_("This kind of paper is not in the list."), code="PAPER_KIND", where=kind[:40])
    run = version.check_runs.prefetch_related("findings").first()
    if run is None:
        raise NotFound(
            _("This version has no stored check report yet."),
            where=proposal.code,
            todo=_("Keep the version again; the report is made with it."),
        )
    with translation.override("vi"):
        content = _render(proposal, version, run, kind)
    paper = record_paper(actor, proposal, kind=kind, version=version, content=content)
    return RenderedPaper(content, f"{kind}-{proposal.code}-lan-{version.number}.docx", paper)


def _render(proposal: Proposal, version: ZoneVersion, run: CheckRun, kind: str) -> bytes:
    from docx.shared import Cm
    from docxtpl import DocxTemplate, InlineImage

    template = DocxTemplate(str(template_path(kind)))
    picture = draw_picture(
        PictureContent(
            zone=version.geom,
            parts=[(part.use, part.geom) for part in version.parts.all()]
            if kind == PaperKind.SUBMISSION_LETTER
            else [],
            pieces=[
                (finding.severity, finding.piece)
                for finding in run.findings.all()
                if finding.piece is not None and kind == PaperKind.CHECK_REPORT
            ],
            context=context_of(version.geom),
        )
    )
    context = paper_context(proposal, version, run)
    context["picture"] = InlineImage(template, io.BytesIO(picture.png), width=Cm(picture.width_cm))
    context["scale"] = formats.number(picture.scale)
    template.render(context, autoescape=True)
    buffer = io.BytesIO()
    template.save(buffer)
    return repack_office_file(buffer.getvalue())
