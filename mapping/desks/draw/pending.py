"""Where does an uploaded boundary file wait while a person looks at it? In private storage, named in the session.

Nothing of it is in the books before it is confirmed; a file that is never confirmed is replaced by the next one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.errors import LimitExceeded

MAX_BYTES = 50 * 1024 * 1024
FOLDER = "pending"


@dataclass(frozen=True)
class Pending:
    """One waiting file: its name in storage, the name the person knows, the chosen layer."""

    stored: str
    filename: str
    layer: str = ""


def keep(request: HttpRequest, code: str, file: File[bytes]) -> Pending:
    """Store *file* for the proposal *code*; an older waiting file of this session is removed."""
    if (file.size or 0) > MAX_BYTES:
        raise LimitExceeded(_("The file is over 50 MB."), code="UPLOAD_TOO_LARGE", todo=_("Split or simplify it."))
    forget(request, code)
    filename = Path(file.name or "").name[:200]
    stored = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", file)
    return remember(request, code, Pending(stored, filename))


def remember(request: HttpRequest, code: str, pending: Pending) -> Pending:
    """Write the waiting file into the session."""
    request.session[_key(code)] = asdict(pending)
    return pending


def waiting(request: HttpRequest, code: str) -> Pending | None:
    """Return the waiting file of this session, when it is still in storage."""
    data = request.session.get(_key(code))
    if not data or not default_storage.exists(data["stored"]):
        return None
    return Pending(**data)


def forget(request: HttpRequest, code: str) -> None:
    """Remove the waiting file."""
    data = request.session.pop(_key(code), None)
    if data:
        default_storage.delete(data["stored"])


@contextmanager
def local_copy(pending: Pending) -> Iterator[Path]:
    """Give the waiting file as a local path, with the suffix of its own name, whatever the storage is."""
    with (
        default_storage.open(pending.stored, "rb") as source,
        NamedTemporaryFile(suffix=Path(pending.filename).suffix) as copy,
    ):
        for chunk in source.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _key(code: str) -> str:
    return f"upload.{code}"
