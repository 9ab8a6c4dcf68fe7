"""How does a sent file become a row on its way? Stored under a random name, written down, given to reading.

It reads nothing itself and asks nobody; which form was filled in is the page's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.base import File
from django.db import transaction

from layers.intake.archive import unpacked_bytes
from layers.intake.refusals import spoken
from layers.said import join
from mapping import formats
from mapping.desks.intake import kept
from mapping.desks.intake.door import Holder
from mapping.desks.intake.figures import number
from mapping.desks.intake.flow import INLINE_BYTES
from mapping.desks.intake.jobs import clear_up, start
from mapping.desks.intake.models import OPEN, Arrival, ArrivalState
from mapping.desks.intake.purposes.base import Purpose


def receive(
    holder: Holder,
    purpose: Purpose,
    target: str,
    files: Sequence[File[bytes]],
    *,
    about: forms.Form | None,
    sender: str,
) -> Arrival:
    """Keep *files* for a purpose with what *about* (valid) says, and begin to read them; return the row.

    By a link one file waits at a time: the next one takes its place. Raises LimitExceeded when too many wait already,
    and what `kept.keep` refuses.
    """
    own = holder.arrivals()
    if holder.by_link:
        kept.check_link_is_free(own)
    else:
        kept.check_quota(own, sum(file.size for file in files))
    stored, filename, size, sha256 = kept.keep(files)
    said: dict[str, Any] = {}
    if about is not None:
        named, said = purpose.about(about)
        target = named or target
        cover = about.cleaned_data.get("coverage_file")
        if cover is not None and said.get("coverage") == "file":
            said["coverage_stored"] = kept.keep([cover])[0]
            said["coverage_filename"] = Path(cover.name or "").name[:200]
    with transaction.atomic():
        if holder.by_link:
            kept.replace_waiting(own)
        arrival = Arrival.objects.create(
            person=holder.person,
            order=holder.order,
            purpose=purpose.key,
            target=target,
            sender=" ".join(sender.split()),
            filename=filename,
            stored=stored,
            size=size,
            sha256=sha256,
            answers={"about": said},
            facts={**_duplicate(purpose, target, sha256), **_unpacked(stored, filename, size)},
        )
        arrival.note("SENT", join(" ", [number(size), "B"]), holder.person)
        if "duplicate" in arrival.facts:
            arrival.note("DUPLICATE_UPLOAD", spoken("DUPLICATE_UPLOAD", {})[0], holder.person)
        transaction.on_commit(clear_up.enqueue)
    start(arrival)
    return arrival


def _unpacked(stored: str, filename: str, size: int) -> dict[str, int]:
    """Return what a small archive unpacks to when that is too much for a page to wait for."""
    if size > INLINE_BYTES:
        return {}
    with kept.local_copy(stored, filename) as path:
        unpacked = unpacked_bytes(path)
    return {"unpacked": unpacked} if unpacked > INLINE_BYTES else {}


def _duplicate(purpose: Purpose, target: str, sha256: str) -> dict[str, Any]:
    """Return when the very same file came for the very same thing before, if it was taken or still waits."""
    before = (
        Arrival.objects.filter(purpose=purpose.key, target=target, sha256=sha256)
        .filter(state__in=[*OPEN, ArrivalState.TAKEN])
        .order_by("-created_at")
        .values("created_at", "state", "filename")
        .first()
    )
    if before is None:
        return {}
    return {
        "duplicate": {
            "at": formats.moment(before["created_at"]),
            "taken": before["state"] == ArrivalState.TAKEN,
            "filename": before["filename"],
        }
    }
