"""Is the finished package what is stored? Every file is taken out of the zip again, opened and compared.

GIS files are opened with GDAL, drawings with ezdxf too, tables and papers with their own readers. Coordinates agree to
1 mm, texts and numbers to the letter; one difference, and nothing is issued.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mapping.papers.archive import MANIFEST, sha256_of
from mapping.papers.corner_table import Corner
from mapping.papers.survey.facts import Facts
from mapping.papers.survey.placed import Placed
from mapping.papers.survey.reopen_drawing import drawing_agrees
from mapping.papers.survey.reopen_globe import gpx_agrees, kml_agrees
from mapping.papers.survey.reopen_papers import csv_agrees, docx_agrees, pdf_agrees, xlsx_agrees
from mapping.papers.survey_files import Rows, not_verified, require_same


@dataclass
class Written:
    """What was to be written: the placed version, its facts and rows; *pages* of each PDF by name."""

    place: Placed
    facts: Facts
    rows: list[Rows]
    pages: dict[str, int] = field(default_factory=dict)

    @property
    def table(self) -> list[Corner]:
        """Return the rows of the corner table, closing rows included."""
        return [corner for block in self.place.blocks for corner in block.corners]


Check = Callable[[Path, Written], bool]
CHECKS: dict[str, Check] = {
    ".dxf": lambda path, written: drawing_agrees(path, written.place, written.facts.stamp),
    ".kml": lambda path, written: kml_agrees(path, written.facts.version, written.rows[0]),
    ".gpx": lambda path, written: gpx_agrees(path, written.facts.version),
    ".xlsx": lambda path, written: xlsx_agrees(path, written.table, written.facts.standing_text),
    ".docx": lambda path, written: docx_agrees(path, written.place, written.facts.version),
    ".pdf": lambda path, written: pdf_agrees(path, written.pages.get(path.name, 0)),
}


def verify_package(content: bytes, folder: str, written: Written, tell: Callable[[int, int], None]) -> None:
    """Open every file of the zip *content*; *tell* hears how many of how many were opened.

    Raises NotComputable (EXPORT_NOT_VERIFIED) naming one that differs.
    """
    with TemporaryDirectory(prefix="datnghe-survey-") as place, zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = Path(place)
        archive.extractall(root)
        root /= folder
        paths = sorted(path for path in root.rglob("*") if path.is_file())
        _manifest(root, paths)
        for number, path in enumerate(paths, start=1):
            _file(path, written)
            tell(number, len(paths))


def _file(path: Path, written: Written) -> None:
    if path.suffix == ".shp":
        require_same(next(rows for rows in written.rows if rows.layer.name == path.stem), path, None)
    elif path.suffix == ".gpkg":
        for rows in written.rows:
            require_same(rows, path, rows.layer.name)
    elif path.name == "bang_toa_do.csv":
        _require(path, csv_agrees(path, written.table, written.facts.standing_text))
    elif path.suffix in CHECKS:
        _require(path, _opened(path, CHECKS[path.suffix], written))


def _opened(path: Path, check: Check, written: Written) -> bool:
    """Run a check; a file that its reader cannot read at all does not agree either."""
    from ezdxf.lldxf.const import DXFError
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        return check(path, written)
    except (DXFError, DataLayerError, DataSourceError, zipfile.BadZipFile, KeyError, ValueError, OSError):
        return False


def _require(path: Path, agrees: bool) -> None:
    if not agrees:
        raise not_verified(path.name)


def _manifest(root: Path, paths: Iterable[Path]) -> None:
    """Compare every file with its line in the manifest; a file without a line and a line without a file differ too."""
    lines = (root / MANIFEST).read_text().splitlines()
    listed: Any = Counter(line for line in lines if not line.startswith("#"))
    found = Counter(
        f"{sha256_of(path.read_bytes())}  {path.relative_to(root).as_posix()}"
        for path in paths
        if path.name != MANIFEST
    )
    _require(root / MANIFEST, listed == found)
