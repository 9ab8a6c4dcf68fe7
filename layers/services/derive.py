"""How do parts and tiles come and go after promotion? Dropped some time after retirement, rebuilt on demand.

It never touches features: an old report finds the rows it was asked against for ever.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from layers.derived import build_derived, drop_derived
from layers.models import Edition, EditionStatus

# Long enough for the appeals and re-runs that follow a change of data; a rebuild costs seconds afterwards.
KEEP_AFTER_RETIREMENT = timedelta(days=90)


def rebuild_derived(edition: Edition) -> dict[str, int]:
    """Build parts and tiles of an edition anew; return rows per kind."""
    return build_derived(edition)


def ensure_derived(edition: Edition) -> Edition:
    """Build what questions run on (the parts) when it was dropped; return the edition as it stands then.

    Two at once build it once: the second waits for the row's lock and finds it done. Tiles are left to
    `rebuild_derived`: no question needs them.
    """
    if edition.parts_built:
        return edition
    with transaction.atomic():
        fresh = Edition.objects.select_for_update().defer("coverage").get(pk=edition.pk)
        if not fresh.parts_built:
            build_derived(fresh, only="parts")
    return fresh


def drop_old_derived(retired_before: date | None = None) -> int:
    """Drop what is derived from editions that retired before a day (90 days ago); return how many were slimmed."""
    day = retired_before or timezone.localdate() - KEEP_AFTER_RETIREMENT
    old = Edition.objects.filter(Q(parts_built=True) | Q(tiles_built=True), status=EditionStatus.RETIRED)
    slimmed = 0
    for edition in old.filter(retired_on__lt=day).defer("coverage"):
        drop_derived(edition)
        slimmed += 1
    return slimmed
