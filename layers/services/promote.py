"""How does a staged edition become the current one? In one transaction under a short lock on the layer.

Nothing is computed under the lock: parts and tiles were built while the edition was staged.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.derived import drop_derived
from layers.errors import Conflict, TransitionRefused
from layers.models import Edition, EditionStatus, Layer


def promote_edition(edition: Edition, *, on: date | None = None) -> Edition:
    """Make a staged edition the current one of its layer and retire its predecessor; return it refreshed.

    *on* is the day the predecessor stops answering (today when absent). Raises TransitionRefused when it is not staged,
    not built or not in effect yet, Conflict (EDITION_STALE) when a later edition is already current.
    """
    day = on or timezone.localdate()
    with transaction.atomic():
        Layer.objects.select_for_update().get(pk=edition.layer_id)
        fresh = Edition.objects.select_for_update().defer("coverage").get(pk=edition.pk)
        if fresh.status != EditionStatus.STAGED:
            raise TransitionRefused(_("This edition is not waiting to be promoted."), where=fresh.get_status_display())
        if not fresh.parts_built:
            raise TransitionRefused(
                _("This edition is not built yet."), todo=_("Wait until loading has finished, or rebuild it.")
            )
        if fresh.effective_from > day:  # the old edition would retire at once and leave the layer unanswered till then
            raise TransitionRefused(
                _("This edition takes effect on %(day)s.") % {"day": fresh.effective_from.strftime("%d/%m/%Y")},
                todo=_("Confirm it on that day or later."),
            )
        current = (
            Edition.objects.filter(layer_id=fresh.layer_id, status=EditionStatus.CURRENT).defer("coverage").first()
        )
        if current is not None and current.number > fresh.number:
            raise Conflict(
                _("A later edition of this layer is already current."),
                code="EDITION_STALE",
                where=f"{current.number} > {fresh.number}",
                todo=_("Load the file again if it is really newer."),
            )
        if current is not None:
            Edition.objects.filter(pk=current.pk).update(status=EditionStatus.RETIRED, retired_on=day)
        Edition.objects.filter(pk=fresh.pk).update(status=EditionStatus.CURRENT, promoted_at=timezone.now())
    edition.refresh_from_db()
    return edition


def discard_staged(edition: Edition) -> None:
    """Delete a staged edition with everything built from it; a promoted one is refused."""
    with transaction.atomic():
        fresh = Edition.objects.select_for_update().defer("coverage").get(pk=edition.pk)
        if fresh.status != EditionStatus.STAGED:
            raise TransitionRefused(_("A promoted edition is kept."), where=fresh.get_status_display())
        drop_derived(fresh)
        fresh.delete()
