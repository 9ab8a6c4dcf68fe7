"""Is this archive safe to unpack, and which of its files are one map layer? The zip gate, before anything reads it.

It never calls ``extractall``: chosen members are inflated under generated names while the bytes are counted. The
directory is checked for overlaps by hand, because Python's ``zipfile`` opens quoted-overlap bombs without complaint.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from copy import copy
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from layers.errors import DatNgheError
from layers.intake import limits
from layers.intake.formats import FORMATS, MAIN_SUFFIXES, PART_SUFFIXES, main_of_part
from layers.intake.refusals import refusal
from layers.intake.sniff import refuse_drawings

IGNORED_SUFFIXES = frozenset(
    {".qpj", ".sbn", ".sbx", ".xml", ".qix", ".fix", ".idm", ".ind", ".qmd", ".qml", ".sld", ".txt", ".md", ".csv",
     ".xsd", ".gfs", ".xlsx", ".pdf", ".png", ".jpg", ".cst", ".lyr", ".html"}
)  # fmt: skip
_MISSING = {"shp": "SHP_MISSING_PART", "tab": "TAB_MISSING_PART", "mif": "TAB_MISSING_PART"}
_MAINS = {suffix: key for suffix, key in MAIN_SUFFIXES.items() if FORMATS[key].archived}
NESTED = frozenset({".zip", ".rar", ".7z", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".kmz"})
IGNORED_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_LOCAL_HEADER = struct.Struct("<4s2B4HL2L2H")


@dataclass(frozen=True)
class Unpacked:
    """What came out: the format and the main file, beside which its siblings lie under the same stem."""

    format: str
    path: Path
    member: str


def unpack(archive: Path, folder: Path, *, kmz: bool = False, layer: str = "") -> Unpacked:
    """Check a zip and unpack the one layer in it into *folder* under generated names.

    *layer* chooses a member when there are several. Raises refusals ARCHIVE_*, SHP_MISSING_PART, NO_LAYER and
    MULTIPLE_LAYERS (``detail["layers"]``).
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _checked_members(opened, archive)
            chosen = _choose(members, kmz=kmz, layer=layer)
            return _extract(opened, chosen, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, ValueError) as error:
        raise refusal("ARCHIVE_CORRUPT") from error
    except RuntimeError as error:  # zipfile's way of asking for a password
        raise refusal("ARCHIVE_ENCRYPTED") from error


def check_document(archive: Path) -> None:
    """Check a zip that is one document (a workbook): paths, sizes, ratio, overlaps, password. Raises ARCHIVE_*."""
    try:
        with zipfile.ZipFile(archive) as opened:
            _checked_members(opened, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, ValueError) as error:
        raise refusal("ARCHIVE_CORRUPT") from error


def unpacked_bytes(path: Path) -> int:
    """Return how much a zip that passes the gate says that it unpacks to; of any other file its own size.

    It is believed for deciding who reads the file; when it is unpacked the bytes themselves are counted.
    """
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as opened:
            return max(size, sum(info.file_size for info in _checked_members(opened, path)))
    except (DatNgheError, zipfile.BadZipFile, struct.error, NotImplementedError, ValueError):
        return size  # whoever reads it refuses it at once


def _checked_members(opened: zipfile.ZipFile, archive: Path) -> list[zipfile.ZipInfo]:
    infos = opened.infolist()
    if not infos:
        raise refusal("ARCHIVE_EMPTY")
    if len(infos) > limits.MEMBERS:
        raise refusal("ARCHIVE_TOO_MANY", limit=limits.MEMBERS)
    names: set[str] = set()
    total = 0
    for info in infos:
        _check_name(info)
        folded = info.filename.casefold()
        if folded in names:
            raise refusal("ARCHIVE_DUPLICATE", where=_shown(info))
        names.add(folded)
        if info.flag_bits & 0x1:
            raise refusal("ARCHIVE_ENCRYPTED", where=_shown(info))
        total += info.file_size
        if total > limits.UNPACKED_BYTES:
            raise refusal("ARCHIVE_TOO_LARGE")
        if info.file_size > limits.RATIO_FROM_BYTES and info.file_size > limits.RATIO * max(info.compress_size, 1):
            raise refusal("ARCHIVE_RATIO", where=_shown(info))
    _check_overlap(opened, infos, archive.stat().st_size)
    return [info for info in infos if not info.is_dir()]


def _check_name(info: zipfile.ZipInfo) -> None:
    # The name as stored: zipfile turns backslashes into slashes on Windows and cuts at NUL.
    name = info.orig_filename
    parts = PurePosixPath(name).parts
    if "\x00" in name or "\\" in name or name.startswith("/") or ".." in parts or (len(name) > 1 and name[1] == ":"):
        raise refusal("ARCHIVE_PATH", where=_shown(info))
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise refusal("ARCHIVE_SYMLINK", where=_shown(info))


def _check_overlap(opened: zipfile.ZipFile, infos: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse members whose stored bytes overlap: one block of bytes inflated sixty times is a bomb."""
    stream = opened.fp
    if stream is None:
        raise refusal("ARCHIVE_CORRUPT")
    end_before = 0
    for info in sorted(infos, key=lambda item: item.header_offset):
        if info.header_offset < end_before:
            raise refusal("ARCHIVE_OVERLAP", where=_shown(info))
        stream.seek(info.header_offset)
        header = stream.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size:
            raise refusal("ARCHIVE_CORRUPT", where=_shown(info))
        fields = _LOCAL_HEADER.unpack(header)
        if fields[0] != b"PK\x03\x04":
            raise refusal("ARCHIVE_CORRUPT", where=_shown(info))
        end_before = info.header_offset + _LOCAL_HEADER.size + fields[10] + fields[11] + info.compress_size
    if end_before > size:
        raise refusal("ARCHIVE_CORRUPT")


def _shown(info: zipfile.ZipInfo) -> str:
    return "".join(char if char.isprintable() else "�" for char in info.filename)[:120]


def _is_ignored(name: PurePosixPath) -> bool:
    return (
        "__MACOSX" in name.parts
        or name.name.lower() in IGNORED_NAMES
        or name.name.startswith("._")
        or name.suffix.lower() in IGNORED_SUFFIXES
    )


def _choose(infos: list[zipfile.ZipInfo], *, kmz: bool, layer: str) -> list[zipfile.ZipInfo]:
    """Return the members of one layer, the main file first."""
    mains: list[zipfile.ZipInfo] = []
    rest: dict[tuple[str, str], zipfile.ZipInfo] = {}
    for info in infos:
        name = PurePosixPath(info.filename)
        suffix = name.suffix.lower()
        if _is_ignored(name):
            continue
        _check_belongs(info, suffix, kmz=kmz)
        if suffix in _MAINS and (not kmz or suffix == ".kml"):
            mains.append(info)
        elif suffix in PART_SUFFIXES:
            rest[_stem(info), suffix] = info
    if kmz and mains:  # Google Earth opens doc.kml, or the first .kml
        mains = [next((info for info in mains if info.filename.lower() == "doc.kml"), mains[0])]
    if layer:
        mains = [info for info in mains if info.filename == layer] or mains
    main = _only_one(mains, {suffix for _stem, suffix in rest})
    whole, stem = FORMATS[_MAINS[PurePosixPath(main.filename).suffix.lower()]], _stem(main)
    for needed in whole.needed:
        if not any((stem, part) in rest for part in needed.split("|")):
            raise refusal(_MISSING[whole.key], part=needed.replace("|", " / "), where=_shown(main))
    return [main, *(rest[stem, part] for part in whole.parts if (stem, part) in rest)]


def _stem(info: zipfile.ZipInfo) -> str:
    return str(PurePosixPath(info.filename).with_suffix("")).casefold()


def _check_belongs(info: zipfile.ZipInfo, suffix: str, *, kmz: bool) -> None:
    refuse_drawings(suffix, b"")
    if suffix in NESTED:
        raise refusal("ARCHIVE_NESTED", where=_shown(info))
    if not (kmz or suffix in _MAINS or suffix in PART_SUFFIXES):
        raise refusal("ARCHIVE_UNEXPECTED_MEMBER", where=_shown(info))


def _only_one(mains: list[zipfile.ZipInfo], parts: set[str]) -> zipfile.ZipInfo:
    if len(mains) > 1:
        names = [info.filename for info in mains]
        shown = ", ".join(_shown(info) for info in mains)[:300]
        raise refusal("MULTIPLE_LAYERS", where=shown, detail={"layers": names})
    if mains:
        return mains[0]
    for suffix in (".shx", ".dbf", ".map", ".dat", ".id", ".mid"):
        whole = main_of_part(suffix) if suffix in parts else None
        if whole is not None:
            raise refusal(_MISSING[whole.key], part=whole.suffixes[0])
    raise refusal("NO_LAYER")


def _extract(opened: zipfile.ZipFile, chosen: list[zipfile.ZipInfo], folder: Path) -> Unpacked:
    left = limits.UNPACKED_BYTES
    main_path: Path | None = None
    for info in chosen:
        suffix = PurePosixPath(info.filename).suffix.lower()
        target = folder / f"layer{suffix}"
        main_path = main_path or target
        allowed = min(left, max(info.file_size, 0))
        # zipfile stops reading at the size that is told and calls the rest a wrong checksum: let it read on.
        untold = copy(info)
        untold.file_size = left + 1
        with opened.open(untold) as source, target.open("wb") as out:
            written = 0
            while block := source.read(1 << 16):
                written += len(block)
                if written > allowed:  # the header lied about the size
                    raise refusal("ARCHIVE_RATIO" if written <= left else "ARCHIVE_TOO_LARGE", where=_shown(info))
                out.write(block)
        left -= written
    if main_path is None:
        raise refusal("NO_LAYER")
    return Unpacked(_MAINS[main_path.suffix], main_path, chosen[0].filename)
