"""How do real commune boundaries take the place of the generated ones? Reads one trusted file an operator names.

Needs a ``code`` and a ``name`` column; former districts are the unions of the communes the figure file puts in them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.core.management.base import CommandError

from layers.crs import storage_srid, wgs84_to_zone
from project.demo.figures_reader import read_rows
from project.demo.frame import GRID_M
from project.demo.ground import Boundaries
from project.demo.shapes import as_multi

KINDS = ("Xã", "Phường", "Đặc khu")


def boundaries_from_file(path: Path) -> Boundaries:
    """Read GeoJSON or GeoPackage in WGS 84 or in the storage CRS; return the boundaries of the communes found.

    Shapes are snapped to the 1 mm grid and made valid. Raises CommandError when the file cannot be read, a column is
    missing, its coordinate system is another one, or a commune of the figure file is not in it.
    """
    import geopandas

    try:
        frame = geopandas.read_file(path)
    except (OSError, ValueError, RuntimeError) as reason:
        raise CommandError(f"{path}: cannot be read as a vector file: {reason}") from reason
    missing = {"code", "name"} - set(frame.columns)
    if missing:
        raise CommandError(f"{path}: needs the columns code and name; missing: {', '.join(sorted(missing))}")
    shapes = _in_storage(frame.geometry.to_numpy(), frame.crs, path)
    rows = read_rows("communes")
    wanted = {row["code"]: row for row in rows}
    communes: dict[str, Any] = {}
    names: dict[str, tuple[str, str]] = {}
    for code, name, full, shape in zip(
        frame["code"].astype(str), frame["name"].astype(str), frame.get("full_name", frame["name"]), shapes, strict=True
    ):
        if code in wanted:
            communes[code] = as_multi(shapely.make_valid(shapely.set_precision(shape, GRID_M)))
            kind = next((kind for kind in KINDS if str(full).startswith(kind)), wanted[code]["kind"])
            names[code] = (kind, name)
    absent = sorted(set(wanted) - set(communes))
    if absent:
        raise CommandError(f"{path}: {len(absent)} communes are not in the file, first: {', '.join(absent[:5])}")
    return Boundaries(
        communes=communes,
        districts={
            row["code"]: as_multi(
                shapely.unary_union(
                    [communes[c["code"]] for c in rows if c["district"] == row["code"]], grid_size=GRID_M
                )
            )
            for row in read_rows("districts")
        },
        province=as_multi(shapely.unary_union(list(communes.values()), grid_size=GRID_M)),
        schematic=False,
        source=f"Tệp do đơn vị vận hành cung cấp: {path.name}",
        names=names,
    )


def _in_storage(shapes: Any, crs: Any, path: Path) -> Any:
    """Return the shapes in the storage CRS, by the pinned operation."""
    epsg = None if crs is None else crs.to_epsg()
    if epsg == storage_srid():
        return shapes
    if epsg not in (None, 4326):
        raise CommandError(f"{path}: coordinate system EPSG:{epsg}; give WGS 84 or EPSG:{storage_srid()}")
    move = wgs84_to_zone(storage_srid()).transform
    return shapely.transform(shapely.force_2d(shapes), lambda xy: np.column_stack(move(xy[:, 0], xy[:, 1])))
