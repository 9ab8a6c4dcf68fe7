"""Where do measurements wait while the team looks at where they land? In private storage, named in a signed field.

There is no account and no session: what the page carries back is signed for this order and lives a day. An order holds
one waiting file; the next one takes its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core import signing
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from layers.errors import InputRefused, LimitExceeded
from layers.intake.limits import UPLOAD_BYTES
from planning.proposals.models import SurveyOrder

FOLDER = "survey-waiting"
LIVES_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Held:
    """One waiting file: its name in storage and on the team's disk, its hash, how it was measured, how to read it.

    *layer*, *units* and *close_m* are answers to questions about the file; empty and 0 as long as none was asked.
    """

    stored: str
    filename: str
    sha256: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    layer: str = ""
    units: str = ""
    close_m: float = 0.0


def keep(order: SurveyOrder, file: File[bytes], facts: Mapping[str, Any]) -> Held:
    """Store *file* as the one that waits for *order*. Raises LimitExceeded above 50 MB."""
    if (file.size or 0) > UPLOAD_BYTES:
        raise LimitExceeded(_("The file is over 50 MB."), code="UPLOAD_TOO_LARGE", todo=_("Split or simplify it."))
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    forget(order)
    stored = default_storage.save(f"{FOLDER}/{order.pk}/{digest.hexdigest()}", file)
    return Held(stored, Path(file.name or "").name[:200], digest.hexdigest(), dict(facts))


def forget(order: SurveyOrder) -> None:
    """Remove what waits for *order*."""
    folder = f"{FOLDER}/{order.pk}"
    if default_storage.exists(folder):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")


def sealed(order: SurveyOrder, held: Held) -> str:
    """Return what the page carries back about a waiting file."""
    return signing.dumps(asdict(held), salt=_salt(order), compress=True)


def opened(order: SurveyOrder, text: str) -> Held:
    """Return the waiting file a page carried back. Raises InputRefused when it is not ours, too old, or replaced."""
    try:
        held = Held(**signing.loads(text, salt=_salt(order), max_age=LIVES_SECONDS))
    except (signing.BadSignature, TypeError) as error:
        raise _replaced() from error
    if not default_storage.exists(held.stored):
        raise _replaced()
    return held


@contextmanager
def local_copy(held: Held) -> Iterator[Path]:
    """Give the waiting file as a local path with the suffix of its own name, whatever the storage is."""
    with (
        default_storage.open(held.stored, "rb") as source,
        NamedTemporaryFile(suffix=Path(held.filename).suffix) as copy,
    ):
        for chunk in source.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _salt(order: SurveyOrder) -> str:
    return f"mapping.desks.survey.held.{order.pk}"


def _replaced() -> InputRefused:
    return InputRefused(
        _("The file that was being looked at is not here any more."),
        code="FILE_REPLACED",
        todo=_("Choose the file again."),
    )
