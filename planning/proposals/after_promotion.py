"""What follows when an edition became current? Live proposals are asked again; who gets another answer keeps it.

The owners see the kept run and its event on the file; nothing else is told or changed here.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from layers.batches.services import start_batch
from layers.errors import Conflict
from layers.models import Batch, Edition, EditionStatus
from planning.checks.basis import basis_on, basis_with
from planning.checks.types import Basis
from planning.proposals.freshness import freshness_between, latest_run, parts_of, subject_for
from planning.proposals.models import Proposal
from planning.proposals.services.recheck import LIVE_STATES, recheck
from planning.proposals.untouched import touched

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
    before = (
        Edition.objects.filter(layer__editions=edition_id, status=EditionStatus.RETIRED, number__lt=_number(edition_id))
        .order_by("-number")
        .values_list("pk", flat=True)
        .first()
    )
    return start_batch(KIND, {"edition": edition_id, "before": before}, chunks, title=title)


def _number(edition_id: int) -> int:
    return int(Edition.objects.values_list("number", flat=True).get(pk=edition_id))


def work(params: dict[str, Any], chunk: dict[str, Any]) -> dict[str, Any]:
    """Ask about the proposals of one chunk; the work function of the batch. Asking twice keeps one run.

    A proposal whose kept run asked the old edition and near which the two say the same would only hear it again.
    """
    against = basis_on(timezone.localdate())
    former = _former(params, against)
    kept: dict[str, str] = {}
    asked = 0
    proposals = Proposal.objects.filter(pk__in=chunk["proposals"]).select_related("current_version").order_by("pk")
    for proposal in proposals:
        if former is not None and _hears_the_same(proposal, former, against):
            continue
        asked += 1
        run = recheck(proposal, against)
        if run is not None:
            kept[proposal.code] = run.verdict
    return {"asked": asked, "untouched": len(chunk["proposals"]) - asked, "changed": kept}


def _former(params: dict[str, Any], against: Basis) -> Basis | None:
    """Return the basis before the promotion; None when the old edition cannot be compared any more."""
    if params.get("before") is None:
        return None
    try:
        return basis_with(against, editions=[params["before"]])
    except Conflict:  # its parts were dropped
        return None


def _hears_the_same(proposal: Proposal, former: Basis, against: Basis) -> bool:
    version = proposal.current_version
    run = latest_run(version) if version is not None else None
    if version is None or run is None:
        return False
    subject = subject_for(proposal, version.geom, parts_of(version))
    if not freshness_between(run, version, subject, former).fresh:
        return False
    changed = [code for code, edition in against.editions.items() if former.editions[code].id != edition.id]
    return not any(touched(subject, layer, former, against) for layer in changed)
