"""How is the use of a survey link put on record? One append-only row per use, also of a link that is dead.

Nobody who asks with a token that is not ours is recorded: there is no order to record it of.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import Gone, TooManyRequests
from planning.people.services import record_event
from planning.proposals.models import SurveyOrder, SurveyUse, UseKind
from planning.proposals.survey_links import DEAD, order_of, require_alive, require_downloads

# A link is a page and a file for one team: more than this in a minute is a machine.
USES_PER_MINUTE = 60


def open_survey_link(token: str, *, what: str = "", again: bool = False, to_download: bool = False) -> SurveyOrder:
    """Return the order *token* leads to and record that it was opened; *what* names the page.

    *again*: a page that was opened before asks by itself how far things are, which is no use of the link.
    *to_download*: the package is wanted, of which downloads must be left.
    Raises NotFound for a token that is not ours; Gone when the link was revoked, expired or used up (recorded as such);
    TooManyRequests above `USES_PER_MINUTE` (not recorded, so that nobody fills the log with one link).
    """
    order = order_of(token)
    _require_pace(order)
    try:
        require_alive(order)
        if to_download:
            require_downloads(order)
    except Gone as gone:
        record_survey_use(order, DEAD[gone.code], what=what)
        raise
    if not again:
        record_survey_use(order, UseKind.OPENED, what=what)
    return order


def record_survey_download(order: SurveyOrder, *, what: str, sha256: str) -> SurveyUse:
    """Record one download by the link of *order*: *what* was sent and its hash. There is no actor: the link is the key.

    Raises Gone when the link was revoked, expired or used up meanwhile; the try is recorded, the count never exceeded.
    """
    try:
        with transaction.atomic():
            locked = SurveyOrder.objects.select_for_update(of=("self",)).select_related("proposal").get(pk=order.pk)
            require_alive(locked)
            require_downloads(locked)
            use = record_survey_use(locked, UseKind.DOWNLOADED, what=what, sha256=sha256)
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
    except Gone as gone:
        record_survey_use(order, DEAD[gone.code], what=what)
        raise
    return use


def record_survey_use(order: SurveyOrder, kind: UseKind, *, what: str = "", sha256: str = "") -> SurveyUse:
    """Write one row about the use of a link."""
    return SurveyUse.objects.create(order=order, kind=kind, what=what[:60], sha256=sha256)


def _require_pace(order: SurveyOrder) -> None:
    since = timezone.now() - timedelta(minutes=1)
    if order.uses.filter(at__gt=since).count() >= USES_PER_MINUTE:
        raise TooManyRequests(
            _("This survey link is asked too often."), where=order.proposal.code, todo=_("Wait a minute and try again.")
        )
