"""How does a kept report leave the house? As PDF, CSV, JSON and GeoPackage: attachments, ASCII names, never cached.

It makes no file itself; `mapping.papers` does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.errors import NotFound
from mapping.desks.report.door import visible_report
from mapping.desks.report.jobs import draw_pdf, kept_pdf
from mapping.papers.archive import sha256_of
from mapping.papers.report_csv import report_csv
from mapping.papers.report_gpkg import report_gpkg
from mapping.papers.report_pdf import report_sheets
from mapping.papers.report_record import report_json
from planning.proposals.models import CheckRun
from planning.proposals.queries import report_number


@dataclass(frozen=True)
class Kind:
    """One kind of file: *code* in the address and as suffix, *name*, content type, maker (run, permanent address).

    A kind without a maker is the PDF, which may be left to the worker.
    """

    code: str
    name: str
    content_type: str
    make: Callable[[CheckRun, str], bytes] | None


# A drawing that failed is asked for again after this many seconds.
ASK_AGAIN_S = 120
KINDS = (
    Kind("pdf", "PDF", "application/pdf", None),
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
    address = request.build_absolute_uri(reverse("report:page", args=[report_number(run)]))
    content = wanted.make(run, address) if wanted.make is not None else _pdf(run, address)
    if content is None:
        return _come_back(request, run)
    response = HttpResponse(content, content_type=wanted.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(run)}.{wanted.code}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["ETag"] = f'"{sha256_of(content)}"'
    return response


def _pdf(run: CheckRun, address: str) -> bytes | None:
    """Return the PDF, or None when it is large and the worker is still drawing it."""
    sheets = report_sheets(run, address)
    if not sheets.heavy:
        return sheets.pdf()
    kept = kept_pdf(run.pk, sheets.key)
    if kept is None and cache.add(f"report-pdf:{sheets.key}", 1, timeout=ASK_AGAIN_S):
        draw_pdf.enqueue(run.pk, address)
    return kept


def _come_back(request: HttpRequest, run: CheckRun) -> HttpResponse:
    response = render(request, "report/waiting.html", {"number": report_number(run), "run": run}, status=202)
    response.headers["Refresh"] = "3"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def file_name(run: CheckRun) -> str:
    """Return an ASCII file name without suffix: code, version, day and number of the run."""
    code = slugify(run.version.proposal.code) or f"ho-so-{run.version.proposal_id}"
    return f"ra-soat-{code}-lan-{run.version.number}-{timezone.localtime(run.at):%Y%m%d}-{run.pk}"
