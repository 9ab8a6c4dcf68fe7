"""Do KML and GPX, opened by GDAL and brought back to VN-2000, hold the stored boundary to the millimetre?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mapping.papers.cells import plain
from mapping.papers.corner_table import corner_blocks
from mapping.papers.survey_files import Rows
from planning.proposals.models import ZoneVersion

TOLERANCE_M = 0.001


def kml_agrees(path: Path, version: ZoneVersion, boundary: Rows) -> bool:
    """Compare boundary, parts, corners, and the values kept with the boundary."""
    import shapely

    shapes, rows = _read(path, "ranh_gioi")
    parts, names = _read(path, "khu_chuc_nang") if version.parts.exists() else ([], {"Name": []})
    corners, numbers = _read(path, "diem_goc")
    values = {
        field.name: plain(str(column[0])) for field, column in zip(boundary.layer.fields, boundary.columns, strict=True)
    }
    kept = list(version.parts.order_by("number"))
    stored = shapely.from_wkb([bytes(part.geom.wkb) for part in kept])
    return (
        _close(shapely.get_coordinates(shapes), shapely.get_coordinates(shapely.from_wkb(bytes(version.geom.wkb))))
        and _close(shapely.get_coordinates(parts), shapely.get_coordinates(stored))
        and list(names["Name"]) == [plain(f"{part.number}. {part.get_use_display()}") for part in kept]
        and all(str(rows[name][0] or "") == value for name, value in values.items())
        and _corners_agree(corners, numbers["Name"], version)
    )


def gpx_agrees(path: Path, version: ZoneVersion) -> bool:
    """Compare the waypoints with the corners."""
    points, rows = _read(path, "waypoints")
    return _corners_agree(points, rows["name"], version)


def _corners_agree(points: Any, names: Any, version: ZoneVersion) -> bool:
    import numpy as np
    import shapely

    corners = [corner for block in corner_blocks(version.geom) for corner in block.corners[:-1]]
    stored = np.array([(corner.y_m, corner.x_m) for corner in corners], dtype=float)
    return [str(name) for name in names] == [str(corner.number) for corner in corners] and _close(
        shapely.get_coordinates(points), stored
    )


def _read(path: Path, layer: str) -> tuple[Any, dict[str, Any]]:
    import pyogrio
    import shapely

    meta, _fids, wkb, columns = pyogrio.raw.read(path, layer=layer)
    return shapely.force_2d(shapely.from_wkb(wkb)), dict(zip(meta["fields"], columns, strict=True))


def _close(degrees: Any, metres: Any) -> bool:
    """Tell whether the same number of corners lies at the same places, to 1 mm, in the same order."""
    import numpy as np

    from layers.crs import coordinates_to_storage

    if degrees.shape != metres.shape:
        return False
    if not len(metres):
        return True
    return bool(np.hypot(*(coordinates_to_storage(degrees) - metres).T).max() <= TOLERANCE_M)
