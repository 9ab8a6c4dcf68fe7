"""Which cells of old screenings may go? Those that a newer screening has overtaken; what it said in all stays.

It never clears the newest screening of its cells, one that still holds, or one that is under way.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from layers.models import BatchState
from planning.people.services import record_event
from planning.proposals.models import Screening, ScreeningCell, ScreeningSum
from planning.proposals.sites.ranking import is_outdated

# How long the cells of an overtaken screening are kept; a screening in cells of 1 ha holds about 130 MB.
KEPT_FOR = timedelta(days=90)


def clear_screenings(now: datetime) -> int:
    """Clear the cells of screenings that are older than 90 days and overtaken; return how many screenings.

    Overtaken: rules or editions are others today, and a newer one of the same cells is done. Who looks at a cleared
    screening reads the hectares by class and the day; screening again costs a minute. Each one is an event.
    """
    old = Screening.objects.filter(cleared_at=None, created_at__lt=now - KEPT_FOR).exclude(
        batch__state=BatchState.RUNNING
    )
    return sum(_clear(screening, now) for screening in old.order_by("created_at", "pk") if _overtaken(screening))


def _overtaken(screening: Screening) -> bool:
    newer = Screening.objects.filter(
        shape=screening.shape, cell_ha=screening.cell_ha, created_at__gt=screening.created_at,
        batch__state=BatchState.DONE, cleared_at=None,
    )  # fmt: skip
    return newer.exists() and is_outdated(screening)


def _clear(screening: Screening, now: datetime) -> int:
    with transaction.atomic():
        row = Screening.objects.select_for_update(of=("self",)).select_related("batch").get(pk=screening.pk)
        if row.cleared_at is not None or (row.batch is not None and row.batch.state == BatchState.RUNNING):
            return 0  # somebody else did, or it was resumed meanwhile
        cells, _each = ScreeningCell.objects.filter(screening=row).delete()
        ScreeningSum.objects.filter(screening=row).delete()
        row.cleared_at = now
        row.save(update_fields=["cleared_at"])
        record_event(None, "clear_screening", row, {"cells": cells, "cell_ha": row.cell_ha, "shape": row.shape})
    return 1
