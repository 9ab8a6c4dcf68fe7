"""How does a kept report leave the house? As PDF, CSV, JSON and GeoPackage: attachments, ASCII names, never cached.

It makes no file itself; `mapping.papers` does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.errors import NotFound
from mapping.desks.report.door import visible_report
from mapping.papers.archive import sha256_of
from mapping.papers.report_csv import report_csv
from mapping.papers.report_gpkg import report_gpkg
from mapping.papers.report_pdf import report_pdf
from mapping.papers.report_record import report_json
from planning.proposals.models import CheckRun
from planning.proposals.queries import report_number


@dataclass(frozen=True)
class Kind:
    """One kind of file: *code* in the address and as suffix, *name*, content type, maker (run, permanent address)."""

    code: str
    name: str
    content_type: str
    make: Callable[[CheckRun, str], bytes]


KINDS = (
    Kind("pdf", "PDF", "application/pdf", report_pdf),
    Kind("csv", "CSV", "text/csv; charset=utf-8", lambda run, _address: report_csv(run)),
    Kind("json", "JSON", "application/json", report_json),
    Kind("gpkg", "GeoPackage", "application/geopackage+sqlite3", lambda run, _address: report_gpkg(run)),
)


@require_safe
def download(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Send the report as a file of *kind*."""
    _user, run = visible_report(request, number)
    wanted = next((each for each in KINDS if each.code == kind), None)
    if wanted is None:
        raise NotFound(_("A report is not offered in this format."), code="REPORT_KIND", where=kind[:20])
    content = wanted.make(run, request.build_absolute_uri(reverse("report:page", args=[report_number(run)])))
    response = HttpResponse(content, content_type=wanted.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(run)}.{wanted.code}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["ETag"] = f'"{sha256_of(content)}"'
    return response


def file_name(run: CheckRun) -> str:
    """Return an ASCII file name without suffix: code, version, day and number of the run."""
    code = slugify(run.version.proposal.code) or f"ho-so-{run.version.proposal_id}"
    return f"ra-soat-{code}-lan-{run.version.number}-{timezone.localtime(run.at):%Y%m%d}-{run.pk}"
