"""Where does a longitude and latitude of a figure file land in the storage CRS, and where does the province end?

Works on arrays and shapely geometry while the demo is generated; zones of users go through `layers.crs` only.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Point, Polygon

from layers.crs import wgs84_to_zone
from project.demo.figures_reader import read_rows

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SEED = 9218
DEMO_SRID = 9218
GRID_M = 0.001


def storage_xy(lon: Any, lat: Any) -> NDArray[np.float64]:
    """Project WGS 84 longitudes and latitudes to an (n, 2) array of easting and northing, metres (EPSG:9218)."""
    east, north = wgs84_to_zone(DEMO_SRID).transform(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    return np.column_stack([np.atleast_1d(east), np.atleast_1d(north)])


def place(lon: float, lat: float) -> Any:
    """Return one figure as a point in the storage CRS, on the grid."""
    return on_grid(Point(*storage_xy(lon, lat)[0]))


def path(pairs: Iterable[tuple[float, float]]) -> Any:
    """Return way-points (longitude, latitude) as a line in the storage CRS, on the grid."""
    lonlat = np.asarray(list(pairs), dtype=float)
    return on_grid(LineString(storage_xy(lonlat[:, 0], lonlat[:, 1])))


def on_grid(geometry: BaseGeometry) -> Any:
    """Round to the 1 mm grid, keeping the geometry valid."""
    return shapely.set_precision(geometry, GRID_M)


def wgs84(geometry: BaseGeometry) -> Any:
    """Return a storage geometry in WGS 84 (for pictures and files only)."""
    move = wgs84_to_zone(DEMO_SRID)
    return shapely.transform(
        geometry, lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))
    )


def rng(*names: str) -> np.random.Generator:
    """Return a generator seeded by the fixed seed and *names*, so that each theme is reproducible on its own."""
    return np.random.default_rng([SEED, *(ord(letter) for name in names for letter in name)])


@cache
def outline() -> Polygon:
    """Return the straight-edged province outline through the way-points, EPSG:9218."""
    rows = read_rows("outline")
    return Polygon(storage_xy([r["lon"] for r in rows], [r["lat"] for r in rows]))
