"""Are drawn reports cleared when nobody needs them, and never those that the procedure refers to?"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from mapping.desks.report import jobs
from planning.proposals.models import CheckRun, Proposal
from planning.proposals.queries import runs_referred_to
from tests.proposals.plans import Plans

pytestmark = pytest.mark.django_db
KEY = "a" * 64
NOW = timezone.now()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def drawn(media: Path, name: str, *, days: float) -> str:
    """Keep a drawn report that is *days* old."""
    kept = default_storage.save(f"{jobs.FOLDER}/{name}", ContentFile(b"%PDF"))
    old = (NOW - timedelta(days=days)).timestamp()
    os.utime(media / kept, (old, old))
    return kept


def run_of(proposal: Proposal) -> CheckRun:
    return CheckRun.objects.filter(version__proposal=proposal).latest("pk")


@pytest.mark.parametrize(("days", "there"), [(29, True), (31, False)])
def test_a_report_nobody_refers_to_goes_after_thirty_days(plans: Plans, media: Path, days: float, there: bool) -> None:
    name = drawn(media, f"{run_of(plans.ready()).pk}-{KEY}.pdf", days=days)
    assert jobs.clear_kept_pdfs(NOW) == (0 if there else 1)
    assert default_storage.exists(name) is there
    assert jobs.clear_kept_pdfs(NOW) == 0


@pytest.mark.parametrize("state", ["submitted", "appraised", "approved"])
def test_a_report_the_procedure_refers_to_stays(plans: Plans, media: Path, state: str) -> None:
    proposal = plans.in_state(state)
    run = CheckRun.objects.filter(version=proposal.current_version).earliest("pk")
    assert runs_referred_to([run.pk]) == {run.pk}
    name = drawn(media, f"{run.pk}-{KEY}.pdf", days=4_000)
    assert jobs.clear_kept_pdfs(NOW) == 0
    assert default_storage.exists(name)


def test_files_without_a_run_go_by_their_age(media: Path, db: None) -> None:
    drawn(media, f"{KEY}.pdf", days=31)  # as they were named before
    drawn(media, f"7-{KEY}.pdf", days=31)  # of a run that is not there
    fresh = drawn(media, f"8-{KEY}.pdf", days=1)
    assert jobs.clear_kept_pdfs(NOW) == 2
    assert default_storage.exists(fresh)


def test_nothing_was_ever_drawn(db: None) -> None:
    assert jobs.clear_kept_pdfs(NOW) == 0


def test_a_cleared_report_is_drawn_again(plans: Plans, media: Path) -> None:
    run = run_of(plans.ready())
    key = jobs.draw_pdf.func(run.pk, "https://example.org/")
    (name,) = [f"{jobs.FOLDER}/{each}" for each in default_storage.listdir(jobs.FOLDER)[1]]
    before = jobs.kept_pdf(run.pk, key)
    old = (NOW - timedelta(days=31)).timestamp()
    os.utime(media / name, (old, old))
    assert jobs.clear_pdfs.func() == 1
    assert jobs.kept_pdf(run.pk, key) is None
    assert jobs.draw_pdf.func(run.pk, "https://example.org/") == key
    assert jobs.kept_pdf(run.pk, key) == before
