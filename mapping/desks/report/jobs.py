"""Which work of the report desk runs in the worker? Drawing a large PDF, kept under the hash of what it is drawn from.

A file kept here holds nothing that the run does not: deleting the folder costs only time.
"""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django_tasks import task

from mapping.papers.report_pdf import report_sheets
from planning.proposals.models import CheckRun


@task()
def draw_pdf(run_id: int, address: str) -> str:
    """Draw the PDF of a run and keep it; drawing twice keeps one file. Return the key it is kept under."""
    sheets = report_sheets(CheckRun.objects.select_related("version__proposal", "by").get(pk=run_id), address)
    name = _name(sheets.key)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(sheets.pdf()))
    return sheets.key


def kept_pdf(key: str) -> bytes | None:
    """Return the PDF kept under *key*, or None while there is none."""
    name = _name(key)
    if not default_storage.exists(name):
        return None
    with default_storage.open(name, "rb") as kept:
        content: bytes = kept.read()
    return content


def _name(key: str) -> str:
    return f"reports/{key}.pdf"
