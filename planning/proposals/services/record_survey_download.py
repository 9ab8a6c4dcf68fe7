"""How is a download of the survey package put on record? One append-only row per use, counted under a lock."""

from __future__ import annotations

from django.db import transaction

from planning.people.services import record_event
from planning.proposals.models import SurveyDownload, SurveyOrder
from planning.proposals.survey_links import require_alive


def record_survey_download(order: SurveyOrder, *, what: str, sha256: str) -> SurveyDownload:
    """Record one use of the link of *order*: *what* was sent and its hash. There is no actor: the link is the key.

    Raises Gone when the link was revoked, expired or used up meanwhile.
    """
    with transaction.atomic():
        locked = SurveyOrder.objects.select_for_update(of=("self",)).select_related("proposal").get(pk=order.pk)
        require_alive(locked)
        download = SurveyDownload.objects.create(order=locked, what=what[:60], sha256=sha256)
        record_event(
            None,
            "download_survey_package",
            locked.proposal,
            {
                "actor_name": locked.team,
                "code": locked.proposal.code,
                "order": locked.pk,
                "what": what,
                "sha256": sha256,
            },
        )
    return download
