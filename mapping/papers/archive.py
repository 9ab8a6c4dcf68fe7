"""How are files packed so that the same content gives the same bytes? With a fixed clock, and a manifest of hashes.

It reads no archive from outside; `layers.intake` does that behind its gate.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Mapping

_CLOCK = (1980, 1, 1, 0, 0, 0)
MANIFEST = "MANIFEST.sha256"


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of *content* as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def manifest_of(files: Mapping[str, bytes], notes: Iterable[str] = ()) -> bytes:
    """Write a manifest that ``sha256sum -c`` can check; it passes over *notes*, which stand above as comments."""
    lines = [f"# {note}\n" for note in notes]
    lines += [f"{sha256_of(content)}  {name}\n" for name, content in sorted(files.items())]
    return "".join(lines).encode()


def pack(files: Mapping[str, bytes]) -> bytes:
    """Zip *files* in name order with a fixed clock, so that equal content gives equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _CLOCK)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def repack_office_file(content: bytes) -> bytes:
    """Give an XLSX or DOCX file a fixed clock inside and out; office libraries stamp the moment of writing."""
    files: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            files[name] = archive.read(name)
    core = files.get("docProps/core.xml")
    if core is not None:
        stamp = rb"\g<1>1980-01-01T00:00:00Z\g<2>"
        files["docProps/core.xml"] = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)", stamp, core)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        # the content types come first, as the Open Packaging Conventions recommend
        for name in sorted(files, key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _CLOCK)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return buffer.getvalue()
