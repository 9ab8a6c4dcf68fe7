"""Of what kind is this file, by its name and by its first bytes, and do the two agree? Nothing is parsed here."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from layers.intake import limits
from layers.intake.formats import CONTAINERS, FORMATS, MAIN_SUFFIXES, main_of_part
from layers.intake.refusals import refusal

_SQLITE = b"SQLite format 3\x00"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEAD_BYTES = 4096
_OFFICE = (b"[Content_Types].xml", b"_rels/.rels", b"xl/", b"docProps/")
_MAGIC: dict[str, Callable[[bytes], bool]] = {
    "zip": lambda head: head.startswith((_ZIP, _EMPTY_ZIP)),
    "kmz": lambda head: head.startswith((_ZIP, _EMPTY_ZIP)),
    # application_id at offset 68: GPKG, or GP10/GP11 of the first versions
    "gpkg": lambda head: head.startswith(_SQLITE) and head[68:72] in {b"GPKG", b"GP10", b"GP11"},
    "shp": lambda head: head.startswith(b"\x00\x00\x27\x0a"),
    "fgb": lambda head: head[:4] == b"fgb\x03" and head[4:7] == b"fgb",
    "xlsx": lambda head: head.startswith(_ZIP) and any(name in head for name in _OFFICE),
    # the file's first element: its settings, level 8, flat or in space
    "dgn": lambda head: head[:4] in {b"\x08\x09\xfe\x02", b"\xc8\x09\xfe\x02"},
}
_TEXT_STARTS = {
    # code 0 and SECTION, perhaps after comments (code 999)
    "dxf": re.compile(r"(?:999[ \t]*\r?\n[^\n]*\n\s*)*0[ \t]*\r?\n[ \t]*SECTION", re.ASCII),
    "geojson": re.compile(r"\{"),
    "tab": re.compile(r"!table", re.IGNORECASE),
    "mif": re.compile(r"version", re.IGNORECASE),
}


def format_of(path: Path, filename: str) -> str:
    """Return ``zip``, ``kmz`` or the key of a format.

    Raises refusals FILE_EMPTY, UPLOAD_TOO_LARGE, SHP_NEEDS_ZIP, FORMAT_UNSUPPORTED, FORMAT_MISMATCH.
    """
    size = path.stat().st_size
    suffix = Path(filename).suffix.lower()
    if size == 0:
        raise refusal("FILE_EMPTY")
    if size > limits.UPLOAD_BYTES:
        raise refusal("UPLOAD_TOO_LARGE", where=f"{size / 1024**2:.0f} MB")
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    refuse_drawings(suffix, head)
    kind = CONTAINERS.get(suffix) or MAIN_SUFFIXES.get(suffix)
    whole = FORMATS[kind] if kind in FORMATS else main_of_part(suffix)
    if kind is None and whole is None:
        raise refusal("FORMAT_UNSUPPORTED", found=suffix or Path(filename).name[:60] or "?")
    if kind is not None:
        check_agrees(kind, suffix, head)
    if whole is not None and whole.needed:  # one part of several, sent alone
        raise refusal("SHP_NEEDS_ZIP" if whole.key == "shp" else "SHP_NEEDS_ZIP.tab", where=suffix)
    return str(kind)


def check_agrees(kind: str, suffix: str, head: bytes) -> None:
    """Raise FORMAT_MISMATCH when the first bytes cannot be of that format, saying what they look like if known."""
    if agrees(kind, head):
        return
    looks = next((item.name for key, item in FORMATS.items() if key not in {kind, "geojson"} and _looks(key, head)), "")
    if looks:
        raise refusal("FORMAT_MISMATCH.seems", named=suffix, looks=looks)
    raise refusal("FORMAT_MISMATCH", named=suffix)


def refuse_drawings(suffix: str, head: bytes) -> None:
    """Refuse drawings that no free library reads (DWG, DGN v8, binary DXF), whatever their name, with the way out."""
    if (head.startswith(b"AC10") and head[4:6].isdigit()) or suffix == ".dwg":
        raise refusal("FORMAT_UNSUPPORTED.dwg")
    if head.startswith(b"AutoCAD Binary DXF"):
        raise refusal("FORMAT_UNSUPPORTED.binary_dxf")
    if suffix == ".dgn" and head.startswith(_OLE):
        raise refusal("FORMAT_UNSUPPORTED.dgn8")


def agrees(kind: str, head: bytes) -> bool:
    """Tell whether the first bytes can be of that format."""
    if kind in _MAGIC:
        return _MAGIC[kind](head)
    start = _text_start(head)
    if kind == "csv":
        return _is_table_text(head, start)
    if kind in _TEXT_STARTS:
        return _TEXT_STARTS[kind].match(start) is not None
    return start.startswith("<") and "\x00" not in start


def _is_table_text(head: bytes, start: str) -> bool:
    """Tell whether this can be a table as text: no zero bytes (but for UTF-16), not the start of anything else."""
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return (wide or b"\x00" not in head) and not start.startswith(("<", "{", "%PDF", "PK"))


def _looks(kind: str, head: bytes) -> bool:
    """Tell whether the first bytes are surely of that format; an XML file only by its root."""
    if kind == "csv":  # almost any text could be one
        return False
    if kind not in {"kml", "gpx", "gml"}:
        return agrees(kind, head)
    start = _text_start(head)
    return agrees(kind, head) and {"kml": "<kml", "gpx": "<gpx", "gml": "opengis.net/gml"}[kind] in start


def _text_start(head: bytes) -> str:
    for bom, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(bom):
            return head[: len(head) // 2 * 2].decode(encoding, "replace").lstrip()
    return head.decode("latin-1").lstrip()
