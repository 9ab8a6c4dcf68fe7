"""How does a list leave the house as a file? One door for every list and format: written, read back, then given out.

The file is written to disk and not to the wire: a slow reader then holds no database session, and a file that turns
out wrong is never half sent.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from django.utils.translation import gettext as _

from layers.errors import NotFound
from mapping.papers.export.columns import Column
from mapping.papers.export.gis_files import write_gpkg, write_shapefiles
from mapping.papers.export.query import Query
from mapping.papers.export.sheet_file import Sheet, write_sheets, write_xlsx
from mapping.papers.export.text_files import write_csv, write_geojson
from mapping.papers.export.verify import verify_csv, verify_geojson, verify_xlsx

# Format, suffix of the file, content type; the last three need a place.
TYPES = {
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "geojson": ("geojson", "application/geo+json"),
    "gpkg": ("gpkg", "application/geopackage+sqlite3"),
    "shp": ("zip", "application/zip"),
}
PLACELESS = ("xlsx", "csv")


def formats_of(query: Query) -> tuple[str, ...]:
    """Return the formats a list can be taken home in."""
    return tuple(TYPES) if query.geometry else PLACELESS


@dataclass
class Export:
    """Hold one written file; closing it removes it. Use it as a context, or hand `file` to whoever closes it."""

    name: str
    content_type: str
    rows: int
    file: BinaryIO

    def __enter__(self) -> Export:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()


def stream(query: Query, columns: Sequence[Column], kind: str, *, name: str, title: str = "") -> Export:
    """Write the rows of *query* as a file of format *kind* and return it open, verified, and already without a name.

    *name* is the file's name without suffix (ASCII), *title* the sheet's. Raises NotFound for a format this list does
    not have, NotComputable (EXPORT_NOT_VERIFIED) when the file is not what was written, and what a format refuses.
    """
    if kind not in formats_of(query):
        raise NotFound(_("This list does not come in that format."), todo=_("Choose one of the formats offered."))
    suffix, content_type = TYPES[kind]
    folder = Path(tempfile.mkdtemp(prefix="datnghe-export-"))
    try:
        path = folder / f"{name}.{suffix}"
        rows = _written(path, kind, query, columns, title or name)
        return Export(path.name, content_type, rows, path.open("rb"))
    finally:
        shutil.rmtree(folder)


def workbook(sheets: Sequence[Sheet], *, name: str) -> Export:
    """Write several lists as the sheets of one workbook and return it as `stream` does; raises what `stream` raises."""
    suffix, content_type = TYPES["xlsx"]
    folder = Path(tempfile.mkdtemp(prefix="datnghe-export-"))
    try:
        path = folder / f"{name}.{suffix}"
        counts = write_sheets(path, sheets)
        for number, (count, sheet) in enumerate(zip(counts, sheets, strict=True), start=1):
            verify_xlsx(path, count, sheet_number=number, above=len(sheet.above))
        return Export(path.name, content_type, sum(counts), path.open("rb"))
    finally:
        shutil.rmtree(folder)


def _written(path: Path, kind: str, query: Query, columns: Sequence[Column], title: str) -> int:
    if kind == "gpkg":
        return write_gpkg(path, path.stem.replace("-", "_"), query, columns)
    if kind == "shp":
        return write_shapefiles(path, query, columns)
    if kind == "geojson":
        return verify_geojson(path, write_geojson(path, query, columns))
    if kind == "csv":
        return verify_csv(path, write_csv(path, query, columns))
    return verify_xlsx(path, write_xlsx(path, title, query, columns))
