"""How does a file enter the procedure? Kind checked by name and content, size capped, hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from layers.errors import FormatRefused, InputRefused, LimitExceeded

MAX_BYTES = 50 * 1024 * 1024
_ZIPPED = b"PK\x03\x04"
BEGINS_WITH: dict[str, bytes] = {
    ".pdf": b"%PDF-",
    ".docx": _ZIPPED,
    ".xlsx": _ZIPPED,
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}


@dataclass(frozen=True)
class Received:
    """What is known about a received file; ``name`` is the one it came with, ``suffix`` in lower case."""

    name: str
    suffix: str
    sha256: str
    size: int


def receive(file: File[bytes], *, max_bytes: int = MAX_BYTES) -> Received:
    """Read *file* once and return its facts; it is rewound afterwards.

    Raises FormatRefused for a kind that is not accepted or does not match the content, LimitExceeded above
    *max_bytes*, InputRefused for an empty file.
    """
    name = PurePath(file.name or "").name[:200]
    suffix = PurePath(name).suffix.lower()
    if suffix not in BEGINS_WITH:
        raise FormatRefused(
            _("This kind of file is not accepted."),
            where=name,
            todo=_("Attach PDF, DOCX, XLSX, JPG or PNG."),
        )
    digest, size, head = hashlib.sha256(), 0, b""
    file.seek(0)
    for chunk in file.chunks():
        head = head or chunk[:16]
        size += len(chunk)
        if size > max_bytes:
            raise LimitExceeded(
                _("The file is larger than %(limit)d MB.") % {"limit": max_bytes // (1024 * 1024)},
                code="UPLOAD_TOO_LARGE",
                where=name,
                todo=_("Split it, or scan it with a lower resolution."),
            )
        digest.update(chunk)
    file.seek(0)
    if size == 0:
        raise InputRefused(_("The file is empty."), code="FILE_EMPTY", where=name, todo=_("Choose the file again."))
    if not head.startswith(BEGINS_WITH[suffix]):
        raise FormatRefused(
            _("The content of the file is not what its name says."),
            code="FORMAT_MISMATCH",
            where=name,
            todo=_("Save it again in the right format."),
        )
    return Received(name, suffix, digest.hexdigest(), size)


@contextmanager
def removed_on_failure() -> Iterator[list[FieldFile]]:
    """Give a list to put stored files in; they are removed from storage when the block fails."""
    stored: list[FieldFile] = []
    done = False
    try:
        yield stored
        done = True
    finally:
        if not done:
            for file in stored:
                if file.name:
                    file.storage.delete(file.name)
