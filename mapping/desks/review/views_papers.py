"""How do papers and attachments leave the file? Always as attachments from their own path, never rendered inline.

It makes no paper itself; `mapping.papers` does.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TypeVar
from urllib.parse import quote

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.errors import NotFound
from mapping.desks.review.door import visible_proposal
from mapping.papers.docx import DOCX_TYPE, render_paper
from planning.proposals.models import Decision, DossierItem
from planning.proposals.queries import dispute_for, shown_version

Answer = TypeVar("Answer", bound=HttpResponseBase)


@require_safe
def paper(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Render a paper about the version this person sees, keep it, and send it."""
    user, proposal = visible_proposal(request, code)
    version = shown_version(user, proposal)
    if version is None:
        raise NotFound(
            _("No boundary version is kept yet."),
            where=proposal.code,
            todo=_("Keep a version first; papers are about it."),
        )
    rendered = render_paper(user, proposal, version, kind)
    response = HttpResponse(rendered.content, content_type=DOCX_TYPE)
    return as_attachment(response, rendered.filename)


@require_safe
def dossier_item(request: HttpRequest, code: str, item: int) -> HttpResponseBase:
    """Send the file of a dossier item."""
    _user, proposal = visible_proposal(request, code)
    row = DossierItem.objects.filter(pk=item, proposal=proposal).first()
    if row is None:
        raise NotFound(_("There is no such dossier item."), where=proposal.code)
    return send_file(row.file, row.original_name)


@require_safe
def dispute_file(request: HttpRequest, code: str, dispute: int) -> HttpResponseBase:
    """Send the file of a disagreement."""
    user, proposal = visible_proposal(request, code)
    row = dispute_for(user, proposal, dispute)
    return send_file(row.file, row.file_name)


@require_safe
def decision_file(request: HttpRequest, code: str, decision: int) -> HttpResponseBase:
    """Send the scanned decision."""
    _user, proposal = visible_proposal(request, code)
    row = Decision.objects.filter(pk=decision, proposal=proposal).first()
    if row is None:
        raise NotFound(_("There is no such decision."), where=proposal.code)
    return send_file(row.file, f"quyet-dinh-{proposal.code}{PurePath(row.file.name or '').suffix}")


def send_file(file: FieldFile, name: str) -> HttpResponseBase:
    """Send a stored file. Raises NotFound when the store has lost it."""
    if not file or not file.storage.exists(file.name or ""):
        raise NotFound(_("The file is not in the store."), where=name, todo=_("Tell the administrator."))
    return as_attachment(FileResponse(file.open("rb"), content_type="application/octet-stream"), name)


def as_attachment(response: Answer, name: str) -> Answer:
    """Make *response* a download that no browser opens, caches or sniffs at."""
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
