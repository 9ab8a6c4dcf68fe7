"""Does the file hold what was read from the database? Reopened by GDAL: all rows counted, a sample compared exactly.

Unlike the survey package, whose every corner is compared, a list of a hundred thousand rows is sampled: the first row
of each batch, and the last.
"""

from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from layers.errors import NotComputable

MAX_SAMPLE = 60
SAMPLED_LINE = 1_000
TOLERANCE_M = 0.001


@dataclass
class Sample:
    """Remember some of the rows that were handed over, by position, and how many there were."""

    count: int = 0
    rows: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    last: tuple[Any, ...] | None = None

    def note(self, batch: list[tuple[Any, ...]]) -> None:
        """Remember the first row of a batch (of the first batches) and its last."""
        if len(self.rows) < MAX_SAMPLE:
            self.rows[self.count] = batch[0]
        self.count += len(batch)
        self.last = batch[-1]

    def positions(self) -> dict[int, tuple[Any, ...]]:
        """Return the remembered rows by position."""
        return self.rows if self.last is None else {**self.rows, self.count - 1: self.last}


def not_verified(path: Path) -> NotComputable:
    """Return the error to raise for a file that is not what was written."""
    return NotComputable(
        _("The file read back is not what was written; it was not given out."),
        code="EXPORT_NOT_VERIFIED",
        where=path.name,
        todo=_("Try again; if it happens again, tell the administrator. The data themselves are unharmed."),
    )


def verify_layer(path: Path, layer: str | None, sample: Sample) -> None:
    """Count the features of a layer and compare the sampled ones: geometry to 1 mm, attributes exactly.

    Raises NotComputable (EXPORT_NOT_VERIFIED).
    """
    import numpy as np
    import pyogrio
    import shapely

    wanted = sample.positions()
    first = 0 if path.suffix == ".shp" else 1
    try:
        info = pyogrio.read_info(path, layer=layer, force_feature_count=True)
        if int(info["features"]) != sample.count:
            raise not_verified(path)
        if not wanted:
            return
        numbers = sorted(wanted)
        fids = np.array([number + first for number in numbers])
        _meta, read, wkb, columns = pyogrio.raw.read(path, layer=layer, fids=fids, return_fids=True)
    except pyogrio.errors.DataSourceError:
        raise not_verified(path) from None
    order = {int(fid): place for place, fid in enumerate(read)}
    for number in numbers:
        row, place = wanted[number], order.get(number + first)
        if place is None or not _same_row(row[:-1], [column[place] for column in columns]):
            raise not_verified(path)
        given = None if row[-1] is None else shapely.from_wkb(bytes(row[-1]))
        found = None if wkb[place] is None else shapely.from_wkb(wkb[place])
        if not _same_place(given, found):
            raise not_verified(path)


def _same_row(given: Any, found: list[Any]) -> bool:
    return len(given) == len(found) and all(_same(one, other) for one, other in zip(given, found, strict=True))


def _same(given: Any, found: Any) -> bool:
    import numpy as np

    if given is None or given == "":  # a DBF cannot tell an empty text from a missing one
        return found is None or found == "" or str(found) in {"nan", "NaT"}
    if isinstance(given, date):
        return str(np.datetime64(found, "D")) == given.isoformat()
    if isinstance(given, float):
        return bool(abs(float(found) - given) <= 1e-9 * max(1.0, abs(given)))
    return bool(given == found)


def _same_place(given: Any, found: Any) -> bool:
    import shapely

    if given is None or found is None or given.is_empty or found.is_empty:
        return (given is None or given.is_empty) and (found is None or found.is_empty)
    one, other = shapely.normalize(given), shapely.normalize(found)
    if shapely.get_num_geometries(one) == 1 and shapely.get_num_geometries(other) == 1:
        one, other = shapely.get_geometry(one, 0), shapely.get_geometry(other, 0)
    return bool(shapely.equals_exact(one, other, tolerance=TOLERANCE_M))


def verify_csv(path: Path, rows: int) -> int:
    """Read a CSV again and return *rows*; raise NotComputable when it holds another number of them, or uneven ones."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        width = len(next(reader))
        found = 0
        for line in reader:
            found += 1
            if len(line) != width:
                raise not_verified(path)
    if found != rows:
        raise not_verified(path)
    return rows


def verify_geojson(path: Path, rows: int) -> int:
    """Parse the first, the last and every thousandth line, count them all, and return *rows*.

    Raises NotComputable when a line is no feature or one is missing.
    """
    found = 0
    with path.open("rb") as stream:
        if stream.readline() != b'{"type":"FeatureCollection","features":[\n':
            raise not_verified(path)
        line = b""
        for line in stream:
            if line.startswith(b"]}"):
                break
            found += 1
            if (found - 1) % SAMPLED_LINE == 0 or found == rows:
                _check_feature(path, line)
        if not line.startswith(b"]}"):
            raise not_verified(path)
    if found != rows:
        raise not_verified(path)
    return rows


def _check_feature(path: Path, line: bytes) -> None:
    try:
        feature = json.loads(line.rstrip(b"\n").rstrip(b","))
    except ValueError:
        raise not_verified(path) from None
    if feature.get("type") != "Feature" or "properties" not in feature:
        raise not_verified(path)


def verify_xlsx(path: Path, rows: int, *, sheet_number: int = 1, above: int = 0) -> int:
    """Test the archive, count the rows of a sheet below *above* lines and the head, and return *rows*.

    Raises NotComputable when they differ.
    """
    with zipfile.ZipFile(path) as archive:
        if archive.testzip() is not None:
            raise not_verified(path)
        found, tail = 0, b""
        with archive.open(f"xl/worksheets/sheet{sheet_number}.xml") as sheet:
            while block := sheet.read(1 << 20):
                found += (tail + block).count(b"<row ")
                tail = block[-4:]
    if found != rows + 1 + above:
        raise not_verified(path)
    return rows
