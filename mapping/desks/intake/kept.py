"""Where do files from outside lie while they are looked at, and how long? In private storage under random names.

Nothing is opened here: the reader child does that.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet, Sum

from layers.errors import InputRefused, LimitExceeded
from layers.intake.parts import gather_parts
from layers.said import gettext as _
from mapping.desks.intake.models import OPEN, RUNNING, Arrival, ArrivalState

FOLDER = "arrivals"
BLOCK = 1 << 20
OPEN_FILES = 30
OPEN_BYTES = 500 * 1024 * 1024
# Written in docs/operators.md: a file nobody went on with is forgotten, its log line stays.
ABANDONED_AFTER = timedelta(days=30)


class QuotaExceeded(LimitExceeded):
    """Refuse another file while too many of the same holder wait."""

    status = 507
    default_code = "QUOTA_EXCEEDED"


def check_quota(own: QuerySet[Arrival], more: int) -> None:
    """Refuse *more* bytes when the waiting ones of *own* files are too many or too large together.

    Raises QuotaExceeded.
    """
    waiting = own.filter(state__in=OPEN)
    held = waiting.aggregate(bytes=Sum("size"))["bytes"] or 0
    if waiting.count() >= OPEN_FILES or held + more > OPEN_BYTES:
        raise QuotaExceeded(
            _("Too many of your files wait already."), todo=_("Take or give up some of them, then send this one again.")
        )


def check_link_is_free(own: QuerySet[Arrival]) -> None:
    """Refuse another file while one that came by the same link is being read or taken; raises QuotaExceeded."""
    if any(not arrival.is_stuck for arrival in own.filter(state__in=RUNNING).defer("picture", "facts")):
        raise QuotaExceeded(
            _("A file that came by this link is being read."),
            todo=_("Wait until it is read, then send this one again."),
        )


def replace_waiting(own: QuerySet[Arrival]) -> None:
    """Give up what waits by a link: it holds one file, the next one takes its place. The log stays."""
    for arrival in own.filter(state__in=OPEN):
        forget_files(arrival)
        arrival.move(ArrivalState.DROPPED, stored="", rejected="", facts={}, picture=None, answers={}, problem={})
        arrival.note("REPLACED")


def keep(files: Sequence[File[bytes]]) -> tuple[str, str, int, str]:
    """Store what was sent: one file as it is, the loose parts of one packed into one archive, untouched.

    Returns place in storage, name, size and SHA-256. Raises what `layers.intake.parts.gather_parts` raises.
    """
    if len(files) == 1:
        return _stored(files[0]), _name(files[0]), *_measured(files[0])
    with TemporaryDirectory(prefix="datnghe-arrival-") as name:
        folder, parts = Path(name), {}
        for number, file in enumerate(files):
            parts[f"{_name(file)}" if _name(file) not in parts else f"{number}/{_name(file)}"] = folder / str(number)
            with (folder / str(number)).open("wb") as part:
                for chunk in file.chunks(BLOCK):
                    part.write(chunk)
        packed = gather_parts(parts, folder)
        with packed.open("rb") as stream:
            whole = File(stream, name=packed.name)
            return _stored(whole), packed.name[:200], *_measured(whole)


def _name(file: File[bytes]) -> str:
    """Return the bare file name, whatever slashes a browser or a script put in."""
    return Path((file.name or "").replace("\\", "/")).name[:200] or "_"


def _stored(file: File[bytes]) -> str:
    file.seek(0)
    return default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", file)


def _measured(file: File[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    for chunk in file.chunks(BLOCK):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


@contextmanager
def local_copy(stored: str, filename: str = "") -> Iterator[Path]:
    """Give a stored file as a local path with the suffix of its own name, whatever the storage is."""
    if not stored or not default_storage.exists(stored):
        raise InputRefused(_("The file is not kept any more."), code="FILE_GONE", todo=_("Send it again."))
    with (
        default_storage.open(stored, "rb") as source,
        NamedTemporaryFile(prefix="datnghe-arrival-", suffix=Path(filename).suffix[:10]) as copy,
    ):
        while block := source.read(BLOCK):
            copy.write(block)
        copy.flush()
        yield Path(copy.name)


def forget_files(arrival: Arrival, *, rejected_too: bool = True) -> None:
    """Delete the kept files of an arrival; the row and its log stay."""
    for name in (arrival.stored, arrival.answers.get("about", {}).get("coverage_stored", "")):
        if name:
            default_storage.delete(name)
    arrival.stored = ""
    if rejected_too:
        forget_rejected(arrival)


def forget_rejected(arrival: Arrival) -> None:
    """Delete the kept rows that were not taken."""
    if arrival.rejected:
        default_storage.delete(arrival.rejected)
    arrival.rejected = ""


def clear_abandoned(now: datetime) -> int:
    """Forget the files nobody touched for `ABANDONED_AFTER`, and stored files no row knows; return how many."""
    old = Arrival.objects.filter(state__in=OPEN, changed_at__lt=now - ABANDONED_AFTER)
    cleared = 0
    for arrival in old:
        forget_files(arrival)
        arrival.move(ArrivalState.DROPPED, stored="", rejected="", facts={}, picture=None, answers={})
        arrival.note("ABANDONED", _("Nobody went on with it for 30 days; the file was deleted."))
        cleared += 1
    return cleared + _clear_strays(now)


def _clear_strays(now: datetime) -> int:
    """Delete stored files that no row names: a process was ended between storing and writing its row."""
    if not default_storage.exists(FOLDER):
        return 0
    known = set()
    for row in Arrival.objects.exclude(stored="").values("stored", "rejected", "answers__about__coverage_stored"):
        known |= {name for name in row.values() if name}
    known |= set(Arrival.objects.exclude(rejected="").values_list("rejected", flat=True))
    cleared = 0
    for name in default_storage.listdir(FOLDER)[1]:
        place = f"{FOLDER}/{name}"
        if place not in known and default_storage.get_modified_time(place) < now - timedelta(hours=1):
            default_storage.delete(place)
            cleared += 1
    return cleared
