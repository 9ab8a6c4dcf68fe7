"""What areas does a raster of heights, slopes or depths make? Classified, specks removed, each class as polygons.

Neighbouring areas share every corner, so they still meet without gap when a coordinate system bends their edges. It
imports no Django.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geomchild.refusal import Refusal
from layers.intake.crs_names import identify
from layers.intake.raster_gdal import Codes, Floats, Gdal, Raster

# Areas are cut along this grid of cells: no polygon of a plain becomes one of a hundred thousand corners.
WINDOW = 256
# Every edge keeps a corner at least this often, in cells: an edge bends with the coordinate system.
ANCHOR = 16
_STRIP = 1024

_gdal: list[Gdal] = []


def prepare(library: str) -> None:
    """Load the library while its files can be reached."""
    _gdal.append(Gdal(library))


def read(path: Path, params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Read a GeoTIFF. Without ``params["breaks"]`` return what it holds; with them, its areas by class.

    ``derive`` "slope": values are heights in metres, slope in per cent is computed first. ``min_area_m2``: smaller
    specks go to their largest neighbour. Raise Refusal.
    """
    raster = _gdal[0].read(str(path))
    declared = identify(raster.wkt)
    degrees = declared.get("epsg") in {4326, 4756} or max(abs(raster.origin[0]), abs(raster.origin[1])) <= 360
    values = _slope(raster, degrees=degrees) if params.get("derive") == "slope" else raster.values
    known = ~np.isnan(values)
    if not known.any():
        raise Refusal("RASTER_EMPTY")
    facts = _facts(raster, values, known, degrees=degrees)
    head: dict[str, Any] = {"layer": "", "declared": declared, "notices": [], "raster": facts}
    breaks = [float(item) for item in params.get("breaks") or []]
    if not breaks:
        return {**head, "fields": [], "rows": []}, []
    codes = np.where(known, np.digitize(values, breaks) + 1, 0).astype(np.uint8)
    before = np.bincount(codes.ravel(), minlength=len(breaks) + 2)
    codes = _gdal[0].sieve(codes, round(params.get("min_area_m2", 0.0) / facts["cell_m2"]))
    after = np.bincount(codes.ravel(), minlength=len(breaks) + 2)
    facts["cells"] = [int(count) for count in after[1:]]
    facts["cells_read"] = [int(count) for count in before[1:]]
    numbers, shapes = _areas(codes, int(params["features"]))
    placed = _placed(shapes, raster)
    rows = [[int(number)] for number in numbers]
    return {**head, "fields": ["number"], "rows": rows}, [bytes(blob) for blob in shapely.to_wkb(placed)]


def _facts(raster: Raster, values: Floats, known: NDArray[np.bool_], *, degrees: bool) -> dict[str, Any]:
    height, width = values.shape
    across, down = _metres(raster, degrees=degrees)
    low, middle, high = (
        float(figure) for figure in np.percentile(values[known][:: max(1, known.sum() // 1_000_000)], [2, 50, 98])
    )
    return {
        "rows": height,
        "columns": width,
        "step": [raster.step[0], raster.step[1]],
        "degrees": degrees,
        "cell_m2": float(across.mean() * down),
        "min": float(values[known].min()),
        "max": float(values[known].max()),
        "low": low,
        "middle": middle,
        "high": high,
        "nodata_share": round(1 - float(known.mean()), 6),
    }


def _metres(raster: Raster, *, degrees: bool) -> tuple[NDArray[np.float64], float]:
    """Return the width of a cell in metres row by row, and its height."""
    height = raster.values.shape[0]
    if not degrees:
        return np.full(height, raster.step[0]), raster.step[1]
    latitude = np.radians(raster.origin[1] - (np.arange(height) + 0.5) * raster.step[1])
    # metres of a degree on the ellipsoid WGS 84, by series (0.1 m)
    across = 111_412.84 * np.cos(latitude) - 93.5 * np.cos(3 * latitude)
    down = float(np.mean(111_132.92 - 559.82 * np.cos(2 * latitude)))
    return raster.step[0] * across, raster.step[1] * down


def _neighbour(strip: Floats, row: int, column: int) -> Floats:
    """Return for every inner cell of *strip* the neighbour that many rows and columns off, or itself without data."""
    middle = strip[1:-1, 1:-1]
    rows, columns = middle.shape
    found = strip[1 + row : 1 + row + rows, 1 + column : 1 + column + columns]
    return np.where(np.isnan(found), middle, found)


def _slope(raster: Raster, *, degrees: bool) -> Floats:
    """Return the slope in per cent by Horn's eight neighbours; a neighbour without data counts as the cell itself."""
    across, down = _metres(raster, degrees=degrees)
    heights, out = raster.values, np.empty_like(raster.values)
    for start in range(0, len(heights), _STRIP):
        stop = min(start + _STRIP, len(heights))
        strip = np.pad(
            heights[max(0, start - 1) : stop + 1], ((int(start == 0), int(stop == len(heights))), (1, 1)), mode="edge"
        )
        near = partial(_neighbour, strip)
        east = near(-1, 1) + 2 * near(0, 1) + near(1, 1) - near(-1, -1) - 2 * near(0, -1) - near(1, -1)
        south = near(1, -1) + 2 * near(1, 0) + near(1, 1) - near(-1, -1) - 2 * near(-1, 0) - near(-1, 1)
        east /= (8 * across[start:stop, None]).astype(np.float32)
        south /= np.float32(8 * down)
        out[start:stop] = np.hypot(east, south) * 100
    return out


def _areas(codes: Codes, most: int) -> tuple[NDArray[np.int64], Any]:
    """Return codes and polygons of all areas, in cells from the upper left corner, windows one after the other."""
    numbers: list[int] = []
    blobs: list[bytes] = []
    shifts: list[tuple[int, int]] = []
    for top in range(0, codes.shape[0], WINDOW):
        for left in range(0, codes.shape[1], WINDOW):
            window = codes[top : top + WINDOW, left : left + WINDOW]
            if not window.any():
                continue
            for number, blob in _gdal[0].polygons(window):
                numbers.append(number)
                blobs.append(blob)
                shifts.append((left, top))
            if len(numbers) > most:
                raise Refusal("RASTER_TOO_FINE", params={"limit": most})
    shapes = shapely.from_wkb(np.array(blobs, dtype=object))
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    moved = shapely.set_coordinates(shapes, coordinates + np.array(shifts, dtype=float)[owner])
    return np.array(numbers, dtype=np.int64), _with_common_corners(moved, _corners(codes))


def _corners(codes: Codes) -> NDArray[np.bool_]:
    """Tell for each corner of the cells whether an edge keeps it: areas turn or meet there, or it is an anchor."""
    framed = np.pad(codes, 1)
    a, b, c, d = framed[:-1, :-1], framed[:-1, 1:], framed[1:, :-1], framed[1:, 1:]
    same = (a == b) & (c == d) & (a == c)
    level = (a == b) & (c == d) & ~same  # the edge runs straight from west to east
    upright = (a == c) & (b == d) & ~same
    kept: NDArray[np.bool_] = ~same & ~level & ~upright
    kept[:, ::ANCHOR] |= level[:, ::ANCHOR]
    kept[::ANCHOR] |= upright[::ANCHOR]
    kept[::WINDOW] |= ~(same | level)[::WINDOW]
    kept[:, ::WINDOW] |= ~(same | upright)[:, ::WINDOW]
    kept[::WINDOW, ::ANCHOR] = True
    kept[::ANCHOR, ::WINDOW] = True
    return kept


def _with_common_corners(shapes: Any, kept: NDArray[np.bool_]) -> Any:
    """Give every polygon exactly the corners of *kept* that lie on its edges."""
    rings, owner = shapely.get_rings(shapely.segmentize(shapes, 1.0), return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    coordinates = np.rint(coordinates)
    closing = np.append(ring[1:] != ring[:-1], True)
    at = coordinates.astype(np.int64)
    stays = kept[at[:, 1], at[:, 0]] & ~closing
    return shapely.polygons(shapely.linearrings(coordinates[stays], indices=ring[stays]), indices=owner)


def _placed(shapes: Any, raster: Raster) -> Any:
    (east, north), (width, height) = raster.origin, raster.step
    return shapely.transform(shapes, lambda xy: np.column_stack([east + xy[:, 0] * width, north - xy[:, 1] * height]))


def codes_of(breaks: list[float]) -> list[str]:
    """Name the classes that *breaks* make: 8, 15 → ``0-8``, ``8-15``, ``15+``; below zero the first is ``<8``."""
    text = [f"{item:g}" for item in breaks]
    first = f"0-{text[0]}" if breaks[0] > 0 else f"<{text[0]}"
    return [first, *(f"{low}-{high}" for low, high in pairwise(text)), f"{text[-1]}+"]
