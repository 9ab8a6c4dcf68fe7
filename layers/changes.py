"""What changes when an edition replaces the current one? Counts and ground gained or lost; it never writes.

It compares parts of changed features only, but may still take seconds on a large layer: jobs and commands call it.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from layers.models import Edition, EditionStatus


def changes_against_current(edition: Edition) -> dict[str, Any]:
    """Compare an edition with its layer's current one; areas in m² and ha, lines in m. Empty when there is none."""
    current = (
        Edition.objects.filter(layer_id=edition.layer_id, status=EditionStatus.CURRENT).exclude(pk=edition.pk).first()
    )
    return changes_between(edition, current) if current is not None else {}


def changes_between(new: Edition, old: Edition) -> dict[str, Any]:
    """Compare two editions of one layer: unchanged, added, removed, relabelled features; what only one of them has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unchanged, added, removed, relabelled, gained, lost FROM layers_edition_changes(%s, %s)",
            [new.pk, old.pk],
        )
        unchanged, added, removed, relabelled, gained, lost = cursor.fetchone()
    result: dict[str, Any] = {
        "against": old.pk,
        "against_number": old.number,
        "unchanged": unchanged,
        "added": added,
        "removed": removed,
        "relabelled": relabelled,
    }
    if new.layer.geometry_kind == "polygon":
        result |= {"gained_ha": round(gained / 10_000, 2), "lost_ha": round(lost / 10_000, 2)}
        result["changed_ha"] = round((gained + lost) / 10_000, 2)
    elif new.layer.geometry_kind == "line":
        result |= {"gained_m": round(gained, 1), "lost_m": round(lost, 1)}
    return result
