"""Which work of the report desk runs in the worker? Drawing a large PDF, kept under its hash, and clearing old ones.

A file kept here holds nothing that the run does not: deleting the folder costs only time.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks import task

from mapping.papers.report_pdf import report_sheets
from planning.proposals.models import CheckRun
from planning.proposals.queries import runs_referred_to

FOLDER = "reports"
# How long a drawn report is kept that no submission, appraisal, decision or accepted survey refers to.
KEPT_FOR = timedelta(days=30)
_NAME = re.compile(r"([1-9][0-9]{0,17})-[0-9a-f]{64}\.pdf")


@task()
def draw_pdf(run_id: int, address: str) -> str:
    """Draw the PDF of a run and keep it; drawing twice keeps one file. Return the key it is kept under."""
    sheets = report_sheets(CheckRun.objects.select_related("version__proposal", "by").get(pk=run_id), address)
    name = _name(run_id, sheets.key)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(sheets.pdf()))
    clear_pdfs.enqueue()
    return sheets.key


@task()
def clear_pdfs() -> int:
    """Delete drawn reports that nobody needs any more; return how many. Every drawing is an occasion."""
    return clear_kept_pdfs(timezone.now())


def kept_pdf(run_id: int, key: str) -> bytes | None:
    """Return the PDF of a run kept under *key*, or None while there is none."""
    name = _name(run_id, key)
    if not default_storage.exists(name):
        return None
    with default_storage.open(name, "rb") as kept:
        content: bytes = kept.read()
    return content


def clear_kept_pdfs(now: datetime) -> int:
    """Delete drawn reports older than 30 days whose run nothing of the procedure refers to; return how many.

    Whoever asks for one of them again waits for its drawing: nothing is lost but time.
    """
    if not default_storage.exists(FOLDER):
        return 0
    old = [
        each
        for each in default_storage.listdir(FOLDER)[1]
        if default_storage.get_modified_time(f"{FOLDER}/{each}") < now - KEPT_FOR
    ]
    runs = {each: int(match[1]) for each in old if (match := _NAME.fullmatch(each))}
    needed = runs_referred_to(runs.values())
    cleared = [each for each in old if runs.get(each) not in needed]
    for each in cleared:
        default_storage.delete(f"{FOLDER}/{each}")
    return len(cleared)


def _name(run_id: int, key: str) -> str:
    return f"{FOLDER}/{run_id}-{key}.pdf"
