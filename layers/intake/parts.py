"""How do the parts of one layer come together? Loose files into one archive, and a lone file into the job folder.

It opens nothing as a map: the archive goes through the zip gate like any other, whoever made it.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from layers.intake import limits
from layers.intake.formats import FORMATS
from layers.intake.refusals import refusal

_CHARSET = re.compile(rb"(charset[ \t]+\"?)([\w-]{1,40})", re.IGNORECASE)
_HEAD = 4096
_EPOCH = (1980, 1, 1, 0, 0, 0)


def gather_parts(files: Mapping[str, Path], folder: Path) -> Path:
    """Make one file of the parts a person chose together (.shp, .shx, .dbf …), by their names; one alone stays itself.

    The archive is written into *folder*, named after the first part by name, and is the same for the same parts, so its
    SHA-256 tells a file that came twice. Raises FILE_EMPTY, UPLOAD_TOO_LARGE, ARCHIVE_TOO_MANY, ARCHIVE_DUPLICATE.
    """
    if not files:
        raise refusal("FILE_EMPTY")
    if len(files) == 1:
        return next(iter(files.values()))
    if len(files) > limits.MEMBERS:
        raise refusal("ARCHIVE_TOO_MANY", limit=limits.MEMBERS)
    size = sum(path.stat().st_size for path in files.values())
    if size > limits.UPLOAD_BYTES:
        raise refusal("UPLOAD_TOO_LARGE", where=f"{size / 1024**2:.0f} MB")
    named = {PurePosixPath(name.replace("\\", "/")).name: path for name, path in files.items()}
    if len({name.casefold() for name in named}) < len(files):
        raise refusal("ARCHIVE_DUPLICATE", where=", ".join(sorted(files))[:300])
    first = min(named)
    target = folder / f"{PurePosixPath(first).stem or 'layer'}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(named):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), named[name].read_bytes())
    return target


def place(path: Path, key: str, folder: Path) -> Path:
    """Copy a file that is a layer by itself into the job folder, under the name its reader expects."""
    target = folder / f"layer{FORMATS[key].suffixes[0]}"
    shutil.copyfile(path, target)
    return target


def take_charset(path: Path) -> str:
    """Return the character set a MapInfo table names, and take it out of our copy: its texts are then read as bytes.

    GDAL would decode them by that name, which is often wrong (.VnTime is written as WindowsLatin1) and in
    WindowsVietnamese loses letters.
    """
    data = path.read_bytes()
    head = data[:_HEAD]
    found = _CHARSET.search(head)
    if found is None:
        return ""
    path.write_bytes(_CHARSET.sub(rb"\1Neutral", head) + data[_HEAD:])
    return found[2].decode("ascii", "replace")
