"""Of what kind is this file, by its name and by its first bytes, and do the two agree? Nothing is parsed here."""

from __future__ import annotations

from pathlib import Path

from layers.intake import limits
from layers.intake.refusals import refusal

# extension -> format; everything else is refused with the list of accepted formats.
EXTENSIONS = {
    ".zip": "zip",
    ".kmz": "kmz",
    ".gpkg": "gpkg",
    ".geojson": "geojson",
    ".json": "geojson",
    ".kml": "kml",
}
_SQLITE = b"SQLite format 3\x00"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


def format_of(path: Path, filename: str) -> str:
    """Return ``zip``, ``kmz``, ``gpkg``, ``geojson`` or ``kml``.

    Raises refusals FILE_EMPTY, UPLOAD_TOO_LARGE, SHP_NEEDS_ZIP, FORMAT_UNSUPPORTED, FORMAT_MISMATCH.
    """
    size = path.stat().st_size
    suffix = Path(filename).suffix.lower()
    if size == 0:
        raise refusal("FILE_EMPTY")
    if size > limits.UPLOAD_BYTES:
        raise refusal("UPLOAD_TOO_LARGE", where=f"{size / 1024**2:.0f} MB")
    if suffix in {".shp", ".shx", ".dbf"}:
        raise refusal("SHP_NEEDS_ZIP", where=suffix)
    if suffix not in EXTENSIONS:
        raise refusal("FORMAT_UNSUPPORTED", found=suffix or Path(filename).name[:60] or "?")
    kind = EXTENSIONS[suffix]
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not agrees(kind, head):
        raise refusal("FORMAT_MISMATCH", named=suffix)
    return kind


def agrees(kind: str, head: bytes) -> bool:
    """Tell whether the first bytes can be of that format."""
    if kind in {"zip", "kmz"}:
        return head.startswith((_ZIP, _EMPTY_ZIP))
    if kind == "gpkg":
        # application_id at offset 68: GPKG, or GP10/GP11 of the first versions
        return head.startswith(_SQLITE) and head[68:72] in {b"GPKG", b"GP10", b"GP11"}
    if kind == "shp":
        return head.startswith(b"\x00\x00\x27\x0a")
    start = _text_start(head)
    if kind == "geojson":
        return start.startswith("{")
    return start.startswith("<") and "\x00" not in start


def _text_start(head: bytes) -> str:
    for bom, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(bom):
            return head[: len(head) // 2 * 2].decode(encoding, "replace").lstrip()
    return head.decode("latin-1").lstrip()
