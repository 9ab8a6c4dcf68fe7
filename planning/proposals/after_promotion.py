"""What follows when an edition became current? Every live proposal is asked again; who gets another answer keeps it.

The owners see the kept run and its event on the file; nothing else is told or changed here.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from layers.batches.services import start_batch
from layers.models import Batch
from planning.checks.basis import basis_on
from planning.proposals.models import Proposal
from planning.proposals.services.recheck import LIVE_STATES, recheck

KIND = "edition_recheck"
# A chunk holds the rows of its proposals: a quarter of a second, far below the time people wait for a lock.
CHUNK = 20


def start_recheck(edition_id: int, title: str = "") -> Batch:
    """Start asking every live proposal again after *edition_id* was promoted; return the batch."""
    keys = list(
        Proposal.objects.filter(current_version__isnull=False, state__in=LIVE_STATES)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    chunks = [{"proposals": keys[start : start + CHUNK]} for start in range(0, len(keys), CHUNK)]
    return start_batch(KIND, {"edition": edition_id}, chunks, title=title)


def work(params: dict[str, Any], chunk: dict[str, Any]) -> dict[str, Any]:
    """Ask about the proposals of one chunk; the work function of the batch. Asking twice keeps one run."""
    against = basis_on(timezone.localdate())
    kept = {}
    for proposal in Proposal.objects.filter(pk__in=chunk["proposals"]).order_by("pk"):
        run = recheck(proposal, against)
        if run is not None:
            kept[proposal.code] = run.verdict
    return {"asked": len(chunk["proposals"]), "changed": kept}
